"""When things happen, on a clock that only the waits move."""

import asyncio
import itertools
import tracemalloc
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS
from ipv6check.engine.events import Finished, Judged
from ipv6check.engine.plan import Plan, make_plan
from ipv6check.engine.run import Engine
from ipv6check.model.asset import Asset, Kind, View
from ipv6check.model.contact import EndpointEvidence, HttpReply
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol, Target
from ipv6check.model.vantage import SelfTest
from ipv6check.probes.registry import PROBES
from tests.unit.engine.test_run import Outcome
from tests.unit.engine.world import OK, QUICK, World, fit, stream, web
from tests.virtualtime import VirtualLoop, run_virtual

PLAN = make_plan(CHECKS, [probe() for probe in PROBES])
DEFAULT = Policy()
STEADY = replace(DEFAULT, retries=replace(DEFAULT.retries, jitter=0.0))
ONE_LOOK = replace(STEADY, retries=replace(STEADY.retries, second_look_s=None))
GOOD, OTHER, V4 = "2606:2800::80", "2606:2800::81", "93.184.216.34"
SLOW: dict[Failure | str, float] = {Failure.TIMEOUT: 5.0, OK: 0.05}


def scan(
    make: Callable[[VirtualLoop], World],
    *assets: Asset,
    policy: Policy = STEADY,
    plan: Plan = PLAN,
    first: SelfTest | None = None,
    stop_after: float | None = None,
    opted: frozenset[str] = frozenset(),
) -> tuple[World, Outcome, float, int]:
    """The world afterwards, what was said, the seconds it took, and how many tasks it left."""
    loop = VirtualLoop()
    outcome = Outcome()

    async def main() -> tuple[World, float, int]:
        world = make(loop)
        began = loop.time()
        engine = Engine(
            net=world, policy=policy, plan=plan, watchman=world, first=first or fit(), is_opted_out=opted.__contains__
        )
        if stop_after is not None:
            loop.call_later(stop_after, engine.stop)
        async for event in engine.events(stream(*assets), outcome.stored_pending):
            outcome.take(event)
        return world, loop.time() - began, len(asyncio.all_tasks()) - 1

    world, took, left = run_virtual(main(), loop)
    return world, outcome, took, left


def dead(loop: VirtualLoop) -> World:
    return World(
        aaaa={"a.example": (GOOD,)}, a={"a.example": (V4,)}, hosts={GOOD: [Failure.TIMEOUT]}, takes=SLOW, clock=loop
    )


def gaps(world: World, address: str) -> list[float]:
    """Seconds from the start of each try to the start of the next."""
    times = world.times[address]
    return [round(after - before, 1) for before, after in itertools.pairwise(times)]


def test_a_black_hole_is_tried_after_two_and_fifteen_seconds_and_once_more_much_later():
    world, outcome, _, left = scan(dead, web("a.example"), policy=replace(STEADY, concurrency=5))
    port_80 = world.touched[f"{GOOD}:80"]
    tries = gaps(world, GOOD)
    assert tries[:2] == [pytest.approx(5 + 2, abs=0.3), pytest.approx(5 + 15, abs=0.3)]
    assert world.touched[f"{GOOD}:443"] == 4
    assert port_80 == 2  # once in each look
    fourth = world.times[GOOD][-1] - world.times[GOOD][2]
    assert fourth >= 30
    assert outcome.last["app-a.example"]["TCP001"].status.value == "fail"
    assert left == 0


def test_five_hundred_dead_targets_end_within_their_retries():
    names = {f"n{number}.example": (f"2606:2800::{number + 0x100:x}",) for number in range(500)}
    hosts = {addresses[0]: [Failure.TIMEOUT] for addresses in names.values()}

    def make(loop: VirtualLoop) -> World:
        return World(aaaa=dict(names), a=dict.fromkeys(names, DnsOutcome.NODATA), hosts=hosts, clock=loop)

    world, outcome, _, left = scan(make, *map(web, names), policy=QUICK)
    assert {verdicts["TCP001"].status.value for verdicts in outcome.last.values()} == {"fail"}
    assert set(world.touched.values()) <= {4, 2}  # port 80 is asked once in each look
    assert left == 0


