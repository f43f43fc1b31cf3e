"""Pacing in virtual time: no limit is ever exceeded, nobody overtakes, and nothing leaks."""

import asyncio
import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipv6check.model.policy import Pacing as Limits
from ipv6check.model.prefixes import same_prefix_key
from ipv6check.net.clock import SystemClock
from ipv6check.net.pacing import Pacing
from tests.virtualtime import VirtualLoop, run_virtual

A1, A2, A3 = "2001:db8:a::1", "2001:db8:a::2", "2001:db8:a:9::3"
B1 = "2001:db8:b::1"
NO_LIMITS = Limits(connections=0, per_address=0, per_prefix=0, new_per_prefix=0.0, burst_per_prefix=0)


class Street:
    """Uses slots and writes down what happened."""

    def __init__(self, limits, *, descriptors=100_000, jitter=0.0, scale=1.0):
        self.loop = VirtualLoop()
        self.pacing = Pacing(
            limits, clock=self.loop, rng=random.Random(7), jitter=jitter, scale=scale, descriptors=descriptors
        )
        self.starts = []
        self.now = Counter()
        self.most = defaultdict(int)

    async def visit(self, address, name="", *, stay=1.0):
        async with self.pacing.slot(address):
            self.starts.append((round(self.loop.time() - 1000.0, 6), address, name))
            for key in (address, same_prefix_key(address), "all"):
                self.now[key] += 1
                self.most[key] = max(self.most[key], self.now[key])
            try:
                await asyncio.sleep(stay)
            finally:
                for key in (address, same_prefix_key(address), "all"):
                    self.now[key] -= 1

    def run(self, *visits):
        async def main():
            await asyncio.gather(*visits, return_exceptions=False)
            await asyncio.sleep(100)
            for number in range(20):  # each new arrival sweeps up what is long idle
                async with self.pacing.slot(f"2001:db8:ffff::{number:x}"):
                    pass
                await asyncio.sleep(100)
            return self.starts

        return run_virtual(main(), self.loop)

    @property
    def times(self):
        return [time for time, _, _ in self.starts]


def test_an_address_gets_two_connections_in_order_of_arrival():
    street = Street(Limits(new_per_prefix=0.0))
    street.run(*(street.visit(A1, name) for name in "abcde"))
    assert street.most[A1] == 2
    assert [name for _, _, name in street.starts] == list("abcde")
    assert street.times == [0, 0, 1, 1, 2]


def test_a_full_address_does_not_hold_up_its_prefix():
    street = Street(Limits(new_per_prefix=0.0))
    street.run(*(street.visit(A1, stay=50) for _ in range(3)), street.visit(A2, "other"))
    assert [time for time, address, _ in street.starts if address == A2] == [0]


def test_a_prefix_gets_eight_connections():
    street = Street(Limits(new_per_prefix=0.0))
    street.run(*(street.visit(f"2001:db8:a::{i:x}", str(i)) for i in range(20)))
    assert street.most[same_prefix_key(A1)] == 8
    assert [name for _, _, name in street.starts] == [str(i) for i in range(20)]


def test_starts_in_a_prefix_follow_burst_and_rate():
    street = Street(Limits(per_address=0, per_prefix=0))
    street.run(*(street.visit(A1) for _ in range(8)))
    assert street.times == pytest.approx([0, 0, 0, 0, 0, 0.2, 0.4, 0.6])


def test_jitter_only_ever_slows_down():
    street = Street(Limits(per_address=0, per_prefix=0, burst_per_prefix=1), jitter=0.5)
    street.run(*(street.visit(A1) for _ in range(30)))
    gaps = [later - earlier for earlier, later in zip(street.times, street.times[1:], strict=False)]
    assert min(gaps) >= 0.2 - 1e-6
    assert max(gaps) <= 0.3 + 1e-3
    assert len({round(gap, 4) for gap in gaps}) > 20


def test_the_burst_comes_back_after_a_pause_and_not_before():
    street = Street(Limits(per_address=0, per_prefix=0))

    async def later(seconds):
        await asyncio.sleep(seconds)
        await street.visit(A1)

    street.run(*(later(0) for _ in range(5)), *(later(0.5) for _ in range(5)))
    assert street.times == pytest.approx([0] * 5 + [0.5, 0.5, 0.6, 0.8, 1.0])


