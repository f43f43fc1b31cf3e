"""Results: the denominator is the inventory's, pages are safe beside the writer, history is by asset."""

import asyncio
import time

import msgspec
import pytest
import samples
from samples import verdict

from ipv6check.model.asset import Kind
from ipv6check.model.scan import ScanState
from ipv6check.model.verdict import Status
from ipv6check.store import tables
from ipv6check.store.errors import NewerStore, ScanBusy, ScanExists, UnknownScan
from ipv6check.store.lock import STALE_S, Lease
from ipv6check.store.repository import Store
from ipv6check.store.selection import Selection


async def prepared(store: Store, count: int, *scans: str) -> int:
    revision = await store.save_inventory(samples.FACTS, samples.assets(count))
    for number, name in enumerate(scans or ("scan-1",)):
        await store.create_scan(samples.scan(name, started=1000.0 + number), revision)
    return revision


async def test_assets_that_were_never_probed_are_in_the_results(store: Store) -> None:
    await prepared(store, 10)
    async with store.writer("scan-1") as writer:
        for number in (2, 3):
            await writer.put(samples.result(samples.asset(number)))
    found = {stored.asset.id[-1]: stored async for stored in store.results("scan-1", page=3)}
    assert len(found) == 10
    assert found["2"].verdicts == samples.result(samples.asset(2)).verdicts
    assert (found["2"].judged_at, found["4"].judged_at) == (1001.5, None)
    assert {name for name, stored in found.items() if stored.verdicts} == {"2", "3"}


async def test_results_of_one_agency(store: Store) -> None:
    await prepared(store, 10)
    selection = Selection(agencies=frozenset({"vn/3"}), kinds=frozenset({Kind.DOMAIN}))
    found = [stored.asset.agency async for stored in store.results("scan-1", selection=selection, page=1)]
    assert found == ["vn/3", "vn/3"]


async def test_pending_assets_are_handed_out_once_while_the_writer_settles_them(store: Store) -> None:
    await prepared(store, 450)
    async with store.writer("scan-1", batch_rows=50) as writer:
        for one in samples.assets(450):
            await writer.put(samples.result(one, verdicts=(verdict("TCP001", Status.UNKNOWN),), pending=True))
        await writer.flush()
        handed = []
        async for one, gathered in store.pending("scan-1"):
            handed.append(one.id)
            assert [found.target for found in gathered] == [one.targets[0].key]
            assert len(gathered[0].evidence) == 6
            again = len(handed) % 7 == 0
            await writer.put(samples.result(one, verdicts=(verdict("TCP001", Status.FAIL),), pending=again))
    assert sorted(handed) == [one.id for one in samples.assets(450)]
    assert len([1 async for _ in store.pending("scan-1")]) == 450 // 7


async def test_two_scans_of_one_store_do_not_mix(store: Store) -> None:
    await prepared(store, 60, "scan-1", "scan-2")

    async def write(name: str, status: Status) -> None:
        async with store.writer(name, batch_rows=20) as writer:
            for one in samples.assets(60):
                await writer.put(samples.result(one, verdicts=(verdict("DNS001", status),)))
                await asyncio.sleep(0)

    await asyncio.gather(write("scan-1", Status.PASS), write("scan-2", Status.FAIL))
    for name, status in (("scan-1", Status.PASS), ("scan-2", Status.FAIL)):
        assert {stored.verdicts[0].status async for stored in store.results(name)} == {status}


async def test_history_is_newest_first_and_only_of_scans_that_judged_it(store: Store) -> None:
    await prepared(store, 2, "s1", "s2", "s3", "s4")
    for name, status in (("s1", Status.PASS), ("s3", Status.FAIL), ("s4", Status.UNKNOWN)):
        async with store.writer(name) as writer:
            await writer.put(samples.result(samples.asset(0), verdicts=(verdict("DNS001", status),)))
    told = await store.history("asset-0000000", limit=2)
    assert [(scan.id, verdicts[0].status) for scan, verdicts in told] == [("s4", Status.UNKNOWN), ("s3", Status.FAIL)]
    assert await store.history("asset-0000001") == []
    assert await store.verdicts("s1", ["asset-0000000", "asset-0000001"]) == {
        "asset-0000000": (verdict("DNS001", Status.PASS),)
    }


