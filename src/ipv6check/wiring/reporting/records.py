"""How rates went over the scans of a store: of a standing, and of every agency of it that is published apart."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from ipv6check.compliance.deadline import goal_ahead, indicator_of, today_in
from ipv6check.compliance.forecast import forecast
from ipv6check.compliance.milestones import judge_milestone
from ipv6check.compliance.scope import AgencyTree
from ipv6check.compliance.series import Rates, last_of_each_day, part_of, series_of
from ipv6check.model.agency import Agency
from ipv6check.model.history import Forecast, MilestoneOutcome, Point, Series
from ipv6check.model.mandate import Mandate
from ipv6check.model.standing import Group, Standing
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.lineage import MOST_SCANS, Lineage, is_whole, moment_of

Dated = tuple[date, Point]


class Course(NamedTuple):
    """Series of the slices of a standing, its milestones, and where it is heading."""

    series: tuple[Series, ...]
    milestones: tuple[MilestoneOutcome, ...]
    forecasts: tuple[Forecast, ...]


class Records:
    """The frozen rates of a row of scans, oldest first, for a standing or for some agencies of it."""

    def __init__(self, scans: Sequence[tuple[str, float, Rates]], agencies: Iterable[Agency]) -> None:
        self._scans, self._tree = scans, AgencyTree(agencies)

    def course(self, standing: Standing) -> Course:
        """The course of a standing over the recorded scans."""
        part = part_of(standing, self._tree)
        found = (series_of(group, self._scans, part) for group in _groups(standing))
        series = tuple(one for one in found if one.points)
        dated = {(one.kind, one.key): _dated(one, standing.mandate) for one in series}
        return Course(series, tuple(_milestones(standing, dated)), tuple(_forecasts(standing, dated)))

    def onto(self, standing: Standing) -> Standing:
        """The standing of one agency with its own course, as a report of that agency alone has it; one that knows
        nothing of earlier scans stays as it is."""
        if standing.past is None:
            return standing
        return replace(standing, past=replace(standing.past, **self.course(standing)._asdict()))


async def recorded(
    store: Store, lineage: Lineage, standing: Standing, agencies: Iterable[Agency], within: Iterable[str]
) -> Records:
    """What is frozen of the whole and within some agencies, up to the reported scan. Raises StoreError."""
    earlier = [one for one in await store.earlier_scans(lineage.scan, limit=MOST_SCANS) if is_whole(one)]
    scans = [*earlier, lineage.scan] if is_whole(lineage.scan) else earlier
    rates = await store.frozen_rates(
        scans, standing.mandate.digest, confirmed=standing.confirmed, within={None, *within}
    )
    return Records([(scan.id, moment_of(scan), rates[scan.id]) for scan in scans if scan.id in rates], agencies)


def _groups(standing: Standing) -> Iterator[Group]:
    yield standing.whole
    yield from standing.indicators
    yield from standing.classes
    yield from standing.levels
    yield from standing.agencies


def _dated(series: Series, mandate: Mandate) -> list[Dated]:
    """The points with their days in the mandate's time zone, the last of each day."""
    days = ((today_in(mandate.period, datetime.fromtimestamp(one.at, UTC)), one) for one in series.points)
    return last_of_each_day(days)


def _milestones(standing: Standing, dated: dict[tuple[str, str], list[Dated]]) -> Iterator[MilestoneOutcome]:
    for milestone in sorted(standing.mandate.milestones, key=lambda one: (one.date, one.indicator, one.at_least)):
        points = dated.get(("indicator", milestone.indicator), [])
        heading = forecast(
            "indicator",
            milestone.indicator,
            _shares(points),
            goal=milestone.at_least,
            by=milestone.date,
            today=standing.today,
        )
        yield judge_milestone(milestone, points, standing.today, heading)


def _forecasts(standing: Standing, dated: dict[tuple[str, str], list[Dated]]) -> Iterator[Forecast]:
    mandate, today = standing.mandate, standing.today
    for group in _groups(standing):
        if not group.rate.denominator:
            continue
        goal, by = goal_ahead(mandate, indicator_of(mandate, group), today)
        points = _shares(dated.get((group.kind, group.key), []))
        found = forecast(group.kind, group.key, points, goal=goal, by=by, today=today)
        if found is not None:
            yield found


def _shares(points: Sequence[Dated]) -> list[tuple[date, Fraction]]:
    return [(day, point.rate.low) for day, point in points if point.rate.low is not None]