def test_two_hundred_black_holes_end_together():
    names = {f"n{number}.example": (f"2606:2800:{number:x}::1",) for number in range(200)}
    hosts = {addresses[0]: [Failure.TIMEOUT] for addresses in names.values()}

    def make(loop: VirtualLoop) -> World:
        return World(aaaa=dict(names), a=dict.fromkeys(names, DnsOutcome.NODATA), hosts=hosts, takes=SLOW, clock=loop)

    world, outcome, took, left = scan(make, *map(web, names), policy=DEFAULT)
    assert {verdicts["TCP001"].status.value for verdicts in outcome.last.values()} == {"fail"}
    assert took < 150
    assert {count for endpoint, count in world.touched.items() if endpoint.endswith(":443")} == {4}
    assert left == 0


def test_an_address_keeps_its_own_spacing_beside_another():
    def make(loop: VirtualLoop) -> World:
        hosts = {GOOD: [Failure.TIMEOUT], OTHER: [Failure.REFUSED, Failure.RESET, OK]}
        return World(aaaa={"a.example": (GOOD, OTHER)}, a={"a.example": (V4,)}, hosts=hosts, takes=SLOW, clock=loop)

    world, _, _, _ = scan(make, web("a.example"), policy=ONE_LOOK)
    own = gaps(world, GOOD)
    assert own[0] >= 5 + 2
    assert own[1] >= 5 + 15


def test_pacing_delays_a_retry_by_its_own_wait_and_not_by_another_spacing():
    def make(loop: VirtualLoop) -> World:
        hosts = {GOOD: [Failure.REFUSED, OK]}
        waits = {GOOD: [0.0, 0.4, 0.0]}
        return World(
            aaaa={"a.example": (GOOD,)}, a={"a.example": DnsOutcome.NODATA}, hosts=hosts, waits=waits, clock=loop
        )

    world, _, _, _ = scan(make, web("a.example"), policy=ONE_LOOK)
    assert len(gaps(world, GOOD)) == 1
    assert gaps(world, GOOD)[0] < 5 + 1.5


def test_a_servfail_is_asked_again_no_sooner_than_the_second_look():
    asked: list[float] = []

    class Asked(World):
        async def lookup(self, name, rdtype, *, fresh=False):
            if (name, rdtype) == ("a.example", "AAAA"):
                asked.append(self.clock.monotonic())
            return await super().lookup(name, rdtype, fresh=fresh)

    def make(loop: VirtualLoop) -> World:
        return Asked(aaaa={"a.example": DnsOutcome.SERVFAIL}, a={"a.example": (V4,)}, clock=loop)

    _, outcome, _, _ = scan(make, web("a.example"))
    assert len(asked) == 2
    assert asked[1] - asked[0] >= 30
    assert outcome.last["app-a.example"]["DNS001"].status.value == "unknown"


def test_a_redirect_is_followed_once_the_second_look_heals_the_address():
    def make(loop: VirtualLoop) -> World:
        moved = HttpReply(status=302, location="https://b.example/")
        hosts = {GOOD: [Failure.TIMEOUT] * 3 + [moved], OTHER: [Failure.REFUSED, OK]}
        names = {"a.example": (GOOD,), "b.example": (OTHER,)}
        return World(aaaa=names, a=dict.fromkeys(names, (V4,)), hosts=hosts, takes=SLOW, clock=loop)

    world, outcome, _, _ = scan(make, web("a.example"))
    assert world.touched[f"{OTHER}:443"] == 2
    assert outcome.last["app-a.example"]["HTTP004"].status.value == "pass"


def test_a_second_look_that_only_our_own_trouble_met_confirms_nothing():
    def make(loop: VirtualLoop) -> World:
        hosts = {GOOD: [Failure.TIMEOUT] * 3 + [Failure.LOCAL_RESOURCES]}
        return World(aaaa={"a.example": (GOOD,)}, a={"a.example": (V4,)}, hosts=hosts, takes=SLOW, clock=loop)

    _, outcome, _, _ = scan(make, web("a.example"))
    assert outcome.last["app-a.example"]["TCP001"].tag == "awaiting-confirmation"
    assert "app-a.example" in outcome.pending


def test_two_assets_of_one_dead_target_share_its_second_look():
    world, outcome, _, _ = scan(dead, web("a.example", asset_id="one"), web("a.example", asset_id="two"))
    assert world.touched[f"{GOOD}:443"] == 4
    assert {outcome.last[name]["TCP001"].status.value for name in ("one", "two")} == {"fail"}
    assert not outcome.pending


