"""The confirmed state of an asset: what a series of scans amounts to, when one bad scan must not overturn it.

Each scan's readiness of an asset is one letter, so that the past of an asset is a short text, and the many assets that
share one are worked out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ipv6check.model.mandate import Counting
from ipv6check.model.rating import Readiness

ABSENT = "."
"""Not in that scan's inventory, or out of the mandate's scope."""

_DAY_S = 86_400.0
_HOUR_S = 3_600.0

_LETTERS = {
    Readiness.READY: "R",
    Readiness.PARTIAL: "P",
    Readiness.NOT_READY: "N",
    Readiness.UNKNOWN: "U",
    Readiness.NEEDS_ATTESTATION: "A",
    Readiness.NOT_APPLICABLE: "X",
    Readiness.EXEMPT: "E",
}
_READINESS = {letter: readiness for readiness, letter in _LETTERS.items()}


def letter_of(readiness: Readiness) -> str:
    """The letter that stands for a readiness."""
    return _LETTERS[readiness]


def readiness_of(letter: str) -> Readiness | None:
    """The readiness a letter stands for; None for ``ABSENT``."""
    return None if letter == ABSENT else _READINESS[letter]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The state after the last scan of a series. ``basis`` is the index of the scan whose result it is; ``failures``
    counts the failed scans in a row while the asset is still counted as ready."""

    letter: str
    basis: int
    failures: int = 0


class Confirmation:
    """The rule of a mandate over a series of scans that ended at ``times`` (seconds since the epoch, ascending)."""

    def __init__(self, times: Sequence[float], counting: Counting) -> None:
        self._times = times
        self._fail_after = counting.fail_after
        self._spacing_s = counting.fail_spacing_hours * _HOUR_S
        self._stale_s = counting.stale_after_days * _DAY_S
        self._known: dict[str, Confirmed] = {}

    def of(self, letters: str) -> Confirmed:
        """The state after the last of ``letters``, one a scan from the first on. ValueError without any."""
        found = self._known.get(letters)
        if found is None:
            found = self._known[letters] = self._walk(letters)
        return found

    def _walk(self, letters: str) -> Confirmed:
        """Ready counts at once, and so does a first result. A failed scan after it counts once it is confirmed; what
        cannot be told leaves the last result standing until it is stale; anything else starts afresh."""
        if not letters:
            raise ValueError("a series of no scans has no state")
        ready: int | None = None
        decided: int | None = None
        failures, counted = 0, 0.0
        shown = Confirmed(ABSENT, 0)
        for index, letter in enumerate(letters):
            now = self._times[index]
            if ready is not None and now - self._times[ready] > self._stale_s:
                ready, failures = None, 0
            match letter:
                case "R":
                    ready = decided = index
                    failures = 0
                    shown = Confirmed(letter, index)
                case "P" | "N":
                    decided = index
                    if ready is not None and (not failures or now - counted >= self._spacing_s):
                        failures, counted = failures + 1, now
                    if failures >= self._fail_after:
                        ready, failures = None, 0
                    shown = Confirmed("R", ready, failures) if ready is not None else Confirmed(letter, index)
                case "U":
                    if ready is not None:
                        shown = Confirmed("R", ready, failures)
                    elif decided is not None and now - self._times[decided] <= self._stale_s:
                        shown = Confirmed(letters[decided], decided)
                    else:
                        shown = Confirmed(letter, index)
                case _:
                    ready = decided = None
                    failures = 0
                    shown = Confirmed(letter, index)
        return shown
