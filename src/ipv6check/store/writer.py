"""The one writer of a scan: takes results as they come, stores them in batches, each batch one transaction."""

import asyncio
from types import TracebackType
from typing import Self

from ipv6check.model.result import AssetResult
from ipv6check.store.bulk import BulkInsert, OnConflict
from ipv6check.store.codec import EvidenceRow, ResultRows, result_rows
from ipv6check.store.database import PATIENCE_S, Database
from ipv6check.store.errors import StoreError
from ipv6check.store.leansql import AsyncConnection
from ipv6check.store.tables import evidence, judgement

_insert_judgements = BulkInsert(judgement, on_conflict=OnConflict.REPLACE)
_insert_evidence = BulkInsert(evidence, on_conflict=OnConflict.REPLACE)

BATCH_ROWS = 2000
BATCH_S = 1.0
# What may wait in memory while a batch is under way or a server restarts; beyond it put() waits.
WAITING_ROWS = 20_000


class Writer:
    """Stores the results of one scan from one task of its own. Use as ``async with``.

    Leaving the block stores what still waits, also when it is left by an exception or a cancellation (a second
    cancellation gives up). After an error of the database every call raises it, and so does leaving the block: results
    that were not stored are never passed over in silence.
    """

    def __init__(
        self,
        database: Database,
        scan: int,
        *,
        batch_rows: int = BATCH_ROWS,
        batch_s: float = BATCH_S,
        waiting_rows: int = WAITING_ROWS,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._database = database
        self._scan = scan
        self._batch_rows = batch_rows
        self._batch_s = batch_s
        self._waiting_limit = waiting_rows
        self._patience_s = patience_s
        self._waiting: dict[str, ResultRows] = {}
        self._waiting_rows = 0
        self._put = 0
        self._stored = 0
        self._closing = False
        self._any = asyncio.Event()
        self._due = asyncio.Event()
        self._progress = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def stored(self) -> int:
        """How many of the results put so far are stored for good."""
        return self._stored

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=f"writer of scan {self._scan}")
        self._task.add_done_callback(lambda _: self._progress.set())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        self._closing = True
        self._any.set()
        self._due.set()
        await self._task

    async def put(self, result: AssetResult) -> None:
        """Take one result; waits while too much is under way. A later result of an asset replaces the earlier one.

        Raises ``StoreError`` once an earlier batch could not be stored.
        """
        self._check()
        while self._waiting_rows >= self._waiting_limit:
            await self._next_progress()
        rows = result_rows(self._scan, result)
        earlier = self._waiting.pop(rows.asset, None)
        if earlier is not None:
            self._waiting_rows -= _size(earlier)
            rows = rows._replace(evidence=earlier.evidence + rows.evidence)
        self._waiting[rows.asset] = rows
        self._waiting_rows += _size(rows)
        self._put += 1
        self._any.set()
        if self._waiting_rows >= self._batch_rows:
            self._due.set()

    async def flush(self) -> None:
        """Return when everything put so far is stored. Raises ``StoreError`` if it cannot be."""
        goal = self._put
        self._check()
        while self._stored < goal:
            self._due.set()
            await self._next_progress()

    def _check(self) -> None:
        assert self._task is not None, "a Writer is used as a context manager"
        if self._task.done():
            self._task.result()
            raise StoreError("this writer is closed")

    async def _next_progress(self) -> None:
        self._progress.clear()
        self._check()
        await self._progress.wait()
        self._check()

    async def _run(self) -> None:
        while await self._batch_is_due():
            batch, self._waiting = self._waiting, {}
            self._waiting_rows = 0
            self._any.clear()
            self._due.clear()
            goal = self._put
            await self._store(list(batch.values()))
            self._stored = goal
            self._progress.set()

    async def _batch_is_due(self) -> bool:
        """Wait for a full batch, for a second after its first row, or for a flush; False when all is done."""
        if not self._waiting:
            if self._closing:
                return False
            await self._any.wait()
        if not self._closing:
            try:
                async with asyncio.timeout(self._batch_s):
                    await self._due.wait()
            except TimeoutError:
                pass
        return bool(self._waiting)

    async def _store(self, batch: list[ResultRows]) -> None:
        """Write until it succeeds; writing a batch again changes nothing, even if its first commit went through."""

        async def once() -> None:
            async with self._database.transaction() as connection:
                await _write(connection, batch)

        await self._database.patiently(once, patience_s=self._patience_s)


async def _write(connection: AsyncConnection, batch: list[ResultRows]) -> None:
    # All verdicts of an asset are one row, so a rule that no longer speaks leaves no old word behind.
    newest: dict[tuple[str, str], EvidenceRow] = {(row[1], row[2]): row for rows in batch for row in rows.evidence}
    await _insert_evidence.write(connection, list(newest.values()))
    await _insert_judgements.write(connection, [rows.judgement for rows in batch])


def _size(rows: ResultRows) -> int:
    return 1 + len(rows.evidence)
