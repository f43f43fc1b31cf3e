"""Opens a store: makes a new one, takes an existing one of ours, refuses every other with one sentence."""

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from ipv6check.store.database import Database
from ipv6check.store.errors import MissingStore
from ipv6check.store.identity import Found, identify, refuse_older
from ipv6check.store.leansql import AsyncConnection
from ipv6check.store.repository import Store
from ipv6check.store.tables import APPLICATION, APPLICATION_ID, HEAD, SCHEMA, alembic_version, meta, metadata
from ipv6check.store.url import parse

# Two processes that make or upgrade the same Postgres database take turns; any number will do, this one spells "IPV6".
_SCHEMA_LOCK = APPLICATION_ID

_CREATION_PATIENCE_S = 5.0


async def open_store(url: str, *, create: bool = True, busy_timeout_s: float = 30.0) -> Store:
    """The store at a path, ``sqlite:///FILE`` or ``postgresql://…``; the caller closes it.

    A place that holds nothing becomes a new store, unless ``create`` is False. Raises a kind of
    ``StoreError`` and changes nothing if the place holds anything but a store of this release's schema.
    """
    database = Database(parse(url), busy_timeout_s=busy_timeout_s)
    try:
        match await identify(database):
            case Found.NOTHING if not create:
                raise MissingStore(f"there is no database at {database.place} yet; a scan makes one")
            case Found.NOTHING:
                await _create(database)
            case Found.OLDER:
                raise refuse_older(database.place)
            case Found.CURRENT:
                await _check_writable(database)
    except BaseException:
        await database.close()
        raise
    return Store(database)


async def _create(database: Database) -> None:
    """Make the tables. SQLite refuses at once, whatever the busy timeout, while another process that makes the same
    file turns it to WAL, so this is tried again."""

    async def once() -> None:
        async with database.transaction() as connection:
            await lock_schema(connection)
            await connection.run_sync(_make_tables)
            await stamp_file(connection)

    await database.patiently(once, patience_s=_CREATION_PATIENCE_S)


def _make_tables(connection: Connection) -> None:
    metadata.create_all(connection)
    # Another process may have made it all while this one waited for the lock.
    if connection.execute(select(func.count()).select_from(meta)).scalar_one() == 0:
        connection.execute(
            meta.insert(), [{"key": "application", "value": APPLICATION}, {"key": "schema", "value": str(SCHEMA)}]
        )
        connection.execute(alembic_version.insert(), {"version_num": HEAD})


async def lock_schema(connection: AsyncConnection) -> None:
    """Let no other process make or change tables until this transaction ends; a SQLite transaction does so anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))


async def stamp_file(connection: AsyncConnection) -> None:
    """Write our application id into a SQLite file's header; other databases have no such place."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


async def _check_writable(database: Database) -> None:
    """A read-only server or a read-only mount should be told before the first packet, not at the first row."""
    async with database.write() as connection:
        await connection.execute(meta.update().where(meta.c.key == "application").values(value=APPLICATION))
