"""From the evidence of an asset's targets to its verdicts."""

from collections.abc import Mapping, Sequence

from ipv6check.checks.fold import fold
from ipv6check.engine.desk import OpenAsset
from ipv6check.engine.plan import Plan, waits_for_confirmation
from ipv6check.engine.work import Work
from ipv6check.model.asset import Asset
from ipv6check.model.check import Check
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.imported import ImportedEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Target
from ipv6check.model.vantage import Fitness
from ipv6check.model.verdict import (
    AWAITING_CONFIRMATION,
    EVIDENCE_MISSING,
    INTERNAL_ERROR,
    OPTED_OUT,
    VANTAGE_UNFIT,
    Status,
    Verdict,
)
from ipv6check.probes.document import document


def judge_asset(
    opened: OpenAsset,
    plan: Plan,
    policy: Policy,
    *,
    fitness: Fitness,
    now: float,
    imported: Sequence[Evidence] = (),
) -> tuple[Verdict, ...]:
    """One verdict per rule that speaks about the asset's kind; ``now`` is UTC seconds. A rule about evidence that
    nobody imported for the asset says nothing."""
    asset = opened.asset
    verdicts: list[Verdict] = []
    facts = _facts(asset, plan, imported, now)
    for check in plan.by_asset[asset.kind]:
        known = [facts.get(need) for need in check.needs]
        if None not in known:
            verdicts.append(check.judge(*known, policy))
    by_rule: dict[str, list[tuple[Target, Verdict]]] = {}
    for work, target in zip(opened.works, asset.targets, strict=True):
        for check in plan.by_target[asset.kind, target.protocol]:
            verdict = _judge_target(check, work, policy, fitness, facts)
            by_rule.setdefault(check.rule.code, []).append((target, verdict))
    verdicts.extend(fold(found) for found in by_rule.values())
    return tuple(verdicts)


def _facts(asset: Asset, plan: Plan, imported: Sequence[Evidence], now: float) -> Mapping[type[Evidence], Evidence]:
    """What is known of the asset as a whole, by kind; nothing where no rule asks."""
    if not plan.facts[asset.kind]:
        return {}
    facts: dict[type[Evidence], Evidence] = {type(one): one for one in imported}
    if DocumentEvidence in plan.facts[asset.kind]:
        facts[DocumentEvidence] = document(asset, observed_at=now)
    if ImportedEvidence in plan.facts[asset.kind]:
        facts.setdefault(ImportedEvidence, ImportedEvidence(observed_at=now))
    return facts


def _judge_target(
    check: Check,
    work: Work,
    policy: Policy,
    fitness: Fitness,
    facts: Mapping[type[Evidence], Evidence],
) -> Verdict:
    """The rule's verdict for one target, softened where the vantage or an unconfirmed failure forbids more. ``facts``
    are of the asset as a whole."""
    code = check.rule.code
    if work.crash:
        return Verdict(rule=code, status=Status.UNKNOWN, tag=INTERNAL_ERROR)
    seen = work.seen
    evidence = [(facts if need.of_asset else seen).get(need) for need in check.needs]
    if None in evidence:
        return _ungathered(code, fitness)
    verdict = check.judge(*evidence, policy)
    status = verdict.status
    if status is Status.FAIL:
        if policy.retries.second_look_s is not None and waits_for_confirmation(check) and work.wants_second_look:
            return Verdict(rule=code, status=Status.UNKNOWN, tag=AWAITING_CONFIRMATION, args={"expected": verdict.tag})
    elif status is Status.UNKNOWN and fitness is not Fitness.FIT and waits_for_confirmation(check):
        return Verdict(rule=code, status=Status.UNKNOWN, tag=VANTAGE_UNFIT, args={"reason": fitness.value})
    return verdict


def _ungathered(code: str, fitness: Fitness) -> Verdict:
    """Unknown, and why: this vantage could not look, or the scan was made before the rule asked for this evidence."""
    if fitness is Fitness.FIT:
        return Verdict(rule=code, status=Status.UNKNOWN, tag=EVIDENCE_MISSING)
    return Verdict(rule=code, status=Status.UNKNOWN, tag=VANTAGE_UNFIT, args={"reason": fitness.value})


def opted_out(asset: Asset, plan: Plan) -> tuple[Verdict, ...]:
    """Unknown for every rule about the asset: its operator asked not to be probed, which proves nothing."""
    codes = [check.rule.code for check in plan.by_asset[asset.kind]]
    for target in asset.targets:
        codes += [check.rule.code for check in plan.by_target[asset.kind, target.protocol]]
    return tuple(Verdict(rule=code, status=Status.UNKNOWN, tag=OPTED_OUT) for code in dict.fromkeys(codes))


def rests_on_network(opened: OpenAsset, verdicts: tuple[Verdict, ...], plan: Plan) -> bool:
    """True if a rule failed on evidence that a vantage in trouble could have spoilt.

    A rule that folds others is spoken for by those of them that failed; where none did, it fails on its own evidence.
    """
    failed = {verdict.rule for verdict in verdicts if verdict.status is Status.FAIL}
    needs = {
        need
        for check in plan.checks
        if check.rule.code in failed and failed.isdisjoint(check.parts)
        for need in check.needs
    }
    return any(work.may_be_ours(need) for need in needs for work in opened.works)


def without_network_fails(verdicts: tuple[Verdict, ...], plan: Plan, *, fitness: Fitness) -> tuple[Verdict, ...]:
    """The verdicts with every such fail made unknown: no good self-test covers it."""
    doubtful = {check.rule.code for check in plan.checks if waits_for_confirmation(check)}
    return tuple(
        Verdict(rule=verdict.rule, status=Status.UNKNOWN, tag=VANTAGE_UNFIT, args={"reason": fitness.value})
        if verdict.status is Status.FAIL and verdict.rule in doubtful
        else verdict
        for verdict in verdicts
    )
