"""Streams an inventory into its table: one transaction, flat memory, every repeated id found."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable

from sqlalchemy import select

from ipv6check.model.asset import Asset, Origin
from ipv6check.store.bulk import BulkInsert, OnConflict
from ipv6check.store.codec import asset_from, clean, key, to_json
from ipv6check.store.errors import Duplicate, DuplicateAssets
from ipv6check.store.leansql import AsyncConnection
from ipv6check.store.selection import tags_column
from ipv6check.store.tables import asset as table

MAX_ORDER_KEY = 2**63 - 1
_BATCH = 2000
_SHOWN = 50

_insert = BulkInsert(table, on_conflict=OnConflict.KEEP)


def order_key(text: str, *, seed: int) -> int:
    """A 63-bit place for a host (or an id): equal texts are neighbours, all else is shuffled by the seed."""
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8, key=seed.to_bytes(8, "big")).digest()
    return int.from_bytes(digest, "big") & MAX_ORDER_KEY


async def load_assets(
    connection: AsyncConnection,
    assets: AsyncIterable[Asset] | Iterable[Asset],
    *,
    revision: int,
    seed: int,
) -> int:
    """Insert all assets inside the caller's transaction; how many there were.

    Raises ``DuplicateAssets`` after the last one, with all repeated ids counted.
    """
    load = _Load(connection, revision, seed)
    async for asset in _stream(assets):
        await load.add(asset)
    return await load.finish()


class _Load:
    def __init__(self, connection: AsyncConnection, revision: int, seed: int) -> None:
        self._connection = connection
        self._revision = revision
        self._seed = seed
        self._batch: dict[str, Asset] = {}
        self._count = 0
        self._repeated: list[Duplicate] = []
        self._repeated_total = 0

    async def add(self, asset: Asset) -> None:
        name = key(asset.id)
        earlier = self._batch.get(name)
        if earlier is not None:
            self._repeat(earlier, asset)
            return
        self._batch[name] = asset
        if len(self._batch) >= _BATCH:
            await self._write()

    async def finish(self) -> int:
        await self._write()
        if self._repeated_total:
            raise DuplicateAssets(self._repeated, total=self._repeated_total)
        return self._count

    def _row(self, name: str, asset: Asset) -> tuple[object, ...]:
        return (
            self._revision,
            name,
            order_key(asset.host or asset.id, seed=self._seed),
            key(asset.agency),
            asset.kind.value,
            clean(tags_column(asset.tags)),
            clean(asset.name),
            key(asset.host),
            to_json(asset, cut=False),
        )

    async def _write(self) -> None:
        batch, self._batch = self._batch, {}
        if not batch:
            return
        rows = [self._row(name, asset) for name, asset in batch.items()]
        written = await _insert.write(self._connection, rows)
        self._count += written
        if written < len(rows):
            await self._find_repeated(batch, len(rows) - written)

    async def _find_repeated(self, batch: dict[str, Asset], missing: int) -> None:
        """The rows that were there before differ from this batch's at least by where they were written."""
        query = select(table.c.id, table.c.body).where(table.c.revision == self._revision, table.c.id.in_(list(batch)))
        before = self._repeated_total
        for name, body in await self._connection.execute(query):
            if body != to_json(batch[name], cut=False):
                self._repeat(asset_from(body), batch[name])
        # Assets that are equal in everything, even in their place, are counted without being named.
        self._repeated_total = max(self._repeated_total, before + missing)

    def _repeat(self, first: Asset, second: Asset) -> None:
        self._repeated_total += 1
        if len(self._repeated) < _SHOWN:
            self._repeated.append(
                Duplicate(id=second.id, first=_place(first.origin), second=_place(second.origin)),
            )


def _place(origin: Origin | None) -> str:
    return f"{origin.file}:{origin.line}" if origin else ""


async def _stream(assets: AsyncIterable[Asset] | Iterable[Asset]) -> AsyncIterator[Asset]:
    if isinstance(assets, AsyncIterable):
        async for asset in assets:
            yield asset
    else:
        for asset in assets:
            yield asset
