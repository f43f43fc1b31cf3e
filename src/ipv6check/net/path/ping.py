"""ICMPv6 and ICMP echo without privileges where the kernel allows it.

A ping socket (SOCK_DGRAM; ``net.ipv4.ping_group_range`` rules both families) costs what a raw one costs, and the
kernel numbers and filters for us. Without either right nothing was measured, which is not "unreachable".

An ICMP error makes the socket report POLLERR, upon which libuv (uvloop) stops watching it for good and every later echo
would count as unanswered. So the loop watches it anew after each error that was read, whoever read it.
"""

import asyncio
import errno
import os
import time
from typing import ClassVar

from ipv6check.model.contact import EchoReply
from ipv6check.model.failure import Failure
from ipv6check.model.prefixes import number
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import connect_failure, scope_of
from ipv6check.net.path.echosocket import EchoSocket

PAYLOAD_OCTETS = 32
_TOKEN_OCTETS = 16
_SEQUENCES = 1 << 16
_NO_RIGHT = frozenset({errno.EPERM, errno.EACCES})


class _Echo:
    """One echo under way: when each of its requests was sent, and how it ended."""

    __slots__ = ("address", "failure", "future", "payload", "scope", "sent", "timer", "zone")

    def __init__(self, address: str, zone: str, payload: bytes, future: asyncio.Future[float | None]) -> None:
        self.address = address
        self.zone = zone
        self.scope = scope_of(zone)
        self.payload = payload
        self.future = future
        self.sent: dict[int, float] = {}
        self.failure: Failure | None = None
        self.timer: asyncio.TimerHandle | None = None


class _Desk:
    """All echoes of one family through one socket."""

    def __init__(self, opened: EchoSocket) -> None:
        self.socket = opened
        self._pending: dict[int, _Echo] = {}
        self._sequence = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def close(self) -> None:
        """Stop listening."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self.socket.socket)
        self._loop = None
        self.socket.close()

    async def echo(self, echo: _Echo, timeout_s: float) -> float | None:
        """Seconds to the answer, or None with ``echo.failure`` set."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            self._watch()
        echo.timer = loop.call_later(timeout_s / 2, self._halfway, echo, timeout_s)
        self._send(echo)
        try:
            return await echo.future
        finally:
            if echo.timer is not None:
                echo.timer.cancel()
            for sequence in echo.sent:
                self._pending.pop(sequence, None)

    def _watch(self) -> None:
        """(Again) be told of what arrives; a new handle also drops an event the loop has fetched but not told yet."""
        if self._loop is not None:
            self._loop.remove_reader(self.socket.socket)
            self._loop.add_reader(self.socket.socket, self._readable)

    def _halfway(self, echo: _Echo, timeout_s: float) -> None:
        """Nobody answered so far: one datagram may be lost, so ask once more."""
        echo.timer = asyncio.get_running_loop().call_later(timeout_s / 2, self._late, echo)
        self._watch()  # an error that arrived while answers were read may have been told without being seen
        self._send(echo)

    def _late(self, echo: _Echo) -> None:
        self._end(echo, echo.failure or Failure.TIMEOUT)

    def _end(self, echo: _Echo, failure: Failure) -> None:
        if not echo.future.done():
            echo.failure = failure
            echo.future.set_result(None)

    def _send(self, echo: _Echo) -> None:
        for _ in range(_SEQUENCES):
            self._sequence = (self._sequence + 1) % _SEQUENCES
            if self._sequence not in self._pending:
                break
        else:
            self._end(echo, Failure.LOCAL_RESOURCES)
            return
        sequence = self._sequence
        self._pending[sequence] = echo
        echo.sent[sequence] = time.perf_counter()
        try:
            self.socket.send(echo.address, echo.scope, sequence, echo.payload)
        except OSError as error:
            # With RECVERR an earlier error of another echo may come out here: read the queue, then try once more.
            self._read_refusals()
            self._watch()
            try:
                self.socket.send(echo.address, echo.scope, sequence, echo.payload)
            except OSError:
                self._refused(echo, error)

    def _refused(self, echo: _Echo, error: OSError) -> None:
        """A first refusal is kept and one more request made; a second one ends it."""
        failure = connect_failure(error, Endpoint(name="", address=echo.address, port=9, zone=echo.zone)).failure
        echo.failure = failure
        if len(echo.sent) > 1:
            self._end(echo, failure)

    def _readable(self) -> None:
        first = True
        while True:
            try:
                answer = self.socket.receive()
            except BlockingIOError:
                if first:  # woken by an error whose code somebody has read already
                    self._read_refusals()
                    self._watch()
                return
            except OSError:  # with RECVERR an ICMP error shows here first, once
                found = self._read_refusals()
                self._watch()
                if not found:
                    return
                first = False
                continue
            first = False
            echo = self._pending.get(answer.sequence) if answer else None
            if answer is None or echo is None or echo.future.done():
                continue  # another's, or too late
            if answer.payload == echo.payload and (
                answer.source == echo.address or number(answer.source) == number(echo.address)
            ):
                echo.failure = None
                echo.future.set_result(time.perf_counter() - echo.sent[answer.sequence])

    def _read_refusals(self) -> bool:
        """Drain the error queue; True if there was anything in it."""
        found = False
        while True:
            try:
                refusal = self.socket.refusal()
            except OSError:
                return found
            found = True
            echo = self._pending.pop(refusal.sequence, None) if refusal else None
            if refusal is not None and echo is not None and not echo.future.done():
                self._refused(echo, OSError(refusal.code, os.strerror(refusal.code)))


