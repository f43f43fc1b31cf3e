"""The same count cut several ways: by agency, by level of agency, by class, by agency and class."""

from collections.abc import Iterator, Mapping
from datetime import date

from ipv6check.compliance.counting import Tally, meets, merged
from ipv6check.compliance.deadline import goal_on
from ipv6check.compliance.indicator import roll_up
from ipv6check.compliance.scope import NO_AGENCY, ScopeFilter
from ipv6check.compliance.succession import Roster
from ipv6check.model.asset import AssetClass
from ipv6check.model.mandate import Mandate, Select
from ipv6check.model.standing import CLASS_ORDER, Cell, Group


class Slices:
    """Groups of what was counted, from ``own``: a tally for each agency's own assets of each class."""

    def __init__(
        self,
        mandate: Mandate,
        roster: Roster,
        scope: ScopeFilter,
        own: Mapping[tuple[str, AssetClass], Tally],
        today: date,
    ) -> None:
        self._mandate, self._tree, self._own, self._today = mandate, roster.tree, own, today
        filled = roll_up({agency: Tally() for agency, _ in own}, self._tree) if roster.tree is not roster.listed else ()
        self.shown = {
            agency: self._tree.by_id[agency]
            for agency in self._tree.in_order()
            if agency in filled or (scope.shown(agency) and roster.is_present(agency))
        }

    def whole(self) -> Group:
        """Everything."""
        return self._group("whole", "", self._mandate.title, merged(self._own.values()), self._goal(Select()))

    def agencies(self) -> Iterator[Group]:
        """Agencies with all below them, then ids that the inventory does not declare, then what belongs to nobody."""
        own: dict[str, Tally] = {}
        for (agency, _), tally in self._own.items():
            own.setdefault(agency, Tally()).merge(tally)
        rolled = roll_up(own, self._tree)
        goal = self._goal(Select())
        for agency in self._rows():
            names = self.shown[agency].names if agency in self.shown else {}
            yield self._group("agency", agency, names, rolled.get(agency, Tally()), goal)

    def levels(self) -> Iterator[Group]:
        """Assets by the level of the agency they belong to, not rolled up, so that the levels add up to the whole; in
        the order of the mandate's levels, then of the inventory. A key may be empty: no agency, or none with a level.
        """
        by_level: dict[str, Tally] = {}
        for (agency, _), tally in self._own.items():
            by_level.setdefault(self._tree.level(agency), Tally()).merge(tally)
        known = [*self._mandate.scope.levels, *(one.level for one in self._tree.by_id.values()), ""]
        goal = self._goal(Select())
        for level in dict.fromkeys(known):
            if level in by_level:
                yield self._group("level", level, {}, by_level[level], goal)

    def classes(self) -> Iterator[Group]:
        """The classes in scope, also those without an asset."""
        for name in self._classes():
            tally = merged(tally for (_, asset_class), tally in self._own.items() if asset_class is name)
            yield self._group("class", name.value, {}, tally, self._goal(Select(classes=(name,))))

    def cells(self) -> Iterator[Cell]:
        """Agencies with all below them, in the order of ``agencies``, by class; a pair without any asset is left
        out."""
        rolled: dict[AssetClass, dict[str, Tally]] = {}
        for name in self._classes():
            own = {agency: tally for (agency, asset_class), tally in self._own.items() if asset_class is name}
            rolled[name] = roll_up(own, self._tree)
        for agency in self._rows():
            for name, tallies in rolled.items():
                if agency in tallies:
                    yield Cell(agency=agency, asset_class=name, rate=tallies[agency].rate(self._mandate.counting))

    def _rows(self) -> Iterator[str]:
        yield from self.shown
        own = dict.fromkeys(agency for agency, _ in self._own)
        yield from sorted(agency for agency in own if agency not in self._tree.by_id and agency != NO_AGENCY)
        if NO_AGENCY in own:
            yield NO_AGENCY

    def _classes(self) -> list[AssetClass]:
        listed = self._mandate.scope.classes
        return [name for name in CLASS_ORDER if not listed or name in listed]

    def _group(self, kind: str, key: str, title: dict[str, str], tally: Tally, goal: float) -> Group:
        rate = tally.rate(self._mandate.counting)
        return Group(kind=kind, key=key, title=title, rate=rate, goal=goal, meets=meets(rate, goal))

    def _goal(self, select: Select) -> float:
        """The goal of the asset indicator that counts just this slice; without one everything."""
        for one in self._mandate.indicators:
            if one.unit == "asset" and one.select == select and not one.evidence:
                return goal_on(self._mandate, one.id, self._today)
        return 1.0
