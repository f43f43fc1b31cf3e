"""The demo's DNS server: one zone, on UDP and TCP of a free port on ::1."""

import asyncio
import struct

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset

from ipv6check.demo.province import ZONE, Host

SOA = f"ns.{ZONE}. hostmaster.{ZONE}. 1 3600 600 86400 60"


class NameServer(asyncio.DatagramProtocol):
    """Answers for the province's names as their ``Host`` says; everything outside the zone is refused."""

    def __init__(self, hosts: tuple[Host, ...]) -> None:
        self._hosts = {host.name: host for host in hosts}
        self._transport: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; the port is the same for UDP and TCP."""
        loop = asyncio.get_running_loop()
        self._tcp = await asyncio.start_server(self._serve_tcp, "::1", 0)
        port = int(self._tcp.sockets[0].getsockname()[1])
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("::1", port))
        return port

    async def stop(self) -> None:
        """Close both sockets."""
        if self._transport:
            self._transport.close()
        if self._tcp:
            self._tcp.close()
            await self._tcp.wait_closed()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One query over UDP."""
        answer = self.answer(data)
        if answer and self._transport:
            self._transport.sendto(answer, addr)

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                answer = self.answer(await reader.readexactly(length))
                if answer:
                    writer.write(struct.pack("!H", len(answer)) + answer)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, data: bytes) -> bytes:
        """The reply to one query; empty for a name that never answers."""
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return b""
        reply = dns.message.make_response(query, recursion_available=True)
        if not query.question:
            reply.set_rcode(dns.rcode.FORMERR)
            return reply.to_wire()
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        host = self._hosts.get(name)
        if name == "ipv4only.arpa":
            self._add(reply, question.name, question.rdtype, "A", ("192.0.0.170", "192.0.0.171"))
        elif name != ZONE and not name.endswith(f".{ZONE}"):
            reply.set_rcode(dns.rcode.REFUSED)
        elif host is not None and host.dns == "silent":
            return b""
        elif host is not None and host.dns == "servfail":
            reply.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._answer_in_zone(reply, question, host, name)
        return reply.to_wire()

    def _answer_in_zone(
        self, reply: dns.message.Message, question: dns.rrset.RRset, host: Host | None, name: str
    ) -> None:
        reply.flags |= dns.flags.AA
        if host is None and name not in (ZONE, f"ns.{ZONE}"):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif host is not None:
            self._add(reply, question.name, question.rdtype, "AAAA", host.aaaa)
            self._add(reply, question.name, question.rdtype, "A", host.a)
        if name == ZONE:
            self._add(reply, question.name, question.rdtype, "SOA", (SOA,))
            self._add(reply, question.name, question.rdtype, "NS", (f"ns.{ZONE}.",))
        if name == f"ns.{ZONE}":
            self._add(reply, question.name, question.rdtype, "AAAA", ("2001:db8::53",))  # documentation: never asked
        if not reply.answer:
            reply.authority.append(dns.rrset.from_text(f"{ZONE}.", 60, "IN", "SOA", SOA))

    def _add(
        self, reply: dns.message.Message, name: dns.name.Name, asked: int, rdtype: str, records: tuple[str, ...]
    ) -> None:
        if records and asked == dns.rdatatype.from_text(rdtype):
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", rdtype, *records))
