"""Days: which day it is for a mandate, how many are left, and what must be reached by when."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ipv6check.model.asset import AssetClass
from ipv6check.model.mandate import Indicator, Mandate, Milestone, Period, Select
from ipv6check.model.standing import Group


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


def indicator_of(mandate: Mandate, group: Group) -> Indicator | None:
    """The indicator whose milestones are a slice's: itself, or the asset indicator that counts just that slice."""
    if group.kind == "indicator":
        return next((one for one in mandate.indicators if one.id == group.key), None)
    select = Select(classes=(AssetClass(group.key),)) if group.kind == "class" else Select()
    plain = (one for one in mandate.indicators if one.unit == "asset" and not one.evidence)
    return next((one for one in plain if one.select == select), None)


def goal_ahead(mandate: Mandate, indicator: Indicator | None, today: date) -> tuple[float, date | None]:
    """What must be reached next, and by when: the first milestone from today on, else the last one, its day past.

    Without milestones everything, by the mandate's deadline. The day is None where there is none ahead.
    """
    listed = milestones_of(mandate, indicator.id) if indicator else ()
    ahead = [milestone.date for milestone in listed if milestone.date >= today]
    if ahead:
        return goal_on(mandate, listed[0].indicator, ahead[0]), ahead[0]
    if listed:
        return goal_on(mandate, listed[0].indicator, today), None
    deadline = mandate.period.deadline
    return 1.0, deadline if deadline is not None and deadline >= today else None
