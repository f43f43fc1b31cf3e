"""Progress against the goal as a drawing: shares over time, the goal line, milestones and the forecast with its band.

Only geometry, in units of the drawing; the template has the words and the colours.
"""

from datetime import date as Day
from datetime import timedelta

from ipv6check.compliance.counting import floor_percent_of
from ipv6check.model.history import Series
from ipv6check.model.record import Record
from ipv6check.model.standing import Standing
from ipv6check.reports.figures import day_of
from ipv6check.reports.outlook import ForecastRow, MilestoneRow

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 20, 26, 34
_STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST_TICKS = 8
_LEAST_POINTS = 2
_FARTHEST = 2.0
"""A forecast may stretch the drawing to this multiple of what it would span without one."""


class Dot(Record, frozen=True, kw_only=True):
    """One scan, or one milestone: its place, its day, and what it says."""

    x: float
    y: float
    day: Day
    text: str
    state: str = ""


class BurnUp(Record, frozen=True, kw_only=True):
    """Lines as ``x,y`` pairs parted by blanks, as SVG has them; empty where there is nothing to draw."""

    proven: str
    area: str
    band: str
    dots: tuple[Dot, ...]
    goal_y: float
    goal: str
    forecast: str
    forecast_band: str
    milestones: tuple[Dot, ...]
    ticks: tuple[tuple[float, Day], ...]
    today_x: float
    deadline_x: float | None


class _Scale:
    """Days and shares to places."""

    def __init__(self, first: Day, last: Day) -> None:
        self.first, self.last = first, max(last, first + timedelta(days=28))

    def x(self, day: Day) -> float:
        share = (min(day, self.last) - self.first).days / (self.last - self.first).days
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, share: float) -> float:
        return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)

    def ticks(self) -> tuple[tuple[float, Day], ...]:
        """First days of months, as many as fit."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next((one for one in _STEPS_MONTHS if months / one <= _MOST_TICKS), _STEPS_MONTHS[-1])
        number = self.first.year * 12 + self.first.month - 1
        found = []
        for month in range(number + -number % step, number + months + 1, step):
            day = Day(month // 12, month % 12 + 1, 1)
            if self.first <= day <= self.last:
                found.append((self.x(day), day))
        return tuple(found)


def burn_up(
    standing: Standing, forecasts: tuple[ForecastRow, ...], milestones: tuple[MilestoneRow, ...]
) -> BurnUp | None:
    """The drawing of the whole; None where no earlier scan is known, since one point shows no progress."""
    series = whole_series(standing)
    if series is None or len(series.points) < _LEAST_POINTS:
        return None
    timezone = standing.mandate.period.timezone
    points = [(day_of(point.at, timezone), point) for point in series.points]
    forecast = next((one for one in forecasts if one.kind == "whole"), None)
    scale = _scale([day for day, _ in points], standing, forecast, milestones)
    low = [(scale.x(day), scale.y(float(point.rate.low or 0))) for day, point in points]
    high = [(scale.x(day), scale.y(float(point.rate.high or 0))) for day, point in points]
    goal = float(forecast.goal) / 100 if forecast else standing.whole.goal
    floor = scale.y(0)
    deadline = standing.mandate.period.deadline
    return BurnUp(
        proven=_line(low),
        area=_line([(low[0][0], floor), *low, (low[-1][0], floor)]),
        band=_line([*low, *reversed(high)]),
        dots=tuple(
            Dot(x=place[0], y=place[1], day=day, text=floor_percent_of(point.rate.low))
            for place, (day, point) in zip(low, points, strict=True)
        ),
        goal_y=scale.y(goal),
        goal=f"{goal * 100:g}",
        forecast=_forecast_line(scale, low[-1], forecast, goal),
        forecast_band=_forecast_band(scale, low[-1], forecast, goal),
        milestones=tuple(
            Dot(x=scale.x(one.day), y=scale.y(float(one.goal) / 100), day=one.day, text=one.title, state=one.state)
            for one in milestones
            if scale.first <= one.day <= scale.last
        ),
        ticks=scale.ticks(),
        today_x=scale.x(standing.today),
        deadline_x=scale.x(deadline) if deadline and scale.first <= deadline <= scale.last else None,
    )


def whole_series(standing: Standing) -> Series | None:
    """The measurable points of the whole; None if there is none."""
    past = standing.past
    for one in past.series if past else ():
        points = tuple(point for point in one.points if point.rate.denominator)
        if one.kind == "whole" and points:
            return Series(kind=one.kind, key=one.key, points=points)
    return None


def _scale(
    days: list[Day], standing: Standing, forecast: ForecastRow | None, milestones: tuple[MilestoneRow, ...]
) -> _Scale:
    deadline = standing.mandate.period.deadline
    known = [*days, standing.today, *(one.day for one in milestones), *([deadline] if deadline else [])]
    first, last = min(days), max(known)
    if forecast:
        farthest = first + (last - first) * _FARTHEST
        ends = [day for day in (forecast.expected, forecast.latest) if day]
        last = max([last, *(min(day, farthest) for day in ends)])
    return _Scale(first, last)


def _forecast_line(scale: _Scale, start: tuple[float, float], forecast: ForecastRow | None, goal: float) -> str:
    if forecast is None or forecast.expected is None:
        return ""
    return _line([start, _meeting(scale, start, forecast.expected, goal)])


def _forecast_band(scale: _Scale, start: tuple[float, float], forecast: ForecastRow | None, goal: float) -> str:
    """Between the earliest and the latest day; a latest day that never comes leaves the band open to the right."""
    if forecast is None or forecast.earliest is None:
        return ""
    upper = _meeting(scale, start, forecast.earliest, goal)
    edge = scale.x(scale.last)
    lower = _meeting(scale, start, forecast.latest, goal) if forecast.latest else (edge, start[1])
    corner = [(edge, scale.y(goal))] if lower[1] > scale.y(goal) and upper[0] < edge else []
    return _line([start, upper, *corner, lower])


def _meeting(scale: _Scale, start: tuple[float, float], day: Day, goal: float) -> tuple[float, float]:
    """Where a straight line meets the goal, or leaves the drawing before it does."""
    if day <= scale.last:
        return scale.x(day), scale.y(goal)
    edge = scale.x(scale.last)
    width = (WIDTH - LEFT - RIGHT) * (day - scale.first).days / (scale.last - scale.first).days + LEFT - start[0]
    share = (edge - start[0]) / width if width else 1.0
    return edge, round(start[1] + (scale.y(goal) - start[1]) * share, 1)


def _line(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)
