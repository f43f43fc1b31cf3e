"""A web server over plain HTTP whose page depends on the name it is asked by: ``python -m tests.lab.pages``."""

import asyncio
import contextlib

from tests.lab.delegations import WEB4, WEB6_OTHER, ZONES

PORT = 8080
_HEAD = b"Content-Type: text/html\r\nConnection: close\r\n"


def reply(request: bytes) -> bytes:
    """A redirect where the zone's page is a URL, a page else."""
    host = next((line for line in request.lower().split(b"\r\n") if line.startswith(b"host:")), b"host: x").decode()
    name = host[5:].strip().rpartition(":")[0]
    page = next((zone.page for zone in ZONES if zone.web == name), "")
    if page.startswith("http"):
        return b"HTTP/1.1 302 Found\r\nLocation: " + page.encode() + b"\r\nContent-Length: 0\r\n" + _HEAD + b"\r\n"
    body = f"<!DOCTYPE html><html><head><title>{name}</title></head><body>{page}</body></html>".encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % len(body) + _HEAD + b"\r\n" + body


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one reply."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        writer.write(reply(await reader.readuntil(b"\r\n\r\n")))
        await writer.drain()
        writer.close()


async def main() -> None:
    """Serve until killed."""
    for address in (WEB6_OTHER, WEB4):
        await asyncio.start_server(serve, address, PORT)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
