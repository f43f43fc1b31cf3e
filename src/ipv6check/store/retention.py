"""Letting go of old evidence: verdicts and counts stay, the bodies go."""

import time
from collections.abc import Collection

from sqlalchemy import delete, func, select

from ipv6check.model.scan import Scan, ScanState
from ipv6check.store.codec import key, scan_from
from ipv6check.store.frozen import FrozenRows
from ipv6check.store.tables import dropped, evidence
from ipv6check.store.tables import scan as scan_table

_BATCH = 2000


class RetentionRows(FrozenRows):
    """The part of a store that forgets."""

    async def evidence_entries(self, scans: Collection[Scan]) -> dict[str, int]:
        """How many pieces of evidence scans still have, by the scan's id; a scan without any is left out."""
        query = (
            select(scan_table.c.id, func.count())
            .join(evidence, evidence.c.scan == scan_table.c.number)
            .group_by(scan_table.c.id)
        )
        wanted = {key(scan.id) for scan in scans}
        return {name: count for name, count in await self._database.fetch(query) if name in wanted}

    async def drop_evidence(self, scan: Scan) -> int:
        """Delete a scan's evidence for good, a few thousand pieces a transaction; how many there were.

        That it was dropped is written down first: a kill halfway leaves a scan that says so, and whose rest goes next
        time.
        """
        number, _ = await self._numbers(scan)
        await self._write_down(number, 0)
        total = 0
        while True:
            gone = await self._drop_some(number)
            total += gone
            if not gone:
                return total
            await self._write_down(number, gone)

    async def _drop_some(self, number: int) -> int:
        first = (
            select(evidence.c.target)
            .where(evidence.c.scan == number)
            .group_by(evidence.c.target)
            .order_by(evidence.c.target)
            .limit(_BATCH)
        )
        names = [row.target for row in await self._database.fetch(first)]
        if not names:
            return 0
        statement = delete(evidence).where(evidence.c.scan == number, evidence.c.target.in_(names))
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount

    async def _write_down(self, number: int, entries: int) -> None:
        added = dropped.update().where(dropped.c.scan == number).values(entries=dropped.c.entries + entries)
        async with self._database.write() as connection:
            if not (await connection.execute(added)).rowcount:
                await connection.execute(dropped.insert().values(scan=number, entries=entries, at=time.time()))

    async def dropped_at(self, scan: Scan | str) -> float | None:
        """When a scan's evidence was dropped (seconds since the epoch); None if it was not."""
        number, _ = await self._numbers(scan)
        rows = await self._database.fetch(select(dropped.c.at).where(dropped.c.scan == number))
        return rows[0].at if rows else None

    async def complete_scans(self) -> list[Scan]:
        """Every complete scan, oldest first."""
        complete = scan_table.c.state == ScanState.COMPLETE.value
        query = select(scan_table.c.body).where(complete).order_by(scan_table.c.ended, scan_table.c.number)
        return [scan_from(row.body) for row in await self._database.fetch(query)]
