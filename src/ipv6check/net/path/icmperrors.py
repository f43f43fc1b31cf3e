"""ICMP errors that the kernel keeps for a socket, which need no privilege: who sent them, and what they mean.

A socket with IPV6_RECVERR (RFC 3542 leaves that to systems; Linux ipv6(7)) gets each ICMP error about its packets in a
queue, with the sender's address, type and code, and the beginning of the packet it is about.
"""

import socket
import struct
import time
from typing import NamedTuple

from ipv6check.model.path import Told

_SO_TIMESTAMPNS = 35  # asm-generic/socket.h
_RECVERR = {6: (socket.IPPROTO_IPV6, 25), 4: (socket.IPPROTO_IP, 11)}  # linux/in6.h, linux/in.h
_ERRQUEUE = 0x2000
_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err, linux/errqueue.h
_FROM_ICMP = {2: 4, 3: 6}  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6
_LOCAL = 1
_OCTETS = 2048

_UNREACHABLE6 = {
    0: Told.NO_ROUTE,
    1: Told.ADMIN_PROHIBITED,
    2: Told.BEYOND_SCOPE,
    3: Told.ADDRESS_UNREACHABLE,
    4: Told.PORT_UNREACHABLE,
    5: Told.SOURCE_POLICY,
    6: Told.REJECT_ROUTE,
}
_UNREACHABLE4 = {
    **dict.fromkeys((0, 5, 6, 11), Told.NO_ROUTE),
    **dict.fromkeys((1, 7, 8, 12), Told.ADDRESS_UNREACHABLE),
    3: Told.PORT_UNREACHABLE,
    4: Told.PACKET_TOO_BIG,
    **dict.fromkeys((9, 10, 13), Told.ADMIN_PROHIBITED),
}


class IcmpError(NamedTuple):
    """One error. ``at`` is when the kernel got it, in wall-clock seconds. ``mtu`` is 0 but for PACKET_TOO_BIG.
    ``quoted`` is what follows the IP header of our packet, as far as the kernel keeps it. ``local``: our own kernel
    refused to send (a packet larger than the link)."""

    told: Told
    sender: str
    mtu: int
    at: float
    quoted: bytes
    local: bool = False


def want_errors(sock: socket.socket, family: int) -> None:
    """Ask for errors, and for the moment each arrives. Raises OSError."""
    sock.setsockopt(*_RECVERR[family], 1)
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


def next_error(sock: socket.socket, family: int) -> IcmpError | None:
    """The oldest error about a packet of this socket; None if there is none."""
    try:
        quoted, ancillary, _, _ = sock.recvmsg(_OCTETS, 512, _ERRQUEUE)
    except OSError:
        return None
    at = time.time()
    found: IcmpError | None = None
    for level, kind, data in ancillary:
        if (level, kind) == _RECVERR[family] and len(data) >= _ERROR.size:
            found = read_record(data, quoted)
        elif (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            at = arrival(data, at)
    return found._replace(at=at) if found is not None else None


def arrival(data: bytes, otherwise: float) -> float:
    """The moment in an SO_TIMESTAMPNS message, in wall-clock seconds."""
    if len(data) < 16:
        return otherwise
    seconds, nanoseconds = struct.unpack_from("=qq", data)
    return float(seconds) + float(nanoseconds) / 1e9


def arrived_at(ancillary: list[tuple[int, int, bytes]]) -> float:
    """When a datagram arrived, by its ancillary data; now if that does not say."""
    now = time.time()
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            return arrival(data, now)
    return now


def read_record(data: bytes, quoted: bytes) -> IcmpError | None:
    """The kernel's record: errno, origin, type, code, info, and the address of the sender behind it."""
    _, origin, kind, code, _, info, _ = _ERROR.unpack_from(data)
    if origin == _LOCAL:
        return IcmpError(Told.PACKET_TOO_BIG, "", info, 0.0, quoted, local=True)
    version = _FROM_ICMP.get(origin)
    if version is None:
        return None
    told = meaning(version, kind, code)
    return IcmpError(told, _sender(data[_ERROR.size :]), info if told is Told.PACKET_TOO_BIG else 0, 0.0, quoted)


def meaning(version: int, kind: int, code: int) -> Told:
    """The word for an ICMPv6 (6) or ICMP (4) error type and code."""
    if version == 6:
        simple = {2: Told.PACKET_TOO_BIG, 3: Told.HOP_LIMIT, 4: Told.PARAMETER_PROBLEM}
        return _UNREACHABLE6.get(code, Told.OTHER_ERROR) if kind == 1 else simple.get(kind, Told.OTHER_ERROR)
    simple = {11: Told.HOP_LIMIT, 12: Told.PARAMETER_PROBLEM}
    return _UNREACHABLE4.get(code, Told.OTHER_ERROR) if kind == 3 else simple.get(kind, Told.OTHER_ERROR)


def _sender(data: bytes) -> str:
    """The address in a sockaddr_in6 or sockaddr_in; empty for neither."""
    if len(data) < 8:
        return ""
    family = struct.unpack_from("=H", data)[0]
    if family == socket.AF_INET6 and len(data) >= 24:
        return socket.inet_ntop(socket.AF_INET6, data[8:24])
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, data[4:8])
    return ""
