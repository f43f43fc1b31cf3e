"""Mail exchangers of the lab, each with its way of answering: ``python -m tests.lab.exchangers``, in the servers'
namespace. The address says what a server does."""

import asyncio
import contextlib
import ssl
import tempfile
from pathlib import Path

import trustme

PORT = 25
WELL4 = "29.250.0.25"
WELL6, PLAIN6, NO_TLS6, WARY6 = (f"2d00:1:ffff::{number}" for number in ("25", "26", "27", "28"))
NOBODY6 = "2d00:1:ffff::29"
"""No server listens here, so the system refuses."""


def context() -> ssl.SSLContext:
    """A server's, with a certificate that nobody trusts."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pem")
        trustme.CA().issue_cert("mx.example.vn").private_key_and_cert_chain_pem.write_to_path(str(path))
        made.load_cert_chain(path)
    return made


class Exchanger:
    """One server: ``wary`` turns strangers away, ``offers`` tells of STARTTLS, and ``tls`` is None where it breaks."""

    def __init__(self, *, wary: bool = False, offers: bool = True, tls: ssl.SSLContext | None = None) -> None:
        self._wary, self._offers, self._tls = wary, offers, tls

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._wary:
            writer.write(b"554 no name, no mail\r\n")
            await writer.drain()
            return
        writer.write(b"220-mx.example.vn\r\n220 ESMTP\r\n")
        while line := (await reader.readline()).strip().upper():
            if line.startswith(b"EHLO "):
                writer.write(
                    b"250-mx.example.vn\r\n250-STARTTLS\r\n250 PIPELINING\r\n" if self._offers else b"250 mx\r\n"
                )
            elif line == b"STARTTLS" and self._offers:
                writer.write(b"220 go on\r\n")
                if self._tls is None:
                    return
                await writer.start_tls(self._tls)
            elif line == b"QUIT":
                writer.write(b"221 bye\r\n")
                await writer.drain()
                return
            else:
                raise AssertionError(f"{line!r} is not what a check may say")


async def main() -> None:
    """Serve until killed."""
    tls = context()
    servers = {
        WELL4: Exchanger(tls=tls),
        WELL6: Exchanger(tls=tls),
        PLAIN6: Exchanger(offers=False),
        NO_TLS6: Exchanger(),
        WARY6: Exchanger(wary=True),
    }
    for address, server in servers.items():
        await asyncio.start_server(server.serve, address, PORT)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
