"""Good neighbour: how many connections are open, and how fast new ones start.

A slot passes two lines. The line of its address keeps to the connections one address gets and to a back-off; the line
of its prefix (/48, /24) keeps to the connections and the starts per second a prefix gets, and to the limit over all.
A start is decided at one moment against every limit, so waiting for one never spoils another. Each step costs O(1)
and nothing polls: a release, or one timer per prefix, moves the head of a line.
"""

import asyncio
import random
import resource
from collections import OrderedDict, deque
from collections.abc import Callable
from enum import Enum, auto
from types import TracebackType
from typing import TypeVar

from ipv6check.model.policy import Pacing as Limits
from ipv6check.model.prefixes import same_prefix_key
from ipv6check.net.api import Clock

UNLIMITED = 1 << 60
BUSY_S = 0.25
JITTER = 0.2
_ROUNDING_S = 1e-6  # sums of gaps in floating point
T = TypeVar("T")
_LEAST_TIMER_S = 0.001  # uvloop's timers count milliseconds and may fire a little early


class _State(Enum):
    OUTSIDE = auto()
    AT_HOST = auto()
    IN_LINE = auto()
    RUNNING = auto()


class _Host:
    """The line of one address. ``queued`` are its slots in the prefix line, ``running`` counts its connections."""

    __slots__ = ("address", "line", "queued", "running", "timer", "waiting")

    def __init__(self, address: str, line: "_Line") -> None:
        self.address = address
        self.line = line
        self.running = 0
        self.waiting: OrderedDict[Slot, None] = OrderedDict()
        self.queued: dict[Slot, None] = {}
        self.timer: asyncio.TimerHandle | None = None


class _Line:
    """The line of one prefix. ``due`` is the theoretical arrival time of the generic cell rate algorithm (ITU-T
    I.371): a start is allowed from ``due - slack`` on. ``hosts`` counts the addresses that use the line."""

    __slots__ = ("due", "hosts", "in_turns", "key", "running", "timer", "waiting")

    def __init__(self, key: int) -> None:
        self.key = key
        self.running = 0
        self.due = 0.0
        self.hosts = 0
        self.in_turns = False
        self.waiting: OrderedDict[Slot, None] = OrderedDict()
        self.timer: asyncio.TimerHandle | None = None


class Slot:
    """The right to one connection, from ``async with`` to its end. Cancelling it at any moment leaks nothing."""

    __slots__ = ("_pacing", "address", "future", "host", "state")

    def __init__(self, pacing: "Pacing", address: str) -> None:
        self._pacing = pacing
        self.address = address
        self.state = _State.OUTSIDE
        self.host: _Host | None = None
        self.future: asyncio.Future[None] | None = None

    async def __aenter__(self) -> None:
        if self._pacing.start_at_once(self):
            return
        future = self.future
        assert future is not None
        try:
            await future
        except asyncio.CancelledError:
            self._pacing.leave(self)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._pacing.leave(self)


