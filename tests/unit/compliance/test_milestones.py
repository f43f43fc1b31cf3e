"""Milestones: judged by what was proven when their day came."""

from datetime import date

import pytest

from ipv6check.compliance.milestones import judge_milestone
from ipv6check.model.history import Forecast, MilestoneState, Point
from ipv6check.model.mandate import Milestone
from ipv6check.model.rating import Rate

DAY = date(2025, 6, 30)
GOAL = Milestone(date=DAY, indicator="i", at_least=0.8)


def point(day: date, ready: int, unknown: int = 0, total: int = 10) -> tuple[date, Point]:
    rate = Rate(
        denominator=total,
        ready=ready,
        partial=0,
        not_ready=total - ready - unknown,
        unknown=unknown,
        needs_attestation=0,
        not_applicable=0,
        exempt=0,
    )
    return day, Point(scan=f"s{day}", at=0.0, rate=rate)


def heading(expected: date | None, pace: float | None = 0.01) -> Forecast:
    return Forecast(
        kind="indicator", key="i", goal=0.8, method="m", points=5, window_days=90, pace=pace, expected=expected
    )


def judged(points, today: date, forecast: Forecast | None = None):
    found = judge_milestone(GOAL, points, today, forecast)
    return found.state, found.scan, found.met_on


MAY, JUNE, JULY, AUGUST = date(2025, 5, 1), date(2025, 6, 29), date(2025, 7, 1), date(2025, 8, 1)
STATE = MilestoneState


@pytest.mark.parametrize(
    ("points", "state", "scan", "met_on"),
    [
        ([point(MAY, 8), point(JUNE, 9)], STATE.MET, JUNE, MAY),
        ([point(MAY, 8), point(JUNE, 8), point(JULY, 1)], STATE.MET, JUNE, MAY),  # what comes later changes nothing
        ([point(DAY, 8)], STATE.MET, DAY, DAY),  # the day itself still counts
        ([point(JUNE, 7)], STATE.MISSED, JUNE, None),
        ([point(MAY, 9), point(JUNE, 7)], STATE.MISSED, JUNE, MAY),  # it was reached, and lost before the day
        ([point(JUNE, 7), point(JULY, 8)], STATE.MET_LATE, JUNE, JULY),
        ([point(JUNE, 7, unknown=1)], STATE.NOT_MEASURABLE, JUNE, None),  # open: neither met nor missed
        ([point(JUNE, 7, unknown=1), point(JULY, 8)], STATE.MET_LATE, JUNE, JULY),
        ([point(JUNE, 6, unknown=1)], STATE.MISSED, JUNE, None),
        ([point(JUNE, 0, total=0)], STATE.NOT_MEASURABLE, JUNE, None),  # nothing to count is never met
        ([point(JULY, 9)], STATE.NOT_MEASURABLE, None, JULY),  # nobody looked in time
        ([], STATE.NOT_MEASURABLE, None, None),
    ],
)
def test_a_day_that_has_passed(points, state: MilestoneState, scan: date | None, met_on: date | None) -> None:
    assert judged(points, AUGUST) == (state, f"s{scan}" if scan else "", met_on)


@pytest.mark.parametrize(
    ("points", "forecast", "state"),
    [
        ([point(MAY, 8)], None, STATE.MET),
        ([point(MAY, 5)], heading(DAY), STATE.ON_TRACK),
        ([point(MAY, 5)], heading(JULY), STATE.AT_RISK),
        ([point(MAY, 5)], heading(None, pace=-0.1), STATE.AT_RISK),
        ([point(MAY, 5)], heading(None, pace=None), STATE.NOT_MEASURABLE),
        ([point(MAY, 5)], None, STATE.NOT_MEASURABLE),
        ([point(MAY, 0, total=0)], heading(DAY), STATE.NOT_MEASURABLE),
    ],
)
@pytest.mark.parametrize("today", [JUNE, DAY])
def test_a_day_that_is_ahead(points, forecast, state: MilestoneState, today: date) -> None:
    assert judged(points, today, forecast)[0] is state


def test_days_are_told() -> None:
    assert judge_milestone(GOAL, [], JUNE, None).days == 1
    assert judge_milestone(GOAL, [], AUGUST, None).days == -32
