"""What became of each asset between two scans, whichever they are: the last one that was looked at, and this one."""

from collections.abc import Iterable

from ipv6check.compliance.change import turn_of
from ipv6check.model.history import Change, Turn
from ipv6check.model.mandate import Level
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.verdict import Status, Verdict
from ipv6check.store.errors import UnknownScan
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.counting import standing_of

_WEIGHT = {Status.FAIL: 0, Status.UNKNOWN: 1}


async def changes_since(store: Store, scan: str, standing: Standing) -> tuple[Change, ...]:
    """The changes from the confirmed state after ``scan`` to ``standing``, a confirmed one.

    None if that scan is gone, or the same. Raises StoreError.
    """
    if not scan or scan == standing.scan.id:
        return ()
    if standing.past is not None and standing.past.compared == scan:
        return standing.past.changes
    try:
        earlier = await store.scan(scan)
    except UnknownScan:
        return ()
    before = await standing_of(store, earlier, standing.mandate, today=standing.today, confirmed=True)
    return tuple(changes_between(before.assets, standing))


def changes_between(before: Iterable[AssetStanding], standing: Standing) -> list[Change]:
    """The assets whose readiness differs, those that are gone last; an asset that is new is no change."""
    earlier = {one.asset.id: one for one in before}
    at = standing.scan.ended or standing.scan.started
    found = []
    for one in standing.assets:
        was = earlier.pop(one.asset.id, None)
        if was is None or was.readiness is one.readiness:
            continue
        found.append(
            Change(
                asset=one.asset,
                turn=turn_of(was.readiness, one.readiness),
                before=was.readiness,
                after=one.readiness,
                at=at,
                scan=standing.scan.id,
                cause=_cause(one),
            )
        )
    for was in earlier.values():
        found.append(
            Change(asset=was.asset, turn=Turn.GONE, before=was.readiness, after=None, at=at, scan=standing.scan.id)
        )
    return found


def _cause(one: AssetStanding) -> tuple[Verdict, ...]:
    """What the mandate requires and the asset lacks, failures first."""
    lacking = [
        rated.verdict
        for rated in one.verdicts
        if rated.level is Level.REQUIRED and rated.verdict.status in (Status.FAIL, Status.UNKNOWN)
    ]
    return tuple(sorted(lacking, key=lambda verdict: (_WEIGHT[verdict.status], verdict.rule)))
