"""The steps and the metadata lead to the same database; what is upgraded is copied first."""

# ruff: noqa: ASYNC240  (a block that must raise when it is left; small local files and processes)

import sqlite3
from pathlib import Path

import pytest
import samples
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.engine import Connection

import ipv6check.store.migrations
from ipv6check.model.scan import ScanState
from ipv6check.model.verdict import Status
from ipv6check.store.codec import to_json
from ipv6check.store.database import Database
from ipv6check.store.errors import ForeignStore, OlderStore
from ipv6check.store.migrations.upgrade import copy_file, to_step, upgrade
from ipv6check.store.open import open_store, stamp_file
from ipv6check.store.tables import HEAD, inventory, metadata
from ipv6check.store.tables import asset as asset_table
from ipv6check.store.tables import scan as scan_table
from ipv6check.store.url import parse


def _described(connection: Connection) -> dict[str, object]:
    looked = inspect(connection)
    tables = sorted(looked.get_table_names())
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in looked.get_columns(table)],
            looked.get_pk_constraint(table)["constrained_columns"],
            sorted((key["constrained_columns"], key["referred_table"]) for key in looked.get_foreign_keys(table)),
            sorted((index["name"], index["column_names"], index["unique"]) for index in looked.get_indexes(table)),
            sorted(unique["column_names"] for unique in looked.get_unique_constraints(table)),
            looked.get_table_options(table),
        )
        for table in tables
    }


async def _read(url: str, look):
    database = Database(parse(url))
    try:
        async with database.read() as connection:
            return await connection.run_sync(look)
    finally:
        await database.close()


def _rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    signed = ("ipv6check_meta", "alembic_version")
    return {name: sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}"))) for name in signed}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'made.db'}", f"sqlite:///{tmp_path / 'stepped.db'}"
    cluster = request.getfixturevalue("cluster")
    return cluster.new_database(), cluster.new_database()


async def test_steps_and_metadata_make_the_same_database(two_urls: tuple[str, str]) -> None:
    made, stepped = two_urls
    await (await open_store(made)).close()
    assert (await upgrade(stepped)).changed
    assert await _read(made, _described) == await _read(stepped, _described)
    assert await _read(made, _rows) == await _read(stepped, _rows)

    def difference(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert [one for one in await _read(stepped, difference) if "alembic_version" not in str(one)] == []


async def test_a_stepped_database_is_opened_like_any_other(url: str) -> None:
    await upgrade(url)
    store = await open_store(url, create=False)
    revision = await store.save_inventory(samples.FACTS, samples.assets(3))
    assert await store.count_assets(revision) == 3
    await store.close()


async def test_upgrading_what_is_current_changes_nothing(url: str) -> None:
    await (await open_store(url)).close()
    before = await _read(url, _rows)
    done = await upgrade(url)
    assert (done.changed, done.backup) == (False, "")
    assert await _read(url, _rows) == before


async def test_a_store_of_the_first_schema_is_refused_upgraded_on_request_and_keeps_everything(url: str) -> None:
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.run_sync(to_step, "0001")
        await stamp_file(connection)
        assert await connection.run_sync(_rows) == {
            "alembic_version": [("0001",)],
            "ipv6check_meta": [("application", "ipv6check"), ("schema", "1")],
        }
        await connection.run_sync(_first_scan)
    await database.close()
    with pytest.raises(OlderStore, match="ipv6check db upgrade"):
        await open_store(url)

    done = await upgrade(url)
    assert done.changed
    assert bool(done.backup) == url.startswith("sqlite")
    async with await open_store(url, create=False) as store:
        assert (await store.scan("first")).id == "first"
        revision = await store.revision_of("first")
        assert [one async for one in store.assets(revision.number)] == [samples.asset(0)]
        assert await store.frozen_readiness([await store.scan("first")], "any") == {}


async def test_verdicts_of_the_second_schema_are_gathered_without_loss(url: str) -> None:
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.run_sync(to_step, "0002")
        await stamp_file(connection)
        await connection.run_sync(_first_scan)
        for statement in _SECOND:
            await connection.exec_driver_sql(statement)
    await database.close()
    await upgrade(url)
    async with await open_store(url, create=False) as store:
        found = await store.verdicts("first", ["asset-0000000", "never-judged", "silent"])
        assert found == {
            "asset-0000000": (
                samples.verdict("DNS001", Status.FAIL, name="x.example.vn", text='a "quoted" }{ text'),
                samples.verdict("TCP001", Status.UNKNOWN),
                samples.verdict("TLS001", days=7),
            )
        }
        assert [(one.verdicts, one.pending, one.judged_at) async for one in store.results("first")] == [
            (found["asset-0000000"], True, 1001.5)
        ]
        assert "silent" in await _read(url, _judged)
    assert not {"verdict", "asset_result"} & set(await _read(url, lambda one: inspect(one).get_table_names()))


def _judged(connection: Connection) -> list[str]:
    return [row[0] for row in connection.exec_driver_sql("SELECT asset FROM judgement ORDER BY asset")]


_SECOND = (
    """INSERT INTO asset_result VALUES (1, 'asset-0000000', 1, 1001.5), (1, 'silent', 0, 1002.5)""",
    """INSERT INTO verdict VALUES
    (1, 'asset-0000000', 'TLS001', 'pass', 'tag', '{"days":7}'),
    (1, 'asset-0000000', 'DNS001', 'fail', 'tag', '{"name":"x.example.vn","text":"a \\"quoted\\" }{ text"}'),
    (1, 'asset-0000000', 'TCP001', 'unknown', 'tag', '{}')""",
)


def _first_scan(connection: Connection) -> None:
    """What a release of the first schema stored."""
    asset, scan = samples.asset(0), samples.scan("first", state=ScanState.COMPLETE, ended=1100.0)
    connection.execute(
        inventory.insert(),
        {"revision": 1, "digest": "d", "name": "sample", "mandate": "", "agencies": "[]", "seed": 5}
        | {"asset_count": 1, "skipped": 0, "created": 1.0},
    )
    connection.execute(
        asset_table.insert(),
        {"revision": 1, "id": asset.id, "order_key": 3, "agency": asset.agency, "kind": "domain", "tags": ""}
        | {"name": asset.name, "host": asset.host, "body": to_json(asset)},
    )
    connection.execute(
        scan_table.insert(),
        {"number": 1, "id": scan.id, "revision": 1, "started": 1000.0, "ended": 1100.0, "state": "complete"}
        | {"mandate": "dual-stack", "inventory": "sample", "body": to_json(scan)},
    )


async def test_the_head_in_the_metadata_is_the_last_step() -> None:
    directory = Path(ipv6check.store.migrations.__file__).parent
    assert ScriptDirectory(str(directory)).get_current_head() == HEAD


async def test_a_copy_holds_what_only_the_log_has(tmp_path: Path) -> None:
    path = tmp_path / "scan.db"
    store = await open_store(str(path))
    revision = await store.save_inventory(samples.FACTS, samples.assets(5))
    copy = copy_file(parse(str(path)), str(path))
    await store.close()
    with sqlite3.connect(copy) as copied:
        assert copied.execute("SELECT count(*) FROM asset WHERE revision = ?", (revision,)).fetchone() == (5,)
    copied.close()


async def test_a_foreign_file_is_not_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE thing (a)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ForeignStore):
        await upgrade(str(path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
