"""The machine's clocks."""

import time


class SystemClock:
    """Wall time for people and records, monotonic time for durations; the latter is the event loop's.

    The wall clock is read once: a scan's stamps go on evenly from there, so that a clock set right in the middle moves
    no retry and breaks no order.
    """

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def utc(self) -> float:
        """Seconds since 1970."""
        return time.monotonic() + self._offset

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps."""
        return time.monotonic()
