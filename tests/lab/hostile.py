"""A name server with the faults of RFC 4074 and a few more: ``python -m tests.lab.hostile``, in the servers' namespace.

It holds the zones that are meant for it; the zone's name says what it does wrong.
"""

import asyncio
import struct
import sys

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zone

from tests.lab.delegations import ZONES, Host

HOSTS = (Host.HOSTILE_1, Host.HOSTILE_2)
RCODES = {"nxdomain": 3, "servfail": 2, "notimp": 4}


class Holder:
    """The zones, and how each is answered."""

    def __init__(self) -> None:
        mine = [zone for zone in ZONES if zone.v6[0] in HOSTS]
        self._zones = {
            zone.name: dns.zone.from_text(zone.zone(), origin=f"{zone.name}.", relativize=False) for zone in mine
        }

    def answer(self, wire: bytes, *, tcp: bool, v6: bool) -> bytes | None:
        """The reply, or None for silence."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        apex = next((zone for zone in self._zones if name == zone or name.endswith(f".{zone}")), "")
        fault = apex.partition(".")[0].removeprefix("f-")
        reply = dns.message.make_response(query)
        reply.flags = dns.flags.QR
        if not apex:
            reply.set_rcode(dns.rcode.REFUSED)
            return reply.to_wire()
        if (fault == "notcp" and tcp) or (fault == "noedns" and query.edns >= 0 and v6 and not tcp):
            return None
        reply.flags |= dns.flags.AA
        zone = self._zones[apex]
        if question.rdtype == dns.rdatatype.AAAA and name == f"www.{apex}" and fault not in ("notcp", "noedns"):
            return self._wrong(reply, fault)
        found = zone.get_rrset(question.name, question.rdtype)
        if found is not None:
            reply.answer.append(dns.rrset.from_rdata_list(question.name, found.ttl, list(found)))
        else:
            soa = zone.get_rrset(zone.origin, "SOA")
            reply.authority.append(dns.rrset.from_rdata_list(zone.origin, soa.ttl, list(soa)))
            if zone.get_node(question.name) is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    @staticmethod
    def _wrong(reply: dns.message.Message, fault: str) -> bytes | None:
        if fault in RCODES:
            reply.set_rcode(RCODES[fault])
            return reply.to_wire()
        if fault == "lame":
            reply.flags &= ~dns.flags.AA
            return reply.to_wire()
        if fault == "malformed":  # four octets where sixteen belong (RFC 4074 section 4.5)
            head = bytearray(reply.to_wire())
            head[6:8], head[10:12] = b"\0\1", b"\0\0"
            end = 12 + head[12:].index(0) + 5
            return bytes(head[:end]) + b"\xc0\x0c" + struct.pack("!HHIH", 28, 1, 60, 4) + bytes((192, 0, 2, 1))
        return None


class Datagrams(asyncio.DatagramProtocol):
    """UDP."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple) -> None:
        answer = self._holder.answer(data, tcp=False, v6=":" in addr[0])
        if answer is not None:
            self._transport.sendto(answer, addr)


async def main() -> None:
    """Serve until killed."""
    holder = Holder()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
        answer = holder.answer(await reader.readexactly(size), tcp=True, v6=True)
        if answer is not None:
            writer.write(struct.pack("!H", len(answer)) + answer)
            await writer.drain()
        writer.close()

    loop = asyncio.get_running_loop()
    for host in HOSTS:
        for address in (host.v6, host.v4):
            await loop.create_datagram_endpoint(lambda: Datagrams(holder), local_addr=(address, 53))
            await asyncio.start_server(serve, address, 53)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
