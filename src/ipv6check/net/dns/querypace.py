"""Queries per second to one server, spread evenly."""

import asyncio
import random


class QueryPace:
    """A reservation clock (GCRA without burst): every query takes the next free slot and sleeps until it, once.

    Jitter moves a query back inside its own slot, so two are never closer than a slot less that jitter, and the
    rate holds over any window. ``rate`` 0 lifts the limit.
    """

    __slots__ = ("_gap", "_jitter", "_next", "_rng")

    def __init__(self, rate: float, *, jitter: float = 0.25, rng: random.Random) -> None:
        self._gap = 1.0 / rate if rate > 0 else 0.0
        self._jitter = jitter
        self._next = 0.0
        self._rng = rng

    @property
    def is_limited(self) -> bool:
        """False if there is nothing to wait for, ever."""
        return self._gap > 0

    def reserve(self, now: float) -> float:
        """Take the next slot; seconds until the query may be sent."""
        if not self._gap:
            return 0.0
        slot = max(now, self._next)
        self._next = slot + self._gap
        return slot - now + (self._gap * self._jitter * self._rng.random() if slot > now else 0.0)

    def wait_s(self, now: float) -> float:
        """Seconds a query asked now would wait."""
        return max(0.0, self._next - now)

    async def turn(self, *, urgent: bool = False) -> None:
        """Wait for the next slot. An ``urgent`` query goes at once and moves those who come later back by a slot: for
        the few of the self-test, whose own time-out would else run out behind a scan's queue."""
        if self._gap:
            delay = self.reserve(asyncio.get_running_loop().time())
            if delay > 0 and not urgent:
                await asyncio.sleep(delay)
