"""Milestones judged on frozen scans: what was proven when the day came, whatever was found later."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from ipv6check.model.history import Forecast, MilestoneOutcome, MilestoneState, Point
from ipv6check.model.mandate import Milestone

DatedPoint = tuple[date, Point]
"""A point with its day in the mandate's time zone."""


def judge_milestone(
    milestone: Milestone, points: Sequence[DatedPoint], today: date, forecast: Forecast | None
) -> MilestoneOutcome:
    """The state of a milestone on ``today``; ``points`` are those of its indicator, oldest first.

    A day that has come and gone is judged on the last scan that ended on or before it: met by the proven rate, missed
    if even the highest possible one was below the goal. What was open then is not measurable, unless a later scan
    proves it: then it was met late. While the day is ahead, the pace of the last scans decides.
    """
    goal = Fraction(str(milestone.at_least))
    days = (milestone.date - today).days
    met_on = next((day for day, point in points if _proven(point, goal)), None)
    due = [point for day, point in points if day <= min(milestone.date, today)]
    if not due:
        return MilestoneOutcome(
            milestone=milestone, state=MilestoneState.NOT_MEASURABLE, days=days, met_on=met_on if points else None
        )
    deciding = due[-1]
    if days < 0:
        state = _past(deciding, goal, any(_proven(point, goal) for day, point in points if day > milestone.date))
    else:
        state = _ahead(deciding, goal, milestone.date, forecast)
    return MilestoneOutcome(
        milestone=milestone, state=state, days=days, rate=deciding.rate, scan=deciding.scan, met_on=met_on
    )


def _past(deciding: Point, goal: Fraction, proven_later: bool) -> MilestoneState:
    if _proven(deciding, goal):
        return MilestoneState.MET
    if proven_later:
        return MilestoneState.MET_LATE
    high = deciding.rate.high
    return MilestoneState.NOT_MEASURABLE if high is None or high >= goal else MilestoneState.MISSED


def _ahead(deciding: Point, goal: Fraction, day: date, forecast: Forecast | None) -> MilestoneState:
    if deciding.rate.low is None:
        return MilestoneState.NOT_MEASURABLE
    if _proven(deciding, goal):
        return MilestoneState.MET
    if forecast is None or forecast.pace is None:
        return MilestoneState.NOT_MEASURABLE
    on_time = forecast.expected is not None and forecast.expected <= day
    return MilestoneState.ON_TRACK if on_time else MilestoneState.AT_RISK


def _proven(point: Point, goal: Fraction) -> bool:
    low = point.rate.low
    return low is not None and low >= goal
