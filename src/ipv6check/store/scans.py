"""Scans: made, updated, and found by what people call them."""

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from ipv6check.model.scan import Scan, ScanState
from ipv6check.store.codec import key, scan_from, to_json
from ipv6check.store.database import Database
from ipv6check.store.errors import ScanExists, UnknownScan
from ipv6check.store.tables import scan as table

LATEST = "latest"


class ScanRows:
    """The part of a store that keeps scans."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[int, int]] = {}

    @property
    def place(self) -> str:
        """How people know the database: a path, or a URL without its password."""
        return self._database.place

    async def close(self) -> None:
        """Close all connections."""
        await self._database.close()

    async def create_scan(self, scan: Scan, revision: int) -> None:
        """Store a new scan over a revision. Raises ``ScanExists``."""
        values = {**_columns(scan), "id": key(scan.id), "revision": revision}
        async with self._database.write() as connection:
            try:
                await connection.execute(table.insert().values(**values))
            except IntegrityError as error:
                raise ScanExists(f"a scan {scan.id} is already stored in {self.place}") from error

    async def update_scan(self, scan: Scan) -> None:
        """Replace what is stored of a scan. Raises ``UnknownScan``."""
        statement = table.update().where(table.c.id == key(scan.id)).values(**_columns(scan))

        async def once() -> int:
            async with self._database.transaction() as connection:
                return (await connection.execute(statement)).rowcount

        if not await self._database.patiently(once):
            raise UnknownScan(f"no scan {scan.id} in {self.place}")

    async def scan(self, name: str = LATEST) -> Scan:
        """A scan by its id, by the beginning of its id if only one begins so, or ``latest`` for the last one started.

        Raises ``UnknownScan``.
        """
        if name == LATEST:
            latest = await self.scans(limit=1)
            if not latest:
                raise UnknownScan(f"no scan in {self.place} yet")
            return latest[0]
        begin = key(name)
        query = select(table.c.body).where(func.substr(table.c.id, 1, len(begin)) == begin)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(func.length(table.c.id), table.c.id).limit(9))
            found = [scan_from(body) for body in rows.scalars()]
        if not found or not name:
            raise UnknownScan(f"no scan {name!r} in {self.place}")
        if len(found) > 1 and found[0].id != name:
            ids = ", ".join(scan.id for scan in found[:8]) + (" …" if len(found) > 8 else "")
            raise UnknownScan(f"several scans begin with {name!r}: {ids}")
        return found[0]

    async def scans(self, *, limit: int = 20) -> list[Scan]:
        """The latest scans, newest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(_newest(select(table.c.body)).limit(limit))
            return [scan_from(body) for body in rows.scalars()]

    async def last_scan(
        self,
        *,
        inventory: str | None = None,
        revision: int | None = None,
        mandate: str | None = None,
        state: ScanState | None = ScanState.COMPLETE,
        before: float | None = None,
    ) -> Scan | None:
        """The latest scan of an inventory (by name) or a revision, under a mandate, started before a moment."""
        query = select(table.c.body)
        if inventory is not None:
            query = query.where(table.c.inventory == key(inventory))
        if revision is not None:
            query = query.where(table.c.revision == revision)
        if mandate is not None:
            query = query.where(table.c.mandate == key(mandate))
        if state is not None:
            query = query.where(table.c.state == state.value)
        if before is not None:
            query = query.where(table.c.started < before)
        async with self._database.read() as connection:
            body = (await connection.execute(_newest(query).limit(1))).scalar_one_or_none()
        return scan_from(body) if body is not None else None

    async def last_complete_scan(self, *, ended_before: float) -> Scan | None:
        """The complete scan that ended last before a moment (seconds since the epoch)."""
        complete = table.c.state == ScanState.COMPLETE.value
        query = select(table.c.body).where(complete, table.c.ended < ended_before)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(table.c.ended.desc(), table.c.number.desc()).limit(1))
            body = rows.scalar_one_or_none()
        return scan_from(body) if body is not None else None

    async def _numbers(self, scan: Scan | str) -> tuple[int, int]:
        """The numbers of a scan and of its revision, which never change. Raises ``UnknownScan``."""
        name = scan.id if isinstance(scan, Scan) else scan
        known = self._known.get(name)
        if known is None:
            async with self._database.read() as connection:
                query = select(table.c.number, table.c.revision).where(table.c.id == key(name))
                row = (await connection.execute(query)).one_or_none()
            if row is None:
                raise UnknownScan(f"no scan {name} in {self.place}")
            known = self._known[name] = (row.number, row.revision)
        return known


def _newest(query: Select[str]) -> Select[str]:
    return query.order_by(table.c.started.desc(), table.c.number.desc())


def _columns(scan: Scan) -> dict[str, object]:
    return {
        "started": scan.started,
        "ended": scan.ended,
        "state": scan.state.value,
        "mandate": key(scan.mandate),
        "inventory": key(scan.inventory),
        "body": to_json(scan, cut=False),
    }
