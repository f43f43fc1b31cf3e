"""Packets the kernel would not build for us. The only module that knows scapy, which costs half a second to import and
is imported only by the one function that needs it."""

import asyncio
import errno
import os
import socket
import time

from ipv6check.model.contact import EchoReply
from ipv6check.model.failure import Failure
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import connect_failure, scope_of

_IPV6_DONTFRAG = 62  # linux/in6.h
_HEADERS = 40 + 8
_LEAST = _HEADERS + 16
_ECHO_REPLY = 129


async def sized_echo(address: str, size: int, *, zone: str = "", timeout_s: float = 2.0) -> EchoReply:
    """One ICMPv6 echo whose IPv6 packet has ``size`` octets (at least 64) and is never fragmented by us, such as 1280
    (what every link carries, RFC 8200) or 1500: tells a path that swallows big packets from one that carries them.

    LOCAL_PERMISSION without the right to raw sockets; LOCAL_ERROR where our own link is too small for ``size``.
    """
    try:
        opened = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    except PermissionError:
        return EchoReply(address=address, failure=Failure.LOCAL_PERMISSION, sent=0)
    except OSError as error:
        ours = Failure.LOCAL_NO_ROUTE if error.errno == errno.EAFNOSUPPORT else Failure.LOCAL_RESOURCES
        return EchoReply(address=address, failure=ours, sent=0)
    with opened:
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_IPV6, _IPV6_DONTFRAG, 1)
        token = os.urandom(max(size, _LEAST) - _HEADERS)
        packet = _packet(token)
        try:
            opened.connect((address, 0, 0, scope_of(zone)))
            started = time.perf_counter()
            opened.send(packet)
            await _reply(opened, token, timeout_s)
        except TimeoutError:
            return EchoReply(address=address, failure=Failure.TIMEOUT)
        except OSError as error:
            ending = connect_failure(error, Endpoint(name="", address=address, port=9, zone=zone))
            return EchoReply(address=address, failure=ending.failure)
        return EchoReply(address=address, rtt_ms=round((time.perf_counter() - started) * 1000, 3))


def _packet(token: bytes) -> bytes:
    """An ICMPv6 echo request; the kernel fills in the checksum (RFC 3542 section 3.1)."""
    from scapy.layers.inet6 import ICMPv6EchoRequest

    return bytes(ICMPv6EchoRequest(id=int.from_bytes(token[:2]), seq=1, cksum=0, data=token))


async def _reply(opened: socket.socket, token: bytes, timeout_s: float) -> None:
    """Return at the echo reply that carries ``token``. Raises TimeoutError, OSError."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def readable() -> None:
        try:
            packet = opened.recv(65535)
        except BlockingIOError:
            return
        except OSError as error:
            if not done.done():
                done.set_exception(error)
            return
        if packet[:1] == bytes((_ECHO_REPLY,)) and packet[8:] == token and not done.done():
            done.set_result(None)

    loop.add_reader(opened, readable)
    try:
        async with asyncio.timeout(timeout_s):
            await done
    finally:
        loop.remove_reader(opened)
