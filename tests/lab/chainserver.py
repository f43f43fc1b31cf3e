"""What answers at the end of the chain: HTTPS at every address, and the names of the kinds in the DNS."""

import asyncio
import contextlib
import socket
import ssl
import sys

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.lab.chain import KINDS, RESOLVER, SLOW_S, address, address4

PAGE = b"<!DOCTYPE html><html><head><title>Chain</title></head><body>" + b"<p>octets</p>" * 1500 + b"</body></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
BOTH = ("wide", "narrow")


class Names(asyncio.DatagramProtocol):
    """AAAA of every kind, A of two of them."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        answer = dns.message.make_response(query, recursion_available=True)
        kind = question.name.to_text().split(".")[0]
        found = {"AAAA": address(kind)} if kind in KINDS else {}
        if kind in BOTH:
            found["A"] = address4(kind)
        record = found.get(dns.rdatatype.to_text(question.rdtype))
        if record:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", question.rdtype, record))
        elif not found:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), addr)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One page; in its own time where the kind is slow."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        if writer.get_extra_info("sockname")[0] == address("slow"):
            await asyncio.sleep(SLOW_S)
        writer.write(HEAD % len(PAGE) + PAGE)
        await writer.drain()
        writer.close()


async def main(certificate: str) -> None:
    """Listen, say so, and go on until killed."""
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("::", 443), family=socket.AF_INET6, backlog=100, dualstack_ipv6=True)
    await asyncio.start_server(serve, sock=listening, ssl=context)
    await asyncio.start_server(lambda _, writer: writer.close(), RESOLVER, 53)
    await loop.create_datagram_endpoint(Names, local_addr=(RESOLVER, 53))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await loop.create_future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
