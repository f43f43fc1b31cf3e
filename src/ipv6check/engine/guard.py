"""Keeps an eye on the vantage: before, every minute, and after a burst of failures."""

import asyncio
from collections import deque

from ipv6check.model.vantage import SelfTest
from ipv6check.net.api import Clock, Watchman

EVERY_S = 60.0
PATIENCE_S = 300.0
BURST = 0.30  # points above the run's own mean
WINDOW = 50


class Guard:
    """Runs self-tests and remembers the last. ``fresh`` collects those nobody has reported yet.

    Good means: what worked at the first test still works. A scan that began without IPv6 is not held up by it.
    """

    def __init__(self, watchman: Watchman, clock: Clock, first: SelfTest, *, patience_s: float = PATIENCE_S) -> None:
        self._watchman = watchman
        self._clock = clock
        self._patience_s = patience_s
        self.last = first
        self.good_at = 0.0
        self.fresh: list[SelfTest] = []
        self._first = first
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._failures = 0
        self._settled = 0
        self._suspicion = asyncio.Event()
        self._fit = asyncio.Event()
        self._fit.set()
        self._released = False

    def is_good(self, test: SelfTest) -> bool:
        """True if what was fit at the start still is."""
        return (test.ipv6 or not self._first.ipv6) and (test.dns or not self._first.dns)

    async def run(self) -> None:
        """Test every minute, at once when suspicious, and every ten seconds while unfit, until cancelled."""
        while True:
            pause = EVERY_S if self._fit.is_set() else EVERY_S / 6
            try:
                async with asyncio.timeout(pause):
                    await self._suspicion.wait()
            except TimeoutError:
                pass
            self._suspicion.clear()
            await self.test()

    async def test(self) -> bool:
        """One self-test; True if the vantage is good. The watchman repeats its last one if asked too soon."""
        test = await self._watchman.test()
        if test is not self.last:
            self.last = test
            self.fresh.append(test)
        good = self.is_good(test)
        if good:
            self.good_at = test.at
            self._fit.set()
        elif not self._released:
            self._fit.clear()
        return good

    def release(self) -> None:
        """Hold nobody up any more: the scan is being stopped."""
        self._released = True
        self._fit.set()

    async def test_after(self, moment: float) -> bool:
        """A self-test made after ``moment`` (UTC seconds), so that it covers what was seen until then."""
        good = await self.test()
        while self.last.at < moment and not self._released:
            await asyncio.sleep(0.25)
            good = await self.test()
        return good

    def suspect(self) -> None:
        """Ask for a self-test as soon as one may be made."""
        self._suspicion.set()

    async def wait_until_fit(self) -> bool:
        """True as soon as the vantage is good; False if it was not within the policy's patience."""
        if self._fit.is_set():
            return True
        try:
            async with asyncio.timeout(self._patience_s):
                await self._fit.wait()
        except TimeoutError:
            return False
        return True

    def settled(self, *, failed: bool) -> None:
        """Count one target; a failure share 30 points above the run's mean asks for a self-test."""
        self._recent.append(failed)
        self._failures += failed
        self._settled += 1
        if failed and len(self._recent) == WINDOW and not self._suspicion.is_set():
            share = sum(self._recent) / WINDOW
            if share > self._failures / self._settled + BURST:
                self._recent.clear()
                self.suspect()
