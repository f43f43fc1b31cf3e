"""One process that scans again and again: on time, never two at once, and not stopped by a run that fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from ipv6check.logs import event, logger
from ipv6check.model.trouble import Trouble
from ipv6check.wiring.watching.schedule import Schedule, missed

SLICE_S = 30.0
"""Between two looks at the clock while waiting: the wall clock may be set, and somebody may ask whether we live."""

FIRST_BACKOFF_S = 60.0
LONGEST_BACKOFF_S = 3_600.0

_log = logger("watch")


class WallClock(Protocol):
    """The time of the day."""

    def utc(self) -> float:
        """Seconds since the epoch."""

    async def pause(self, seconds: float, stop: asyncio.Event) -> None:
        """Let ``seconds`` pass, or less if ``stop`` is set."""


@dataclass(slots=True)
class Pulse:
    """How the watching goes, for whoever asks from outside. Times are seconds since the epoch, UTC."""

    at: float = 0.0
    state: str = "starting"
    next_due: float = 0.0
    runs: int = 0
    failed: int = 0
    skipped: int = 0
    in_a_row: int = 0
    last_error: str = ""


class Busy(Trouble):
    """Another process is scanning this inventory."""


@dataclass(slots=True)
class Watcher:
    """Runs ``run`` when ``schedule`` says so, ``jitter()`` seconds later, until ``stop`` is set.

    ``tell`` gets the pulse at every change, ``idle`` is called while nothing runs. A run that raises Trouble or OSError
    is tried again after a pause that doubles from one minute to an hour, or at the next due moment if that comes first.
    """

    schedule: Schedule
    run: Callable[[], Awaitable[None]]
    clock: WallClock
    stop: asyncio.Event
    jitter: Callable[[], float]
    tell: Callable[[Pulse], None]
    idle: Callable[[], Awaitable[None]]
    pulse: Pulse = field(default_factory=Pulse)

    async def watch(self, *, at_once: bool = False, most: int = 0) -> None:
        """Until stopped, or ``most`` runs were made. ``at_once``: the first run does not wait for its moment."""
        now = self.clock.utc()
        due = now if at_once else self.schedule.after(now)
        start = now if at_once else due + self.jitter()
        event(_log, "watching", first_in_s=round(start - now))
        while await self._until(start):
            ok = await self._one()
            if self.stop.is_set() or self.pulse.runs == most > 0:
                break
            now = self.clock.utc()
            lost = missed(self.schedule, due, now)
            if lost:
                self.pulse.skipped += lost
                event(_log, "runs-skipped", level="warning", runs=lost, reason="the run before took longer")
            due = self.schedule.after(now)
            start = due + self.jitter()
            if not ok:
                pause = min(FIRST_BACKOFF_S * 2.0 ** min(self.pulse.in_a_row - 1, 10), LONGEST_BACKOFF_S)
                start = min(start, now + pause)
                event(_log, "trying-again", level="warning", in_s=round(start - now))
        self._show("stopped")
        event(_log, "stopped", runs=self.pulse.runs, failed=self.pulse.failed, skipped=self.pulse.skipped)

    async def _one(self) -> bool:
        """One run; False if it should be tried again soon."""
        self._show("scanning")
        self.pulse.runs += 1
        try:
            await self.run()
        except Busy as busy:
            self.pulse.skipped += 1
            event(_log, "run-skipped", level="warning", reason=str(busy))
            return True
        except (Trouble, OSError) as error:
            self.pulse.failed += 1
            self.pulse.in_a_row += 1
            self.pulse.last_error = str(error)
            event(_log, "run-failed", level="error", reason=str(error), in_a_row=self.pulse.in_a_row)
            return False
        self.pulse.in_a_row = 0
        self.pulse.last_error = ""
        return True

    async def _until(self, moment: float) -> bool:
        """Wait for ``moment`` by the wall clock; False if asked to stop."""
        self.pulse.next_due = moment
        while not self.stop.is_set():
            left = moment - self.clock.utc()
            self._show("waiting")
            if left <= 0:
                return True
            await self.idle()
            await self.clock.pause(min(left, SLICE_S), self.stop)
        return False

    def _show(self, state: str) -> None:
        self.pulse.state = state
        self.pulse.at = self.clock.utc()
        self.tell(self.pulse)
