"""Taking a standing: one pass over a scan's assets, constant memory, everything counted at once."""

from collections.abc import AsyncIterable, Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter

from msgspec.structs import replace

from ipv6check.compliance.applicability import Applicability
from ipv6check.compliance.blocking import Blocking
from ipv6check.compliance.composite import composite_met, parts
from ipv6check.compliance.counting import Tally, meets
from ipv6check.compliance.deadline import days_left, goal_on
from ipv6check.compliance.exemption import exemption_for
from ipv6check.compliance.indicator import Figure
from ipv6check.compliance.levels import IPV4_RULES, Demand, Demands
from ipv6check.compliance.paper import holds
from ipv6check.compliance.readiness import MOST_KNOWN, Fold, Outcome, on_paper
from ipv6check.compliance.scope import ScopeFilter, selects
from ipv6check.compliance.slices import Slices
from ipv6check.compliance.succession import Moves, Roster, handed_over
from ipv6check.compliance.warning import warnings
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, AssetClass
from ipv6check.model.check import Check
from ipv6check.model.mandate import Level, Mandate, Predicate
from ipv6check.model.rating import Rate, Readiness
from ipv6check.model.scan import Scan
from ipv6check.model.standing import AssetStanding, Group, RatedVerdict, Standing
from ipv6check.model.verdict import Verdict

_EXEMPT = Outcome(Readiness.EXEMPT)
_OUTCOME = attrgetter("rule", "status", "tag")

Judged = tuple[Asset, Sequence[Verdict]]
"""An asset of the inventory revision with its verdicts; none if it was never judged."""


class Count:
    """A standing while it is taken: ``add`` or ``stand`` every asset of the inventory once, then ``close``."""

    def __init__(
        self,
        mandate: Mandate,
        scan: Scan,
        agencies: Iterable[Agency],
        *,
        today: date,
        checks: Iterable[Check],
        keep_assets: bool = False,
        tree: date | None = None,
    ) -> None:
        self._mandate, self._scan, self._today, self._keep = mandate, scan, today, keep_assets
        self._roster = Roster(handed_over(agencies, mandate), day=tree, today=today)
        self._scope = ScopeFilter(mandate.scope, self._roster.tree)
        self._listed_scope = ScopeFilter(mandate.scope, self._roster.listed)
        self._moves = Moves()
        self._applicability = Applicability(checks)
        self._demands = Demands(mandate)
        self._fold = Fold(today, mandate.counting.attested)
        self._own: dict[tuple[str, AssetClass], Tally] = {}
        self._predicates = {mandate.predicate, *(one.predicate for one in mandate.indicators if one.predicate)}
        self._figures = [Figure(indicator) for indicator in mandate.indicators]
        self._blocking = Blocking()
        self._assets: list[AssetStanding] = []
        self._shared: dict[tuple[object, ...], dict[str, RatedVerdict]] = {}
        self._unlisted = 0
        self._dated = False

    def add(self, asset: Asset, verdicts: Sequence[Verdict]) -> None:
        """Count one asset."""
        if self._keep:
            self.stand(asset, verdicts)
        else:
            self._count(asset, verdicts)

    def stand(self, asset: Asset, verdicts: Sequence[Verdict]) -> AssetStanding | None:
        """Count one asset and say where it stands; None if it is out of scope."""
        counted = self._count(asset, verdicts)
        if counted is None:
            return None
        outcome, demand, exemption = counted
        home = self._roster.home(asset.agency)
        moved = home != asset.agency
        standing = AssetStanding(
            asset=replace(asset, agency=home) if moved else asset,
            readiness=outcome.readiness,
            verdicts=self._rated(verdicts, demand),
            credit=outcome.credit,
            attested=outcome.attested,
            exemption=exemption,
            listed=asset.agency if moved else "",
        )
        if self._keep:
            self._assets.append(standing)
        return standing

    def _count(self, asset: Asset, verdicts: Sequence[Verdict]) -> tuple[Outcome, Demand, str] | None:
        """The outcome of one asset after it was counted, what was asked of it, and the exemption in force."""
        home = self._roster.home(asset.agency)
        if not self._scope.counts(asset) or not (self._listed_scope.agency(asset.agency) or self._scope.agency(home)):
            self._unlisted += 1
            return None
        self._dated = self._dated or asset.deployed is not None
        self._moves.note(asset.agency, home, self._roster)
        speaking = self._applicability.codes(asset)
        exemption = exemption_for(asset, self._mandate.exemptions, self._today, self._roster.listed)
        outcomes: dict[Predicate, Outcome] = {}
        for predicate in self._predicates:
            if exemption:
                outcomes[predicate] = _EXEMPT
            else:
                outcomes[predicate] = self._outcome(asset, verdicts, speaking, predicate)
        outcome = outcomes[self._mandate.predicate]
        key = home, asset.kind.asset_class
        tally = self._own.get(key)
        if tally is None:
            tally = self._own[key] = Tally()
        tally.add(outcome)
        for figure in self._figures:
            self._add_to(figure, asset, home, verdicts, outcomes)
        if outcome.blocked_by:
            self._blocking.add(asset, verdicts, outcome.blocked_by)
        return outcome, self._demands.of(asset, speaking, self._mandate.predicate), exemption

    def _outcome(
        self, asset: Asset, verdicts: Sequence[Verdict], speaking: frozenset[str], predicate: Predicate
    ) -> Outcome:
        demand = self._demands.of(asset, speaking, predicate)
        outcome = self._fold.outcome(asset, verdicts, demand, speaking)
        if predicate is Predicate.IPV6_CAPABLE:
            attested = self._mandate.counting.attested
            if attested.count and holds(asset.attestation, self._today, valid_days=attested.valid_days):
                return on_paper(outcome)
        return outcome

    def _add_to(
        self,
        figure: Figure,
        asset: Asset,
        home: str,
        verdicts: Sequence[Verdict],
        outcomes: dict[Predicate, Outcome],
    ) -> None:
        """Count the asset under one indicator, if that selects it."""
        indicator = figure.indicator
        status = indicator.select.status
        if status and status != outcomes[self._mandate.predicate].readiness:
            return
        if not selects(indicator.select, asset, self._roster.listed):
            return
        if indicator.evidence and indicator.unit == "asset":
            figure.add(home, self._fold.paper(asset, verdicts, indicator.evidence))
        else:
            figure.add(home, outcomes[indicator.predicate or self._mandate.predicate])

    def _rated(self, verdicts: Sequence[Verdict], demand: Demand) -> tuple[RatedVerdict, ...]:
        """Verdicts with their levels, without those about IPv4 where the mandate asks nothing about it. What assets
        that fared alike have in common is one object: of millions of verdicts that leaves a few thousand."""
        mix = (id(demand), *map(_OUTCOME, verdicts))
        shared = self._shared.get(mix)
        if shared is None:
            if len(self._shared) >= MOST_KNOWN:
                self._shared.clear()
            shared = self._shared[mix] = {one.verdict.rule: one for one in _bare_ratings(verdicts, demand)}
        told = [verdict for verdict in verdicts if verdict.args]
        if not told:
            return tuple(shared.values())
        own = {one.rule: RatedVerdict(verdict=one, level=shared[one.rule].level) for one in told if one.rule in shared}
        return tuple((shared | own).values())

    def close(self) -> Standing:
        """The standing of everything added so far."""
        mandate = self._mandate
        slices = Slices(mandate, self._roster, self._scope, self._own, self._today)
        whole = slices.whole()
        indicators = tuple(self._indicator(figure) for figure in self._figures)
        return Standing(
            mandate=mandate,
            scan=self._scan,
            today=self._today,
            days_left=days_left(mandate.period, self._today),
            whole=whole,
            agencies=tuple(slices.agencies()),
            classes=tuple(slices.classes()),
            indicators=indicators,
            composite_met=composite_met(mandate, parts(mandate, indicators, whole)),
            assets=tuple(sorted(self._assets, key=lambda one: (one.asset.agency, one.asset.name, one.asset.id))),
            agency_names=slices.shown,
            unlisted=self._unlisted,
            warnings=tuple(warnings(mandate, self._scan, self._roster.listed, whole.rate, self._today, self._dated)),
            levels=tuple(slices.levels()),
            cells=tuple(slices.cells()),
            blockers=self._blocking.blockers(),
            rollup=self._moves.rollup(self._roster),
        )

    def indicator_rates(self) -> Iterator[tuple[str, str, Rate]]:
        """Agency, indicator and rate, for each agency with all below it, of everything added so far."""
        for figure in self._figures:
            for agency, rate in figure.by_agency_rates(self._mandate.counting, self._roster, self._scope, self._today):
                yield agency, figure.indicator.id, rate

    def _indicator(self, figure: Figure) -> Group:
        one = figure.indicator
        rate = figure.rate(self._mandate.counting, self._roster, self._scope, self._today)
        goal = goal_on(self._mandate, one.id, self._today)
        return Group(kind="indicator", key=one.id, title=one.title, rate=rate, goal=goal, meets=meets(rate, goal))


