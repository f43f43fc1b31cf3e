"""Brings a store of an earlier release up to date, a copy of it kept beside."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL
from sqlalchemy.engine import Connection

from ipv6check.model.record import Record
from ipv6check.store.database import Database
from ipv6check.store.errors import FullDisk, StoreError, explain
from ipv6check.store.identity import Found, identify
from ipv6check.store.open import lock_schema, stamp_file
from ipv6check.store.url import parse


class Upgraded(Record, frozen=True, kw_only=True):
    """What an upgrade did. ``backup`` is the copy of a SQLite file, empty where none was made."""

    place: str
    changed: bool
    backup: str = ""


async def upgrade(url: str) -> Upgraded:
    """Take the store at ``url`` to this release's schema; what is up to date stays untouched.

    A place that holds nothing gets a new store. A SQLite file is copied first, to ``FILE.before-upgrade-TIME``; the
    steps themselves are one transaction. Raises a kind of ``StoreError``, and then nothing has changed.
    """
    parsed = parse(url)
    database = Database(parsed)
    try:
        found = await identify(database)
        if found is Found.CURRENT:
            return Upgraded(place=database.place, changed=False)
        backup = ""
        if database.is_sqlite and found is Found.OLDER:
            backup = str(await asyncio.to_thread(copy_file, parsed, database.place))
        async with database.write() as connection:
            await lock_schema(connection)
            await connection.run_sync(to_head)
            await stamp_file(connection)
        return Upgraded(place=database.place, changed=True, backup=backup)
    finally:
        await database.close()


def to_head(connection: Connection) -> None:
    """Run every step that the database has not gone through, inside the caller's transaction."""
    to_step(connection, "head")


def to_step(connection: Connection, revision: str) -> None:
    """Run the steps up to one of them."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def copy_file(url: URL, place: str) -> Path:
    """A copy of a SQLite database, what its write-ahead log holds included; the copy's path.

    Raises ``StoreError``; an unfinished copy does not stay behind.
    """
    source = Path(str(url.database))
    target = source.with_name(f"{source.name}.before-upgrade-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
    if target.exists():
        raise StoreError(f"the copy {target} is there already; wait a second and try again")
    try:
        with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        told = explain(error, place)
        raise FullDisk(f"no space is left for the copy {target}") if isinstance(told, FullDisk) else told from error
    return target
