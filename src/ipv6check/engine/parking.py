"""Works that wait outside the pool until they are due."""

import heapq
import itertools

from ipv6check.engine.work import Work

MOST_PARKED = 5000
"""Beyond this no new asset is admitted, so that memory stays flat however much of an inventory is dead."""


class Parking:
    """A heap by due time (monotonic seconds)."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Work]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        """How many works are parked."""
        return len(self._heap)

    @property
    def is_full(self) -> bool:
        """True if no new asset may be admitted."""
        return len(self._heap) >= MOST_PARKED

    def park(self, work: Work, due: float) -> None:
        """Keep ``work`` until ``due``."""
        work.due = due
        heapq.heappush(self._heap, (due, next(self._order), work))

    def take_due(self, now: float) -> Work | None:
        """The work that has been due longest; None if none is."""
        if self._heap and self._heap[0][0] <= now:
            return heapq.heappop(self._heap)[2]
        return None

    def next_due(self) -> float | None:
        """When the next work is due; None if nothing is parked."""
        return self._heap[0][0] if self._heap else None
