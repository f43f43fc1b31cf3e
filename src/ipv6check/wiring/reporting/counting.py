"""From stored results to a standing."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.deadline import today_in
from ipv6check.compliance.part import marked, narrowed
from ipv6check.compliance.standing import take_standing_from
from ipv6check.compliance.succession import Roster, handed_over
from ipv6check.inventory.tree import descendants
from ipv6check.model.asset import Asset, AssetClass
from ipv6check.model.mandate import Mandate
from ipv6check.model.scan import Scan
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.trouble import Trouble
from ipv6check.model.verdict import Verdict
from ipv6check.reports.registry import TELL_EVERYTHING
from ipv6check.store.codec import key
from ipv6check.store.repository import Store
from ipv6check.store.results import Args
from ipv6check.store.selection import EVERYTHING, Selection
from ipv6check.wiring.reporting.history import past_of
from ipv6check.wiring.reporting.lineage import Lineage, lineage_of, shown_results


async def standing_of(
    store: Store,
    scan: Scan,
    mandate: Mandate,
    *,
    today: date | None = None,
    agencies: Sequence[str] = (),
    classes: Sequence[AssetClass] = (),
    tree: date | None = None,
    confirmed: bool = False,
    lineage: Lineage | None = None,
    args: Args = Args.ALL,
) -> Standing:
    """How far the scan's inventory is under ``mandate`` on ``today`` (its own day by default), every asset kept, rolled
    up by the agencies as they are listed or, with ``tree``, as they were on that day. With its past: of the scan alone,
    or with ``confirmed`` of the state that it and the scans before it amount to.

    ``lineage`` is read where it is not given. ``args`` are those that verdicts keep: formats that tell of every verdict
    need all, others ask for ``OPEN`` and take a fraction of the time. ``agencies`` (by id or whole name, each with
    everything below it) and ``classes`` narrow it to a part. Raises StoreError, and Trouble for an agency that the
    inventory does not have.
    """
    revision = await store.revision_of(scan)
    day = today or today_in(mandate.period, datetime.now(UTC))
    roster = Roster(handed_over(revision.agencies, mandate), day=tree, today=day)
    chosen, selection = _below(roster, agencies)
    part = narrowed(mandate, roster.tree, chosen, classes)
    lineage = lineage or await lineage_of(store, scan, mandate)
    bases = {one: lineage.scans[state.basis] for one, state in lineage.held.items()} if confirmed else {}
    results = _results(store, scan, selection, frozenset(classes), bases, args)
    counted = await take_standing_from(
        part, scan, revision.agencies, results, day, checks=CHECKS, keep_assets=True, tree=tree
    )
    standing = replace(marked(counted, mandate, chosen, classes), confirmed=confirmed)
    if bases:
        standing = replace(standing, assets=tuple(_based(one, bases) for one in standing.assets))
    past = await past_of(store, lineage, standing)
    return replace(standing, past=past)


def args_for(formats: Iterable[str]) -> Args:
    """The args that verdicts need for these report formats."""
    return Args.ALL if TELL_EVERYTHING.intersection(formats) else Args.OPEN


async def _results(
    store: Store,
    scan: Scan,
    selection: Selection,
    classes: frozenset[AssetClass],
    bases: Mapping[str, Scan],
    args: Args,
) -> AsyncIterator[tuple[Asset, tuple[Verdict, ...]]]:
    """Every asset of the scan's revision, with the verdicts of an earlier scan where ``bases`` has one for its id;
    those never probed come without verdicts."""

    def decide(asset: Asset, verdicts: Sequence[Verdict]) -> Scan | None:
        return bases.get(key(asset.id))

    async for asset, verdicts, _ in shown_results(store, scan, decide, selection=selection, args=args):
        if not classes or asset.kind.asset_class in classes:
            yield asset, verdicts


def _based(standing: AssetStanding, bases: Mapping[str, Scan]) -> AssetStanding:
    """The asset with the earlier scan that its verdicts are of, if they are not of the reported one."""
    basis = bases.get(key(standing.asset.id))
    return standing if basis is None else replace(standing, basis=basis.id)


def _below(roster: Roster, wanted: Sequence[str]) -> tuple[tuple[str, ...], Selection]:
    """The ids of the wanted agencies, by id or whole name, and the selection of what is shown under them or below.

    Raises Trouble."""
    if not wanted:
        return (), EVERYTHING
    known = roster.tree.by_id
    chosen: dict[str, None] = {}
    below: set[str] = set()
    for text in wanted:
        ids = [one.id for one in known.values() if text == one.id or text in one.names.values()]
        if not ids:
            raise Trouble(f"--agency: the inventory of this scan has no agency {text!r}")
        for one in ids:
            chosen[one] = None
            below |= descendants(known, one)
    listed = frozenset(one for one in roster.listed.by_id if roster.home(one) in below)
    return tuple(chosen), Selection(agencies=listed)
