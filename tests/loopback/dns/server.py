"""A small DNS server on loopback that lies on demand: a script decides what every query is answered with."""

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Asked:
    """One query as it arrived."""

    name: str
    rdtype: str
    message: dns.message.Message
    wire: bytes
    peer: tuple
    tcp: bool
    at: float

    @property
    def checking_off(self) -> bool:
        return bool(self.message.flags & dns.flags.CD)

    @property
    def edns(self) -> bool:
        return self.message.edns >= 0

    def reply(self, *records: str, rcode: str = "NOERROR", soa: bool = False, flags: str = "QR RD RA") -> bytes:
        """An answer: ``records`` are master-file lines; ``soa`` adds one for the parent, minimum 60."""
        answer = dns.message.make_response(self.message)
        answer.flags = dns.flags.from_text(flags)
        answer.set_rcode(dns.rcode.from_text(rcode))
        for line in records:
            owner, ttl, rdclass, rdtype, rdata = line.split(" ", 4)
            # a set of its own for every record: order and duplicates stay as written
            answer.answer.append(dns.rrset.from_text(owner, int(ttl), rdclass, rdtype, rdata))
        if soa:
            apex = self.name.partition(".")[2] or "."
            answer.authority.append(
                dns.rrset.from_text(
                    apex + "." * (apex != "."), 300, "IN", "SOA", "ns.example. root.example. 1 2 3 4 60"
                )
            )
        return answer.to_wire(max_size=65535)

    def aaaa(self, *addresses: str) -> bytes:
        return self.reply(*(f"{self.name}. 300 IN AAAA {address}" for address in addresses))

    def nodata(self) -> bytes:
        return self.reply(soa=True)

    def nxdomain(self) -> bytes:
        return self.reply(rcode="NXDOMAIN", soa=True)

    def error(self, rcode: str) -> bytes:
        return self.reply(rcode=rcode)

    def truncated(self) -> bytes:
        return self.reply(flags="QR TC RD RA")


# what a script may return: nothing, one packet, or packets in order; for TCP also "refuse", "stall" and "cut"
Script = Callable[[Asked], "bytes | list[bytes] | str | None"]


@dataclass
class HostileServer:
    """UDP and TCP on one port of ``address``; ``asked`` is the log."""

    script: Script
    address: str = "127.0.0.1"
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    tcp: bool = True
    nat64: Script = Asked.nodata

    async def __aenter__(self) -> "HostileServer":
        loop = asyncio.get_running_loop()
        self._family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._udp = socket.socket(self._family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._server = None
        self._connections: set[asyncio.StreamWriter] = set()
        while True:
            self._udp.bind((self.address, self.port))
            self.port = self._udp.getsockname()[1]
            if not self.tcp:
                break
            try:
                self._server = await asyncio.start_server(self._serve, self.address, self.port)
                break
            except OSError:  # the port is taken for TCP: another one
                self._udp.close()
                self._udp, self.port = socket.socket(self._family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK), 0
        loop.add_reader(self._udp.fileno(), self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._udp.fileno())
        self._udp.close()
        for writer in list(self._connections):
            writer.transport.abort()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def count(self, name: str = "", rdtype: str = "") -> int:
        """Queries for this name and type."""
        return sum(name in ("", one.name) and rdtype in ("", one.rdtype) for one in self.asked)

    def send(self, wire: bytes, peer: tuple) -> None:
        self._udp.sendto(wire, peer)

    def _read(self) -> None:
        while True:
            try:
                wire, peer = self._udp.recvfrom(65535)
            except (BlockingIOError, ConnectionError):
                return
            answer = self._answer(wire, peer, tcp=False)
            for packet in answer if isinstance(answer, list) else [answer]:
                if isinstance(packet, bytes):
                    self._udp.sendto(packet, peer)

    def _answer(self, wire: bytes, peer: tuple, *, tcp: bool) -> "bytes | list[bytes] | str | None":
        message = dns.message.from_wire(wire)
        question = message.question[0]
        asked = Asked(
            name=question.name.to_text(omit_final_dot=True).lower(),
            rdtype=dns.rdatatype.to_text(question.rdtype),
            message=message,
            wire=wire,
            peer=peer,
            tcp=tcp,
            at=asyncio.get_running_loop().time(),
        )
        if asked.name == "ipv4only.arpa":  # the search for NAT64 prefixes is not what most tests count
            return self.nat64(asked)
        self.asked.append(asked)
        return self.script(asked)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            (size,) = struct.unpack("!H", await reader.readexactly(2))
            answer = self._answer(await reader.readexactly(size), writer.get_extra_info("peername"), tcp=True)
            if answer == "stall":
                await reader.read()
            elif answer == "cut":
                writer.write(b"\x02\x00abc")
                await writer.drain()
            elif isinstance(answer, bytes):
                writer.write(struct.pack("!H", len(answer)) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()
