"""Which agencies and assets a mandate speaks about, and who stands above whom."""

from collections.abc import Iterable, Iterator

from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset
from ipv6check.model.mandate import Scope, Select

NO_AGENCY = ""


class AgencyTree:
    """Agencies by id, with their ancestors. Dates do not matter: a body that was dissolved keeps what it had."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.by_id = {agency.id: agency for agency in agencies}
        self._lines: dict[str, tuple[str, ...]] = {}

    def line(self, agency: str) -> tuple[str, ...]:
        """``agency`` and all above it, nearest first, each once; an id that nobody declared stands alone."""
        found = self._lines.get(agency)
        if found is None:
            climbed: dict[str, None] = {}
            current: str | None = agency
            while current is not None and current not in climbed:
                climbed[current] = None
                known = self.by_id.get(current)
                current = known.parent if known else None
            found = self._lines[agency] = tuple(climbed)
        return found

    def is_below(self, agency: str, tops: Iterable[str]) -> bool:
        """True if ``agency`` is one of ``tops`` or below one."""
        return not set(tops).isdisjoint(self.line(agency))

    def level(self, agency: str) -> str:
        """The agency's level; if it has none, that of the nearest agency above that has one."""
        levels = (self.by_id[one].level for one in self.line(agency) if one in self.by_id)
        return next((level for level in levels if level), "")

    def in_order(self) -> Iterator[str]:
        """Every agency, each followed by those below it, in the order of the inventory."""
        below: dict[str, list[str]] = {}
        tops: list[str] = []
        for agency in self.by_id.values():
            if agency.parent in self.by_id and agency.parent is not None:
                below.setdefault(agency.parent, []).append(agency.id)
            else:
                tops.append(agency.id)
        stack = tops[::-1]
        while stack:
            current = stack.pop()
            yield current
            stack.extend(reversed(below.get(current, ())))


class ScopeFilter:
    """A mandate's scope over one tree of agencies."""

    def __init__(self, scope: Scope, tree: AgencyTree) -> None:
        self._scope = scope
        self._tree = tree
        self._agencies: dict[str, bool] = {}

    def agency(self, agency: str) -> bool:
        """True if assets of that agency count; without an agency an asset counts only if the scope names none."""
        known = self._agencies.get(agency)
        if known is None:
            scope, tree = self._scope, self._tree
            known = (not scope.under or tree.is_below(agency, scope.under)) and (
                not scope.levels or tree.level(agency) in scope.levels
            )
            self._agencies[agency] = known
        return known

    def shown(self, agency: str) -> bool:
        """True if the agency belongs into a list of agencies: at or below ``under``, whatever its level."""
        return not self._scope.under or self._tree.is_below(agency, self._scope.under)

    def counts(self, asset: Asset) -> bool:
        """True if class and role of the asset count, whoever it belongs to."""
        scope = self._scope
        return (not scope.classes or asset.kind.asset_class in scope.classes) and asset.role not in scope.exclude_roles


def selects(select: Select, asset: Asset, tree: AgencyTree) -> bool:
    """True if ``select`` picks the asset. ``status`` is looked at elsewhere; ``deployed_from`` picks no asset whose
    day of deployment the inventory does not have."""
    return (
        (not select.classes or asset.kind.asset_class in select.classes)
        and (not select.any_tag or not set(select.any_tag).isdisjoint(asset.tags))
        and (not select.agency or tree.is_below(asset.agency, (select.agency,)))
        and (not select.asset or select.asset == asset.id)
        and (select.deployed_from is None or (asset.deployed is not None and asset.deployed >= select.deployed_from))
    )
