"""Inventory revisions and their assets: saved once, read back in shuffled order by pages."""

import secrets
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, or_, select, tuple_
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset
from ipv6check.model.record import Record
from ipv6check.model.scan import Scan
from ipv6check.store.codec import Revision, agencies_from, asset_from, clean, key, to_json
from ipv6check.store.errors import explain
from ipv6check.store.leansql import AsyncConnection
from ipv6check.store.loading import MAX_ORDER_KEY, load_assets, order_key
from ipv6check.store.scans import ScanRows
from ipv6check.store.selection import EVERYTHING, Selection, conditions
from ipv6check.store.tables import asset as table
from ipv6check.store.tables import inventory, judgement

_NAMES = 5000
"""Ids in one query; SQLite takes 32,766."""


class InventoryFacts(Record, frozen=True, kw_only=True):
    """What is known of an inventory besides its assets. Equal digests mean equal inventories."""

    digest: str
    name: str
    mandate: str = ""
    agencies: tuple[Agency, ...] = ()
    skipped: int = 0


class Judged(NamedTuple):
    """What a scan has on an asset besides verdicts."""

    pending: bool
    judged_at: float


class _AlreadyStored(Exception):
    def __init__(self, revision: int) -> None:
        self.revision = revision


class InventoryRows(ScanRows):
    """The part of a store that keeps inventories."""

    async def save_inventory(
        self,
        facts: InventoryFacts | Callable[[], InventoryFacts],
        assets: AsyncIterable[Asset] | Iterable[Asset],
    ) -> int:
        """Store an inventory, or find it by its digest; the revision's number.

        ``facts`` may be a function, called after the last asset, for what is only known once the files are read
        through. All assets go into one transaction. Raises ``DuplicateAssets``; whatever ``assets`` raises undoes all.
        """
        if isinstance(facts, InventoryFacts):
            known = await self.revision_by_digest(facts.digest)
            if known is not None:
                return known.number
        try:
            async with self._database.transaction() as connection:
                return await _save(connection, facts, assets)
        except _AlreadyStored as stored:
            return stored.revision
        except IntegrityError as error:
            # Another process stored the same inventory in the meantime.
            known = await self.revision_by_digest((facts if isinstance(facts, InventoryFacts) else facts()).digest)
            if known is None:
                raise explain(error, self.place) from error
            return known.number
        except SQLAlchemyError as error:
            raise explain(error, self.place) from error

    async def revision(self, number: int) -> Revision | None:
        """A revision by its number."""
        return await self._one_revision(select(inventory).where(inventory.c.revision == number))

    async def revision_by_digest(self, digest: str) -> Revision | None:
        """A revision by the digest of its inventory."""
        return await self._one_revision(select(inventory).where(inventory.c.digest == key(digest)))

    async def revision_of(self, scan: Scan | str) -> Revision:
        """The revision a scan was made over. Raises ``UnknownScan``."""
        _, number = await self._numbers(scan)
        revision = await self.revision(number)
        assert revision is not None, "a foreign key holds every scan to its revision"
        return revision

    async def _one_revision(self, query: Select[Any]) -> Revision | None:
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _revision_from(row) if row else None

    async def asset(self, revision: int, asset_id: str) -> Asset | None:
        """One asset of a revision by its id."""
        query = select(table.c.body).where(table.c.revision == revision, table.c.id == key(asset_id))
        async with self._database.read() as connection:
            body = (await connection.execute(query)).scalar_one_or_none()
        return asset_from(body) if body is not None else None

    async def find_assets(self, revision: int, text: str, *, limit: int = 20) -> list[Asset]:
        """Assets that a person may mean: those with this id or host, else those that contain it in id, name or host."""
        text = clean(text.strip())
        exact = or_(table.c.id == key(text), table.c.host == key(text.lower()), table.c.name == text)
        loose = or_(*(column.icontains(text, autoescape=True) for column in (table.c.id, table.c.name, table.c.host)))
        async with self._database.read() as connection:
            for condition in (exact, loose):
                query = select(table.c.body).where(table.c.revision == revision, condition).order_by(table.c.id)
                found = (await connection.execute(query.limit(limit))).scalars().all()
                if found:
                    return [asset_from(body) for body in found]
        return []

    async def assets_by_id(self, of: Scan | str, ids: Sequence[str]) -> list[Asset]:
        """Some assets of a scan's revision by their ids; one that it does not have is left out."""
        _, revision = await self._numbers(of)
        found: list[Asset] = []
        for start in range(0, len(ids), _NAMES):
            names = [key(one) for one in ids[start : start + _NAMES]]
            query = select(table.c.body).where(table.c.revision == revision, table.c.id.in_(names))
            found += [asset_from(row.body) for row in await self._database.fetch(query)]
        return found

    async def count_assets(self, revision: int, *, selection: Selection = EVERYTHING) -> int:
        """How many assets of a revision are meant."""
        query = select(func.count()).select_from(table).where(table.c.revision == revision, *conditions(selection))
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def assets(
        self,
        revision: int,
        *,
        selection: Selection = EVERYTHING,
        unfinished_in: Scan | str | None = None,
        including_pending: bool = True,
        start_at: int | None = None,
        page: int = 1000,
    ) -> AsyncIterator[Asset]:
        """Assets in shuffled order, those of one host together; read a page at a time.

        ``start_at`` is a scan's seed: the order begins at a place it names and wraps around, so that two scans do not
        open with the same hosts. ``unfinished_in`` leaves out what that scan has already judged for good, and
        with ``including_pending`` False also what only waits for its second look.
        """
        scan = None if unfinished_in is None else (await self._numbers(unfinished_in))[0]
        base = select(table.c.order_key, table.c.id, table.c.body).where(
            table.c.revision == revision, *conditions(selection)
        )
        start = 0 if start_at is None else order_key("start", seed=start_at & MAX_ORDER_KEY)
        parts = [base.where(table.c.order_key >= start)]
        if start:
            parts.append(base.where(table.c.order_key < start))
        for part in parts:
            async for rows in self._pages(part, page=page):
                seen = {} if scan is None else await self._judged(scan, [row.id for row in rows])
                for row in rows:
                    judged = seen.get(row.id)
                    if judged is None or (judged.pending and including_pending):
                        yield asset_from(row.body)

    async def _judged(self, scan: int, names: list[str]) -> dict[str, Judged]:
        """Which of these assets a scan has judged. Asked by key, page by page: a join with a table that grows while it
        is read, and whose size the planner does not know yet, took Postgres 25 times as long."""
        columns = (judgement.c.asset, judgement.c.pending, judgement.c.judged_at)
        query = select(*columns).where(judgement.c.scan == scan, judgement.c.asset.in_(names))
        rows = await self._database.fetch(query)
        return {name: Judged(bool(pending), judged_at) for name, pending, judged_at in rows}

    async def _pages(self, base: Select[Any], *, page: int) -> AsyncIterator[Sequence[Row[Any]]]:
        """Pages by keyset: no page costs more than the first, and no connection is held between two."""
        last: tuple[int, str] | None = None
        while True:
            query = base.order_by(table.c.order_key, table.c.id).limit(page)
            if last is not None:
                query = query.where(tuple_(table.c.order_key, table.c.id) > last)
            rows = await self._database.fetch(query)
            yield rows
            if len(rows) < page:
                return
            last = (rows[-1].order_key, rows[-1].id)


