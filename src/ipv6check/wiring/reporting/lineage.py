"""A scan and the scans before it: frozen counts made where they are missing, and the confirmed state they add up to."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.confirmed import ABSENT, Confirmation, Confirmed, letter_of
from ipv6check.compliance.deadline import today_in
from ipv6check.compliance.standing import Count
from ipv6check.model.asset import Asset
from ipv6check.model.frozen import Frozen, SliceKey
from ipv6check.model.mandate import Mandate
from ipv6check.model.rating import Rate
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.standing import Standing
from ipv6check.model.trouble import Trouble
from ipv6check.model.verdict import Verdict
from ipv6check.store.codec import key
from ipv6check.store.repository import Store
from ipv6check.store.results import Args
from ipv6check.store.selection import EVERYTHING, Selection

MOST_SCANS = 520
"""Scans that are looked back at: ten years of weekly ones."""

_PAGE = 1000
_DAY_S = 86_400.0

Decide = Callable[[Asset, Sequence[Verdict]], Scan | None]
"""The earlier scan whose verdicts stand for an asset; None for those of the scan itself."""


def moment_of(scan: Scan) -> float:
    """When a scan ended (seconds since the epoch); of one that has not, when it began."""
    return scan.started if scan.ended is None else scan.ended


def day_of(scan: Scan, mandate: Mandate) -> date:
    """The day a scan ended in the mandate's time zone."""
    return today_in(mandate.period, datetime.fromtimestamp(moment_of(scan), UTC))


def is_whole(scan: Scan) -> bool:
    """True for a scan whose rates count in history: complete, trustworthy, and of the whole inventory."""
    return scan.state is ScanState.COMPLETE and scan.trustworthy and not scan.selection


@dataclass(frozen=True)
class Lineage:
    """``scans`` oldest first, the reported one last; ``compared`` is the index of the one that changes are counted
    from; ``letters`` are theirs for each of ``ids``, the stored ids of the reported scan's assets, and ``gone`` are
    those of assets that only an earlier scan had, by id."""

    mandate: Mandate
    scans: tuple[Scan, ...]
    compared: int | None
    ids: Sequence[str]
    letters: Sequence[str]
    gone: Mapping[str, str]

    @cached_property
    def confirmation(self) -> Confirmation:
        """The mandate's rule over these scans."""
        return Confirmation([moment_of(scan) for scan in self.scans], self.mandate.counting)

    @property
    def scan(self) -> Scan:
        """The reported scan."""
        return self.scans[-1]

    def state(self, letters: str, index: int, *, confirmed: bool) -> Confirmed:
        """Where an asset with these letters stood after one of the scans."""
        if confirmed:
            return self.confirmation.of(letters[: index + 1])
        return Confirmed(letters[index], index)

    @cached_property
    def held(self) -> dict[str, Confirmed]:
        """The assets whose confirmed state does not rest on the reported scan, by stored id."""
        last = len(self.scans) - 1
        of = cache(self.confirmation.of)  # many assets have the same few letters
        pairs = zip(self.ids, self.letters, strict=True)
        return {one: state for one, letters in pairs if (state := of(letters)).basis != last}


async def lineage_of(store: Store, scan: Scan, mandate: Mandate, *, against: Scan | None = None) -> Lineage:
    """The past of a scan under a mandate, compared with the last whole scan before it or with ``against``.

    What was not frozen yet is counted and frozen now. Raises StoreError, and Trouble if ``against`` is no earlier scan
    of the same inventory.
    """
    known = await store.earlier_scans(scan, limit=MOST_SCANS)
    if against is not None and all(one.id != against.id for one in known):
        raise Trouble(f"scan {against.id} is no complete scan of the same inventory that ended before scan {scan.id}")
    earlier = [one for one in known if one.trustworthy or (against is not None and one.id == against.id)]
    since = against or next((one for one in reversed(earlier) if is_whole(one)), None)
    scans = (*earlier, scan)
    letters = await store.frozen_readiness(scans, mandate.digest)
    for index, one in enumerate(scans):
        if one.id not in letters:
            frozen = await count_for_good(store, one, mandate, scans[:index], letters)
            letters[one.id] = frozen.readiness
            if one.state is ScanState.COMPLETE and one.trustworthy:
                await store.freeze(one, frozen)
    ids = await store.asset_ids(scan)
    near = _near(scans, moment_of(since or scan), mandate)
    columns, gone = await _aligned(store, near, letters, ids, scan)
    joined = ["".join(column) for column in zip(*columns, strict=True)]
    compared = next((index for index, one in enumerate(near) if since is not None and one.id == since.id), None)
    return Lineage(mandate=mandate, scans=near, compared=compared, ids=ids, letters=joined, gone=gone)


def _near(scans: Sequence[Scan], moment: float, mandate: Mandate) -> tuple[Scan, ...]:
    """The scans that can matter for the state at ``moment`` and ever after: those that were not stale then."""
    since = moment - mandate.counting.stale_after_days * _DAY_S
    return tuple(scan for scan in scans if moment_of(scan) >= since)


