"""The figures a mandate asks for: counted over assets or over organisations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ipv6check.compliance.counting import Tally, meets, merged
from ipv6check.compliance.paper import is_on_file
from ipv6check.compliance.readiness import Outcome
from ipv6check.compliance.scope import AgencyTree, ScopeFilter
from ipv6check.compliance.succession import Roster
from ipv6check.model.agency import Agency
from ipv6check.model.mandate import Counting, Indicator
from ipv6check.model.rating import Rate, Readiness


@dataclass(slots=True)
class Figure:
    """One indicator while it is counted: a tally for each agency that has assets of its own in it."""

    indicator: Indicator
    by_agency: dict[str, Tally] = field(default_factory=dict)

    def add(self, agency: str, outcome: Outcome) -> None:
        """Count one selected asset."""
        tally = self.by_agency.get(agency)
        if tally is None:
            tally = self.by_agency[agency] = Tally()
        tally.add(outcome)

    def rate(self, counting: Counting, roster: Roster, scope: ScopeFilter, today: date) -> Rate:
        """The rate in the indicator's unit. A document's unit is the organisation that must have it."""
        if self.indicator.unit == "asset":
            return merged(self.by_agency.values()).rate(counting)
        return merged(self._organisations(counting, roster, scope, today).values()).rate(counting)

    def by_agency_rates(
        self, counting: Counting, roster: Roster, scope: ScopeFilter, today: date
    ) -> Iterator[tuple[str, Rate]]:
        """The rate within each agency and all below it, where there is anything to count."""
        own = self.by_agency if self.indicator.unit == "asset" else self._organisations(counting, roster, scope, today)
        for agency, tally in roll_up(own, roster.tree).items():
            yield agency, tally.rate(counting)

    def _organisations(self, counting: Counting, roster: Roster, scope: ScopeFilter, today: date) -> dict[str, Tally]:
        """Each organisation in scope, judged by what it and those below it have."""
        rolled = roll_up(self.by_agency, roster.tree)
        organisations: dict[str, Tally] = {}
        for agency in roster.tree.by_id.values():
            has_something = agency.id in rolled or bool(agency.documents)
            if scope.agency(agency.id) and (has_something or roster.counts_empty(agency.id)):
                tally = rolled.get(agency.id, Tally())
                organisations[agency.id] = Tally()
                organisations[agency.id].add(self._organisation(agency, tally, counting, today))
        return organisations

    def _organisation(self, agency: Agency, tally: Tally, counting: Counting, today: date) -> Outcome:
        """Whether one organisation has the document, or what the rule (all, or a share of its assets) asks."""
        if self.indicator.evidence:
            on_file = counting.attested.count and is_on_file(agency.documents, self.indicator.evidence, today)
            return Outcome(Readiness.READY, (1, 1), attested=True) if on_file else Outcome(Readiness.NEEDS_ATTESTATION)
        if not tally.counted:
            return Outcome(Readiness.NOT_READY if counting.empty_org == "fail" else Readiness.NOT_APPLICABLE)
        rate = tally.rate(counting)
        if rate.denominator == 0:
            return Outcome(Readiness.NOT_APPLICABLE)
        goal = 1.0 if self.indicator.org_rule == "all" else float(self.indicator.org_rule)
        match meets(rate, goal):
            case True:
                without_paper = rate.measured is not None and rate.measured >= Fraction(str(goal))
                return Outcome(Readiness.READY, (1, 1), attested=not without_paper)
            case False:
                return Outcome(Readiness.NOT_READY)
            case None:
                return Outcome(Readiness.UNKNOWN)


def roll_up(own: dict[str, Tally], tree: AgencyTree) -> dict[str, Tally]:
    """Tallies of agencies with everything below them: each asset counts once for every agency above it."""
    rolled: dict[str, Tally] = {}
    for agency, tally in own.items():
        for above in tree.line(agency):
            rolled.setdefault(above, Tally()).merge(tally)
    return rolled
