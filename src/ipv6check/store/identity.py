"""Whose database is this? Looked at without changing anything, before anything else is done with it."""

import asyncio
import os
import sqlite3
from contextlib import closing
from enum import Enum
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import inspect, select
from sqlalchemy.engine import Connection

from ipv6check.store.database import Database
from ipv6check.store.errors import (
    CorruptStore,
    ForeignStore,
    MissingStore,
    NewerStore,
    OlderStore,
    ReadOnlyStore,
    explain,
)
from ipv6check.store.tables import APPLICATION, APPLICATION_ID, SCHEMA, meta

_MAGIC = b"SQLite format 3\0"


class Found(Enum):
    """What is at the place; a database of any other owner or age is an exception."""

    NOTHING = "nothing"
    CURRENT = "current"
    OLDER = "older"


async def identify(database: Database) -> Found:
    """Tell an empty place from a store of ours.

    Raises ``ForeignStore``, ``NewerStore``, ``CorruptStore``, ``ReadOnlyStore``, ``LockedStore``,
    ``MissingStore`` (the directory or the server's database) or ``UnreachableStore``.
    """
    if database.is_sqlite:
        found = await asyncio.to_thread(_look_at_file, Path(str(database.url.database)), database.place)
        if found is None:
            return Found.NOTHING
        return _age(found, database.place)
    async with database.read() as connection:
        facts = await connection.run_sync(_look_at_schema, database.place)
    return Found.NOTHING if facts is None else _age(facts, database.place)


def refuse_older(place: str) -> OlderStore:
    """The sentence for a store of an earlier release."""
    return OlderStore(f"the database {place} was made by an earlier release; run: ipv6check db upgrade")


def _age(facts: dict[str, str], place: str) -> Found:
    if facts.get("application") != APPLICATION or not facts.get("schema", "").isdigit():
        raise ForeignStore(f"{place} is not an ipv6check database; it was left as it is")
    schema = int(facts["schema"])
    if schema > SCHEMA:
        raise NewerStore(
            f"the database {place} was made by a later release (schema {schema}; this one knows {SCHEMA}); "
            "it was left as it is"
        )
    return Found.CURRENT if schema == SCHEMA else Found.OLDER


def _look_at_file(path: Path, place: str) -> dict[str, str] | None:
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise MissingStore(f"there can be no database at {place}: its folder does not exist") from None
        if not os.access(path.parent, os.W_OK):
            raise ReadOnlyStore(f"the database {place} cannot be made: its directory is read-only") from None
        return None
    except IsADirectoryError:
        raise ForeignStore(f"{place} is a directory, not a database") from None
    except OSError as error:
        raise explain(error, place) from error
    if not start:
        return None
    if start != _MAGIC:
        raise ForeignStore(f"{place} is not a SQLite database; it was left as it is")
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise ReadOnlyStore(f"the database {place} is read-only")
    return _read_file(path, place)


def _read_file(path: Path, place: str) -> dict[str, str] | None:
    # mode=ro: neither the journal mode nor anything else of a foreign file is changed.
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=30)
        ) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables and application in (0, APPLICATION_ID):
                return None
            if application != APPLICATION_ID:
                return {}
            if meta.name not in tables:
                raise CorruptStore(f"the database {place} is damaged; restore it from a copy")
            return dict(connection.execute(f"SELECT key, value FROM {meta.name}").fetchall())
    except sqlite3.Error as error:
        raise explain(error, place) from error


def _look_at_schema(connection: Connection, place: str) -> dict[str, str] | None:
    tables = set(inspect(connection).get_table_names())
    if meta.name in tables:
        return {key: value for key, value in connection.execute(select(meta.c.key, meta.c.value))}
    if tables:
        raise ForeignStore(f"the database {place} holds tables of another program; give ipv6check one of its own")
    return None