def internal(asset: Asset) -> Asset:
    return replace(asset, id=f"internal-{asset.id}", view=View.INTERNAL)


def test_the_two_views_of_one_target_stay_apart_in_what_is_handed_over():
    results = {}

    class Keeping(Outcome):
        def take(self, event: object) -> None:
            super().take(event)
            if isinstance(event, Judged):
                results[event.asset.id] = event.result

    loop = VirtualLoop()
    world = World(aaaa={"a.example": ("fd00::1",)}, a={"a.example": DnsOutcome.NODATA}, clock=loop)
    public = web("a.example")

    async def main() -> None:
        outcome = Keeping()
        engine = Engine(net=world, policy=STEADY, plan=PLAN, watchman=world, first=fit())
        async for event in engine.events(stream(public, internal(public)), outcome.stored_pending):
            outcome.take(event)

    run_virtual(main(), loop)
    handed = {asset: result.evidence[0] for asset, result in results.items()}
    assert handed["app-a.example"].target != handed["internal-app-a.example"].target
    endpoints = {
        asset: next(item for item in one.evidence if isinstance(item, EndpointEvidence))
        for asset, one in handed.items()
    }
    assert [barred.reason for barred in endpoints["app-a.example"].barred] == ["ula"]
    assert not endpoints["app-a.example"].v6
    assert endpoints["internal-app-a.example"].v6
    assert world.touched == {"fd00::1:443": 1}


def test_a_pending_asset_without_evidence_is_looked_at_anew_and_later():
    loop = VirtualLoop()
    world = dead(loop)
    outcome = Outcome()

    async def main() -> None:
        async def pending():
            for asset, _ in tuple(outcome.pending.values()):
                yield asset, ()

        engine = Engine(net=world, policy=STEADY, plan=PLAN, watchman=world, first=fit())
        async for event in engine.events(stream(web("a.example")), pending):
            outcome.take(event)

    run_virtual(main(), loop)
    assert world.times[GOOD][4] - world.times[GOOD][2] >= 30
    assert outcome.last["app-a.example"]["TCP001"].status.value == "fail"
    assert world.touched[f"{GOOD}:443"] == 6


def test_a_scan_that_compares_nothing_never_touches_ipv4():
    plan = make_plan([check for check in CHECKS if not check.compares], [probe() for probe in PROBES])
    assert plan.families == (6,)

    def make(loop: VirtualLoop) -> World:
        servers = {"zone.example": ("ns1.example",)}
        names = {"a.example": (GOOD,), "ns1.example": ("2606:2800::53",), "dead.example": (OTHER,)}
        hosts = {OTHER: [Failure.REFUSED]}
        zones = dict.fromkeys(names, "zone.example")
        return World(aaaa=names, a=dict.fromkeys(names, (V4,)), hosts=hosts, zones=zones, servers=servers, clock=loop)

    literal = Asset(
        id="four", kind=Kind.SERVICE, name="four", targets=(Target(host=V4, port=443, protocol=Protocol.TCP),)
    )
    world, outcome, _, _ = scan(make, web("a.example"), web("dead.example"), literal, plan=plan)
    contacted = [*world.times, *world.pings, *(address for _, address in world.paired)]
    assert contacted
    assert all(":" in address for address in contacted)
    assert "a.example A" not in world.asked
    assert outcome.last["app-a.example"]["HTTP001"].status.value == "pass"


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.03, 1.0, 4.9, 5.0, 6.0, 7.5, 12.0, 27.1, 33.0, 60.0, 61.0])
def test_stop_at_any_moment_ends_within_the_grace_time_and_leaves_no_task(moment: float):
    names = {f"n{number}.example": (f"2606:2800:{number:x}::1",) for number in range(60)}
    hosts = {addresses[0]: [Failure.TIMEOUT] for number, addresses in enumerate(names.values()) if number % 2}

    def make(loop: VirtualLoop) -> World:
        takes = {**SLOW, "pair": 20.0}
        zones = {name: f"zone{number % 3}" for number, name in enumerate(names)}
        servers = {f"zone{number}": ("ns.example",) for number in range(3)}
        named = {**names, "ns.example": ("2606:2800::53",)}
        answers = dict.fromkeys(names, DnsOutcome.NODATA)
        return World(aaaa=named, a=answers, hosts=hosts, takes=takes, zones=zones, servers=servers, clock=loop)

    _, outcome, took, left = scan(make, *map(web, names), stop_after=moment)
    assert took <= moment + 6
    assert left == 0
    assert isinstance(outcome.finished, Finished)
    assert not outcome.finished.complete


