"""The machine's clocks."""

import time


class SystemClock:
    """Wall time for people and records, monotonic time for durations; the latter is the event loop's."""

    def utc(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps."""
        return time.monotonic()
