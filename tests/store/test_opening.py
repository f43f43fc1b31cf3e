"""Opening: a new place becomes a store, a store of ours is taken, everything else is refused and left as it is."""

# ruff: noqa: ASYNC221  (a block that must raise when it is left; small local files and processes)

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
import samples
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

import ipv6check
from ipv6check.store.database import Database
from ipv6check.store.errors import (
    BadStoreUrl,
    CorruptStore,
    ForeignStore,
    FullDisk,
    LockedStore,
    MissingStore,
    NewerStore,
    OlderStore,
    ReadOnlyStore,
    UnreachableStore,
)
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from ipv6check.store.tables import APPLICATION_ID, SCHEMA, metadata
from ipv6check.store.url import parse, redacted
from postgres import Cluster

SOURCE = str(Path(ipv6check.__file__).parent.parent)


async def set_schema(url: str, schema: int) -> None:
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.exec_driver_sql(f"UPDATE ipv6check_meta SET value = '{schema}' WHERE key = 'schema'")
    await database.close()


def refused(path: Path) -> bytes:
    """The file's bytes; nothing else may have appeared beside it."""
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    return path.read_bytes()


async def test_a_store_is_made_once_and_opened_again(url: str) -> None:
    with pytest.raises(MissingStore, match="a scan makes one"):
        await open_store(url, create=False)
    first = await open_store(url)
    revision = await first.save_inventory(samples.FACTS, samples.assets(3))
    await first.close()
    second = await open_store(url, create=False)
    assert await second.count_assets(revision) == 3
    await second.verify()
    await second.close()


async def test_two_processes_may_make_the_same_store(url: str) -> None:
    stores = await asyncio.gather(*(open_store(url) for _ in range(4)))
    revisions = await asyncio.gather(*(one.save_inventory(samples.FACTS, samples.assets(50)) for one in stores))
    assert len(set(revisions)) == 1
    assert await stores[0].count_assets(revisions[0]) == 50
    for one in stores:
        await one.close()


async def test_newer_and_older_stores_are_refused_with_what_to_do(url: str) -> None:
    await (await open_store(url)).close()
    await set_schema(url, SCHEMA + 1)
    with pytest.raises(NewerStore, match="later release"):
        await open_store(url)
    await set_schema(url, 0)
    with pytest.raises(OlderStore, match="ipv6check db upgrade"):
        await open_store(url)


async def test_a_new_file_carries_our_application_id(tmp_path: Path) -> None:
    path = tmp_path / "scan.db"
    await (await open_store(str(path))).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_creating_a_store_needs_no_alembic(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from ipv6check.store.open import open_store\n"
        "async def main():\n"
        f"    await (await open_store({str(tmp_path / 'scan.db')!r})).close()\n"
        "asyncio.run(main())\n"
        "sys.exit('alembic' in sys.modules or 'psycopg' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": SOURCE})


@pytest.mark.parametrize("content", [b"name,kind\na,domain\n", b"\0" * 5000, b"SQLite"], ids=["csv", "zeros", "short"])
async def test_a_file_of_another_kind_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "inventory.csv"
    path.write_bytes(content)
    with pytest.raises(ForeignStore, match="left as it is"):
        await open_store(str(path))
    assert refused(path) == content


async def test_the_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE asset (a)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(ForeignStore, match="not an ipv6check database"):
        await open_store(str(path))
    assert refused(path) == before


async def test_a_database_with_another_application_id_is_refused_even_when_empty(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 77")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(ForeignStore):
        await open_store(str(path))
    assert refused(path) == before


async def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "scan.db"
    path.touch()
    await (await open_store(str(path))).close()
    await (await open_store(str(path), create=False)).close()


async def test_damage_is_told_at_the_start_or_by_verify(tmp_path: Path) -> None:
    path = tmp_path / "scan.db"
    store = await open_store(str(path))
    await store.save_inventory(samples.FACTS, samples.assets(2000))
    await store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3996 + whole[4096:])
    with pytest.raises(CorruptStore, match="damaged"):
        await open_store(str(path))
    middle = len(whole) // 2 // 4096 * 4096
    path.write_bytes(whole[:middle] + os.urandom(4096 * 8) + whole[middle + 4096 * 8 :])
    store = await open_store(str(path))
    with pytest.raises(CorruptStore, match="damaged"):
        await store.verify()
    await store.close()