async def test_scans_are_found_by_what_people_call_them(store: Store) -> None:
    revision = await prepared(store, 1, "20250101-ab", "20250101-cd", "20250202-ef", "2025")
    assert (await store.scan()).id == "2025"
    assert (await store.scan("20250202")).id == "20250202-ef"
    assert (await store.scan("2025")).id == "2025"
    with pytest.raises(UnknownScan, match="20250101-ab, 20250101-cd"):
        await store.scan("20250101")
    for missing in ("2024", "%", ""):
        with pytest.raises(UnknownScan):
            await store.scan(missing)
    with pytest.raises(ScanExists):
        await store.create_scan(samples.scan("2025"), revision)
    with pytest.raises(UnknownScan):
        await store.update_scan(samples.scan("none"))
    assert [scan.id for scan in await store.scans(limit=2)] == ["2025", "20250202-ef"]
    assert (await store.revision_of("2025")).number == revision


async def test_the_last_scan_is_a_complete_one_of_its_kind(store: Store) -> None:
    revision = await prepared(store, 1, "a", "b", "c")
    assert await store.last_scan(inventory="sample") is None
    for name, ended in (("a", 1005.0), ("b", 1006.0)):
        scan = await store.scan(name)
        await store.update_scan(msgspec.structs.replace(scan, state=ScanState.COMPLETE, ended=ended))
    last = await store.last_scan(inventory="sample", mandate="dual-stack")
    assert last is not None
    assert (last.id, last.ended) == ("b", 1006.0)
    assert (earlier := await store.last_scan(revision=revision, before=1001.0)) is not None
    assert earlier.id == "a"
    assert await store.last_scan(inventory="sample", mandate="other") is None


async def test_a_scan_is_worked_on_by_one_process_at_a_time(store: Store) -> None:
    await prepared(store, 1, "scan-1", "scan-2")
    async with store.hold("scan-1"):
        with pytest.raises(ScanBusy, match="scan scan-1 is being worked on by process"):
            async with store.hold("scan-1"):
                pytest.fail("the lease was given twice")
        async with store.hold("scan-2") as other:
            assert not other.lost
    async with store.hold("scan-1"):
        pass


async def test_a_lease_from_elsewhere_is_stale_when_it_is_not_renewed(store: Store) -> None:
    await prepared(store, 1)
    number, _ = await store._numbers("scan-1")
    for renewed, is_held in ((time.time(), True), (time.time() - STALE_S - 1, False)):
        row = {"scan": number, "token": "t", "host": "elsewhere.example", "pid": 1, "born": "", "renewed": renewed}
        async with store._database.write() as connection:
            await connection.execute(tables.lease.delete())
            await connection.execute(tables.lease.insert().values(**row))
        if is_held:
            with pytest.raises(ScanBusy, match=r"process 1 on elsewhere\.example"):
                await Lease(store._database, number).take("scan-1")
        else:
            async with store.hold("scan-1") as lease:
                assert not lease.lost


async def test_a_holder_learns_that_its_lease_was_taken_over(store: Store) -> None:
    await prepared(store, 1)
    number, _ = await store._numbers("scan-1")
    async with store.hold("scan-1") as lease:
        await lease.renew()
        assert not lease.lost
        async with store._database.write() as connection:
            await connection.execute(tables.lease.update().values(token="another"))
        await lease.renew()
        assert lease.lost
    async with store._database.read() as connection:
        (row,) = (await connection.execute(tables.lease.select())).all()
    assert row.token == "another"
    assert row.scan == number


async def test_evidence_of_an_unknown_version_is_refused_not_misread(store: Store) -> None:
    await prepared(store, 1)
    async with store.writer("scan-1") as writer:
        await writer.put(samples.result(samples.asset(0)))
    async with store._database.write() as connection:
        await connection.exec_driver_sql("UPDATE evidence SET body = replace(body, 'endpoint/1', 'endpoint/99')")
    with pytest.raises(NewerStore, match="cannot read"):
        await store.evidence("scan-1", [samples.asset(0).targets[0].key])
