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
from ipv6check.model.asset import Asset, asset_key, evidence_key
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.mandate import Mandate
from ipv6check.model.policy import Policy
from ipv6check.model.scan import Scan
from ipv6check.model.standing import Standing
from ipv6check.model.target import Target
from ipv6check.model.trouble import Trouble
from ipv6check.model.vantage import Fitness
from ipv6check.model.verdict import AWAITING_CONFIRMATION, INTERNAL_ERROR, OPTED_OUT, VANTAGE_UNFIT, Verdict
from ipv6check.policies.load import policy_digest
from ipv6check.probes.registry import PROBES
from ipv6check.store.repository import Store

_KEPT = frozenset({AWAITING_CONFIRMATION, INTERNAL_ERROR, OPTED_OUT, VANTAGE_UNFIT})
"""What only the scan could know stays: no policy confirms a failure, and none mends a vantage."""

_PAGE = 200
"""Assets whose evidence is read at once, and held in memory."""


async def judge_again(store: Store, scan: Scan, mandate: Mandate, policy: Policy) -> Standing:
    """The standing that the scan's evidence has under ``policy`` and ``mandate``; its scan names that policy, and the
    rules and the release that judged, not those of the time. Raises StoreError, and Trouble if the evidence is gone.

    What the scan's own policy counted as global stays so: it says where the scan was made, not how it is judged.
    """
    at = await store.dropped_at(scan)
    if at is not None:
        day = datetime.fromtimestamp(at, UTC).date()
        raise Trouble(
            f"the evidence of scan {scan.id} was dropped on {day}; its verdicts stay, but cannot be judged anew"
        )
    revision = await store.revision_of(scan)
    policy = replace(policy, treat_as_global=scan.vantage.treat_as_global)
    judged = replace(
        scan, policy=policy.id, policy_digest=policy_digest(policy), ruleset=RULESET, tool_version=__version__
    )
    results = _rejudged(store, scan, policy)
    day = today_in(mandate.period, datetime.now(UTC))
    return await take_standing_from(mandate, judged, revision.agencies, results, day, checks=CHECKS, keep_assets=True)


async def _rejudged(store: Store, scan: Scan, policy: Policy) -> AsyncIterator[tuple[Asset, tuple[Verdict, ...]]]:
    """Every asset with new verdicts; assets and rules the scan never judged stay without."""
    plan = make_plan(CHECKS, [probe() for probe in PROBES])
    fitness = scan.vantage.selftests[0].fitness if scan.vantage.selftests else Fitness.FIT
    page: list[tuple[Asset, tuple[Verdict, ...]]] = []
    async for asset, stored, _, judged_at in store.results(scan):
        if judged_at is None:
            yield asset, ()
            continue
        page.append((asset, stored))
        if len(page) == _PAGE:
            for one in await _judge_page(store, scan, plan, policy, fitness, page):
                yield one
            page = []
    for one in await _judge_page(store, scan, plan, policy, fitness, page):
        yield one


async def _judge_page(
    store: Store,
    scan: Scan,
    plan: Plan,
    policy: Policy,
    fitness: Fitness,
    page: list[tuple[Asset, tuple[Verdict, ...]]],
) -> list[tuple[Asset, tuple[Verdict, ...]]]:
    """Assets with their evidence, fetched in one go."""
    keys = {evidence_key(target, asset.view) for asset, _ in page for target in asset.targets}
    keys.update(asset_key(asset.id) for asset, _ in page)
    evidence = await store.evidence(scan, keys)
    found = []
    for asset, stored in page:
        opened = OpenAsset(asset, works=[_work(target, asset, plan, evidence) for target in asset.targets])
        imported = evidence.get(asset_key(asset.id), ())
        fresh = judge_asset(opened, plan, policy, fitness=fitness, now=scan.started, imported=imported)
        found.append((asset, _merged(stored, fresh)))
    return found


def _work(target: Target, asset: Asset, plan: Plan, evidence: dict[str, tuple[AnyEvidence, ...]]) -> Work:
    """The work on a target as the scan left it: everything seen that was stored, and nothing to look at again."""
    seen = evidence.get(evidence_key(target, asset.view), ())
    return Work(
        target=target,
        view=asset.view,
        probes=plan.probes[asset.kind, target.protocol],
        families=plan.families,
        seen={type(one): one for one in seen},
        second_look=True,
    )


def _merged(stored: tuple[Verdict, ...], fresh: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The stored verdicts in their order, each judged anew unless only the scan could know it."""
    now = {verdict.rule: verdict for verdict in fresh}
    return tuple(old if old.tag in _KEPT else now.get(old.rule, old) for old in stored)