def _bare_ratings(verdicts: Sequence[Verdict], demand: Demand) -> Iterator[RatedVerdict]:
    for one in verdicts:
        level = demand.level(one.rule)
        if level is not Level.INFORMATIONAL or one.rule not in IPV4_RULES:
            yield RatedVerdict(verdict=Verdict(rule=one.rule, status=one.status, tag=one.tag), level=level)


def take_standing(
    mandate: Mandate,
    scan: Scan,
    agencies: Iterable[Agency],
    results: Iterable[Judged],
    today: date,
    *,
    checks: Iterable[Check],
    keep_assets: bool = False,
    tree: date | None = None,
) -> Standing:
    """The standing of a scan on ``today`` (a day in the mandate's time zone).

    ``results`` must hold every asset of the inventory revision, judged or not. ``checks`` are all checks there are, not
    those a scan was narrowed to. Only ``keep_assets`` needs memory for each asset. ``tree`` is the day whose tree of
    agencies assets are rolled up by; None takes the inventory's, where bodies that ended keep what they had.
    """
    count = Count(mandate, scan, agencies, today=today, checks=checks, keep_assets=keep_assets, tree=tree)
    for asset, verdicts in results:
        count.add(asset, verdicts)
    return count.close()


async def take_standing_from(
    mandate: Mandate,
    scan: Scan,
    agencies: Iterable[Agency],
    results: AsyncIterable[Judged],
    today: date,
    *,
    checks: Iterable[Check],
    keep_assets: bool = False,
    tree: date | None = None,
) -> Standing:
    """``take_standing`` over results that a store hands out page by page."""
    count = Count(mandate, scan, agencies, today=today, checks=checks, keep_assets=keep_assets, tree=tree)
    async for asset, verdicts in results:
        count.add(asset, verdicts)
    return count.close()
