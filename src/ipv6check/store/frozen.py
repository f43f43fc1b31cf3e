"""Frozen counts of scans, and which scans are the past of another."""

import base64
import zlib
from collections.abc import Collection
from datetime import date as Day
from typing import Any

import msgspec
from sqlalchemy import Column, Select, and_, func, select
from sqlalchemy.sql.expression import ColumnElement

from ipv6check.model.frozen import Frozen, SliceKey
from ipv6check.model.rating import Rate
from ipv6check.model.scan import Scan, ScanState
from ipv6check.store.bulk import BulkInsert, OnConflict
from ipv6check.store.codec import key, scan_from
from ipv6check.store.errors import NewerStore
from ipv6check.store.results import ResultRows
from ipv6check.store.tables import asset, inventory
from ipv6check.store.tables import frozen as table
from ipv6check.store.tables import scan as scan_table

_insert = BulkInsert(table, on_conflict=OnConflict.REPLACE)
_rates_decoder = msgspec.json.Decoder(tuple[list[str], list[tuple[str, str, str | None, list[int]]]])
_days_decoder = msgspec.json.Decoder(tuple[Day, ...])


class FrozenRows(ResultRows):
    """The part of a store that keeps history."""

    async def earlier_scans(self, scan: Scan, *, limit: int) -> list[Scan]:
        """The last complete scans of the same inventory that ended before ``scan`` did, oldest first.

        The same inventory is one of the same name, or one that shares at least half of the assets (of the larger).
        """
        number, revision = await self._numbers(scan)
        ended = scan_table.c.ended < scan.ended if scan.ended is not None else scan_table.c.started < scan.started
        past = and_(scan_table.c.state == ScanState.COMPLETE.value, scan_table.c.number != number, ended)
        kin = await self._kin(past, revision, scan.inventory)
        query = (
            select(scan_table.c.body)
            .where(past, scan_table.c.revision.in_(kin))
            .order_by(scan_table.c.ended.desc(), scan_table.c.number.desc())
            .limit(limit)
        )
        return [scan_from(row.body) for row in reversed(await self._database.fetch(query))]

    async def _kin(self, past: ColumnElement[bool], revision: int, name: str) -> list[int]:
        """The revisions of the same inventory among those of ``past`` scans."""
        query = (
            select(scan_table.c.revision, scan_table.c.inventory, inventory.c.asset_count)
            .join(inventory, inventory.c.revision == scan_table.c.revision)
            .where(past)
            .distinct()
        )
        rows = await self._database.fetch(query)
        kin = {row.revision for row in rows if row.inventory == key(name) or row.revision == revision}
        size = select(inventory.c.asset_count).where(inventory.c.revision == revision)
        mine = int((await self._database.fetch(size))[0].asset_count)
        for other, count in {row.revision: row.asset_count for row in rows if row.revision not in kin}.items():
            larger, smaller = max(mine, count), min(mine, count)
            if 0 < larger <= 2 * smaller and 2 * await self._shared(revision, other) >= larger:
                kin.add(other)
        return sorted(kin)

    async def _shared(self, one: int, other: int) -> int:
        first, second = asset.alias(), asset.alias()
        query = (
            select(func.count())
            .select_from(first.join(second, first.c.id == second.c.id))
            .where(first.c.revision == one, second.c.revision == other)
        )
        return int((await self._database.fetch(query))[0][0])

    async def asset_ids(self, of: Scan | str) -> list[str]:
        """The ids of all assets of the scan's revision as they are stored, in the order of their octets."""
        _, revision = await self._numbers(of)
        query = select(asset.c.id).where(asset.c.revision == revision).order_by(asset.c.id)
        return [row[0] for row in await self._database.fetch(query)]

    async def frozen_readiness(self, scans: Collection[Scan], mandate: str) -> dict[str, str]:
        """The letters that are frozen of some scans under a mandate's digest, by the scan's id."""
        rows = await self._database.fetch(self._frozen(scans, mandate, table.c.readiness))
        return {row.id: _unpacked(row.readiness) for row in rows}

    async def frozen_rates(
        self, scans: Collection[Scan], mandate: str, *, confirmed: bool, within: Collection[str | None] = (None,)
    ) -> dict[str, dict[SliceKey, Rate]]:
        """The rates that are frozen of some scans, by the scan's id: of the confirmed state or of the scan alone, and
        only of slices narrowed to one of ``within``."""
        found = {}
        for row in await self._database.fetch(self._frozen(scans, mandate, table.c.observed, table.c.confirmed)):
            text = row.confirmed if confirmed and row.confirmed else row.observed
            found[row.id] = _rates_from(text, within)
        return found

    def _frozen(self, scans: Collection[Scan], mandate: str, *columns: Column[Any]) -> Select[Any]:
        names = [key(scan.id) for scan in scans]
        return (
            select(scan_table.c.id, *columns)
            .join(table, scan_table.c.number == table.c.scan)
            .where(table.c.mandate == key(mandate), scan_table.c.id.in_(names))
        )

    async def freeze(self, scan: Scan, frozen: Frozen) -> None:
        """Keep a count for good. Done twice it changes nothing, since a complete scan counts the same each time."""
        number, _ = await self._numbers(scan)
        same = frozen.confirmed == frozen.observed
        row = (
            number,
            key(frozen.mandate),
            msgspec.json.encode(frozen.days).decode(),
            _rates_text(frozen.observed),
            "" if same else _rates_text(frozen.confirmed),
            _packed(frozen.readiness),
        )

        async def once() -> None:
            async with self._database.transaction() as connection:
                await _insert.write(connection, [row])

        await self._database.patiently(once)

    async def milestone_days(self, scans: Collection[Scan]) -> list[Day]:
        """The milestones' days of every mandate that some of these scans were counted under, each once."""
        query = select(table.c.days, scan_table.c.id).join(scan_table, scan_table.c.number == table.c.scan)
        names = {key(scan.id) for scan in scans}
        rows = await self._database.fetch(query)
        return sorted({day for row in rows if row.id in names for day in _days_decoder.decode(row.days)})


def _packed(text: str) -> str:
    return base64.b85encode(zlib.compress(text.encode(), 6)).decode()


def _unpacked(text: str) -> str:
    try:
        return zlib.decompress(base64.b85decode(text)).decode()
    except (ValueError, zlib.error) as error:
        raise NewerStore(f"the database holds a frozen count that this release cannot read: {error}") from error


def _rates_text(rates: dict[SliceKey, Rate]) -> str:
    """The names of the counts, then each slice with its counts: a later release may count more."""
    rows = [(*slice_key, msgspec.structs.astuple(rate)) for slice_key, rate in rates.items()]
    return _packed(msgspec.json.encode([Rate.__struct_fields__, rows]).decode())


def _rates_from(text: str, within: Collection[str | None]) -> dict[SliceKey, Rate]:
    try:
        fields, rows = _rates_decoder.decode(_unpacked(text))
        return {
            SliceKey(kind, name, narrowed): Rate(**dict(zip(fields, counts, strict=True)))
            for kind, name, narrowed, counts in rows
            if narrowed in within
        }
    except (msgspec.DecodeError, TypeError) as error:
        raise NewerStore(f"the database holds a frozen count that this release cannot read: {error}") from error
