"""What scans found: verdicts of all assets, evidence, what still waits, and how an asset fared before."""

from collections.abc import AsyncIterator, Collection, Iterable
from typing import NamedTuple

from sqlalchemy import and_, select

from ipv6check.model.asset import Asset, evidence_key
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.result import TargetEvidence
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Verdict
from ipv6check.store.codec import asset_from, bare_verdict, evidence_from, key, scan_from, verdict_from
from ipv6check.store.inventories import InventoryRows
from ipv6check.store.selection import EVERYTHING, Selection, conditions
from ipv6check.store.tables import asset, asset_result, evidence, scan, verdict

# Evidence is some ten times as wide as verdicts, so its pages are shorter; SQLite takes 32,766 names a query.
_EVIDENCE_PAGE = 200
_NAMES = 5000


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
        bare: bool = False,
    ) -> AsyncIterator[StoredResult]:
        """Every asset of the scan's revision with its verdicts, judged or not: the denominator is the revision's.

        ``bare`` verdicts have no args: enough to count, and half the work.
        """
        number, revision = await self._numbers(of)
        base = select(asset.c.order_key, asset.c.id, asset.c.body).where(
            asset.c.revision == revision, *conditions(selection)
        )
        async for rows in self._pages(base, page=page):
            names = [row.id for row in rows]
            judged = await self._judged(number, names)
            verdicts = await self._verdicts(number, judged, bare=bare)
            for row in rows:
                known = judged.get(row.id)
                if known is None:
                    yield StoredResult(asset_from(row.body), (), pending=False)
                else:
                    yield StoredResult(asset_from(row.body), verdicts.get(row.id, ()), known.pending, known.judged_at)

    async def verdicts(
        self, of: Scan | str, assets: Iterable[str], *, bare: bool = False
    ) -> dict[str, tuple[Verdict, ...]]:
        """The verdicts of some assets by their ids, ``bare`` without their args; an asset without any is left out."""
        number, _ = await self._numbers(of)
        names = {key(name): name for name in assets}
        found = await self._verdicts(number, names, bare=bare)
        return {names[name]: verdicts for name, verdicts in found.items()}

    async def _verdicts(
        self, number: int, names: Collection[str], *, bare: bool = False
    ) -> dict[str, tuple[Verdict, ...]]:
        collected: dict[str, list[Verdict]] = {}
        columns = [verdict.c.asset, verdict.c.rule, verdict.c.status, verdict.c.tag]
        make = bare_verdict if bare else verdict_from
        if not bare:
            columns.append(verdict.c.args)
        for some in _parts(names):
            query = select(*columns).where(verdict.c.scan == number, verdict.c.asset.in_(some))
            for name, *fields in await self._database.fetch(query):
                found = collected.get(name)
                if found is None:
                    found = collected[name] = []
                found.append(make(*fields))
        return {name: tuple(sorted(found, key=lambda one: one.rule)) for name, found in collected.items()}

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
                select(asset_result.c.asset)
                .where(asset_result.c.scan == number, asset_result.c.pending == 1, asset_result.c.asset > last)
                .order_by(asset_result.c.asset)
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
            select(scan.c.number, scan.c.body)
            .join(asset_result, and_(asset_result.c.scan == scan.c.number, asset_result.c.asset == key(asset_id)))
            .order_by(scan.c.started.desc(), scan.c.number.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        told = []
        for row in rows:
            verdicts = await self._verdicts(row.number, [key(asset_id)])
            told.append((scan_from(row.body), verdicts.get(key(asset_id), ())))
        return told


def _parts(names: Collection[str]) -> Iterable[list[str]]:
    listed = list(names)
    return (listed[start : start + _NAMES] for start in range(0, len(listed), _NAMES))
