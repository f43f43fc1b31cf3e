"""Inventories: stored once, streamed back shuffled by host, resumed without what is done."""

from collections.abc import AsyncIterator
from itertools import pairwise

import msgspec
import pytest
import samples
from samples import verdict

from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Kind
from ipv6check.store.errors import DuplicateAssets
from ipv6check.store.repository import Store
from ipv6check.store.selection import Selection


async def ids(assets: AsyncIterator[Asset]) -> list[str]:
    return [one.id async for one in assets]


async def test_assets_come_back_as_they_went_in(store: Store) -> None:
    agencies = (Agency(id="vn/83", names={"vi": "Tỉnh Bến Tre"}, level="province"),)
    facts = msgspec.structs.replace(samples.FACTS, agencies=agencies, skipped=3)
    revision = await store.save_inventory(facts, samples.assets(25))
    assert sorted([one async for one in store.assets(revision, page=4)], key=lambda one: one.id) == list(
        samples.assets(25)
    )
    assert await store.asset(revision, "asset-0000007") == samples.asset(7)
    assert await store.asset(revision, "no-such") is None
    told = await store.revision(revision)
    assert told is not None
    assert (told.agencies, told.asset_count, told.skipped, told.name) == (agencies, 25, 3, "sample")


async def test_an_equal_digest_is_the_same_revision(store: Store) -> None:
    revision = await store.save_inventory(samples.FACTS, samples.assets(3))
    assert await store.save_inventory(samples.FACTS, samples.assets(3)) == revision
    assert await store.save_inventory(lambda: samples.FACTS, samples.assets(3)) == revision
    assert await store.count_assets(revision) == 3
    other = msgspec.structs.replace(samples.FACTS, digest="e" * 64)
    assert await store.save_inventory(other, samples.assets(4)) != revision


async def test_a_failing_source_leaves_nothing(store: Store) -> None:
    class BrokenFile(Exception):
        pass

    async def broken() -> AsyncIterator[Asset]:
        for one in samples.assets(5000):
            yield one
        raise BrokenFile

    with pytest.raises(BrokenFile):
        await store.save_inventory(samples.FACTS, broken())
    assert await store.revision_by_digest(samples.FACTS.digest) is None
    assert await store.count_assets(1) == 0


async def test_every_repeated_id_is_told_with_both_places(store: Store) -> None:
    def repeated() -> list[Asset]:
        near = samples.asset(5, id="asset-0000004")
        far = samples.asset(5000, id="asset-0000001")
        return [*samples.assets(5), near, *(samples.asset(n) for n in range(10, 3000)), far]

    with pytest.raises(DuplicateAssets) as caught:
        await store.save_inventory(samples.FACTS, repeated())
    told = {(one.id, one.first, one.second) for one in caught.value.duplicates}
    assert told == {
        ("asset-0000004", "sample.yaml:6", "sample.yaml:7"),
        ("asset-0000001", "sample.yaml:3", "sample.yaml:5002"),
    }
    assert caught.value.total == 2
    assert await store.revision_by_digest(samples.FACTS.digest) is None


async def test_assets_of_one_host_are_neighbours_and_hosts_are_shuffled(store: Store) -> None:
    listed = [samples.asset(n, host=f"h{n % 20}.example.vn") for n in range(100)]
    revision = await store.save_inventory(samples.FACTS, listed)
    hosts = [one.host async for one in store.assets(revision, page=7)]
    changes = sum(1 for before, after in pairwise(hosts) if before != after)
    assert changes == 19
    assert list(dict.fromkeys(hosts)) != [f"h{n}.example.vn" for n in range(20)]


async def test_another_seed_starts_elsewhere_and_misses_nothing(store: Store) -> None:
    revision = await store.save_inventory(samples.FACTS, samples.assets(60))
    plain = await ids(store.assets(revision))
    turned = await ids(store.assets(revision, start_at=1, page=9))
    assert turned == await ids(store.assets(revision, start_at=1))
    cut = plain.index(turned[0])
    assert turned == plain[cut:] + plain[:cut]
    assert len({(await ids(store.assets(revision, start_at=seed)))[0] for seed in range(1, 9)}) > 1


