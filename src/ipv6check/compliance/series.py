"""Rates over time, put together from frozen ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from ipv6check.compliance.scope import AgencyTree
from ipv6check.model.asset import AssetClass
from ipv6check.model.frozen import SliceKey
from ipv6check.model.history import Point, Series
from ipv6check.model.rating import Rate
from ipv6check.model.standing import Group, Standing

Rates = Mapping[SliceKey, Rate]
"""What is frozen of one scan."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a standing is narrowed to: agencies with all below them, none of which is below another, and classes; empty
    for everything. ``indicators`` are those that speak of nothing beyond the classes, ``organisations`` those that
    count bodies. ``moved``: assets are rolled up as of a day, while frozen counts are of the agencies as listed."""

    agencies: tuple[str, ...] = ()
    classes: tuple[AssetClass, ...] = ()
    indicators: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    moved: bool = False

    def keys(self, group: Group) -> list[SliceKey]:
        """The frozen slices that make up a group of the standing; none where it was not frozen like that."""
        of_bodies = group.kind in ("agency", "level") or group.key in self.organisations
        if self.moved and (self.agencies or of_bodies):
            return []
        match group.kind:
            case "whole":
                return [one for place in self.agencies or (None,) for one in self._all_of(place)]
            case "agency":
                return self._all_of(group.key)
            case "level" if self.agencies or self.classes:
                return []
            case "indicator" if self.classes and group.key not in self.indicators:
                return []
        return [SliceKey(group.kind, group.key, place) for place in self.agencies or (None,)]

    def _all_of(self, agency: str | None) -> list[SliceKey]:
        if self.classes:
            return [SliceKey("class", one.value, agency) for one in self.classes]
        return [SliceKey("whole", "") if agency is None else SliceKey("agency", agency)]


def part_of(standing: Standing, tree: AgencyTree) -> Part:
    """The part a standing is of."""
    agencies = standing.only_agencies
    tops = tuple(one for one in agencies if not tree.is_below(one, [other for other in agencies if other != one]))
    inside = (
        one.id
        for one in standing.mandate.indicators
        if one.select.classes and set(one.select.classes) <= set(standing.only_classes)
    )
    return Part(
        agencies=tops,
        classes=standing.only_classes,
        indicators=frozenset(inside),
        organisations=frozenset(one.id for one in standing.mandate.indicators if one.unit != "asset"),
        moved=standing.rollup.day is not None,
    )


def series_of(group: Group, scans: Iterable[tuple[str, float, Rates]], part: Part) -> Series:
    """The series of one slice from each scan's id, end and rates. A scan that did not have the slice has no point."""
    keys = part.keys(group)
    points = []
    for scan, at, rates in scans:
        rate = joined([rates[one] for one in keys if one in rates])
        if rate is not None:
            points.append(Point(scan=scan, at=at, rate=rate))
    return Series(kind=group.kind, key=group.key, points=tuple(points))


def last_of_each_day(dated: Iterable[tuple[date, Point]]) -> list[tuple[date, Point]]:
    """Points in ascending order with their days, thinned to the last of each day."""
    return list({day: (day, point) for day, point in dated}.values())


def joined(rates: Sequence[Rate]) -> Rate | None:
    """The rate of several slices that have no asset in common, as one; None for none at all."""
    if not rates:
        return None
    whole = rates[0]
    for rate in rates[1:]:
        progress = Fraction(whole.progress_num, whole.progress_den) + Fraction(rate.progress_num, rate.progress_den)
        whole = replace(
            whole,
            denominator=whole.denominator + rate.denominator,
            ready=whole.ready + rate.ready,
            partial=whole.partial + rate.partial,
            not_ready=whole.not_ready + rate.not_ready,
            unknown=whole.unknown + rate.unknown,
            needs_attestation=whole.needs_attestation + rate.needs_attestation,
            not_applicable=whole.not_applicable + rate.not_applicable,
            exempt=whole.exempt + rate.exempt,
            attested=whole.attested + rate.attested,
            over_cap=whole.over_cap + rate.over_cap,
            progress_num=progress.numerator,
            progress_den=progress.denominator,
        )
    return whole