def test_all_connections_together_are_limited_and_prefixes_take_turns():
    street = Street(Limits(connections=2, per_address=0, per_prefix=0, new_per_prefix=0.0))
    street.run(*(street.visit(A1, "a") for _ in range(6)), street.visit(B1, "b"), street.visit(B1, "b"))
    assert street.most["all"] == 2
    assert [name for _, _, name in street.starts] == ["a", "a", "a", "b", "a", "b", "a", "a"]


def test_never_more_than_half_of_the_descriptors():
    street = Street(NO_LIMITS, descriptors=10)
    street.run(*(street.visit(A1) for _ in range(12)))
    assert street.most["all"] == 5
    for limits, descriptors, allowed in ((Limits(), 10, 5), (Limits(), 10_000, 128), (Limits(), 1, 1)):
        assert Pacing(limits, clock=SystemClock(), descriptors=descriptors).connections == allowed


def test_without_limits_nobody_waits_and_nothing_is_remembered():
    street = Street(NO_LIMITS)
    street.run(*(street.visit(A1) for _ in range(500)))
    assert set(street.times) == {0}
    assert street.pacing.remembered == 0


@pytest.mark.parametrize("limits", [Limits(), NO_LIMITS], ids=["limits", "no limits"])
def test_back_off_holds_its_address_and_only_it(limits):
    street = Street(limits, scale=0.1)

    async def main():
        street.pacing.backoff(A1, 300)
        assert street.pacing.wait_s(A1) == pytest.approx(30)
        assert street.pacing.wait_s(A2) == 0
        await asyncio.gather(street.visit(A1), street.visit(A2))

    street.run(main())
    assert [(time, address) for time, address, _ in street.starts] == [(0, A2), (30, A1)]
    assert street.pacing.wait_s(A1) == 0


def test_back_off_reaches_those_who_already_wait_and_keeps_their_order():
    street = Street(Limits(per_address=3, burst_per_prefix=1))

    async def main():
        visits = asyncio.gather(*(street.visit(A1, name) for name in "abcd"), street.visit(A2, "other"))
        await asyncio.sleep(0.1)
        street.pacing.backoff(A1, 10)
        street.pacing.backoff(A1, 5)
        await visits

    street.run(main())
    assert [(time, name) for time, _, name in street.starts[:3]] == [(0, "a"), (0.2, "other"), (10.1, "b")]
    assert [name for _, _, name in street.starts] == ["a", "other", "b", "c", "d"]


def test_wait_s_tells_what_slot_will_do():
    street = Street(Limits(per_address=0, per_prefix=0))

    async def main():
        assert street.pacing.wait_s(A1) == 0
        visits = asyncio.gather(*(street.visit(A1) for _ in range(7)))
        await asyncio.sleep(0)
        assert street.pacing.wait_s(A1) == pytest.approx(0.6)  # two are ahead
        assert street.pacing.wait_s(A3) == pytest.approx(0.6)
        assert street.pacing.wait_s(B1) == 0
        await visits

    street.run(main())


def test_wait_s_knows_full_places():
    street = Street(Limits(connections=2, new_per_prefix=0.0))

    async def main():
        visits = asyncio.gather(street.visit(A1), street.visit(A1))
        await asyncio.sleep(0)
        assert street.pacing.wait_s(A1) > 0
        assert street.pacing.wait_s(B1) > 0
        await visits
        assert street.pacing.wait_s(A1) == street.pacing.wait_s(B1) == 0

    street.run(main())


def test_an_error_inside_gives_the_place_back():
    street = Street(Limits(connections=1))

    async def broken():
        async with street.pacing.slot(A1):
            raise OSError("refused")

    async def main():
        for _ in range(3):
            with pytest.raises(OSError, match="refused"):
                await broken()
        assert street.pacing.running == 0

    street.run(main())


