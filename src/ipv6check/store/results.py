"""What scans found: verdicts of all assets, evidence, what still waits, and how an asset fared before."""

from collections.abc import AsyncIterator, Collection, Iterable
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Column, and_, select

from ipv6check.model.asset import Asset, evidence_key
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.result import TargetEvidence
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Verdict
from ipv6check.store.codec import asset_from, evidence_from, key, scan_from, verdicts_from
from ipv6check.store.inventories import InventoryRows
from ipv6check.store.selection import EVERYTHING, Selection, conditions
from ipv6check.store.tables import asset, evidence, judgement, scan

# Evidence is some ten times as wide as verdicts, so its pages are shorter; SQLite takes 32,766 names a query.
_EVIDENCE_PAGE = 200
_NAMES = 5000

_Judgement = tuple[tuple[Verdict, ...], bool, float | None]
_UNJUDGED: _Judgement = ((), False, None)


class Args(Enum):
    """How much of the args of verdicts is read: they are most of a verdict's cost and memory. ``OPEN`` are those of
    verdicts that fail or are unknown."""

    NONE = "none"  # not the columns themselves: an empty tuple is no value to the Enum of Python 3.11.2 (Debian 12)
    OPEN = "open"
    ALL = "all"

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """The columns to read."""
        every = (judgement.c.open_args, judgement.c.settled_args)
        return every[: {Args.NONE: 0, Args.OPEN: 1, Args.ALL: 2}[self]]


class StoredResult(NamedTuple):
    """One asset of a scan's revision. An asset that was never judged has no verdicts and ``judged_at`` None."""

    asset: Asset
    verdicts: tuple[Verdict, ...]
    pending: bool
    judged_at: float | None = None


class ResultRows(InventoryRows):
    """The part of a store that keeps results."""

    async def results(
        self,
        of: Scan | str,
        *,
        selection: Selection = EVERYTHING,
        page: int = 1000,
        args: Args = Args.ALL,
    ) -> AsyncIterator[StoredResult]:
        """Every asset of the scan's revision with its verdicts, judged or not: the denominator is the revision's."""
        number, revision = await self._numbers(of)
        base = select(asset.c.order_key, asset.c.id, asset.c.body).where(
            asset.c.revision == revision, *conditions(selection)
        )
        async for rows in self._pages(base, page=page):
            found = await self._judgements(number, [row.id for row in rows], args=args)
            for row in rows:
                known = found.get(row.id, _UNJUDGED)
                yield StoredResult(asset_from(row.body), *known)

    async def verdicts(
        self, of: Scan | str, assets: Iterable[str], *, args: Args = Args.ALL
    ) -> dict[str, tuple[Verdict, ...]]:
        """The verdicts of some assets by their ids; an asset without any is left out."""
        number, _ = await self._numbers(of)
        names = {key(name): name for name in assets}
        found = await self._judgements(number, names, args=args)
        return {names[name]: verdicts for name, (verdicts, _, _) in found.items() if verdicts}

    async def _judgements(self, number: int, names: Collection[str], *, args: Args) -> dict[str, _Judgement]:
        """Verdicts, whether they are pending, and when they were given, by asset."""
        columns = (judgement.c.asset, judgement.c.pending, judgement.c.judged_at, judgement.c.outcomes, *args.columns)
        found: dict[str, _Judgement] = {}
        for some in _parts(names):
            query = select(*columns).where(judgement.c.scan == number, judgement.c.asset.in_(some))
            for name, pending, judged_at, *texts in await self._database.fetch(query):
                found[name] = (verdicts_from(*texts), bool(pending), judged_at)
        return found

    async def evidence(self, of: Scan | str, targets: Iterable[str]) -> dict[str, tuple[AnyEvidence, ...]]:
        """The evidence of some targets by ``evidence_key``; a target without any is left out."""
        number, _ = await self._numbers(of)
        return await self._evidence(number, targets)

    async def _evidence(self, number: int, targets: Iterable[str]) -> dict[str, tuple[AnyEvidence, ...]]:
        names = {key(name): name for name in targets}
        found: dict[str, list[AnyEvidence]] = {}
        for some in _parts(names):
            query = (
                select(evidence.c.target, evidence.c.body)
                .where(evidence.c.scan == number, evidence.c.target.in_(some))
                .order_by(evidence.c.target, evidence.c.type)
            )
            for name, body in await self._database.fetch(query):
                found.setdefault(names[name], []).append(evidence_from(body))
        return {name: tuple(bodies) for name, bodies in found.items()}

    async def pending(self, of: Scan | str) -> AsyncIterator[tuple[Asset, tuple[TargetEvidence, ...]]]:
        """Assets that wait for their second look, each once, with the evidence of their targets.

        Results may be written meanwhile: what is settled before its page is read is not handed out.
        """
        number, revision = await self._numbers(of)
        last = ""
        while True:
            waiting = (
                select(judgement.c.asset)
                .where(judgement.c.scan == number, judgement.c.pending == 1, judgement.c.asset > last)
                .order_by(judgement.c.asset)
                .limit(_EVIDENCE_PAGE)
            )
            names = [row.asset for row in await self._database.fetch(waiting)]
            bodies = select(asset.c.body).where(asset.c.revision == revision, asset.c.id.in_(names))
            assets = [asset_from(row.body) for row in await self._database.fetch(bodies)]
            wanted = {evidence_key(target, one.view) for one in assets for target in one.targets}
            found = await self._evidence(number, wanted)
            for one in assets:
                keys = dict.fromkeys(evidence_key(target, one.view) for target in one.targets)
                yield one, tuple(TargetEvidence(target=name, evidence=found[name]) for name in keys if name in found)
            if len(names) < _EVIDENCE_PAGE:
                return
            last = names[-1]

    async def history(self, asset_id: str, *, limit: int = 10) -> list[tuple[Scan, tuple[Verdict, ...]]]:
        """The latest scans that judged an asset, newest first, with its verdicts then."""
        query = (
            select(scan.c.body, judgement.c.outcomes, *Args.ALL.columns)
            .join(judgement, and_(judgement.c.scan == scan.c.number, judgement.c.asset == key(asset_id)))
            .order_by(scan.c.started.desc(), scan.c.number.desc())
            .limit(limit)
        )
        return [(scan_from(body), verdicts_from(*texts)) for body, *texts in await self._database.fetch(query)]


def _parts(names: Collection[str]) -> Iterable[list[str]]:
    listed = list(names)
    return (listed[start : start + _NAMES] for start in range(0, len(listed), _NAMES))
