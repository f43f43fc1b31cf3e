"""What kill -9 and a crashing server leave behind: whole batches, nothing doubled, nothing lost that was promised."""

# ruff: noqa: ASYNC220  (a block that must raise when it is left; small local files and processes)

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
import samples
from sqlalchemy import func, select

import ipv6check
from ipv6check.store import tables
from ipv6check.store.errors import ScanBusy, UnreachableStore
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from postgres import Cluster

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{Path(ipv6check.__file__).parent.parent}{os.pathsep}{HERE}"}


def writing(url: str, scan: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / "crashing.py"), url, scan], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )


async def prepared(url: str, count: int, *scans: str) -> Store:
    store = await open_store(url)
    revision = await store.save_inventory(samples.FACTS, samples.assets(count))
    for scan in scans:
        await store.create_scan(samples.scan(scan), revision)
    return store


async def assert_whole(store: Store, scan: str, *, at_least: int) -> int:
    """Every judged asset has all its rows and no other asset has any; how many were judged."""
    judged = 0
    async for stored in store.results(scan):
        if stored.judged_at is None:
            assert stored.verdicts == ()
        else:
            assert stored.verdicts == samples.result(stored.asset).verdicts
            judged += 1
    assert judged >= at_least
    number, _ = await store._numbers(scan)
    async with store._database.read() as connection:
        for table, each in ((tables.judgement, 1), (tables.evidence, 6)):
            query = select(func.count()).select_from(table).where(table.c.scan == number)
            assert (await connection.execute(query)).scalar_one() == judged * each
    return judged


@pytest.mark.parametrize("batches", [1, 5])
async def test_a_killed_writer_leaves_whole_batches_and_a_scan_to_resume(url: str, batches: int) -> None:
    store = await prepared(url, 6_000, "scan-1")
    with writing(url, "scan-1") as process:
        assert process.stdout is not None
        promised = [int(process.stdout.readline()) for _ in range(batches)][-1]
        process.kill()
    await store.verify()
    judged = await assert_whole(store, "scan-1", at_least=promised)
    assert judged < 6_000
    revision = (await store.revision_of("scan-1")).number
    left = [one async for one in store.assets(revision, unfinished_in="scan-1")]
    assert len(left) == 6_000 - judged
    async with store.hold("scan-1"), store.writer("scan-1") as writer:
        for one in left[:50]:
            await writer.put(samples.result(one))
    assert await assert_whole(store, "scan-1", at_least=judged + 50) == judged + 50
    await store.close()


async def test_two_processes_scan_into_one_store(url: str) -> None:
    store = await prepared(url, 6_000, "scan-1", "scan-2")
    with writing(url, "scan-1") as one, writing(url, "scan-2") as other:
        for process in (one, other):
            assert process.stdout is not None
            for _ in range(5):
                assert int(process.stdout.readline()) > 0
        one.kill()
        other.kill()
    await store.verify()
    for scan in ("scan-1", "scan-2"):
        await assert_whole(store, scan, at_least=5)
    await store.close()


async def test_the_lease_of_a_killed_process_is_taken_over(url: str) -> None:
    store = await prepared(url, 1, "scan-1")
    code = (
        "import asyncio, sys\n"
        "from ipv6check.store.open import open_store\n"
        "async def main():\n"
        "    store = await open_store(sys.argv[1])\n"
        "    async with store.hold('scan-1'):\n"
        "        print('held', flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, url], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(ScanBusy, match=f"by process {process.pid} on "):
            async with store.hold("scan-1"):
                pytest.fail("two processes work on one scan")
        process.kill()
    async with store.hold("scan-1") as lease:
        assert not lease.lost
    await store.close()


@pytest.mark.postgres
async def test_a_crashing_server_loses_and_doubles_nothing(cluster: Cluster) -> None:
    store = await prepared(cluster.new_database(), 3000, "scan-1")
    async with store.writer("scan-1", batch_rows=500, waiting_rows=2000) as writer:
        starting: list[asyncio.Task[None]] = []
        for number, one in enumerate(samples.assets(3000)):
            await writer.put(samples.result(one))
            if number in (700, 1900):
                await asyncio.to_thread(cluster.stop, "immediate")
                starting.append(asyncio.create_task(asyncio.to_thread(cluster.start)))
        assert len(starting) == 2
        await asyncio.gather(*starting)
    assert await assert_whole(store, "scan-1", at_least=3000) == 3000
    assert (await store.scan("scan-1")).id == "scan-1"
    await store.close()


@pytest.mark.postgres
async def test_readers_go_on_after_a_crash(cluster: Cluster) -> None:
    store = await prepared(cluster.new_database(), 500, "scan-1")
    async with store.writer("scan-1") as writer:
        for one in samples.assets(300):
            await writer.put(samples.result(one, pending=True))
    revision = (await store.revision_of("scan-1")).number
    reading, waiting = store.assets(revision, page=50), store.pending("scan-1")
    seen = [(await anext(reading)).id]
    handed = [(await anext(waiting))[0].id]
    await asyncio.to_thread(cluster.stop, "immediate")
    starting = asyncio.create_task(asyncio.to_thread(cluster.start))
    seen += [one.id async for one in reading]
    handed += [one.id async for one, _ in waiting]
    await starting
    assert sorted(seen) == [one.id for one in samples.assets(500)]
    assert sorted(handed) == [one.id for one in samples.assets(300)]
    await store.close()


@pytest.mark.postgres
async def test_a_server_that_stays_away_is_told_and_nothing_is_lost_in_silence(cluster: Cluster) -> None:
    store = await prepared(cluster.new_database(), 100, "scan-1")
    with pytest.raises(UnreachableStore):
        async with store.writer("scan-1", batch_rows=100, waiting_rows=100, patience_s=0.5) as writer:
            cluster.stop("immediate")
            try:
                for one in samples.assets(100):
                    await writer.put(samples.result(one))
                pytest.fail("results were taken without end while the server was away")
            finally:
                await asyncio.to_thread(cluster.start)
    assert await assert_whole(store, "scan-1", at_least=0) < 100
    await store.close()