def test_stop_does_not_wait_for_a_vantage_that_is_gone():
    def make(loop: VirtualLoop) -> World:
        world = dead(loop)
        world.selftests = [fit(ipv6=False)]
        return world

    _, outcome, took, left = scan(make, web("a.example"), stop_after=100.0)
    assert took <= 106
    assert left == 0
    assert outcome.finished is not None
    assert not outcome.finished.complete


def test_a_vantage_gone_for_good_ends_the_scan_after_five_minutes():
    def make(loop: VirtualLoop) -> World:
        world = dead(loop)
        world.selftests = [fit(ipv6=False)]
        return world

    _, outcome, took, _ = scan(make, web("a.example"))
    assert took < 420
    assert outcome.finished is not None
    assert (outcome.finished.trustworthy, outcome.finished.complete) == (False, False)
    assert all(verdicts["TCP001"].status.value == "unknown" for verdicts in outcome.last.values())


def test_answers_held_while_the_vantage_was_gone_are_told_when_it_is_back():
    def make(loop: VirtualLoop) -> World:
        world = dead(loop)
        world.aaaa["b.example"] = (OTHER,)
        world.a["b.example"] = (V4,)
        world.hosts[OTHER] = [Failure.CERTIFICATE_EXPIRED]
        world.selftests = [fit(ipv6=False), fit()]
        world.takes = {}
        return world

    _, outcome, _, _ = scan(make, web("a.example"), web("b.example"), policy=QUICK)
    assert outcome.last["app-b.example"]["TLS001"].status.value == "fail"
    assert outcome.last["app-a.example"]["TCP001"].status.value == "fail"
    assert outcome.finished is not None
    assert outcome.finished.trustworthy


def test_a_wall_of_dead_targets_does_not_starve_the_healthy():
    names = {f"n{number}.example": (f"2606:2800:{number:x}::1",) for number in range(600)}
    hosts = {addresses[0]: [Failure.TIMEOUT] for addresses in list(names.values())[:590]}
    done: dict[str, float] = {}
    loop = VirtualLoop()
    world = World(aaaa=names, a=dict.fromkeys(names, DnsOutcome.NODATA), hosts=hosts, takes=SLOW, clock=loop)

    async def main() -> None:
        outcome = Outcome()
        began = loop.time()
        engine = Engine(net=world, policy=STEADY, plan=PLAN, watchman=world, first=fit())
        async for event in engine.events(stream(*map(web, names)), outcome.stored_pending):
            outcome.take(event)
            if isinstance(event, Judged) and not event.result.pending:
                done.setdefault(event.asset.id, loop.time() - began)

    run_virtual(main(), loop)
    assert max(done[f"app-n{number}.example"] for number in range(590, 600)) < 60


def test_memory_stays_flat_over_fifty_thousand_targets():
    checks = [check for check in CHECKS if check.rule.code in ("DNS001", "TCP001", "HTTP001")]
    plan = make_plan(checks, [probe() for probe in PROBES])

    class Every(World):
        async def lookup(self, name, rdtype, *, fresh=False):
            self.aaaa = {name: (GOOD,)}
            found = await super().lookup(name, rdtype, fresh=fresh)
            self.asked.clear()
            self.times.clear()
            return found

    loop = VirtualLoop()
    world = Every(clock=loop)
    marks: list[int] = []

    async def main() -> None:
        async def assets():
            for number in range(50_000):
                yield web(f"n{number}.example")

        async def nobody():
            for nothing in ():
                yield nothing

        seen = 0
        engine = Engine(net=world, policy=STEADY, plan=plan, watchman=world, first=fit())
        async for event in engine.events(assets(), nobody):
            seen += isinstance(event, Judged)
            if seen == 44_000 and not tracemalloc.is_tracing():
                tracemalloc.start()
            if seen in (46_500, 49_500) and isinstance(event, Judged):
                marks.append(tracemalloc.get_traced_memory()[0])
        assert seen == 50_000

    try:
        run_virtual(main(), loop)
    finally:
        tracemalloc.stop()
    # At the first mark every remembered work was made under the tracer; one kept verdict a target would be 1 MB more.
    assert marks[1] - marks[0] < 500_000
