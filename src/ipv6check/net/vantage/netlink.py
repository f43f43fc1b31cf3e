"""The kernel's own lists over netlink: sockets that wait for peers, and addresses of interfaces. No privileges needed,
and no packet leaves the machine.

``/proc/net/tcp6`` does not show IPV6_V6ONLY, so that a socket on ``::`` cannot be told to take IPv4 or not; the
socket diagnosis of netlink (linux/inet_diag.h) does.
"""

import errno
import os
import socket
import struct
from collections.abc import Iterator
from ipaddress import ip_address
from typing import NamedTuple

_ROUTE, _SOCK_DIAG = 0, 4
_DUMP = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_ERROR, _DONE = 2, 3
_BY_FAMILY, _GET_ADDRESSES = 20, 22
_V6ONLY = 11  # INET_DIAG_SKV6ONLY
_LOCAL, _ADDRESS, _FLAGS = 2, 1, 8
_STATES = {"tcp": 1 << 10, "udp": 1 << 7}  # TCP_LISTEN; a UDP socket without a peer is TCP_CLOSE
_PROTOCOLS = {"tcp": socket.IPPROTO_TCP, "udp": socket.IPPROTO_UDP}
_WORDS = {0x01: "temporary", 0x02: "nodad", 0x04: "optimistic", 0x08: "dadfailed", 0x20: "deprecated",
          0x40: "tentative"}  # fmt: skip
_HEADER = struct.Struct("=IHHII")
_PATIENCE_S = 5.0


class Waiting(NamedTuple):
    """A socket that waits for peers; ``v6only`` is None for IPv4."""

    transport: str
    address: str
    port: int
    v6only: bool | None
    interface: int
    uid: int
    inode: int


class Assigned(NamedTuple):
    """An address of an interface, with words for its state."""

    interface: str
    address: str
    prefix_length: int
    flags: tuple[str, ...]


def waiting_sockets(transport: str, family: int) -> list[Waiting]:
    """All sockets of a transport (tcp, udp) and family (4, 6) in this network namespace that wait for peers.

    Raises OSError if the kernel has no socket diagnosis for it.
    """
    number = socket.AF_INET6 if family == 6 else socket.AF_INET
    request = struct.pack("=BBBxI48x", number, _PROTOCOLS[transport], 0, _STATES[transport])
    found = []
    for body in _dump(_SOCK_DIAG, _BY_FAMILY, request):
        (port,) = struct.unpack_from(">H", body, 4)
        if body[0] != number or not port:
            continue
        octets = body[8:24] if family == 6 else body[8:12]
        (interface,) = struct.unpack_from("=I", body, 40)
        uid, inode = struct.unpack_from("=II", body, 64)
        told = dict(_attributes(body[72:])).get(_V6ONLY)
        v6only = bool(told[0]) if family == 6 and told else None
        found.append(Waiting(transport, str(ip_address(octets)), port, v6only, interface, uid, inode))
    return found


def assigned_addresses() -> list[Assigned]:
    """Every address of every interface, both families. Raises OSError."""
    found = []
    for body in _dump(_ROUTE, _GET_ADDRESSES, struct.pack("=BBBBI", socket.AF_UNSPEC, 0, 0, 0, 0)):
        family, length, low, _, index = struct.unpack_from("=BBBBI", body)
        told = dict(_attributes(body[8:]))
        octets = told.get(_LOCAL) or told.get(_ADDRESS)
        if family not in (socket.AF_INET, socket.AF_INET6) or octets is None:
            continue
        flags = struct.unpack("=I", told[_FLAGS])[0] if _FLAGS in told else low
        words = tuple(word for bit, word in _WORDS.items() if flags & bit) if family == socket.AF_INET6 else ()
        found.append(Assigned(interface_name(index), str(ip_address(octets)), length, words))
    return found


def interface_name(index: int) -> str:
    """The name of an interface; its number if it has gone, empty for 0."""
    try:
        return socket.if_indextoname(index) if index else ""
    except OSError:
        return str(index)


def _dump(bus: int, kind: int, request: bytes) -> Iterator[bytes]:
    """The bodies of the kernel's answer. Raises OSError."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, bus) as channel:
        channel.settimeout(_PATIENCE_S)
        channel.bind((0, 0))
        channel.send(_HEADER.pack(_HEADER.size + len(request), kind, _DUMP, 1, 0) + request)
        while True:
            block = channel.recv(1 << 18)
            while len(block) >= _HEADER.size:
                length, answered, _, _, _ = _HEADER.unpack_from(block)
                body = block[_HEADER.size : length]
                if answered in (_DONE, _ERROR):
                    code = struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
                    if code < 0:
                        raise OSError(-code, os.strerror(-code))
                    return
                if length < _HEADER.size:
                    raise OSError(errno.EPROTO, "a netlink message without a length")
                yield body
                block = block[(length + 3) & ~3 :]


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and value of each netlink attribute."""
    while len(octets) >= 4:
        length, kind = struct.unpack_from("=HH", octets)
        if length < 4:
            return
        yield kind & 0x3FFF, octets[4:length]
        octets = octets[(length + 3) & ~3 :]
