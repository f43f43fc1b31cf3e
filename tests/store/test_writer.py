"""The writer: nothing doubled, nothing lost in silence, memory bounded."""

import asyncio
import json

import pytest
import samples
from samples import verdict
from sqlalchemy import func, select

from ipv6check.model.result import AssetResult, TargetEvidence
from ipv6check.model.verdict import Status
from ipv6check.store import tables
from ipv6check.store.errors import StoreError
from ipv6check.store.repository import Store


async def counts(store: Store) -> dict[str, int]:
    async with store._database.read() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (tables.evidence, tables.judgement)
        }


async def prepared(store: Store, count: int) -> None:
    await store.create_scan(samples.scan(), await store.save_inventory(samples.FACTS, samples.assets(count)))


async def test_writing_everything_again_doubles_nothing(store: Store) -> None:
    await prepared(store, 300)
    for _ in range(2):
        async with store.writer("scan-1", batch_rows=500) as writer:
            for one in samples.assets(300):
                await writer.put(samples.result(one))
        assert writer.stored == 300
        assert await counts(store) == {"evidence": 300 * 6, "judgement": 300}


async def test_a_later_result_replaces_the_set_of_verdicts(store: Store) -> None:
    await prepared(store, 1)
    one = samples.asset(0)
    first = samples.result(one, verdicts=(verdict("DNS001", Status.UNKNOWN), verdict("TCP001")), pending=True)
    second = samples.result(one, verdicts=(verdict("DNS001", Status.FAIL, address="::2"), verdict("TLS001")))
    async with store.writer("scan-1") as writer:
        await writer.put(first)
        await writer.flush()
        assert [(stored.verdicts, stored.pending) async for stored in store.results("scan-1")] == [
            (first.verdicts, True)
        ]
        await writer.put(second)
    assert [(stored.verdicts, stored.pending) async for stored in store.results("scan-1")] == [(second.verdicts, False)]


async def test_two_results_of_an_asset_in_one_batch_keep_the_evidence_of_both(store: Store) -> None:
    await prepared(store, 1)
    name, twin = samples.evidence_of("h0.example.vn")[:2]
    async with store.writer("scan-1") as writer:
        for kept in (name, twin):
            gathered = (TargetEvidence(target="https://h0.example.vn:443/", evidence=(kept,)),)
            await writer.put(AssetResult(asset="asset-0000000", at=1.0, verdicts=(), evidence=gathered))
    found = await store.evidence("scan-1", ["https://h0.example.vn:443/", "https://never.example/"])
    assert found == {"https://h0.example.vn:443/": (name, twin)}


async def test_evidence_comes_back_as_it_went_in(store: Store) -> None:
    await prepared(store, 2)
    async with store.writer("scan-1") as writer:
        for one in samples.assets(2):
            await writer.put(samples.result(one))
    target = samples.asset(1).targets[0].key
    (found,) = (await store.evidence("scan-1", [target])).values()
    assert sorted(found, key=repr) == sorted(samples.evidence_of("h1.example.vn"), key=repr)


async def test_hostile_text_is_stored_without_nul_and_huge_text_is_cut(store: Store) -> None:
    await prepared(store, 1)
    one = samples.asset(0)
    nasty = "a\0b\ud800c\\u0000\u202e'; DROP TABLE judgement; --\n\t\r %s {x}"
    huge = "é" * 300_000
    target = "tcp://" + "x" * 5000 + "\0"
    (endpoint,) = (kept for kept in samples.evidence_of("h0.example.vn") if hasattr(kept, "v6"))
    changed = type(endpoint)(observed_at=1.0, target=huge, v6=endpoint.v6)
    result = AssetResult(
        asset=one.id,
        at=1.0,
        verdicts=(verdict("DNS001", title=nasty, text=huge),),
        evidence=(TargetEvidence(target=target, evidence=(changed,)),),
    )
    async with store.writer("scan-1") as writer:
        await writer.put(result)
    (stored,) = [found async for found in store.results("scan-1")]
    args = stored.verdicts[0].args
    assert args["title"] == nasty.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert len(str(args["text"])) == 1024
    assert str(args["text"]).endswith("é…")
    (found,) = (await store.evidence("scan-1", [target]))[target]
    assert len(found.target) == 1024
    assert found.v6 == endpoint.v6


async def test_stored_json_may_be_cast_to_jsonb(store: Store) -> None:
    await prepared(store, 1)
    async with store.writer("scan-1") as writer:
        await writer.put(samples.result(samples.asset(0), verdicts=(verdict("DNS001", title="\0"),)))
    async with store._database.read() as connection:
        text = (await connection.execute(select(tables.judgement.c.settled_args))).scalar_one()
    assert json.loads(text) == {"DNS001": {"title": "\ufffd"}}
    assert "\\u0000" not in text


async def test_a_batch_is_due_after_its_time_without_a_flush(store: Store) -> None:
    await prepared(store, 1)
    async with store.writer("scan-1", batch_s=0.01) as writer:
        await writer.put(samples.result(samples.asset(0)))
        async with asyncio.timeout(20):
            while not [1 async for _ in store.pending("scan-1")] and writer.stored < 1:
                await asyncio.sleep(0)
        assert await counts(store) == {"evidence": 6, "judgement": 1}


async def test_put_waits_while_too_much_is_under_way(store: Store) -> None:
    await prepared(store, 200)
    most = 0
    async with store.writer("scan-1", batch_rows=50, waiting_rows=100) as writer:
        for one in samples.assets(200):
            await writer.put(samples.result(one))
            most = max(most, writer._waiting_rows)
    assert most < 100 + 24
    assert writer.stored == 200


async def test_a_cancelled_scan_still_stores_what_was_put(store: Store) -> None:
    await prepared(store, 40)
    put = asyncio.Event()

    async def scan() -> None:
        async with store.writer("scan-1", batch_s=3600) as writer:
            for one in samples.assets(40):
                await writer.put(samples.result(one))
            put.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(scan())
    await put.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await counts(store))["judgement"] == 40


async def test_a_failed_batch_is_raised_at_every_turn(store: Store) -> None:
    await prepared(store, 2)
    async with store._database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE judgement")
    with pytest.raises(StoreError):
        async with store.writer("scan-1") as writer:
            await writer.put(samples.result(samples.asset(0)))
            with pytest.raises(StoreError):
                await writer.flush()
            with pytest.raises(StoreError):
                await writer.put(samples.result(samples.asset(1)))
    assert writer.stored == 0
    async with store._database.read() as connection:
        kept = (await connection.execute(select(func.count()).select_from(tables.evidence))).scalar_one()
    assert kept == 0
