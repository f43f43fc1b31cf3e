"""One ICMP socket of one family: opening it with whatever right there is, packets, and what comes back."""

import os
import socket
import struct
from collections.abc import Callable
from typing import NamedTuple

ICMP6_FILTER = 1
IP_RECVERR = 11  # linux/in.h
IPV6_RECVERR = 25  # linux/in6.h
MSG_ERRQUEUE = 0x2000
HEADER = struct.Struct("!BBHHH")
_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err, linux/errqueue.h
_REQUEST = {6: 128, 4: 8}
_REPLY = {6: 129, 4: 0}
_OCTETS = 65535


class Answer(NamedTuple):
    """An echo reply: where from, and the octets that follow its header."""

    sequence: int
    source: str
    payload: bytes


class Refusal(NamedTuple):
    """An ICMP error about a request of ours, as the errno the kernel makes of it."""

    sequence: int
    code: int


class EchoSocket:
    """``means`` is dgram or raw. The kernel numbers and filters dgram sockets; raw ones carry our own id, and their
    filter leaves only echo replies."""

    def __init__(self, family: int, *, source: str = "") -> None:
        """``source`` is bound if given. Raises OSError if neither kind of socket may be opened."""
        self.family = family
        domain = socket.AF_INET6 if family == 6 else socket.AF_INET
        protocol = socket.IPPROTO_ICMPV6 if family == 6 else socket.IPPROTO_ICMP
        try:
            self.socket = socket.socket(domain, socket.SOCK_DGRAM, protocol)
            self.means = "dgram"
        except OSError:
            self.socket = socket.socket(domain, socket.SOCK_RAW, protocol)
            self.means = "raw"
        self.id = int.from_bytes(os.urandom(2))
        try:
            self.socket.setblocking(False)
            if family == 6:
                self.socket.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
                if self.means == "raw":
                    blocked = bytearray(b"\xff" * 32)
                    blocked[_REPLY[6] // 8] &= ~(1 << _REPLY[6] % 8) & 0xFF
                    # the kernel reads 32-bit words, whose octets it stores in its own order
                    words = struct.unpack("<8I", bytes(blocked))
                    self.socket.setsockopt(socket.IPPROTO_ICMPV6, ICMP6_FILTER, struct.pack("=8I", *words))
            else:
                self.socket.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
            if source:
                self.socket.bind((source, 0))
        except OSError:
            self.socket.close()
            raise

    def send(self, address: str, scope: int, sequence: int, payload: bytes) -> None:
        """One echo request. Raises OSError."""
        packet = HEADER.pack(_REQUEST[self.family], 0, 0, self.id, sequence) + payload
        if self.family == 6:
            self.socket.sendto(packet, (address, 0, 0, scope))
            return
        if self.means == "raw":  # the kernel sums up ICMPv6 and ping sockets, but not raw ICMP (RFC 792)
            packet = packet[:2] + checksum(packet).to_bytes(2) + packet[4:]
        self.socket.sendto(packet, (address, 0))

    def receive(self) -> Answer | None:
        """The next echo reply to this socket; None for other packets. Raises BlockingIOError when there is none left,
        another OSError for an error the queue holds."""
        packet, origin = self.socket.recvfrom(_OCTETS)
        return self._answer(packet, origin)

    def receive_timed(self, arrived_at: Callable[[list[tuple[int, int, bytes]]], float]) -> tuple[Answer | None, float]:
        """As ``receive``, with what ``arrived_at`` reads from the ancillary data."""
        packet, ancillary, _, origin = self.socket.recvmsg(_OCTETS, 256)
        return self._answer(packet, origin), arrived_at(ancillary)

    def _answer(self, packet: bytes, origin: tuple[str, int]) -> Answer | None:
        if self.means == "raw" and self.family == 4:
            packet = packet[(packet[0] & 15) * 4 :]
        if len(packet) < HEADER.size:
            return None
        kind, _, _, identifier, sequence = HEADER.unpack_from(packet)
        if kind != _REPLY[self.family] or (self.means == "raw" and identifier != self.id):
            return None
        return Answer(sequence, origin[0].partition("%")[0], packet[HEADER.size :])

    def refusal(self) -> Refusal | None:
        """The next ICMP error about a request of ours; None for others' and for what the kernel itself reports.
        Raises BlockingIOError when there is none left."""
        packet, ancillary, _, _ = self.socket.recvmsg(_OCTETS, 512, MSG_ERRQUEUE)
        for _, _, data in ancillary:
            if len(data) < _ERROR.size or len(packet) < HEADER.size:
                continue
            code = _ERROR.unpack_from(data)[0]
            _, _, _, identifier, sequence = HEADER.unpack_from(packet)
            if self.means == "dgram" or identifier == self.id:
                return Refusal(sequence, code)
        return None

    def close(self) -> None:
        """Give the descriptor back."""
        self.socket.close()


def checksum(packet: bytes) -> int:
    """The Internet checksum (RFC 1071) of a packet whose checksum field is zero."""
    if len(packet) % 2:
        packet += b"\0"
    total: int = sum(struct.unpack(f"!{len(packet) // 2}H", packet))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF
