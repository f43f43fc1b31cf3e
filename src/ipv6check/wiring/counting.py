"""From stored results to a standing."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.deadline import today_in
from ipv6check.compliance.standing import take_standing_from
from ipv6check.inventory.tree import descendants
from ipv6check.model.asset import Asset
from ipv6check.model.mandate import Mandate
from ipv6check.model.scan import Scan
from ipv6check.model.standing import Standing
from ipv6check.model.trouble import Trouble
from ipv6check.model.verdict import Verdict
from ipv6check.store.repository import Store
from ipv6check.store.selection import EVERYTHING, Selection


async def standing_of(
    store: Store, scan: Scan, mandate: Mandate, *, today: date | None = None, selection: Selection = EVERYTHING
) -> Standing:
    """How far the scan's inventory is under ``mandate`` on ``today`` (its own day by default), every asset kept.

    Raises StoreError.
    """
    revision = await store.revision_of(scan)
    day = today or today_in(mandate.period, datetime.now(UTC))
    return await take_standing_from(
        mandate, scan, revision.agencies, _results(store, scan, selection), day, checks=CHECKS, keep_assets=True
    )


async def _results(store: Store, scan: Scan, selection: Selection) -> AsyncIterator[tuple[Asset, tuple[Verdict, ...]]]:
    """Every asset of the scan's revision; those never probed come without verdicts."""
    async for asset, verdicts, _, _ in store.results(scan, selection=selection):
        yield asset, verdicts


async def agencies_below(store: Store, scan: Scan, wanted: Sequence[str]) -> Selection:
    """The selection of the wanted agencies, by id or whole name, with everything below them. Raises Trouble."""
    if not wanted:
        return EVERYTHING
    revision = await store.revision_of(scan)
    known = {agency.id: agency for agency in revision.agencies}
    chosen: set[str] = set()
    for text in wanted:
        ids = [one.id for one in known.values() if text == one.id or text in one.names.values()]
        if not ids:
            raise Trouble(f"--agency: the inventory of this scan has no agency {text!r}")
        for one in ids:
            chosen |= descendants(known, one)
    return Selection(agencies=frozenset(chosen))
