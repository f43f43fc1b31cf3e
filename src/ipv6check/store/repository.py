"""The store as the rest of the program sees it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

from ipv6check.model.scan import Scan
from ipv6check.store.database import PATIENCE_S
from ipv6check.store.errors import CorruptStore
from ipv6check.store.imports import Imports
from ipv6check.store.lock import Lease, hold
from ipv6check.store.notes import Notes
from ipv6check.store.retention import RetentionRows
from ipv6check.store.writer import BATCH_ROWS, BATCH_S, WAITING_ROWS, Writer


class Store(RetentionRows):
    """One open database, closed at the end of an ``async with`` block or by ``close``.

    Every method may raise ``StoreError``; nothing it returns knows of rows or connections.
    """

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def notes(self) -> Notes:
        """Small texts that outlive a process."""
        return Notes(self._database)

    @property
    def imports(self) -> Imports:
        """Evidence that was brought in."""
        return Imports(self._database)

    @asynccontextmanager
    async def writer(
        self,
        scan: Scan | str,
        *,
        batch_rows: int = BATCH_ROWS,
        batch_s: float = BATCH_S,
        waiting_rows: int = WAITING_ROWS,
        patience_s: float = PATIENCE_S,
    ) -> AsyncIterator[Writer]:
        """The writer of a scan, for the length of a block; ``patience_s`` is how long a lost server is waited for."""
        number, _ = await self._numbers(scan)
        writer = Writer(
            self._database,
            number,
            batch_rows=batch_rows,
            batch_s=batch_s,
            waiting_rows=waiting_rows,
            patience_s=patience_s,
        )
        async with writer:
            yield writer

    @asynccontextmanager
    async def hold(self, scan: Scan | str) -> AsyncIterator[Lease]:
        """Work on a scan alone, for the length of a block. Raises ``ScanBusy`` naming the process that does already."""
        number, _ = await self._numbers(scan)
        name = scan.id if isinstance(scan, Scan) else scan
        lease: AbstractAsyncContextManager[Lease] = hold(self._database, number, name)
        async with lease as held:
            yield held

    async def verify(self) -> None:
        """Read a SQLite file through and check its structure; may take minutes. Raises ``CorruptStore``."""
        if not self._database.is_sqlite:
            return
        async with self._database.read() as connection:
            verdict = (await connection.exec_driver_sql("PRAGMA integrity_check(1)")).scalar_one()
        if verdict != "ok":
            said = " ".join(str(verdict).split())
            raise CorruptStore(f"the database {self.place} is damaged ({said}); restore it from a copy")
