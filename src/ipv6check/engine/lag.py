"""How late the event loop runs, and what follows from it for concurrency."""

import asyncio
import time
from collections import deque

INTERVAL_S = 0.05
TOO_LATE_S = 0.05  # p99; above it the engine lowers its concurrency
EXCUSES_TIMEOUTS_S = 0.5  # a tenth of the shortest default connect limit


class LagMeter:
    """Measures its own lateness all the time; ``limit`` is how many works may run at once."""

    def __init__(self, most: int) -> None:
        self.limit = most
        self._most = most
        self._recent: deque[float] = deque(maxlen=100)
        self._all: deque[float] = deque(maxlen=20_000)
        self._late: deque[tuple[float, float]] = deque(maxlen=256)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(INTERVAL_S)
            self.record(time.monotonic() - before - INTERVAL_S)

    def record(self, late_s: float) -> None:
        """Take in one measurement, and adjust the limit once enough are there."""
        self._recent.append(late_s)
        self._all.append(late_s)
        if late_s > EXCUSES_TIMEOUTS_S:
            self._late.append((time.monotonic(), late_s))
        if len(self._recent) == self._recent.maxlen:
            if p99(self._recent) > TOO_LATE_S:
                self.limit = max(16, int(self.limit * 0.8))
            else:
                self.limit = min(self._most, self.limit + max(1, self._most // 20))
            self._recent.clear()

    def was_late_since(self, started: float) -> bool:
        """True if the loop stood still long enough since ``started`` (monotonic) to make a time-out our own."""
        return any(at >= started for at, _ in self._late)

    def p99_ms(self) -> float:
        """The 99th percentile of all measurements, in milliseconds."""
        return round(p99(self._all) * 1000, 1)


def p99(samples: "deque[float]") -> float:
    """The 99th percentile; 0 without samples."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else 0.0
