"""Stored evidence judged again, under another policy or mandate. No packet is sent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from msgspec.structs import replace

from ipv6check import __version__
from ipv6check.checks.registry import CHECKS, RULESET
from ipv6check.compliance.deadline import today_in
from ipv6check.compliance.standing import take_standing_from
from ipv6check.engine.desk import OpenAsset
from ipv6check.engine.judge import judge_asset
from ipv6check.engine.plan import Plan, make_plan
from ipv6check.engine.work import Work
from ipv6check.model.asset import Asset, evidence_key
from ipv6check.model.mandate import Mandate
from ipv6check.model.policy import Policy
from ipv6check.model.scan import Scan
from ipv6check.model.standing import Standing
from ipv6check.model.vantage import Fitness
from ipv6check.model.verdict import AWAITING_CONFIRMATION, OPTED_OUT, VANTAGE_UNFIT, Verdict
from ipv6check.policies.load import policy_digest
from ipv6check.probes.registry import PROBES
from ipv6check.store.repository import Store

_KEPT = frozenset({AWAITING_CONFIRMATION, OPTED_OUT, VANTAGE_UNFIT})
"""What only the scan could know stays: no policy confirms a failure, and none mends a vantage."""


async def judge_again(store: Store, scan: Scan, mandate: Mandate, policy: Policy) -> Standing:
    """The standing that the scan's evidence has under ``policy`` and ``mandate``; its scan names that policy, and the
    rules and the release that judged, not those of the time. Raises StoreError."""
    revision = await store.revision_of(scan)
    plan = make_plan(CHECKS, [probe() for probe in PROBES])
    day = today_in(mandate.period, datetime.now(UTC))
    results = _rejudged(store, scan, plan, policy)
    judged = replace(
        scan, policy=policy.id, policy_digest=policy_digest(policy), ruleset=RULESET, tool_version=__version__
    )
    return await take_standing_from(mandate, judged, revision.agencies, results, day, checks=CHECKS, keep_assets=True)


async def _rejudged(
    store: Store, scan: Scan, plan: Plan, policy: Policy
) -> AsyncIterator[tuple[Asset, tuple[Verdict, ...]]]:
    """Every asset with new verdicts; assets and rules the scan never judged stay without."""
    fitness = scan.vantage.selftests[0].fitness if scan.vantage.selftests else Fitness.FIT
    async for asset, stored, _, judged_at in store.results(scan):
        if judged_at is None:
            yield asset, ()
            continue
        keys = [evidence_key(target, asset.view) for target in asset.targets]
        evidence = await store.evidence(scan, keys)
        works = [
            Work(
                target=target,
                view=asset.view,
                probes=plan.probes[target.protocol],
                families=plan.families,
                seen={type(one): one for one in evidence.get(key, ())},
                second_look=True,
            )
            for target, key in zip(asset.targets, keys, strict=True)
        ]
        fresh = judge_asset(OpenAsset(asset, works=works), plan, policy, fitness=fitness, now=scan.started)
        before = {verdict.rule: verdict for verdict in stored}
        yield (
            asset,
            tuple(
                before[verdict.rule] if before[verdict.rule].tag in _KEPT else verdict
                for verdict in fresh
                if verdict.rule in before
            ),
        )
