"""Where a rate is heading: a pace that a few odd scans cannot bend, and the days it leads to.

The pace is the Theil-Sen slope: the median of the slopes between every two scans of the window. Its interval is Sen's
(1968): the slopes are ranked, and how far from the middle the two bounds lie follows from the variance of Kendall's
statistic under "no trend", n(n-1)(2n+5)/18. No random numbers, no assumed distribution; up to 29 % of the scans may be
wrong without moving the median.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median

from ipv6check.model.history import Forecast

METHOD = "theil-sen"
TOO_FEW = "too-few-scans"

WINDOW_DAYS = 90
LEAST_POINTS = 4
LEAST_SPAN_DAYS = 14
MOST_POINTS = 30
"""More are thinned to the last in each of as many equal parts of the window."""

_Z_90 = 1.6448536269514722
"""The 95th percentile of the normal distribution: 90 % lie between minus and plus this."""

_FARTHEST_DAYS = 36_525
"""A day more than a century off is no forecast."""

Dated = tuple[date, Fraction]
"""A share on a day."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Shares of the whole a day: the middle one and the bounds of the 90 % interval (None where there is none)."""

    middle: float
    slow: float | None
    fast: float | None


def in_window(points: Sequence[Dated], last: date) -> list[Dated]:
    """The points of the 90 days up to ``last``, one a day (the later), thinned to at most thirty."""
    first = last - timedelta(days=WINDOW_DAYS)
    latest: dict[int, Dated] = {}
    for day, share in points:
        if first <= day <= last:
            latest[(last - day).days * MOST_POINTS // (WINDOW_DAYS + 1)] = (day, share)
    return sorted(latest.values())


def pace_of(points: Sequence[Dated]) -> Pace | None:
    """The pace over ``points``, each of another day; None for fewer than four, or less than a fortnight."""
    if len(points) < LEAST_POINTS or (points[-1][0] - points[0][0]).days < LEAST_SPAN_DAYS:
        return None
    slopes = sorted(
        float(later[1] - earlier[1]) / (later[0] - earlier[0]).days
        for index, earlier in enumerate(points)
        for later in points[index + 1 :]
    )
    count = len(points)
    half = _Z_90 * math.sqrt(count * (count - 1) * (2 * count + 5) / 18) / 2
    low = math.floor(len(slopes) / 2 - half)
    if low < 0:
        return Pace(median(slopes), None, None)
    return Pace(median(slopes), slopes[low], slopes[-1 - low])


def forecast(
    kind: str, key: str, points: Sequence[Dated], *, goal: float, by: date | None, today: date
) -> Forecast | None:
    """The forecast of one slice from its proven rates, oldest first; None if there are none.

    It starts at the last scan's rate. ``by`` is the day of the goal, None where none is set.
    """
    if not points:
        return None
    assert all(earlier[0] <= later[0] for earlier, later in pairwise(points))
    last, level = points[-1]
    used = in_window(points, last)
    pace = pace_of(used)
    missing = max(Fraction(0), Fraction(str(goal)) - level)
    needed = float(missing) / (by - today).days if by is not None and by > today else None
    reached = last if not missing else None
    return Forecast(
        kind=kind,
        key=key,
        goal=goal,
        method=METHOD if pace else TOO_FEW,
        points=len(used),
        window_days=WINDOW_DAYS,
        pace=pace.middle if pace else None,
        needed=needed,
        expected=reached or (_day(last, missing, pace.middle) if pace else None),
        earliest=reached or (_day(last, missing, pace.fast) if pace else None),
        latest=reached or (_day(last, missing, pace.slow) if pace else None),
    )


def _day(last: date, missing: Fraction, pace: float | None) -> date | None:
    """The day on which what is missing is made up; None if that is never."""
    if pace is None or pace <= 0:
        return None
    days = math.ceil(float(missing) / pace - 1e-9)
    return last + timedelta(days=days) if days <= _FARTHEST_DAYS else None
