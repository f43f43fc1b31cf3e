"""From the verdicts of one asset to its readiness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ipv6check.compliance.levels import ATTESTED, IPV4_DOCUMENTED, IPV4_NAMED, LISTENS, Demand
from ipv6check.compliance.paper import holds
from ipv6check.model.asset import Asset
from ipv6check.model.mandate import Attested, Predicate, evidence_source
from ipv6check.model.rating import Readiness
from ipv6check.model.verdict import Status, Verdict

_NONE = (0, 1)
_WHOLE = (1, 1)

MOST_KNOWN = 20_000
"""Mixes of statuses whose outcome is remembered; beyond it memory of them starts again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``credit`` is the progress earned (numerator, denominator); ``attested``: paper made it ready; ``blocked_by`` are
    the codes of the required rules that failed, in the order of their codes."""

    readiness: Readiness
    credit: tuple[int, int] = _NONE
    attested: bool = False
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing the mandate asks for: a rule, or a group of which one pass is enough; and which rules failed it."""

    status: Status
    attested: bool = False
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """How verdicts are read on a day under a mandate's rules for attestations."""

    today: date
    attested: Attested
    _known: dict[tuple[object, ...], Outcome] = field(default_factory=dict, compare=False)

    def outcome(self, asset: Asset, verdicts: Sequence[Verdict], demand: Demand, speaking: frozenset[str]) -> Outcome:
        """The readiness of ``asset``; ``speaking`` are the rules a complete scan judges it by.

        A rule that speaks about the asset and has no verdict was not tested: unknown. Assets with the same demand
        (whose owner keeps it), the same statuses and the same standing of their paper share one outcome, as most of an
        inventory do.
        """
        paper = asset.attestation
        valid = paper is not None and holds(paper, self.today, valid_days=self.attested.valid_days)
        key = (
            id(demand),
            paper is None,
            valid,
            *[verdict.rule for verdict in verdicts],
            *[verdict.status for verdict in verdicts],
        )
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            by_code = {verdict.rule: verdict.status for verdict in verdicts}
            found = self._known[key] = self._outcome(_Judged(self, paper is not None, valid, by_code, speaking), demand)
        return found

    def _outcome(self, judged: "_Judged", demand: Demand) -> Outcome:
        items = [judged.item(code) for code in sorted(demand.require)]
        items += [judged.any_of(group) for group in demand.any_of]
        items = [item for item in items if item.status is not Status.NOT_APPLICABLE]
        if not items:
            return Outcome(Readiness.NOT_APPLICABLE)
        without_ipv4 = judged.without_ipv4(demand.predicate) if demand.predicate.forbids_ipv4 else []
        proven_to_have_it = any(item.status is Status.FAIL for item in without_ipv4)
        measured = proven_to_have_it or judged.is_refuted
        if demand.paper_only and not measured and {item.status for item in items} != {Status.PASS}:
            # Nothing was measured: the paper is missing or no longer valid.
            return Outcome(Readiness.NEEDS_ATTESTATION, blocked_by=_blocked_by(items))
        items += without_ipv4
        statuses = {item.status for item in items}
        blocked_by = _blocked_by(items)
        if Status.FAIL in statuses:
            partial = bool(demand.partial_if) and all(
                judged.item(code).status is Status.PASS for code in demand.partial_if
            )
            passed = sum(item.status is Status.PASS for item in items)
            if partial:
                return Outcome(Readiness.PARTIAL, (passed, len(items)), blocked_by=blocked_by)
            return Outcome(Readiness.NOT_READY, blocked_by=blocked_by)
        if Status.UNKNOWN in statuses:
            return Outcome(Readiness.UNKNOWN)
        return Outcome(Readiness.READY, _WHOLE, attested=any(item.attested for item in items))

    def paper(self, asset: Asset, verdicts: Sequence[Verdict], code: str) -> Outcome:
        """What one attestation rule alone says: ready on paper, or the paper is missing."""
        paper = asset.attestation
        valid = paper is not None and holds(paper, self.today, valid_days=self.attested.valid_days)
        by_code = {verdict.rule: verdict.status for verdict in verdicts}
        item = _Judged(self, paper is not None, valid, by_code, frozenset({code})).item(code)
        if item.status is Status.PASS:
            return Outcome(Readiness.READY, _WHOLE, attested=True)
        return Outcome(Readiness.NEEDS_ATTESTATION, blocked_by=item.blocked_by)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The statuses of one asset by rule, and its paper, as the fold reads them."""

    fold: Fold
    has_paper: bool
    paper_holds: bool
    statuses: Mapping[str, Status]
    speaking: frozenset[str]

    @property
    def is_refuted(self) -> bool:
        """True if the host itself showed that IPv6 does not work, whatever is written about it."""
        return self.statuses.get(LISTENS) is Status.FAIL

    def item(self, code: str) -> _Item:
        """The status of one rule; a paper that the host refutes fails."""
        status = self.statuses.get(code)
        if evidence_source(code) == ATTESTED and self.is_refuted:
            return _Item(Status.FAIL, blocked_by=(LISTENS, code) if status is Status.FAIL else (LISTENS,))
        if status is None:
            return _Item(Status.UNKNOWN if code in self.speaking else Status.NOT_APPLICABLE)
        if status is Status.FAIL:
            return _Item(status, blocked_by=(code,))
        if evidence_source(code) != ATTESTED or status is not Status.PASS:
            return _Item(status)
        if not self.paper_holds:
            return _Item(Status.FAIL, blocked_by=(code,))
        # A mandate that does not count paper leaves the question open; it does not answer it with no.
        return _Item(Status.PASS, attested=True) if self.fold.attested.count else _Item(Status.UNKNOWN)

    def any_of(self, group: frozenset[str]) -> _Item:
        """One pass passes, else any unknown is unknown, else fail. No paper on file is not applicable, and a measured
        failure beats any paper."""
        measured = [self.item(code) for code in sorted(group) if evidence_source(code) != ATTESTED]
        papers = [code for code in sorted(group) if evidence_source(code) == ATTESTED]
        on_file = [self.item(code) for code in papers] if self.has_paper else []
        statuses = {item.status for item in measured}
        if Status.PASS in statuses:
            return _Item(Status.PASS)
        if Status.FAIL in statuses:
            if Status.UNKNOWN in statuses:
                return _Item(Status.UNKNOWN)
            return _Item(Status.FAIL, blocked_by=tuple(code for item in measured for code in item.blocked_by))
        if any(item.status is Status.PASS for item in on_file):
            return _Item(Status.PASS, attested=True)
        statuses |= {item.status for item in on_file}
        if Status.UNKNOWN in statuses:
            return _Item(Status.UNKNOWN)
        if Status.FAIL in statuses:
            return _Item(Status.FAIL, blocked_by=tuple(code for item in on_file for code in item.blocked_by))
        return _Item(Status.NOT_APPLICABLE)

    def without_ipv4(self, predicate: Predicate) -> list[_Item]:
        """What the rules about IPv4 say. ``ipv6_only`` asks all that have something to say; ``ipv4_off`` what
        is probed, and the documents only of what is not. Where neither speaks nothing is proven: unknown."""
        found = [self.item(code) for code in (IPV4_NAMED, IPV4_DOCUMENTED)]
        found = [item for item in found if item.status is not Status.NOT_APPLICABLE]
        if not found:
            return [_Item(Status.UNKNOWN)]
        return found[:1] if predicate is Predicate.IPV4_OFF else found


def _blocked_by(items: Sequence[_Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for item in items for code in item.blocked_by))


def on_paper(outcome: Outcome) -> Outcome:
    """The outcome under ``ipv6_capable`` for an asset with a valid paper: capable is shown by working, or by paper."""
    if outcome.readiness in (Readiness.READY, Readiness.EXEMPT):
        return outcome
    return Outcome(Readiness.READY, _WHOLE, attested=True)
