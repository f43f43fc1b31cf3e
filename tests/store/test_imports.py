"""Imported evidence: a repeat doubles nothing, an older file replaces nothing, other inventories' claims stay."""

from msgspec.structs import replace

from ipv6check.model.imported import Bundle, Claim, Provenance, Sighting, Source
from ipv6check.store.imports import Taken
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store


def bundle(*assets: str, at: float = 1000.0, vantage: str = "gw", proof: str = "ipv6 enable") -> Bundle:
    origin = Provenance(source=Source.CONFIGURATION, vantage=vantage, file="r.conf", sha256="ab", taken_at=at)
    seen = Sighting(provenance=origin, seen_at=at, matched_by="r", proof=proof)
    claims = tuple(Claim(asset=one, kind="device", name=one, sightings=(seen,)) for one in assets)
    return Bundle(provenance=origin, subject="r", claims=claims)


def everybody(_: Claim) -> bool:
    return True


async def test_a_repeat_changes_nothing_and_an_older_file_is_not_taken(store: Store, url: str) -> None:
    first = bundle("a", "b", proof='x\0 "tỉnh"')
    assert await store.imports.take([first], everybody) == [Taken.NEW]
    assert await store.imports.take([first], everybody) == [Taken.SAME]
    assert await store.imports.take([bundle("a", at=2000.0)], everybody) == [Taken.REPLACED]
    assert await store.imports.take([first], everybody) == [Taken.OLDER]
    await store.notes.keep("a", "no import")
    async with await open_store(url) as later:
        assert await later.imports.all() == [bundle("a", at=2000.0)]


async def test_files_of_different_vantages_stand_side_by_side(store: Store) -> None:
    both = [bundle("a", vantage="gw-1"), bundle("a", vantage="gw-2")]
    assert await store.imports.take(both, everybody) == [Taken.NEW, Taken.NEW]
    assert {one.provenance.vantage for one in await store.imports.all()} == {"gw-1", "gw-2"}


async def test_claims_about_assets_that_were_not_asked_about_stay(store: Store) -> None:
    await store.imports.take([bundle("a", "b")], everybody)
    newer = bundle("b", at=2000.0)
    assert await store.imports.take([newer], lambda claim: claim.asset == "b") == [Taken.REPLACED]
    [kept] = await store.imports.all()
    assert [(one.asset, one.sightings[0].seen_at) for one in kept.claims] == [("a", 1000.0), ("b", 2000.0)]
    assert await store.imports.take([newer], lambda claim: claim.asset == "b") == [Taken.SAME]
    assert replace(kept, claims=()) == replace(newer, claims=())