class Pacing:
    """Every limit of ``policy.pacing`` but the resolvers'. A limit of 0 is lifted; the number of connections never
    exceeds half of RLIMIT_NOFILE even then, since each scan needs descriptors for more than connections."""

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Clock,
        rng: random.Random | None = None,
        jitter: float = JITTER,
        scale: float = 1.0,
        descriptors: int | None = None,
    ) -> None:
        """``jitter`` lengthens each gap between starts in a prefix by up to this share; ``scale`` multiplies
        back-offs; ``descriptors`` stands for RLIMIT_NOFILE."""
        self._clock = clock
        self._rng = rng or random.Random()
        self._jitter = jitter
        self._scale = scale
        if descriptors is None:
            soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            descriptors = UNLIMITED if soft == resource.RLIM_INFINITY else soft
        self.connections = max(1, min(limits.connections or UNLIMITED, descriptors // 2))
        self._per_address = limits.per_address or UNLIMITED
        self._per_prefix = limits.per_prefix or UNLIMITED
        self._gap = 1 / limits.new_per_prefix if limits.new_per_prefix else 0.0
        self._slack = (max(1, limits.burst_per_prefix) - 1) * self._gap
        self._plain = not (limits.per_address or limits.per_prefix or limits.new_per_prefix)
        self.running = 0
        self._hosts: dict[str, _Host] = {}
        self._lines: dict[int, _Line] = {}
        self._idle: OrderedDict[int, _Line] = OrderedDict()
        self._turns: deque[_Line] = deque()
        self._backoffs: OrderedDict[str, float] = OrderedDict()

    @property
    def remembered(self) -> int:
        """How many addresses and prefixes take up memory now; idle ones are forgotten."""
        return len(self._hosts) + len(self._lines) + len(self._backoffs)

    def slot(self, address: str) -> Slot:
        """``async with pacing.slot(address):`` waits its turn and holds a connection's place. Use each slot once."""
        return Slot(self, address)

    def wait_s(self, address: str) -> float:
        """Seconds until a connection to ``address`` could start, as far as it can be told; 0 for now. Where all
        places are taken it is a guess, since nobody knows when one becomes free."""
        now = self._clock.monotonic()
        wait = self._backoffs[address] - now if address in self._backoffs else 0.0
        if self.running >= self.connections:
            wait = max(wait, BUSY_S)
        if not self._plain and (line := self._lines.get(same_prefix_key(address))) is not None:
            wait = max(wait, line.due - self._slack - now + len(line.waiting) * self._gap)
            host = self._hosts.get(address)
            if line.running >= self._per_prefix or (host and self._is_full(host)):
                wait = max(wait, BUSY_S)
        return max(wait, 0.0)

    def backoff(self, address: str, seconds: float) -> None:
        """Start nothing to ``address`` for ``seconds`` times the scale: it asked for it (429, 503 with Retry-After),
        prohibits us, or resets what we open. Connections that run go on; the longer back-off wins."""
        now = self._clock.monotonic()
        self._backoffs[address] = max(now + seconds * self._scale, self._backoffs.get(address, now))
        for old in [key for key, _ in zip(self._backoffs, range(2), strict=False)]:
            self._backing_off(old, now)
        host = self._hosts.get(address)
        if host is None:
            return
        for slot in reversed(tuple(host.queued)):
            del host.line.waiting[slot]
            slot.state = _State.AT_HOST
            host.waiting[slot] = None
            host.waiting.move_to_end(slot, last=False)
        host.queued.clear()
        self._advance(host)

    def start_at_once(self, slot: Slot) -> bool:
        """Enter the lines; True if nothing has to be waited for. For ``Slot`` only."""
        if self._plain and self.running < self.connections and not self._turns and slot.address not in self._backoffs:
            self.running += 1
            slot.state = _State.RUNNING
            return True
        self._forget_idle()
        host = self._host(slot.address)
        slot.host = host
        slot.future = asyncio.get_running_loop().create_future()
        slot.state = _State.AT_HOST
        host.waiting[slot] = None
        self._advance(host)
        return slot.state is _State.RUNNING

    def leave(self, slot: Slot) -> None:
        """Give back what ``slot`` holds, wherever it stands. For ``Slot`` only."""
        state, slot.state = slot.state, _State.OUTSIDE
        host = slot.host
        if state is _State.RUNNING:
            self.running -= 1
        if host is not None:
            if state is _State.AT_HOST:
                del host.waiting[slot]
            elif state is _State.IN_LINE:
                del host.queued[slot]
                del host.line.waiting[slot]
            elif state is _State.RUNNING:
                host.running -= 1
                host.line.running -= 1
            self._advance(host)
            self._tidy(host)
        self._take_turns()

    def _host(self, address: str) -> _Host:
        host = self._hosts.get(address)
        if host is None:
            key = same_prefix_key(address)
            line = self._lines.get(key)
            if line is None:
                line = self._lines[key] = _Line(key)
            self._idle.pop(key, None)
            line.hosts += 1
            host = self._hosts[address] = _Host(address, line)
        return host

    def _is_full(self, host: _Host) -> bool:
        return host.running + len(host.queued) >= self._per_address

    def _backing_off(self, address: str, now: float) -> float:
        """Seconds left; forgets a back-off that is over."""
        until = self._backoffs.get(address)
        if until is None:
            return 0.0
        if until <= now:
            del self._backoffs[address]
            return 0.0
        return until - now

    def _advance(self, host: _Host) -> None:
        """Let go what may go from the address's line, then from the prefix's."""
        self._feed(host)
        self._pump(host.line)

    def _feed(self, host: _Host) -> None:
        while host.waiting and not self._is_full(host):
            wait = self._backing_off(host.address, self._clock.monotonic())
            if wait > 0:
                if host.timer is None:
                    host.timer = _later(wait, self._host_timer, host)
                return
            slot, _ = host.waiting.popitem(last=False)
            if _is_cancelled(slot):
                slot.state = _State.OUTSIDE
                continue
            slot.state = _State.IN_LINE
            host.queued[slot] = None
            host.line.waiting[slot] = None

    def _pump(self, line: _Line, *, has_turn: bool = False) -> None:
        while line.waiting:
            slot = next(iter(line.waiting))
            host = slot.host
            assert host is not None
            if not _is_cancelled(slot):
                if line.running >= self._per_prefix:
                    return
                now = self._clock.monotonic()
                wait = line.due - self._slack - now
                if wait > _ROUNDING_S:
                    if line.timer is None:
                        line.timer = _later(wait, self._line_timer, line)
                    return
                if self.running >= self.connections or (self._turns and not has_turn):
                    if not line.in_turns:
                        line.in_turns = True
                        self._turns.append(line)
                    return
                has_turn = False
                self._start(slot, host, now)
                continue
            slot.state = _State.OUTSIDE
            del line.waiting[slot]
            del host.queued[slot]
            self._feed(host)

    def _start(self, slot: Slot, host: _Host, now: float) -> None:
        line = host.line
        del line.waiting[slot]
        del host.queued[slot]
        host.running += 1
        line.running += 1
        self.running += 1
        line.due = max(line.due, now) + self._gap * (1 + self._jitter * self._rng.random())
        slot.state = _State.RUNNING
        if slot.future is not None:
            slot.future.set_result(None)

    def _take_turns(self) -> None:
        """Prefixes that wait only for the limit over all start one connection each, in turn."""
        while self._turns and self.running < self.connections:
            line = self._turns.popleft()
            line.in_turns = False
            self._pump(line, has_turn=True)

    def _host_timer(self, host: _Host) -> None:
        host.timer = None
        self._advance(host)
        self._tidy(host)

    def _line_timer(self, line: _Line) -> None:
        line.timer = None
        self._pump(line)
        self._take_turns()
        if not line.hosts:
            self._idle[line.key] = line

    def _tidy(self, host: _Host) -> None:
        """Forget an address nobody uses. Its prefix stays until the rate would not notice."""
        if host.running or host.queued or host.waiting or host.timer or self._hosts.get(host.address) is not host:
            return
        del self._hosts[host.address]
        line = host.line
        line.hosts -= 1
        if not line.hosts:
            self._idle[line.key] = line

    def _forget_idle(self) -> None:
        """Look at the two prefixes that are idle longest: more than one new prefix can bring."""
        for key in [key for key, _ in zip(self._idle, range(2), strict=False)]:
            line = self._idle[key]
            if line.timer is None and not line.in_turns and line.due <= self._clock.monotonic():
                del self._idle[key]
                del self._lines[key]


def _is_cancelled(slot: Slot) -> bool:
    return slot.future is not None and slot.future.cancelled()


def _later(seconds: float, callback: Callable[[T], None], argument: T) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(max(seconds, _LEAST_TIMER_S), callback, argument)
