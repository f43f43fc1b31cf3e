"""Echo requests of a wanted size: how large a packet may be on the way to an address and back, and who says so.

A ping socket (``net.ipv4.ping_group_range``) does it without privileges, a raw one otherwise. The kernel's memory of
path MTUs is left aside (IPV6_PMTUDISC_PROBE), so that each packet is tried for itself.
"""

import asyncio
import os
import socket
import time
from itertools import chain, repeat

from ipv6check.model.failure import Failure
from ipv6check.model.path import SizedReply, Told
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import connect_failure, scope_of
from ipv6check.net.path.echosocket import HEADER, EchoSocket
from ipv6check.net.path.icmperrors import IcmpError, arrived_at, next_error, want_errors

SIZES = (1280, 1400, 1500)
"""What every IPv6 link carries (RFC 8200 section 5), what most tunnels do, and what Ethernet does."""

FRAGMENTED = 2000
_DISCOVER = {6: (socket.IPPROTO_IPV6, 23), 4: (socket.IPPROTO_IP, 10)}  # IPV6_MTU_DISCOVER, IP_MTU_DISCOVER
_PROBE = 3  # IP(V6)_PMTUDISC_PROBE, linux/in6.h
_MTU = 24  # IPV6_MTU, linux/in6.h
_LEAST_MTU = 1280
_DONTFRAG = 62  # IPV6_DONTFRAG, linux/in6.h
_HEADERS = {6: 40, 4: 20}
_TOKEN_OCTETS = 16
_LOOKS_S = (0.002, 0.004, 0.008, 0.016, 0.02)


async def sized_echo(
    address: str,
    octets: int,
    *,
    zone: str = "",
    source: str = "",
    timeout_s: float = 1.0,
    tries: int = 2,
    whole: bool = True,
) -> SizedReply:
    """One echo whose packet has ``octets`` (at least 64), asked again while nobody answers: a reply too large for the
    way back is lost once, and comes in fragments when the target has learnt that.

    ``whole``: never fragmented by us. The caller has asked whether the address may be contacted. LOCAL_PERMISSION
    without the right to echo; a size that our own link does not carry is LOCAL_ERROR with that link's size in ``mtu``.
    """
    family = 6 if ":" in address else 4
    endpoint = Endpoint(name="", address=address, port=9, zone=zone)
    try:
        opened = EchoSocket(family, source=source if family == 6 else "")
    except PermissionError:
        return SizedReply(octets=octets, failure=Failure.LOCAL_PERMISSION)
    except OSError as error:
        return SizedReply(octets=octets, failure=connect_failure(error, endpoint).failure)
    try:
        want_errors(opened.socket, family)
        if whole:
            opened.socket.setsockopt(*_DISCOVER[family], _PROBE)
            if family == 6:
                opened.socket.setsockopt(socket.IPPROTO_IPV6, _DONTFRAG, 1)
        elif family == 6:  # in fragments that every link carries, so that their size is no reason to drop them
            opened.socket.setsockopt(socket.IPPROTO_IPV6, _MTU, _LEAST_MTU)
        for sequence in range(1, tries + 1):
            reply = await _one(opened, endpoint, octets, sequence, timeout_s)
            if reply.told is not Told.NOTHING or reply.failure is not None:
                return reply
        return SizedReply(octets=octets)
    finally:
        opened.close()


async def _one(opened: EchoSocket, endpoint: Endpoint, octets: int, sequence: int, timeout_s: float) -> SizedReply:
    """One request, and what comes of it in time."""
    size = max(octets - _HEADERS[opened.family] - HEADER.size, _TOKEN_OCTETS)
    payload = os.urandom(_TOKEN_OCTETS).ljust(size, b"\0")
    sent_at = time.time()
    try:
        opened.send(endpoint.address, scope_of(endpoint.zone), sequence, payload)
    except OSError as error:
        ours = next_error(opened.socket, opened.family)
        if ours is not None and ours.local:
            return SizedReply(octets=octets, failure=Failure.LOCAL_ERROR, mtu=ours.mtu)
        if ours is None:
            return SizedReply(octets=octets, failure=connect_failure(error, endpoint).failure)
        return _of(octets, ours)
    clock = asyncio.get_running_loop().time
    until = clock() + timeout_s
    for pause in chain(_LOOKS_S, repeat(_LOOKS_S[-1])):
        error_seen = next_error(opened.socket, opened.family)
        if error_seen is not None and _is_about(opened, error_seen):
            return _of(octets, error_seen)
        rtt_ms = _answer(opened, sequence, payload, sent_at)
        if rtt_ms is not None:
            return SizedReply(octets=octets, told=Told.ANSWER, rtt_ms=rtt_ms)
        left = until - clock()
        if left <= 0:
            break
        await asyncio.sleep(min(left, pause))
    return SizedReply(octets=octets)


def _is_about(opened: EchoSocket, error: IcmpError) -> bool:
    """True if the error quotes a request of this socket; the kernel sorts that out for ping sockets."""
    if opened.means == "dgram" or len(error.quoted) < HEADER.size:
        return opened.means == "dgram"
    return int(HEADER.unpack_from(error.quoted)[3]) == opened.id


def _of(octets: int, error: IcmpError) -> SizedReply:
    if error.local:
        return SizedReply(octets=octets, failure=Failure.LOCAL_ERROR, mtu=error.mtu)
    return SizedReply(octets=octets, told=error.told, told_by=error.sender, mtu=error.mtu)


def _answer(opened: EchoSocket, sequence: int, payload: bytes, sent_at: float) -> float | None:
    """Milliseconds until the reply to the request; None while it is not there."""
    while True:
        try:
            answer, at = opened.receive_timed(arrived_at)
        except OSError:  # nothing there yet, or an error that the queue holds as well
            return None
        if answer is not None and answer.sequence == sequence and answer.payload == payload:
            return round(max(at - sent_at, 0.0) * 1000, 2)
