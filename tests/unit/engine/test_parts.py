"""The parts of the engine by themselves: parking, lateness, the guard, the desk and the plan."""

import asyncio

import pytest
from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS
from ipv6check.engine.desk import MOST_REMEMBERED, Desk, OpenAsset, evidence_key
from ipv6check.engine.guard import PATIENCE_S, WINDOW, Guard
from ipv6check.engine.judge import judge_asset, rests_on_network
from ipv6check.engine.lag import FIRST, LEAST, LagMeter
from ipv6check.engine.lag import WINDOW as LAG_WINDOW
from ipv6check.engine.parking import MOST_PARKED, Parking
from ipv6check.engine.plan import make_plan
from ipv6check.engine.work import Work
from ipv6check.model.asset import Asset, View
from ipv6check.model.contact import Attempt, Contact, EndpointEvidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import RedirectEvidence
from ipv6check.model.result import TargetEvidence
from ipv6check.model.vantage import Fitness
from ipv6check.model.verdict import Status, Verdict
from ipv6check.probes.endpoint import EndpointProbe
from ipv6check.probes.probe import AnyProbe
from ipv6check.probes.registry import PROBES
from tests.factories import healthy
from tests.unit.engine.world import World, fit, web
from tests.virtualtime import VirtualLoop, run_virtual

PLAN = make_plan(CHECKS, [probe() for probe in PROBES])


def work(name: str = "a.example", *probes: AnyProbe) -> Work:
    return Work(target=web(name).targets[0], view=View.PUBLIC, probes=probes, families=(6, 4))


def test_parked_works_come_back_in_the_order_they_are_due_and_not_before():
    parking, works = Parking(), [work(f"n{number}.example") for number in range(3)]
    for one, due in zip(works, (5.0, 1.0, 1.0), strict=True):
        parking.park(one, due)
    assert parking.take_due(0.9) is None
    assert [parking.take_due(5.0) for _ in range(4)] == [works[1], works[2], works[0], None]
    assert parking.next_due() is None


def test_parking_is_full_at_its_bound():
    parking = Parking()
    for _ in range(MOST_PARKED - 1):
        parking.park(work(), 1.0)
    assert not parking.is_full
    parking.park(work(), 1.0)
    assert parking.is_full


@pytest.mark.parametrize(("most", "first", "least"), [(500, FIRST, LEAST), (20, 20, LEAST), (5, 5, 5)])
def test_the_limit_starts_low_falls_at_once_and_stays_in_its_bounds(most: int, first: int, least: int):
    meter = LagMeter(most)
    assert meter.limit == first
    for _ in range(50):
        meter.record(0.1)
    assert meter.limit == least
    for _ in range(LAG_WINDOW * 100):
        meter.record(0.001)
    assert meter.limit == most


def test_only_a_standstill_excuses_time_outs():
    meter = LagMeter(10)
    meter.record(0.4)
    assert not meter.was_late_since(0.0)
    meter.record(0.6)
    assert meter.was_late_since(0.0)
    assert not meter.was_late_since(float("inf"))


@pytest.mark.parametrize(
    ("first", "later", "good"),
    [
        (fit(), fit(), True),
        (fit(), fit(ipv6=False), False),
        (fit(), fit(dns=False), False),
        (fit(), fit(ipv4=False), True),
        (fit(ipv6=False), fit(ipv6=False), True),
        (fit(ipv6=False), fit(ipv6=False, dns=False), False),
        (fit(dns=False), fit(dns=False), True),
    ],
)
async def test_good_is_what_worked_at_the_start_still_works(first, later, good: bool):
    world = World(selftests=[later])
    guard = Guard(world, world.clock, first)
    assert await guard.test() is good
    assert (guard.good_at > 0) is good


def guarded(*, release: bool) -> tuple[bool, float]:
    """What waiting for a vantage that stays unfit brings, and after how many seconds."""
    loop = VirtualLoop()

    async def main() -> tuple[bool, float]:
        guard = Guard(World(selftests=[fit(ipv6=False)], clock=loop), loop, fit())
        await guard.test()
        if release:
            loop.call_later(7.0, guard.release)
        began = loop.time()
        return await guard.wait_until_fit(), round(loop.time() - began, 1)

    return run_virtual(main(), loop)


def test_the_guard_waits_five_minutes_unless_released():
    assert guarded(release=False) == (False, PATIENCE_S)
    assert guarded(release=True) == (True, 7.0)


def test_a_burst_of_failures_asks_for_a_test_at_once_and_a_steady_share_does_not():
    loop = VirtualLoop()

    async def tests_after(outcomes: list[bool]) -> int:
        guard = Guard(World(clock=loop), loop, fit())
        watch = asyncio.create_task(guard.run())
        await asyncio.sleep(0)
        for failed in outcomes:
            guard.settled(failed=failed)
        await asyncio.sleep(1.0)
        watch.cancel()
        return len(guard.fresh)

    async def main() -> tuple[int, int]:
        steady = [number % 2 == 0 for number in range(400)]
        return await tests_after(steady), await tests_after([False] * 200 + [True] * WINDOW)

    assert run_virtual(main(), loop) == (0, 1)