async def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingStore, match="its folder does not exist"):
        await open_store(str(tmp_path / "nowhere" / "scan.db"))
    with pytest.raises(ForeignStore, match="is a directory"):
        await open_store(str(tmp_path))


async def test_a_locked_file_is_waited_for_and_then_told(tmp_path: Path) -> None:
    path = tmp_path / "scan.db"
    store = await open_store(str(path), busy_timeout_s=0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockedStore, match="locked by another process"):
            await open_store(str(path), busy_timeout_s=0.2)
        with pytest.raises(LockedStore):
            await store.save_inventory(samples.FACTS, samples.assets(1))
        other.execute("ROLLBACK")
    assert await store.save_inventory(samples.FACTS, samples.assets(1)) == 1
    await store.close()


async def test_a_writer_outwaits_a_lock(tmp_path: Path) -> None:
    store = await open_store(str(tmp_path / "scan.db"), busy_timeout_s=0.05)
    await store.create_scan(samples.scan(), await store.save_inventory(samples.FACTS, samples.assets(1)))
    with closing(sqlite3.connect(tmp_path / "scan.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with store.writer("scan-1") as writer:
            await writer.put(samples.result(samples.asset(0)))
            flushing = asyncio.create_task(writer.flush())
            done, _ = await asyncio.wait({flushing}, timeout=0.3)
            assert not done
            other.execute("ROLLBACK")
            await flushing
        with pytest.raises(LockedStore):
            async with store.writer("scan-1", patience_s=0.1) as writer:
                other.execute("BEGIN IMMEDIATE")
                await writer.put(samples.result(samples.asset(0)))
        other.execute("ROLLBACK")
    await store.close()


READ_ONLY = """
import asyncio, os, sys
from ipv6check.store.errors import StoreError
from ipv6check.store.open import open_store

async def main(readable, *places):
    await (await open_store(readable)).close()  # loads every module while they can still be read
    if os.geteuid() == 0:  # whom no permission bits hold
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    for place in places:
        try:
            await open_store(place)
        except StoreError as error:
            print(type(error).__name__, error)

asyncio.run(main(*sys.argv[1:]))
"""


def test_read_only_places_are_told_before_the_first_packet() -> None:
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory)
        top.chmod(0o755)
        asyncio.run(_make(top / "mine.db"))
        fixed, loose = top / "fixed", top / "loose"
        for folder in (fixed, loose):
            folder.mkdir()
            asyncio.run(_make(folder / "scan.db"))
            (folder / "scan.db").chmod(0o444)
        before = (fixed / "scan.db").read_bytes(), (loose / "scan.db").read_bytes()
        loose.chmod(0o777)
        fixed.chmod(0o555)
        places = [fixed / "scan.db", loose / "scan.db", fixed / "new.db"]
        told = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(top / "mine.db"), *map(str, places)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": SOURCE},
            check=True,
        ).stdout.splitlines()
        assert [line.split()[0] for line in told] == ["ReadOnlyStore"] * 3, told
        for line, place in zip(told, places, strict=True):
            assert str(place) in line
            assert "read-only" in line
        fixed.chmod(0o755)
        assert before == ((fixed / "scan.db").read_bytes(), (loose / "scan.db").read_bytes())


async def _make(path: Path) -> None:
    await (await open_store(str(path))).close()


