"""How late the event loop runs, and what follows from it for concurrency."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

INTERVAL_S = 0.02
WINDOW = 15  # measurements between two decisions
TOO_LATE_S = 0.03  # one measurement; the promise is 50 ms at the 99th percentile
EXCUSES_TIMEOUTS_S = 0.5  # a tenth of the default connect limit
FIRST = 32
LEAST = 16


class LagMeter:
    """Measures its own lateness all the time; ``limit`` is how many works may run at once.

    The limit starts low and grows while the loop keeps up: a few hundred handshakes that become ready in one turn of
    the loop would delay every timer by as many milliseconds. Works that only wait cost no turn, so it grows past them.
    """

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        """``now`` gives seconds of a clock that never jumps, the one by which time-outs are booked."""
        self._now = now
        self.limit = min(most, FIRST)
        self._most = most
        self._recent: list[float] = []
        self._all: deque[float] = deque(maxlen=50_000)
        self._late: deque[float] = deque(maxlen=256)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            before = self._now()
            await asyncio.sleep(INTERVAL_S)
            self.record(self._now() - before - INTERVAL_S)

    def record(self, late_s: float) -> None:
        """Take in one measurement, and adjust the limit at once if it is late, else once a window."""
        self._recent.append(late_s)
        self._all.append(late_s)
        if late_s > EXCUSES_TIMEOUTS_S:
            self._late.append(self._now())
        if late_s > TOO_LATE_S:
            self.limit = max(min(LEAST, self._most), int(self.limit * 0.8))
            self._recent.clear()
        elif len(self._recent) >= WINDOW:
            if max(self._recent) < TOO_LATE_S / 2:
                self.limit = min(self._most, self.limit + max(4, self.limit // 8))
            self._recent.clear()

    def was_late_since(self, started: float) -> bool:
        """True if the loop stood still long enough since ``started`` (monotonic) to make a time-out our own."""
        return bool(self._late) and self._late[-1] >= started

    def p99_ms(self) -> float:
        """The 99th percentile of all measurements, in milliseconds."""
        ordered = sorted(self._all)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 1) if ordered else 0.0
