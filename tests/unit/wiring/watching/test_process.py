"""Runs on time, never two at once, retried when they fail, and stopped when asked; on a clock that jumps."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from ipv6check.model.trouble import Trouble
from ipv6check.wiring.watching.process import Busy, Pulse, Watcher
from ipv6check.wiring.watching.schedule import Cron, Every, missed
from ipv6check.wiring.watching.walltime import WallTime
from tests.virtualtime import VirtualLoop, run_virtual

HOUR = 3600.0


class Virtual(WallTime):
    """The wall clock of virtual time."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.utc = loop.utc


class Night:
    """A watcher on virtual time, and when its runs began, in seconds after the start."""

    def __init__(self, text: str = "1h", *, jitter: float = 0.0) -> None:
        self.loop = VirtualLoop()
        self.origin = self.loop.utc()
        self.stop = asyncio.Event()
        self.began: list[float] = []
        self.states: list[str] = []
        self.jitter = jitter
        self.schedule = Every(text)

    def since(self) -> float:
        return self.loop.utc() - self.origin

    def watch(self, run: Callable[[], Awaitable[None]], *, most: int = 3, at_once: bool = True) -> Pulse:
        async def began() -> None:
            self.began.append(self.since())
            await run()

        async def idle() -> None:
            return None

        watcher = Watcher(
            schedule=self.schedule,
            run=began,
            clock=Virtual(self.loop),
            stop=self.stop,
            jitter=lambda: self.jitter,
            tell=lambda pulse: self.states.append(pulse.state),
            idle=idle,
        )
        run_virtual(watcher.watch(at_once=at_once, most=most), self.loop)
        return watcher.pulse


async def nothing() -> None:
    return None


def test_runs_come_at_the_moments_of_the_schedule() -> None:
    night = Night()
    pulse = night.watch(nothing, most=4)
    first = night.schedule.after(night.origin) - night.origin
    assert night.began == pytest.approx([0.0, first, first + HOUR, first + 2 * HOUR], abs=1)
    assert (pulse.runs, pulse.failed, pulse.skipped, pulse.state) == (4, 0, 0, "stopped")


def test_jitter_delays_but_loses_no_moment() -> None:
    night = Night(jitter=600.0)
    night.watch(nothing, at_once=False)
    first = night.schedule.after(night.origin) - night.origin
    assert night.began == pytest.approx([first + 600, first + HOUR + 600, first + 2 * HOUR + 600], abs=1)


def test_a_run_that_takes_too_long_skips_the_next_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    night = Night()

    async def long() -> None:
        await asyncio.sleep(2.5 * HOUR)

    pulse = night.watch(long, most=2)
    assert len(night.began) == 2
    assert night.began[1] - night.began[0] >= 2.5 * HOUR
    assert pulse.skipped >= 2
    assert "runs-skipped" in caplog.messages


@pytest.mark.parametrize("error", [Trouble("no resolver"), OSError("no disk")], ids=["trouble", "system"])
def test_a_failing_run_is_told_and_tried_again_with_growing_pauses(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    night = Night("1d")

    async def failing() -> None:
        if len(night.began) < 4:
            raise error

    pulse = night.watch(failing, most=5)
    pauses = [later - earlier for earlier, later in pairwise(night.began)]
    assert pauses[:3] == pytest.approx([60.0, 120.0, 240.0], abs=1)
    assert pauses[3] > HOUR
    assert (pulse.failed, pulse.in_a_row, pulse.last_error) == (3, 0, "")
    assert caplog.messages.count("run-failed") == 3


def test_the_pause_never_passes_the_next_moment() -> None:
    night = Night("5m")

    async def failing() -> None:
        raise Trouble("no database")

    night.watch(failing, most=12)
    assert max(b - a for a, b in pairwise(night.began)) <= 300.0


def test_a_fault_of_the_program_is_not_swallowed() -> None:
    night = Night()

    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        night.watch(broken)


def test_another_process_that_scans_is_no_failure() -> None:
    night = Night()

    async def busy() -> None:
        raise Busy("scan x is being worked on by process 7")

    pulse = night.watch(busy, most=2)
    assert (pulse.failed, pulse.skipped, pulse.in_a_row) == (0, 2, 0)


def test_it_stops_at_once_while_it_waits_and_after_the_run_while_it_works() -> None:
    night = Night()
    night.loop.call_later(10.0, night.stop.set)
    night.watch(nothing, at_once=False, most=0)
    assert night.began == []
    assert night.since() == pytest.approx(10.0, abs=1)
    night = Night()

    async def draining() -> None:
        night.stop.set()
        await asyncio.sleep(5)

    assert night.watch(draining, most=0).runs == 1
    assert night.since() == pytest.approx(5.0, abs=1)


def test_the_pulse_beats_while_nothing_happens() -> None:
    night = Night("1h")
    night.watch(nothing, most=2)
    assert night.states.count("waiting") >= 100 * (night.began[1] / HOUR) * 0.9


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("cron", "zone", "moment", "expected"),
    [
        ("30 2 * * *", "Asia/Ho_Chi_Minh", "2026-05-01T00:00", "2026-05-01T19:30"),
        ("0 */6 * * *", "UTC", "2026-05-01T05:59:59", "2026-05-01T06:00"),
        ("0 0 29 2 *", "UTC", "2026-05-01T00:00", "2028-02-29T00:00"),
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00"),  # 02:30 does not exist that night
    ],
)
def test_cron_in_its_time_zone(cron: str, zone: str, moment: str, expected: str) -> None:
    assert Cron(cron, zone).after(at(moment)) == at(expected)


@pytest.mark.parametrize("text", ["", "* * * *", "61 * * * *", "0 0 30 2 *", "@daily", "x * * * *", "* * * * * *"])
def test_a_cron_line_that_never_comes_is_refused(text: str) -> None:
    with pytest.raises(Trouble):
        Cron(text, "UTC")


@pytest.mark.parametrize("text", ["", "6", "0h", "30s", "six hours", "-1h", "1y", "1h1h"])
def test_a_length_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Trouble):
        Every(text)


def test_missed_moments_are_counted() -> None:
    every = Every("1h")
    assert missed(every, 0.0, 0.5 * HOUR) == 0
    assert missed(every, 0.0, 3 * HOUR) == 3
