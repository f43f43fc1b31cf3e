"""From the verdicts of one asset to its readiness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ipv6check.compliance.levels import ATTESTED, Demand
from ipv6check.compliance.paper import holds
from ipv6check.model.asset import Asset
from ipv6check.model.mandate import Attested, Predicate, evidence_source
from ipv6check.model.rating import Readiness
from ipv6check.model.verdict import Status, Verdict

_NONE = (0, 1)
_WHOLE = (1, 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``credit`` is the progress earned (numerator, denominator); ``attested``: paper made it ready."""

    readiness: Readiness
    credit: tuple[int, int] = _NONE
    attested: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing the mandate asks for: a rule, or a group of which one pass is enough."""

    status: Status
    attested: bool = False


@dataclass(frozen=True, slots=True)
class Fold:
    """How verdicts are read on a day under a mandate's rules for attestations."""

    today: date
    attested: Attested

    def outcome(
        self, asset: Asset, verdicts: Mapping[str, Verdict], demand: Demand, speaking: frozenset[str]
    ) -> Outcome:
        """The readiness of ``asset``; ``verdicts`` by code, ``speaking`` the rules a complete scan judges it by.

        A rule that speaks about the asset and has no verdict was not tested: unknown.
        """
        judged = _Judged(self, asset, verdicts, speaking)
        items = [judged.item(code) for code in sorted(demand.require)]
        items += [judged.any_of(group) for group in demand.any_of]
        items = [item for item in items if item.status is not Status.NOT_APPLICABLE]
        if not items:
            return Outcome(Readiness.NOT_APPLICABLE)
        statuses = {item.status for item in items}
        if demand.paper_only and statuses != {Status.PASS}:
            # Nothing was measured and nothing can be: the paper is missing or no longer valid.
            return Outcome(Readiness.NEEDS_ATTESTATION)
        if Status.FAIL in statuses:
            partial = bool(demand.partial_if) and all(
                judged.item(code).status is Status.PASS for code in demand.partial_if
            )
            passed = sum(item.status is Status.PASS for item in items)
            return Outcome(Readiness.PARTIAL, (passed, len(items))) if partial else Outcome(Readiness.NOT_READY)
        if Status.UNKNOWN in statuses:
            return Outcome(Readiness.UNKNOWN)
        return Outcome(Readiness.READY, _WHOLE, attested=any(item.attested for item in items))

    def paper(self, asset: Asset, verdicts: Mapping[str, Verdict], code: str) -> Outcome:
        """What one attestation rule alone says: ready on paper, or the paper is missing."""
        item = _Judged(self, asset, verdicts, frozenset({code})).item(code)
        if item.status is Status.PASS:
            return Outcome(Readiness.READY, _WHOLE, attested=True)
        return Outcome(Readiness.NEEDS_ATTESTATION)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The verdicts of one asset as the fold reads them."""

    fold: Fold
    asset: Asset
    verdicts: Mapping[str, Verdict]
    speaking: frozenset[str]

    def item(self, code: str) -> _Item:
        """The status of one rule."""
        verdict = self.verdicts.get(code)
        if verdict is None:
            return _Item(Status.UNKNOWN if code in self.speaking else Status.NOT_APPLICABLE)
        if evidence_source(code) != ATTESTED or verdict.status is not Status.PASS:
            return _Item(verdict.status)
        if not holds(self.asset.attestation, self.fold.today, valid_days=self.fold.attested.valid_days):
            return _Item(Status.FAIL)
        # A mandate that does not count paper leaves the question open; it does not answer it with no.
        return _Item(Status.PASS, attested=True) if self.fold.attested.count else _Item(Status.UNKNOWN)

    def any_of(self, group: frozenset[str]) -> _Item:
        """One pass passes, else any unknown is unknown, else fail. No paper on file is not applicable, and a measured
        failure beats any paper."""
        measured = [self.item(code) for code in sorted(group) if evidence_source(code) != ATTESTED]
        papers = [code for code in sorted(group) if evidence_source(code) == ATTESTED]
        on_file = [self.item(code) for code in papers] if self.asset.attestation is not None else []
        statuses = {item.status for item in measured}
        if Status.PASS in statuses:
            return _Item(Status.PASS)
        if Status.FAIL in statuses:
            return _Item(Status.UNKNOWN if Status.UNKNOWN in statuses else Status.FAIL)
        if any(item.status is Status.PASS for item in on_file):
            return _Item(Status.PASS, attested=True)
        statuses |= {item.status for item in on_file}
        for status in (Status.UNKNOWN, Status.FAIL):
            if status in statuses:
                return _Item(status)
        return _Item(Status.NOT_APPLICABLE)


def under(predicate: Predicate, outcome: Outcome, *, on_paper: bool) -> Outcome:
    """The outcome for what a predicate asks beyond working IPv6.

    ``ipv6_only`` and ``ipv4_off`` need rules about IPv4 that this release does not have: what works over IPv6 is
    unknown under them, what does not is not ready. ``ipv6_capable`` is shown by working, or by paper (``on_paper``).
    """
    match predicate:
        case Predicate.IPV6_ONLY | Predicate.IPV4_OFF if outcome.readiness is Readiness.READY:
            return Outcome(Readiness.UNKNOWN)
        case Predicate.IPV6_CAPABLE if on_paper and outcome.readiness not in (Readiness.READY, Readiness.EXEMPT):
            return Outcome(Readiness.READY, _WHOLE, attested=True)
    return outcome
