"""The past of a scan, over a year of simulated scans: what is confirmed, frozen, changed and forecast."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import samples
from msgspec.structs import replace
from tests import year
from tests.year import Year, fill_year

from ipv6check.model.frozen import Frozen, SliceKey
from ipv6check.model.history import MilestoneState, Turn
from ipv6check.model.mandate import Mandate
from ipv6check.model.policy import Policy
from ipv6check.model.rating import Rate, Readiness
from ipv6check.model.scan import ScanState
from ipv6check.model.standing import Standing
from ipv6check.model.trouble import Trouble
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.counting import standing_of
from ipv6check.wiring.reporting.difference import difference_of, scan_named
from ipv6check.wiring.reporting.lineage import lineage_of
from ipv6check.wiring.scans.judging import judge_again
from ipv6check.wiring.scans.retention import plan_of

TODAY = date(2026, 1, 2)
LAST = year.WEEKS - 1


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return asyncio.run(fill_year(tmp_path_factory.mktemp("year")))


@pytest.fixture
async def store(stored: Year) -> AsyncIterator[Store]:
    async with await open_store(stored.url) as opened:
        yield opened


async def after(store: Store, stored: Year, week: int, *, confirmed: bool = True, **more: object) -> Standing:
    return await standing_of(store, stored.scans[week], stored.mandate, today=TODAY, confirmed=confirmed, **more)


def readiness(standing: Standing) -> dict[str, Readiness]:
    return {one.asset.id: one.readiness for one in standing.assets}


async def test_one_bad_scan_overturns_nothing_and_three_do(store: Store, stored: Year) -> None:
    confirmed, raw = await after(store, stored, LAST), await after(store, stored, LAST, confirmed=False)
    shown, seen = readiness(confirmed), readiness(raw)
    assert (shown["dead-1"], seen["dead-1"]) == (Readiness.NOT_READY, Readiness.NOT_READY)
    assert (shown["dead-2"], seen["dead-2"]) == (Readiness.READY, Readiness.NOT_READY)
    assert (shown["dark-1"], seen["dark-1"]) == (Readiness.READY, Readiness.UNKNOWN)
    assert (shown["dark-0"], seen["dark-0"]) == (Readiness.UNKNOWN, Readiness.UNKNOWN)
    assert confirmed.whole.rate.ready == raw.whole.rate.ready + 2
    assert (confirmed.confirmed, raw.confirmed) == (True, False)


async def test_what_is_not_confirmed_and_what_is_old_is_listed(store: Store, stored: Year) -> None:
    confirmed, raw = await after(store, stored, LAST), await after(store, stored, LAST, confirmed=False)
    assert confirmed.past is not None
    (failing,), (carried,) = confirmed.past.unconfirmed, confirmed.past.carried
    assert (failing.asset.id, failing.failures, failing.needed) == ("dead-2", 2, 3)
    assert (failing.observed, failing.scan) == (Readiness.NOT_READY, stored.scans[49].id)
    assert failing.cause[0].rule == "HTTP001"
    assert (carried.asset.id, carried.readiness, carried.scan) == ("dark-1", Readiness.READY, stored.scans[48].id)
    assert {one.asset.id: one.basis for one in confirmed.assets if one.basis} == {
        "dead-2": stored.scans[49].id,
        "dark-1": stored.scans[48].id,
    }
    assert raw.past is not None
    assert (raw.past.unconfirmed, raw.past.carried) == ((), ())


async def test_changes_come_with_their_cause(store: Store, stored: Year) -> None:
    past = (await after(store, stored, LAST)).past
    assert past is not None
    assert past.compared == stored.scans[LAST - 1].id
    found = {one.asset.id: one for one in past.changes}
    assert set(found) == {"dead-1", "late-11"}
    worse, better = found["dead-1"], found["late-11"]
    assert (worse.turn, worse.before, worse.after) == (Turn.WORSE, Readiness.READY, Readiness.NOT_READY)
    assert [one.rule for one in worse.cause][:2] == ["HTTP001", "TCP001"]
    assert {one.status.value for one in worse.was if one.rule in ("HTTP001", "TCP001")} == {"pass"}
    assert (better.turn, better.cause[0].rule, better.was[0].status.value) == (Turn.BETTER, "DNS001", "fail")


async def test_a_merger_moves_assets_and_neither_loses_nor_gains_any(store: Store, stored: Year) -> None:
    # Counted on the scan's own day: half a year later exempt-0 is not exempt any more.
    merged = await standing_of(store, stored.scans[year.MERGES], stored.mandate, today=date(2025, 7, 7), confirmed=True)
    past = merged.past
    assert past is not None
    assert {one.asset.id: one.turn for one in past.changes} == {"new-0": Turn.NEW, "gone-0": Turn.GONE}
    whole = next(one for one in past.series if one.kind == "whole")
    assert len(whole.points) == year.MERGES + 1


async def test_milestones_are_judged_on_what_was_frozen(store: Store, stored: Year) -> None:
    past = (await after(store, stored, LAST)).past
    assert past is not None
    states = {(one.milestone.date, one.milestone.indicator): one for one in past.milestones}
    first = states[date(2025, 3, 31), "applications"]
    late = states[date(2025, 6, 30), "applications"]
    assert (first.state, first.scan) == (MilestoneState.MET, stored.scans[12].id)
    assert (late.state, late.scan, late.met_on) == (MilestoneState.MET_LATE, stored.scans[25].id, date(2025, 9, 22))
    assert states[date(2025, 9, 30), "applications"].state is MilestoneState.MISSED
    assert states[date(2025, 9, 30), "applications"].days == -94
    assert states[date(2026, 6, 30), "applications"].state is MilestoneState.AT_RISK


async def test_the_frozen_rate_of_a_scan_is_that_of_a_report_of_that_day(store: Store, stored: Year) -> None:
    for week in (4, 20, 45):
        scan = stored.scans[week]
        for confirmed in (True, False):
            standing = await standing_of(
                store,
                scan,
                stored.mandate,
                today=date.fromordinal(year.FIRST.toordinal() + 7 * week),
                confirmed=confirmed,
            )
            assert standing.past is not None
            latest = {(one.kind, one.key): one.points[-1] for one in standing.past.series}
            groups = (standing.whole, *standing.agencies, *standing.classes, *standing.indicators, *standing.levels)
            assert {(one.kind, one.key): one.rate for one in groups} == {key: one.rate for key, one in latest.items()}
            assert {one.scan for one in latest.values()} == {scan.id}


async def test_one_agency_has_a_series_and_milestones_of_its_own(store: Store, stored: Year) -> None:
    part = await after(store, stored, LAST, agencies=["so-yte"])
    assert part.past is not None
    series = {(one.kind, one.key): one.points for one in part.past.series}
    assert len(series["whole", ""]) == year.WEEKS
    for kind, key, rate in (
        ("whole", "", part.whole.rate),
        ("indicator", "applications", part.indicators[0].rate),
        ("indicator", "agencies", part.indicators[1].rate),
        ("class", "application", part.classes[0].rate),
    ):
        assert series[kind, key][-1].rate == rate
    assert all(one.asset.agency == "so-yte" for one in part.past.changes)


async def test_counting_again_changes_nothing(store: Store, stored: Year) -> None:
    first, again = await after(store, stored, LAST), await after(store, stored, LAST)
    assert first == again


async def test_another_mandate_is_counted_for_itself(store: Store, stored: Year) -> None:
    strict: Mandate = replace(
        stored.mandate, counting=replace(stored.mandate.counting, fail_after=1), digest="of another file"
    )
    standing = await standing_of(store, stored.scans[LAST], strict, today=TODAY, confirmed=True)
    assert readiness(standing)["dead-2"] is Readiness.NOT_READY
    assert readiness(await after(store, stored, LAST))["dead-2"] is Readiness.READY


async def test_what_cannot_be_trusted_or_looked_at_a_part_only_has_no_point(tmp_path: Path) -> None:
    stored = await fill_year(tmp_path, weeks=8)
    async with await open_store(stored.url) as store:
        bad, part = stored.scans[5], stored.scans[6]
        await store.update_scan(replace(bad, trustworthy=False))
        await store.update_scan(replace(part, selection="limit=3"))
        await store.update_scan(replace(stored.scans[4], state=ScanState.INTERRUPTED))
        standing = await after(store, stored, 7)
        assert standing.past is not None
        whole = next(one for one in standing.past.series if one.kind == "whole")
        assert [one.scan for one in whole.points] == [stored.scans[week].id for week in (0, 1, 2, 3, 7)]
        assert standing.past.compared == stored.scans[3].id
        names = [one.id for one in (await lineage_of(store, stored.scans[7], stored.mandate)).scans]
        assert part.id in names  # a part still says something about what it looked at
        assert bad.id not in names


async def test_a_difference_between_any_two_scans(store: Store, stored: Year) -> None:
    found = await difference_of(store, stored.scans[38], stored.scans[41], stored.mandate, confirmed=True)
    raw = await difference_of(store, stored.scans[38], stored.scans[41], stored.mandate, confirmed=False)
    assert {one.asset.id for one in found.changes if one.turn is Turn.WORSE} == set()
    assert {one.asset.id for one in raw.changes if one.turn is Turn.WORSE} == {"dead-0", "dark-0"}
    assert found.same + len(found.changes) == raw.same + len(raw.changes) == 34
    later = await difference_of(store, stored.scans[38], stored.scans[45], stored.mandate, confirmed=True)
    decided = {one.asset.id: one.scan for one in later.changes if one.turn is Turn.WORSE}
    assert decided == {"dead-0": stored.scans[42].id, "dark-0": stored.scans[44].id}


async def test_scans_go_by_day_and_by_what_came_before(store: Store, stored: Year) -> None:
    mandate, latest = stored.mandate, stored.scans[LAST]
    assert (await scan_named(store, "2025-03-31", mandate)).id == stored.scans[12].id
    assert (await scan_named(store, "previous", mandate, before=latest)).id == stored.scans[LAST - 1].id
    assert (await scan_named(store, "latest", mandate)).id == latest.id
    for name in ("2024-12-31", "2025-02-30"):
        with pytest.raises(Trouble, match=name):
            await scan_named(store, name, mandate)
    with pytest.raises(Trouble, match="ended before"):
        await difference_of(store, latest, stored.scans[3], mandate, confirmed=True)


async def test_evidence_goes_and_what_milestones_rest_on_stays(tmp_path: Path) -> None:
    stored = await fill_year(tmp_path, evidence_every=4)
    now = datetime(2026, 1, 2, tzinfo=UTC)
    async with await open_store(stored.url) as store:
        before = await after(store, stored, LAST)
        plan = await plan_of(store, keep_days=90, now=now)
        kept = {scan.id: why for scan, why in plan.keep}
        # Scan 12 (31 March) decides a milestone; 40 to 48 are of the last 90 days; only every fourth has evidence.
        assert kept == {stored.scans[12].id: "milestone"} | {stored.scans[week].id: "young" for week in (40, 44, 48)}
        assert [scan.id for scan, _ in plan.drop] == [stored.scans[week].id for week in range(0, 40, 4) if week != 12]
        assert {entries for _, entries in plan.drop} == {68}  # two pieces for each of 34 assets
        assert await store.dropped_at(stored.scans[0]) is None  # a plan changes nothing

        assert [await store.drop_evidence(scan) for scan, _ in plan.drop] == [68] * 9
        assert (await plan_of(store, keep_days=90, now=now)).drop == ()
        assert await store.dropped_at(stored.scans[0]) is not None
        assert await store.dropped_at(stored.scans[12]) is None
        assert await after(store, stored, LAST) == before
        assert len(await store.verdicts(stored.scans[0], ["steady-0"])) == 1
        with pytest.raises(Trouble, match="was dropped"):
            await judge_again(store, stored.scans[0], stored.mandate, Policy())


async def test_history_on_both_databases(url: str) -> None:
    """Frozen counts, kin by shared assets, and dropping evidence, where SQL differs."""
    async with await open_store(url) as store:
        scans = []
        for number, name in enumerate(("a.csv", "b.csv", "other.csv")):
            facts = replace(samples.FACTS, digest=str(number) * 64, name=name)
            assets = samples.assets(20) if name != "other.csv" else (samples.asset(n) for n in range(15, 60))
            revision = await store.save_inventory(facts, assets)
            scan = samples.scan(
                name, inventory=name, state=ScanState.COMPLETE, started=number * 1e6, ended=number * 1e6 + 60
            )
            await store.create_scan(scan, revision)
            async with store.writer(scan) as writer:
                await writer.put(samples.result(samples.asset(16)))
            scans.append(scan)
        assert [one.id for one in await store.earlier_scans(scans[1], limit=9)] == ["a.csv"]  # all assets in common
        assert await store.earlier_scans(scans[2], limit=9) == []  # five of forty-five

        rate = Rate(
            denominator=2, ready=1, partial=0, not_ready=1, unknown=0, needs_attestation=0, not_applicable=0, exempt=0
        )
        slices = {SliceKey("whole", ""): rate, SliceKey("class", "service", "vn/1"): replace(rate, ready=0)}
        better = {key: replace(one, ready=2) for key, one in slices.items()}
        frozen = Frozen(mandate="m", readiness="R" * 20, days=(date(2025, 1, 1),), observed=slices, confirmed=better)
        for _ in range(2):
            await store.freeze(scans[0], frozen)
        await store.freeze(scans[1], replace(frozen, confirmed=slices))
        assert await store.frozen_readiness(scans, "m") == {"a.csv": "R" * 20, "b.csv": "R" * 20}
        assert await store.frozen_readiness(scans, "another") == {}
        confirmed = await store.frozen_rates(scans, "m", confirmed=True, within={None, "vn/1"})
        assert confirmed == {"a.csv": better, "b.csv": slices}
        assert (await store.frozen_rates(scans, "m", confirmed=False))["a.csv"] == {SliceKey("whole", ""): rate}
        assert await store.milestone_days(scans) == [date(2025, 1, 1)]

        entries = await store.evidence_entries(scans[:2])
        assert set(entries) == {"a.csv", "b.csv"}
        assert await store.drop_evidence(scans[0]) == entries["a.csv"] > 0
        assert set(await store.evidence_entries(scans)) == {"b.csv", "other.csv"}
        assert await store.drop_evidence(scans[0]) == 0
