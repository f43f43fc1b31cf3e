"""HTTP/3 servers: ``python -m tests.lab.http3server ADDRESS=CERTIFICATE=STATUS…``, in the servers' namespace.

Debian's nginx has no HTTP/3, so it is aioquic's. Each address has a socket of its own, since one for all of them would
answer from another address than it was asked at.
"""

import asyncio
import sys
from pathlib import Path

from aioquic.asyncio import QuicConnectionProtocol
from aioquic.asyncio.server import serve
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ProtocolNegotiated, QuicEvent
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def protocol(status: bytes) -> type[QuicConnectionProtocol]:
    """One that answers every request with ``status``."""

    class Server(QuicConnectionProtocol):
        http: H3Connection | None = None

        def quic_event_received(self, event: QuicEvent) -> None:
            if isinstance(event, ProtocolNegotiated):
                self.http = H3Connection(self._quic)
            for told in self.http.handle_event(event) if self.http else ():
                if isinstance(told, HeadersReceived):
                    self.http.send_headers(told.stream_id, [(b":status", status), (b"content-type", b"text/html")])
                    self.http.send_data(told.stream_id, b"<title>three</title>", end_stream=True)
                    self.transmit()

    return Server


def settings(certificate: str) -> QuicConfiguration:
    """Those of a server whose certificate and key are in one file."""
    pem = Path(certificate).read_bytes()
    return QuicConfiguration(
        is_client=False,
        alpn_protocols=["h3"],
        certificate=x509.load_pem_x509_certificate(pem),
        private_key=load_pem_private_key(pem, None),
    )


async def main(words: list[str]) -> None:
    """Serve until killed."""
    for address, certificate, status in (word.split("=") for word in words):
        await serve(address, 443, configuration=settings(certificate), create_protocol=protocol(status.encode()))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
