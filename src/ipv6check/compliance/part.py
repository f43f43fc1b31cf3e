"""A standing of a part: some agencies with all below them, some classes; counted as if there were nothing else."""

from collections.abc import Iterable

from msgspec.structs import replace

from ipv6check.compliance.scope import AgencyTree
from ipv6check.compliance.standing import take_standing
from ipv6check.compliance.succession import Roster, handed_over
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, AssetClass
from ipv6check.model.check import Check
from ipv6check.model.history import Past
from ipv6check.model.mandate import Indicator, Mandate
from ipv6check.model.standing import AssetStanding, Standing


def narrowed(
    mandate: Mandate, tree: AgencyTree, agencies: Iterable[str] = (), classes: Iterable[AssetClass] = ()
) -> Mandate:
    """The mandate as it binds these agencies and classes alone; its digest stays, since its text is the same.

    Without this an organisation outside the part would count as one that has listed nothing.
    """
    scope = mandate.scope
    chosen, wanted = tuple(agencies), tuple(classes)
    under = scope.under
    if chosen:
        inside = [agency for agency in chosen if not scope.under or tree.is_below(agency, scope.under)]
        above = [agency for agency in scope.under if tree.is_below(agency, chosen)]
        under = (*inside, *(one for one in above if one not in inside)) or scope.under
    admitted = tuple(one for one in wanted if not scope.classes or one in scope.classes) if wanted else scope.classes
    kept = tuple(one for one in mandate.indicators if not wanted or _speaks_of(one, wanted))
    names = {one.id for one in kept}
    return replace(
        mandate,
        scope=replace(scope, under=under, classes=admitted or wanted),
        indicators=kept,
        composite=replace(mandate.composite, of=tuple(one for one in mandate.composite.of if one in names)),
    )


def _speaks_of(indicator: Indicator, classes: tuple[AssetClass, ...]) -> bool:
    return not indicator.select.classes or not set(indicator.select.classes).isdisjoint(classes)


def marked(
    standing: Standing, mandate: Mandate, agencies: Iterable[str] = (), classes: Iterable[AssetClass] = ()
) -> Standing:
    """A standing counted under a narrowed mandate, with the mandate as it is written and the part it is about."""
    return replace(standing, mandate=mandate, only_agencies=tuple(agencies), only_classes=tuple(classes))


class Parts:
    """The standings of single agencies out of one standing that kept its assets: nothing is read a second time."""

    def __init__(self, standing: Standing, agencies: Iterable[Agency], *, checks: Iterable[Check]) -> None:
        self._standing = standing
        self._agencies = tuple(agencies)
        day = standing.rollup.day
        self._tree = Roster(handed_over(self._agencies, standing.mandate), day=day, today=standing.today).tree
        self._checks = tuple(checks)
        self._of: dict[str, list[int]] = {}
        for index, item in enumerate(standing.assets):
            for above in self._tree.line(item.asset.agency):
                self._of.setdefault(above, []).append(index)

    def of(self, agency: str) -> Standing:
        """The standing of one agency with all below it, the same as a report of that agency alone."""
        whole = self._standing
        items = [whole.assets[index] for index in self._of.get(agency, ())]
        part = take_standing(
            narrowed(whole.mandate, self._tree, (agency,)),
            whole.scan,
            self._agencies,
            ((_as_listed(item), tuple(rated.verdict for rated in item.verdicts)) for item in items),
            whole.today,
            checks=self._checks,
            keep_assets=True,
            tree=whole.rollup.day,
        )
        past = past_of(whole.past, agency, {item.asset.agency for item in items}) if whole.past else None
        bases = {item.asset.id: item.basis for item in items if item.basis}
        assets = tuple(replace(one, basis=bases.get(one.asset.id, "")) for one in part.assets) if bases else part.assets
        part = replace(part, assets=assets, confirmed=whole.confirmed, past=past)
        return marked(part, whole.mandate, (agency,))


def _as_listed(item: AssetStanding) -> Asset:
    return replace(item.asset, agency=item.listed) if item.listed else item.asset


def past_of(past: Past, agency: str, below: set[str]) -> Past:
    """What the whole knows of one agency's earlier scans: its own series, as that of the whole, and its own changes.

    Its milestones, and the series of its classes, need the rates that were frozen within the agency.
    """
    return Past(
        series=tuple(replace(one, kind="whole", key="") for one in past.series if _is(one.kind, one.key, agency)),
        forecasts=tuple(replace(one, kind="whole", key="") for one in past.forecasts if _is(one.kind, one.key, agency)),
        changes=tuple(one for one in past.changes if one.asset.agency == agency or one.asset.agency in below),
        compared=past.compared,
        since=past.since,
        unconfirmed=tuple(one for one in past.unconfirmed if one.asset.agency == agency or one.asset.agency in below),
        carried=tuple(one for one in past.carried if one.asset.agency == agency or one.asset.agency in below),
        successor=past.successor,
    )


def _is(kind: str, key: str, agency: str) -> bool:
    return kind == "agency" and key == agency