def test_idle_addresses_are_forgotten_while_the_scan_goes_on():
    street = Street(Limits())
    highest = 0

    async def main():
        nonlocal highest
        for number in range(3000):
            await street.visit(f"2001:db8:{number:x}::1", stay=0.01)
            highest = max(highest, street.pacing.remembered)

    street.run(main())
    assert highest < 100  # 0.2 s of starts, one each 10 ms, twice over


LIMITS = st.builds(
    Limits,
    connections=st.sampled_from([0, 1, 3, 7]),
    per_address=st.sampled_from([0, 1, 2]),
    per_prefix=st.sampled_from([0, 1, 2, 5]),
    new_per_prefix=st.sampled_from([0.0, 1.0, 5.0]),
    burst_per_prefix=st.sampled_from([1, 2, 5]),
)
VISITS = st.lists(
    st.tuples(
        st.sampled_from([A1, A2, A3, B1, "192.0.2.1", "192.0.2.2"]),
        st.sampled_from([0.0, 0.0, 0.1, 0.5, 3.0]),  # arrives
        st.sampled_from([0.0, 0.05, 1.0, 2.5]),  # stays
        st.none() | st.sampled_from([0.0, 0.1, 0.2, 0.5, 1.0, 1.5, 3.0]),  # is cancelled so long after the start
    ),
    max_size=25,
)
BACKOFFS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 1.0]), st.sampled_from([A1, B1]), st.sampled_from([0.3, 2.0])), max_size=3
)


@settings(max_examples=300, deadline=None)
@given(LIMITS, VISITS, BACKOFFS, st.sampled_from([0.0, 0.3]))
def test_whatever_happens_limits_hold_and_nothing_leaks(limits, visits, backoffs, jitter):
    street = Street(limits, jitter=jitter)
    arrivals = defaultdict(list)

    async def visitor(number, address, arrives, stay):
        await asyncio.sleep(arrives)
        arrivals[address].append(number)
        await street.visit(address, number, stay=stay)

    async def main():
        tasks = []
        for number, (address, arrives, stay, cancelled) in enumerate(visits):
            task = asyncio.ensure_future(visitor(number, address, arrives, stay))
            if cancelled is not None:
                street.loop.call_later(cancelled, task.cancel)
            tasks.append(task)
        for after, address, seconds in backoffs:
            street.loop.call_later(after, street.pacing.backoff, address, seconds)
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(end is None or isinstance(end, asyncio.CancelledError) for end in ends)
        assert [end for end, visit in zip(ends, visits, strict=True) if visit[3] is None] == [None] * sum(
            visit[3] is None for visit in visits
        )

    street.run(main())
    within(street, limits)
    for address, numbers in arrivals.items():
        started = [name for _, where, name in street.starts if where == address]
        assert started == [number for number in numbers if number in set(started)]
    assert street.pacing.running == 0
    assert street.pacing.remembered <= 4


def within(street, limits):
    """No moment of ``street`` broke a limit."""
    for key, most in street.most.items():
        limit = (
            limits.connections if key == "all" else limits.per_address if isinstance(key, str) else limits.per_prefix
        )
        assert not limit or most <= limit
    if limits.new_per_prefix:
        by_prefix = defaultdict(list)
        for time, address, _ in street.starts:
            by_prefix[same_prefix_key(address)].append(time)
        for times in by_prefix.values():
            for first in range(len(times)):
                for last in range(first, len(times)):
                    allowed = limits.burst_per_prefix + (times[last] - times[first]) * limits.new_per_prefix
                    assert last - first + 1 <= allowed + 1e-3


@pytest.mark.parametrize("steps", range(8))
def test_cancelling_at_every_step_leaves_the_next_in_line_its_turn(steps):
    street = Street(Limits(connections=1, new_per_prefix=0.0))

    async def main():
        first = asyncio.ensure_future(street.visit(A1, "first", stay=0))
        second = asyncio.ensure_future(street.visit(A1, "second", stay=0))
        third = asyncio.ensure_future(street.visit(A1, "third", stay=0))
        for _ in range(steps):
            await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, third, return_exceptions=True)
        assert third.exception() is None
        assert street.pacing.running == 0

    street.run(main())