class Pinger:
    """Implements ``net.api.Ping``. Its sockets are opened at once, so that privileges can be dropped afterwards."""

    FAMILIES: ClassVar[tuple[int, ...]] = (6, 4)

    def __init__(
        self, *, timeout_s: float = 2.0, payload_octets: int = PAYLOAD_OCTETS, source_v6: str = "", source_v4: str = ""
    ) -> None:
        """``timeout_s`` bounds one echo with its retry; ``payload_octets`` (at least 16) follow the ICMP header."""
        self._timeout_s = timeout_s
        self._payload_octets = max(payload_octets, _TOKEN_OCTETS)
        self._desks: dict[int, _Desk] = {}
        self._missing: dict[int, Failure] = {}
        for family, source in ((6, source_v6), (4, source_v4)):
            try:
                self._desks[family] = _Desk(EchoSocket(family, source=source))
            except OSError as error:
                self._missing[family] = _why_missing(error)
        self.means = next(
            (self._desks[family].socket.means for family in self.FAMILIES if family in self._desks), "none"
        )

    def close(self) -> None:
        """Close the sockets; call it in the event loop that echoed."""
        for desk in self._desks.values():
            desk.close()

    async def echo(self, address: str, *, zone: str = "", payload_octets: int = 0) -> EchoReply:
        """One echo request, retried once after half the time. ``rtt_ms`` runs from the request that was answered;
        LOCAL_PERMISSION means that nothing was measured. ``payload_octets`` overrides the usual size."""
        family = 6 if ":" in address else 4
        desk = self._desks.get(family)
        if desk is None:
            return EchoReply(address=address, failure=self._missing[family], sent=0)
        size = max(payload_octets or self._payload_octets, _TOKEN_OCTETS)
        payload = os.urandom(_TOKEN_OCTETS).ljust(size, b"\0")
        try:
            echo = _Echo(address, zone, payload, asyncio.get_running_loop().create_future())
        except OSError:  # no such interface
            return EchoReply(address=address, failure=Failure.LOCAL_NO_ROUTE, sent=0)
        seconds = await desk.echo(echo, self._timeout_s)
        rtt_ms = None if seconds is None else round(seconds * 1000, 3)
        return EchoReply(address=address, failure=echo.failure, rtt_ms=rtt_ms, sent=len(echo.sent))


def _why_missing(error: OSError) -> Failure:
    if error.errno in _NO_RIGHT:
        return Failure.LOCAL_PERMISSION
    if error.errno in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT):
        return Failure.LOCAL_NO_ROUTE
    return Failure.LOCAL_RESOURCES
