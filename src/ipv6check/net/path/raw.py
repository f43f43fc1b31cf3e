"""Packets the kernel would not build for us. The only module that knows scapy, which costs half a second to import and
is imported only by the one function that needs it."""

import asyncio
import errno
import os
import socket
import struct
import time
from itertools import chain, repeat

from ipv6check.model.failure import Failure
from ipv6check.model.path import SizedReply, Told
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import connect_failure, scope_of
from ipv6check.net.path.hopprobes import own_address
from ipv6check.net.path.icmperrors import meaning

_ICMP6_FILTER = 1
_ECHO_REPLY = 129
_WANTED = (1, 2, 3, 4, _ECHO_REPLY)
_LOOKS_S = (0.002, 0.004, 0.008, 0.016, 0.02)


async def options_echo(address: str, *, zone: str = "", source: str = "", timeout_s: float = 1.0) -> SizedReply:
    """One ICMPv6 echo with a Destination Options header of padding (RFC 8200 section 4.6), which the target must skip
    and many networks drop (RFC 7872, RFC 9098). The caller has asked whether the address may be contacted.

    LOCAL_PERMISSION without the right to raw sockets.
    """
    endpoint = Endpoint(name="", address=address, port=9, zone=zone)
    octets = 40 + 8 + 8 + 16
    mine = source or own_address(endpoint)
    if not mine:
        return SizedReply(octets=octets, failure=Failure.LOCAL_NO_ROUTE)
    try:
        sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        receiver = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    except PermissionError:
        return SizedReply(octets=octets, failure=Failure.LOCAL_PERMISSION)
    except OSError as error:
        ours = Failure.LOCAL_NO_ROUTE if error.errno == errno.EAFNOSUPPORT else connect_failure(error, endpoint).failure
        return SizedReply(octets=octets, failure=ours)
    with sender, receiver:
        token = os.urandom(16)
        packet = _with_options(mine, address, token)
        try:
            receiver.setblocking(False)
            receiver.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, _only_wanted())
            sent = time.perf_counter()
            sender.sendto(packet, (address, 0, 0, scope_of(zone)))
        except OSError as error:
            return SizedReply(octets=octets, failure=connect_failure(error, endpoint).failure)
        return await _reply(receiver, token, octets, sent, timeout_s)


def _with_options(source: str, address: str, token: bytes) -> bytes:
    """The whole packet."""
    from scapy.layers.inet6 import ICMPv6EchoRequest, IPv6, IPv6ExtHdrDestOpt, PadN

    options = IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))])
    echo = ICMPv6EchoRequest(id=int.from_bytes(token[:2]), seq=1, data=token)
    return bytes(IPv6(src=source, dst=address, hlim=64) / options / echo)


def _only_wanted() -> bytes:
    """A filter (RFC 3542 section 3.2) that lets replies and errors through."""
    blocked = bytearray(b"\xff" * 32)
    for kind in _WANTED:
        blocked[kind // 8] &= ~(1 << kind % 8) & 0xFF
    return struct.pack("=8I", *struct.unpack("<8I", bytes(blocked)))


async def _reply(receiver: socket.socket, token: bytes, octets: int, sent: float, timeout_s: float) -> SizedReply:
    """The echo reply that carries the token, or the error whose quoted packet does."""
    clock = asyncio.get_running_loop().time
    until = clock() + timeout_s
    for pause in chain(_LOOKS_S, repeat(_LOOKS_S[-1])):
        while True:
            try:
                packet, origin = receiver.recvfrom(65535)
            except OSError:
                break
            if len(packet) < 8 or token not in packet:
                continue
            if packet[0] == _ECHO_REPLY:
                rtt_ms = round((time.perf_counter() - sent) * 1000, 2)
                return SizedReply(octets=octets, told=Told.ANSWER, rtt_ms=rtt_ms)
            sender = str(origin[0]).partition("%")[0]
            return SizedReply(octets=octets, told=meaning(6, packet[0], packet[1]), told_by=sender)
        left = until - clock()
        if left <= 0:
            break
        await asyncio.sleep(min(left, pause))
    return SizedReply(octets=octets)