@pytest.mark.parametrize(
    ("failed", "rests"),
    [
        ((), False),
        (("DNS001",), False),
        (("DNS001", "OFF003"), False),  # what the DNS proved is no fault of the network here
        (("HTTP001", "OFF003"), True),
        (("OFF003",), True),  # a zone above is in the way, which none of its parts calls a fail
    ],
)
def test_a_fold_waits_for_a_self_test_unless_a_part_of_it_failed_that_needs_none(failed: tuple[str, ...], rests: bool):
    opened = OpenAsset(asset=web("a.example"), works=[work()])
    verdicts = tuple(
        Verdict(rule=check.rule.code, status=Status.FAIL if check.rule.code in failed else Status.PASS, tag="any")
        for check in PLAN.checks
    )
    assert rests_on_network(opened, verdicts, PLAN) is rests


def test_a_target_is_handed_out_once_while_it_runs_and_remembered_after():
    desk = Desk(PLAN, (6, 4))
    one, two, three = (web("a.example", asset_id=name) for name in ("one", "two", "three"))
    _, [shared] = desk.admit(one)
    assert desk.admit(two)[1] == []
    assert {opened.asset.id for opened in desk.settle(shared)} == {"one", "two"}
    opened, fresh = desk.admit(three)
    assert (opened.outstanding, fresh, opened.works) == (0, [], [shared])
    desk.forget()
    assert len(desk.admit(three)[1]) == 1


def test_a_target_listed_twice_in_one_asset_completes_it_once():
    desk = Desk(PLAN, (6, 4))
    asset = web("a.example")
    asset = replace(asset, targets=asset.targets * 2)
    opened, [shared] = desk.admit(asset)
    assert opened.outstanding == 2
    assert desk.settle(shared) == [opened]
    assert len(desk) == 0


def test_the_two_views_of_a_target_are_two_works_with_two_keys():
    desk = Desk(PLAN, (6, 4))
    public = web("a.example")
    inner: Asset = replace(public, id="inner", view=View.INTERNAL)
    assert len(desk.admit(public)[1]) == 1
    assert len(desk.admit(inner)[1]) == 1
    keys = {evidence_key(public.targets[0], view) for view in View}
    assert len(keys) == len(View)


def test_what_is_remembered_is_bounded():
    desk = Desk(PLAN, (6, 4))
    for number in range(MOST_REMEMBERED + 10):
        desk.settle(desk.admit(web(f"n{number}.example"))[1][0])
    assert len(desk.admit(web("n0.example", asset_id="again"))[1]) == 1
    assert desk.admit(web(f"n{MOST_REMEMBERED + 9}.example", asset_id="again2"))[1] == []


def ended(*ends: Failure | None) -> EndpointEvidence:
    attempts = tuple(Attempt(at=float(at), phase=Phase.TCP, failure=failure) for at, failure in enumerate(ends))
    contact = Contact(address="2606:2800::80", port=443, attempts=attempts)
    return EndpointEvidence(observed_at=0.0, target="t", v6=(contact,))


@pytest.mark.parametrize(
    ("end", "todo"),
    [(Failure.TIMEOUT, True), (Failure.REFUSED, True), (Failure.CERTIFICATE_EXPIRED, False), (None, False)],
)
def test_a_second_look_starts_from_what_was_seen_and_takes_up_only_network_failures(end: Failure | None, todo: bool):
    desk = Desk(PLAN, (6, 4))
    asset = web("a.example")
    redirect = RedirectEvidence(observed_at=0.0, url="https://a.example/")
    evidence = TargetEvidence(target=asset.targets[0].key, evidence=(ended(end), redirect))
    _, [again] = desk.admit(asset, (evidence,), again=True)
    assert again.second_look
    assert (EndpointEvidence in again.todo) is todo
    assert (RedirectEvidence in again.todo) is todo


def test_an_excused_time_out_owes_a_try():
    one = work("a.example", EndpointProbe())
    one.seen[EndpointEvidence] = ended(*[Failure.TIMEOUT] * 3)
    assert one.excuse_timeouts(9.0, Policy()) is None
    assert one.excuse_timeouts(2.0, Policy()) == 2.0
    assert one.waiting == {EndpointEvidence}


def test_a_plan_names_the_evidence_that_nobody_brings():
    with pytest.raises(ValueError, match="no probe yields"):
        make_plan(CHECKS, [])


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.rule.code)
def test_one_wanted_rule_plans_its_probes_after_what_they_need(check):
    plan = make_plan([check], [probe() for probe in PROBES])
    for probes in plan.probes.values():
        brought: set[type] = set()
        for probe in probes:
            assert brought.issuperset(probe.needs)
            brought.add(probe.yields)
    assert plan.families == ((6, 4) if check.compares else (6,))


@pytest.mark.parametrize(
    ("fitness", "tag"), [(Fitness.FIT, "evidence-missing"), (Fitness.NO_IPV6, "vantage-unfit")], ids=["fit", "unfit"]
)
def test_what_was_never_gathered_is_unknown_for_the_reason_there_is(fitness: Fitness, tag: str):
    asset = web("a.example")
    known = {kind: one for kind, one in healthy().items() if kind is not RedirectEvidence}
    opened = OpenAsset(
        asset, works=[Work(target=asset.targets[0], view=View.PUBLIC, probes=(), families=(6, 4), seen=known)]
    )
    verdicts = {one.rule: one for one in judge_asset(opened, PLAN, Policy(), fitness=fitness, now=0.0)}
    assert (verdicts["HTTP004"].status, verdicts["HTTP004"].tag) == (Status.UNKNOWN, tag)
    assert verdicts["DNS001"].status is Status.PASS
