"""One database and its connections: who may read or write when, and errors put into words."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Select, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError

from ipv6check.store.errors import LockedStore, MissingDriver, explain, is_passing
from ipv6check.store.leansql import AsyncConnection, AsyncEngine, create_async_engine
from ipv6check.store.url import is_sqlite, place

_SQLITE_CACHE_KIB = 4 * 1024  # for each connection; the system's own cache does the rest
_CONNECT_S = 10
PATIENCE_S = 60.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0

T = TypeVar("T")


class Database:
    """A pool of connections to one database. ``place`` is how people know it, without a password."""

    def __init__(self, url: URL, *, busy_timeout_s: float = 30.0) -> None:
        """Raises ``MissingDriver``; connects only when first used."""
        self.url = url
        self.place = place(url)
        self.is_sqlite = is_sqlite(url)
        try:
            self.engine = _sqlite_engine(url, busy_timeout_s) if self.is_sqlite else _postgres_engine(url)
        except ImportError as error:
            raise MissingDriver(
                f"the driver for {url.get_backend_name()} is not installed ({error}); "
                "install it with: pip install 'ipv6check[postgres]'"
            ) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for queries; held only for a page, so that a slow reader blocks nobody."""
        try:
            async with self.engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explain(error, self.place) from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: everything or nothing."""
        try:
            async with self.transaction() as connection:
                yield connection
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explain(error, self.place) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """As ``write``, but with the driver's own errors, for the writer, which looks for passing ones."""
        async with self.engine.connect() as connection:
            if self.is_sqlite:
                # Taking the lock first makes busy_timeout count; a reader that turns writer is refused at once.
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()

    async def patiently(self, work: Callable[[], Awaitable[T]], *, patience_s: float = PATIENCE_S) -> T:
        """Do work again and again while the server restarts or another process holds the lock.

        The pauses grow from 0.1 to 5 s; after ``patience_s`` seconds, or at once for what does not pass by itself, it
        raises ``StoreError``. The work must change nothing when it is done twice.
        """
        pause = _FIRST_PAUSE_S
        give_up: float | None = None
        while True:
            try:
                return await work()
            except (SQLAlchemyError, sqlite3.Error, OSError) as error:
                told = explain(error, self.place)
                now = time.monotonic()
                give_up = now + patience_s if give_up is None else give_up
                passing = isinstance(told, LockedStore) or is_passing(error)
                if not passing or now + pause > give_up:
                    raise told from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def fetch(self, query: Select[Any]) -> Sequence[Any]:
        """All rows of a query, patiently: a scan reads on after its server has restarted."""

        async def once() -> Sequence[Any]:
            async with self.engine.connect() as connection:
                rows: Sequence[Any] = (await connection.execute(query)).all()
                return rows

        return await self.patiently(once)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _sqlite_engine(url: URL, busy_timeout_s: float) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": busy_timeout_s})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        # In WAL mode NORMAL may lose the last transactions in a power cut, but never damages the file.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout = {round(busy_timeout_s * 1000)}")
        cursor.execute(f"PRAGMA cache_size = -{_SQLITE_CACHE_KIB}")
        cursor.close()

    return engine


def _postgres_engine(url: URL) -> AsyncEngine:
    arguments = {"application_name": "ipv6check", "connect_timeout": _CONNECT_S}
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={name: value for name, value in arguments.items() if name not in url.query},
    )
