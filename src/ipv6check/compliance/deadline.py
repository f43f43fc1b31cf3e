"""Days: which day it is for a mandate, how many are left, and what must be reached by when."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ipv6check.model.mandate import Mandate, Milestone, Period


def today_in(period: Period, moment: datetime) -> date:
    """The day in the mandate's time zone at ``moment``, which must know its own zone. ValueError if it does not."""
    if moment.tzinfo is None:
        raise ValueError("the moment has no time zone")
    return moment.astimezone(ZoneInfo(period.timezone)).date()


def days_left(period: Period, today: date) -> int | None:
    """Days until the deadline: 0 on the day itself, negative after it, None without one."""
    return None if period.deadline is None else (period.deadline - today).days


def milestones_of(mandate: Mandate, indicator: str) -> tuple[Milestone, ...]:
    """An indicator's milestones by date; on one date the strictest last."""
    found = [milestone for milestone in mandate.milestones if milestone.indicator == indicator]
    return tuple(sorted(found, key=lambda milestone: (milestone.date, milestone.at_least)))


def goal_on(mandate: Mandate, indicator: str, day: date) -> float:
    """The share an indicator must have on ``day``: of the latest date that has come, else of the first to come.

    Where two instruments set different values for one date, the strictest. Without milestones everything: 1.
    """
    listed = milestones_of(mandate, indicator)
    if not listed:
        return 1.0
    due = [milestone.date for milestone in listed if milestone.date <= day]
    deciding = due[-1] if due else listed[0].date
    return max(milestone.at_least for milestone in listed if milestone.date == deciding)