async def _aligned(
    store: Store, scans: Sequence[Scan], letters: Mapping[str, str], ids: Sequence[str], to: Scan
) -> tuple[list[str], dict[str, str]]:
    """For each scan a letter for each of ``ids`` (those of the scan ``to``), and the letters of assets beyond them."""
    mine = (await store.revision_of(to)).number
    columns: list[str] = []
    gone: dict[str, list[str]] = {}
    known = set(ids)
    for index, scan in enumerate(scans):
        revision = (await store.revision_of(scan)).number
        if revision == mine:
            columns.append(letters[scan.id])
            continue
        by_id = dict(zip(await store.asset_ids(scan), letters[scan.id], strict=True))
        columns.append("".join([by_id.get(one, ABSENT) for one in ids]))
        for one in by_id.keys() - known:
            gone.setdefault(one, [ABSENT] * len(scans))[index] = by_id[one]
    return columns, {one: "".join(found) for one, found in gone.items()}


async def count_for_good(
    store: Store, scan: Scan, mandate: Mandate, earlier: Sequence[Scan], letters: Mapping[str, str]
) -> Frozen:
    """A scan counted on the day it ended, by itself and as the confirmed state after the ``earlier`` ones."""
    since = moment_of(scan) - mandate.counting.stale_after_days * _DAY_S
    window = [one for one in earlier if moment_of(one) >= since]
    ids = await store.asset_ids(scan)
    columns, _ = await _aligned(store, window, letters, ids, scan)
    past = {one: "".join(found) for one, *found in zip(ids, *columns, strict=True)}
    rule = Confirmation([moment_of(one) for one in (*window, scan)], mandate.counting)
    agencies, day = (await store.revision_of(scan)).agencies, day_of(scan, mandate)
    observed = Count(mandate, scan, agencies, today=day, checks=CHECKS)
    confirmed = Count(mandate, scan, agencies, today=day, checks=CHECKS)
    seen: dict[str, str] = {}

    def decide(asset: Asset, verdicts: Sequence[Verdict]) -> Scan | None:
        standing = observed.stand(asset, verdicts)
        name = key(asset.id)
        letter = seen[name] = ABSENT if standing is None else letter_of(standing.readiness)
        basis = rule.of(past[name] + letter).basis
        return window[basis] if basis < len(window) else None

    async for asset, verdicts, _ in shown_results(store, scan, decide, args=Args.NONE):
        confirmed.add(asset, verdicts)
    whole = not scan.selection and scan.state is ScanState.COMPLETE
    return Frozen(
        mandate=mandate.digest,
        days=tuple(dict.fromkeys(milestone.date for milestone in mandate.milestones)),
        readiness="".join(seen[one] for one in ids),
        observed=_rates(observed) if whole else {},
        confirmed=_rates(confirmed) if whole else {},
    )


def _rates(count: Count) -> dict[SliceKey, Rate]:
    standing: Standing = count.close()
    groups = (standing.whole, *standing.agencies, *standing.levels, *standing.classes, *standing.indicators)
    rates = {SliceKey(group.kind, group.key): group.rate for group in groups}
    rates |= {SliceKey("class", cell.asset_class.value, cell.agency): cell.rate for cell in standing.cells}
    return rates | {SliceKey("indicator", one, agency): rate for agency, one, rate in count.indicator_rates()}


async def shown_results(
    store: Store, scan: Scan, decide: Decide, *, selection: Selection = EVERYTHING, args: Args = Args.ALL
) -> AsyncIterator[tuple[Asset, tuple[Verdict, ...], Scan | None]]:
    """Every asset of the scan's revision with the verdicts that stand for it, and the earlier scan they are of."""
    page: list[tuple[Asset, tuple[Verdict, ...], Scan | None]] = []
    async for asset, verdicts, _, _ in store.results(scan, selection=selection, page=_PAGE, args=args):
        page.append((asset, verdicts, decide(asset, verdicts)))
        if len(page) == _PAGE:
            for one in await _replaced(store, page, args=args):
                yield one
            page = []
    for one in await _replaced(store, page, args=args):
        yield one


async def _replaced(
    store: Store, page: list[tuple[Asset, tuple[Verdict, ...], Scan | None]], *, args: Args
) -> list[tuple[Asset, tuple[Verdict, ...], Scan | None]]:
    """The page with older verdicts where they stand, fetched in one go for each earlier scan."""
    wanted: dict[str, list[str]] = {}
    for asset, _, basis in page:
        if basis is not None:
            wanted.setdefault(basis.id, []).append(asset.id)
    found = {scan: await store.verdicts(scan, names, args=args) for scan, names in wanted.items()}
    return [
        (asset, verdicts if basis is None else found[basis.id].get(asset.id, ()), basis)
        for asset, verdicts, basis in page
    ]