async def test_selection_by_columns(store: Store) -> None:
    listed = [
        samples.asset(0, tags=("portal", "vn%"), agency="vn/1"),
        samples.asset(1, tags=("Portal",), agency="vn/1"),
        samples.asset(2, tags=("porta",), agency="vn/2", kind=Kind.APPLICATION),
        samples.asset(3, tags=(), agency="vn/2"),
    ]
    revision = await store.save_inventory(samples.FACTS, listed)

    async def found(**wanted: frozenset[str]) -> set[str]:
        selection = Selection(**wanted)
        selected = await ids(store.assets(revision, selection=selection))
        assert len(selected) == await store.count_assets(revision, selection=selection)
        return {one[-1] for one in selected}

    assert await found(tags=frozenset({"portal"})) == {"0"}
    assert await found(tags=frozenset({"portal", "porta"})) == {"0", "2"}
    assert await found(tags=frozenset({"vn%"})) == {"0"}
    assert await found(tags=frozenset({"%"})) == set()
    assert await found(agencies=frozenset({"vn/1"})) == {"0", "1"}
    assert await found(kinds=frozenset({Kind.APPLICATION}), agencies=frozenset({"vn/1"})) == set()
    assert await found() == {"0", "1", "2", "3"}


async def test_resume_leaves_out_what_is_judged_for_good(store: Store) -> None:
    revision = await store.save_inventory(samples.FACTS, samples.assets(10))
    await store.create_scan(samples.scan(), revision)
    await store.create_scan(samples.scan("scan-2"), revision)
    async with store.writer("scan-1") as writer:
        for number in range(6):
            judged = samples.result(samples.asset(number), verdicts=(verdict("DNS001"),), pending=number % 3 == 0)
            await writer.put(judged)
    left = await ids(store.assets(revision, unfinished_in="scan-1", start_at=5, page=2))
    assert sorted(one[-1] for one in left) == ["0", "3", "6", "7", "8", "9"]
    unseen = await ids(store.assets(revision, unfinished_in="scan-1", including_pending=False, page=2))
    assert sorted(one[-1] for one in unseen) == ["6", "7", "8", "9"]
    assert len(await ids(store.assets(revision, unfinished_in="scan-2"))) == 10


async def test_people_find_assets_by_what_they_know(store: Store) -> None:
    listed = [
        samples.asset(1, host="bentre.gov.vn", name="Cổng thông tin"),
        samples.asset(2, host="mail.bentre.gov.vn"),
        samples.asset(3, host="a_b.example"),
        samples.asset(4, host="axb.example"),
    ]
    revision = await store.save_inventory(samples.FACTS, listed)

    async def found(text: str) -> list[str]:
        return [one.host for one in await store.find_assets(revision, text)]

    assert await found("BENTRE.gov.vn") == ["bentre.gov.vn"]
    assert await found("asset-0000002") == ["mail.bentre.gov.vn"]
    assert await found("thông tin") == ["bentre.gov.vn"]
    assert await found("BenTre") == ["bentre.gov.vn", "mail.bentre.gov.vn"]
    assert await found("a_b.ex") == ["a_b.example"]
    assert await found("nothing") == []


async def test_awkward_ids_and_names_survive(store: Store) -> None:
    listed = [
        samples.asset(1, id="x" * 4000 + "1", name="a\0b"),
        samples.asset(2, id="x" * 4000 + "2", name="'; DROP TABLE asset; --"),
        samples.asset(3, id="Tỉnh/Bến Tre %_\\", name="é" * 3000),
    ]
    revision = await store.save_inventory(samples.FACTS, listed)
    for one in listed[1:]:
        assert await store.asset(revision, one.id) == one
    cleaned = await store.asset(revision, listed[0].id)
    assert cleaned == msgspec.structs.replace(listed[0], name="a\ufffdb")
