"""Kill -9 at any moment costs nothing but time: the store is whole, and a resumed scan ends as an undisturbed one."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.lab import Lab
from tests.lab.runs import Bench, Ended, certain, contacted, forget_contacts, lull, short_policy, until
from tests.lab.scanning import compare, few_of_each, summary, truth_about
from tests.postgres import Cluster, find_binaries, temporary_cluster

KILLED = -9
USAGE = 2


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("psycopg", reason="the extra [postgres] is not installed")
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binary (initdb) found on the path or under /usr/lib/postgresql")
    with temporary_cluster(binaries) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bench(request: pytest.FixtureRequest, lab: Lab, tmp_path: Path) -> Bench:
    if request.param == "sqlite":
        db = f"sqlite:///{tmp_path / 'scan.db'}"
    else:
        db = request.getfixturevalue("cluster").new_database()
    inventory = few_of_each(lab, tmp_path, 2)
    policy = short_policy(tmp_path, concurrency=8, second_look=4)
    return Bench(lab=lab, directory=tmp_path, db=db, inventory=inventory, policy=policy)


@pytest.fixture(scope="module")
def undisturbed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """The same scan, left alone."""
    place = tmp_path_factory.mktemp("undisturbed")
    inventory = few_of_each(lab, place, 2)
    db = f"sqlite:///{place / 'scan.db'}"
    ended = Bench(lab=lab, directory=place, db=db, inventory=inventory, policy=short_policy(place)).run()
    assert ended.code == 0, ended.stderr
    return ended


def test_killed_four_times_it_ends_as_if_undisturbed(bench: Bench, undisturbed: Ended) -> None:
    truth = truth_about(bench.lab, bench.inventory)
    points: list[Callable[[], bool]] = [
        lambda: len(bench.states()) >= 1,
        lambda: len(bench.states()) >= len(truth) // 2,
        lull(bench, len(truth) // 2 + 1),
        lull(bench, len(truth) // 2 + 1, quiet_s=2.5),  # counted from the start of this run: in its second look
    ]
    for number, reached in enumerate(points):
        done_before = {asset for asset, pending in bench.states().items() if not pending}
        forget_contacts(bench.lab)
        with bench.started(*(("--resume", "latest") if number else ())) as process:
            came = until(reached, process)
            process.kill()
            code = process.wait(10)
        assert came, (number, code, (bench.directory / "stderr.log").read_text())
        assert code == KILLED
        assert bench.scan_state() == "running"
        assert not contacted(bench.lab) & done_before
        _assert_whole(bench)
    assert any(bench.states().values())
    done_before = {asset for asset, pending in bench.states().items() if not pending}
    forget_contacts(bench.lab)
    ended = bench.run("--resume", "latest")
    assert ended.code == 0, ended.stderr
    assert not contacted(bench.lab) & done_before
    assert bench.scan_state() == "complete"
    assert not any(bench.states().values())
    wrong = compare(truth, ended.verdicts)
    assert not wrong, summary(wrong)
    _assert_whole(bench)
    assert certain(truth, ended.verdicts) == certain(truth, undisturbed.verdicts)


def test_what_has_changed_cannot_be_resumed(lab: Lab, tmp_path: Path) -> None:
    bench = Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=few_of_each(lab, tmp_path, 2),
        policy=short_policy(tmp_path, concurrency=4),
    )
    with bench.started() as process:
        assert until(lambda: bool(bench.states()), process)
    before = bench.states()
    lab.reset_counters()
    originals = {path: path.read_text() for path in (bench.inventory, bench.policy)}
    for path, text in originals.items():
        changed = text.replace("http: 2", "http: 3") if path == bench.policy else text.rsplit("\n", 2)[0] + "\n"
        assert changed != text
        path.write_text(changed)
        _assert_refused(bench)
        path.write_text(text)
    _assert_refused(bench, "--rules", "DNS001")
    assert bench.states() == before
    # Self-tests connect to the anchors; no target was.
    assert lab.counters()["tcp6_syn"] <= 3 * 3
    assert lab.counters()["tcp4_syn"] == 0


def _assert_refused(bench: Bench, *extra: str) -> None:
    ended = bench.run("--resume", "latest", *extra)
    assert ended.code == USAGE, ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 1
    assert "changed" in lines[0]
    assert not ended.verdicts


def _assert_whole(bench: Bench) -> None:
    """The file is sound, also in the eyes of a reader that copies it with its log, as it lies there after the kill."""
    if not bench.db.startswith("sqlite"):
        return
    copy = bench.directory / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in bench.directory.glob("scan.db*"):
        shutil.copy(path, copy)
    with contextlib.closing(sqlite3.connect(copy / "scan.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        doubled = "SELECT asset FROM judgement GROUP BY scan, asset HAVING count(*) > 1"
        assert connection.execute(doubled).fetchall() == []