async def _save(
    connection: AsyncConnection,
    facts: InventoryFacts | Callable[[], InventoryFacts],
    assets: AsyncIterable[Asset] | Iterable[Asset],
) -> int:
    seed = secrets.randbits(63)
    blank = inventory.insert().values(
        digest=f"loading {secrets.token_hex(16)}",
        name="",
        mandate="",
        agencies="[]",
        seed=seed,
        asset_count=0,
        skipped=0,
        created=time.time(),
    )
    inserted = (await connection.execute(blank)).inserted_primary_key
    assert inserted is not None
    revision = int(inserted[0])
    count = await load_assets(connection, assets, revision=revision, seed=seed)
    known = facts if isinstance(facts, InventoryFacts) else facts()
    same = select(inventory.c.revision).where(inventory.c.digest == key(known.digest))
    earlier = (await connection.execute(same)).scalar_one_or_none()
    if earlier is not None:
        raise _AlreadyStored(earlier)
    await connection.execute(
        inventory.update()
        .where(inventory.c.revision == revision)
        .values(
            digest=key(known.digest),
            name=key(known.name),
            mandate=key(known.mandate),
            agencies=to_json(known.agencies, cut=False),
            asset_count=count,
            skipped=known.skipped,
        )
    )
    if connection.dialect.name == "postgresql":
        # Until autovacuum comes by, the planner takes a new table for a small one and would sort it at every page.
        await connection.exec_driver_sql(f"ANALYZE {table.name}")
    return revision


def _revision_from(row: Row[Any]) -> Revision:
    return Revision(
        number=row.revision,
        digest=row.digest,
        name=row.name,
        mandate=row.mandate,
        agencies=agencies_from(row.agencies),
        asset_count=row.asset_count,
        skipped=row.skipped,
        created=row.created,
    )