async def test_a_full_disk_is_one_sentence_with_the_path(tmp_path: Path) -> None:
    """SQLite itself can be told the size at which its disk is full."""
    path = tmp_path / "scan.db"
    store = await open_store(str(path))
    revision = await store.save_inventory(samples.FACTS, samples.assets(500))
    await store.create_scan(samples.scan(), revision)

    @event.listens_for(store._database.engine.sync_engine, "checkout")
    def fill(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 300")

    sentence = f"^no space is left for the database {re.escape(str(path))}$"
    with pytest.raises(FullDisk, match=sentence):
        await store.save_inventory(msgspec.structs.replace(samples.FACTS, digest="full"), samples.assets(20_000))
    with pytest.raises(FullDisk, match=sentence):
        async with store.writer("scan-1") as writer:
            for one in samples.assets(500):
                await writer.put(samples.result(one))
    assert await store.count_assets(revision) == 500
    await store.verify()
    await store.close()


@pytest.mark.postgres
async def test_tables_of_another_program_are_left_alone(cluster: Cluster) -> None:
    url = cluster.new_database()
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.exec_driver_sql("CREATE TABLE asset (a integer)")
    with pytest.raises(ForeignStore, match="tables of another program"):
        await open_store(url)
    async with database.read() as connection:
        tables = await connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.scalar_one() == 1
    await database.close()


@pytest.mark.postgres
async def test_servers_that_refuse(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.new_database()
    with pytest.raises(MissingStore, match="create it first"):
        await open_store(url.replace("/test_", "/none_"))
    with pytest.raises(UnreachableStore, match="cannot be reached") as caught:
        await open_store(f"postgresql://me:geheim@/x?host={tmp_path}")
    assert "geheim" not in str(caught.value)
    await (await open_store(url)).close()
    database = Database(parse(url))
    async with database.engine.connect() as connection:
        read_only = f"ALTER DATABASE {database.url.database} SET default_transaction_read_only = on"
        await connection.exec_driver_sql(read_only)
        await connection.commit()
    await database.close()
    with pytest.raises(ReadOnlyStore, match="read-only"):
        await open_store(url)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me:geheim@db.example/ipv6check",
        "postgres://me:geheim@[2001:db8::5]:5433/ipv6check?sslmode=require",
        "postgresql://db.example/ipv6check?user=me&password=geheim",
        "postgresql+psycopg://me:geheim%40x@db.example/ipv6check?sslpassword=geheim",
        "mysql://me:geheim@db.example/x",
        "postgresql://me:geheim@db.example:port/x",
    ],
)
def test_no_password_is_printed(text: str) -> None:
    assert "geheim" not in redacted(text)


def test_a_url_that_is_refused_is_not_quoted() -> None:
    for text in ("mysql://me:geheim@db.example/x", "postgresql://me:geheim@db.example:port/x"):
        with pytest.raises(BadStoreUrl) as caught:
            parse(text)
        assert "geheim" not in str(caught.value)


def test_urls_name_files_and_servers() -> None:
    assert redacted("sqlite:////var/lib/x.db") == "/var/lib/x.db"
    assert redacted("scan.db") == "scan.db"
    assert redacted("postgres://me:geheim@db/x") == "postgresql://me:***@db/x"
    for text in ("sqlite://", "sqlite:///:memory:", "mysql://db/x"):
        with pytest.raises(BadStoreUrl):
            parse(text)


def test_every_table_has_a_primary_key() -> None:
    assert [table.name for table in metadata.tables.values() if not table.primary_key.columns] == []


async def test_store_type_is_what_wiring_gets(tmp_path: Path) -> None:
    store = await open_store(str(tmp_path / "scan.db"))
    assert isinstance(store, Store)
    assert store.place == str(tmp_path / "scan.db")
    await store.close()


def test_a_missing_driver_is_one_sentence() -> None:
    code = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from ipv6check.store.database import Database\n"
        "from ipv6check.store.errors import MissingDriver\n"
        "from ipv6check.store.url import parse\n"
        "try:\n"
        "    Database(parse('postgresql://me:geheim@db.example/x'))\n"
        "except MissingDriver as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": SOURCE},
    )
    assert "pip install 'ipv6check[postgres]'" in done.stdout
    assert "geheim" not in done.stdout
