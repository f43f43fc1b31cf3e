"""What a scan makes of a network that misbehaves: proof before a fail, unknown for whatever is our own trouble."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS
from ipv6check.engine.events import Crashed, Finished, Judged
from ipv6check.engine.plan import make_plan
from ipv6check.engine.run import Engine
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.result import TargetEvidence
from ipv6check.model.vantage import SelfTest
from ipv6check.model.verdict import Status, Verdict
from ipv6check.probes.registry import PROBES
from tests.unit.engine.world import OK, QUICK, World, fit, stream, web

# A name that keeps its A record has no fault; what asks for its end is another question.
PLAN = make_plan([check for check in CHECKS if check.rule.family != "OFF"], [probe() for probe in PROBES])
GOOD = "2606:2800::80"
OTHER = "2606:2800::81"
V4 = "93.184.216.34"


class Outcome:
    """Everything a scan said: the last verdicts of every asset, the first ones, crashes and the end."""

    def __init__(self) -> None:
        self.first: dict[str, dict[str, Verdict]] = {}
        self.last: dict[str, dict[str, Verdict]] = {}
        self.pending: dict[str, tuple[Asset, tuple[TargetEvidence, ...]]] = {}
        self.crashes: list[Crashed] = []
        self.finished: Finished | None = None
        self.judged = 0

    def take(self, event: object) -> None:
        match event:
            case Judged(asset, result):
                self.judged += 1
                verdicts = {verdict.rule: verdict for verdict in result.verdicts}
                self.first.setdefault(asset.id, verdicts)
                self.last[asset.id] = verdicts
                if result.pending:
                    self.pending[asset.id] = (asset, result.evidence)
                else:
                    self.pending.pop(asset.id, None)
            case Crashed():
                self.crashes.append(event)
            case Finished():
                self.finished = event

    async def stored_pending(self) -> AsyncIterator[tuple[Asset, tuple[TargetEvidence, ...]]]:
        for item in tuple(self.pending.values()):
            yield item


async def scan(world: World, *assets: Asset, policy: Policy = QUICK, first: SelfTest | None = None) -> Outcome:
    outcome = Outcome()
    engine = Engine(net=world, policy=policy, plan=PLAN, watchman=world, first=first or fit())
    async with asyncio.timeout(20):
        async for event in engine.events(stream(*assets), outcome.stored_pending):
            outcome.take(event)
    return outcome


def status(outcome: Outcome, asset: Asset, rule: str) -> str:
    return outcome.last[asset.id][rule].status.value


async def test_a_healthy_name_passes_and_is_touched_once_per_family():
    world = World(aaaa={"a.example": (GOOD,)}, a={"a.example": (V4,)})
    outcome = await scan(world, web("a.example"))
    assert status(outcome, web("a.example"), "HTTP001") == "pass"
    assert world.touched == {f"{GOOD}:443": 1, f"{V4}:443": 1}
    assert outcome.finished == Finished(trustworthy=True, complete=True, lag_p99_ms=outcome.finished.lag_p99_ms)


async def test_a_dead_address_fails_only_after_four_tries_and_is_unknown_until_then():
    world = World(aaaa={"a.example": (GOOD,)}, a={"a.example": (V4,)}, hosts={GOOD: [Failure.TIMEOUT]})
    outcome = await scan(world, web("a.example"))
    first = outcome.first["app-a.example"]["TCP001"]
    assert (first.status.value, first.tag) == ("unknown", "awaiting-confirmation")
    assert status(outcome, web("a.example"), "TCP001") == "fail"
    assert world.touched[f"{GOOD}:443"] == 4


async def test_a_success_at_the_second_look_is_a_pass():
    tries = [Failure.TIMEOUT, Failure.TIMEOUT, Failure.TIMEOUT, OK]
    world = World(aaaa={"a.example": (GOOD,)}, a={"a.example": (V4,)}, hosts={GOOD: tries})
    outcome = await scan(world, web("a.example"))
    assert status(outcome, web("a.example"), "TCP001") == "pass"
    assert status(outcome, web("a.example"), "HTTP001") == "pass"


async def test_every_address_is_tested_by_itself():
    world = World(aaaa={"a.example": (GOOD, OTHER)}, a={"a.example": (V4,)}, hosts={OTHER: [Failure.REFUSED]})
    outcome = await scan(world, web("a.example"))
    assert status(outcome, web("a.example"), "TCP001") == "pass"
    assert status(outcome, web("a.example"), "TCP002") == "fail"
    assert world.touched[f"{GOOD}:443"] == 1


@pytest.mark.parametrize("failure", [Failure.LOCAL_RESOURCES, Failure.LOCAL_NO_ROUTE, Failure.LOCAL_ERROR])
async def test_our_own_trouble_is_never_the_targets(failure: Failure):
    world = World(aaaa={"a.example": (GOOD,)}, a={"a.example": (V4,)}, hosts={GOOD: [failure]})
    outcome = await scan(world, web("a.example"))
    assert "fail" not in {verdict.status.value for verdict in outcome.last["app-a.example"].values()}
    assert status(outcome, web("a.example"), "TCP001") == "unknown"


@pytest.mark.parametrize("trouble", [DnsOutcome.SERVFAIL, DnsOutcome.TIMEOUT, DnsOutcome.REFUSED, DnsOutcome.MALFORMED])
async def test_a_dns_error_is_unknown_and_never_absence(trouble: DnsOutcome):
    world = World(aaaa={"a.example": trouble}, a={"a.example": (V4,)})
    outcome = await scan(world, web("a.example"))
    assert status(outcome, web("a.example"), "DNS001") == "unknown"
    assert "fail" not in {verdict.status.value for verdict in outcome.last["app-a.example"].values()}


async def test_servfail_that_heals_by_the_second_look_is_judged_in_full():
    world = World(aaaa={"a.example": DnsOutcome.SERVFAIL}, a={"a.example": (V4,)})
    outcome = Outcome()
    engine = Engine(net=world, policy=QUICK, plan=PLAN, watchman=world, first=fit())
    async for event in engine.events(stream(web("a.example")), outcome.stored_pending):
        outcome.take(event)
        world.aaaa["a.example"] = (GOOD,)
    assert outcome.first["app-a.example"]["DNS001"].status.value == "unknown"
    assert status(outcome, web("a.example"), "HTTP001") == "pass"


async def test_without_ipv6_only_what_dns_proves_is_judged_and_nothing_is_sent():
    names = {"none.example": DnsOutcome.NODATA, "doc.example": ("2001:db8::1",), "some.example": (GOOD,)}
    world = World(aaaa=names, a={name: (V4,) for name in names})
    assets = [web(name) for name in names]
    outcome = await scan(world, *assets, first=fit(ipv6=False))
    assert status(outcome, assets[0], "DNS001") == "fail"
    assert status(outcome, assets[1], "ADR001") == "fail"
    unreached = outcome.last[assets[2].id]["TCP001"]
    assert (unreached.status.value, unreached.tag) == ("unknown", "vantage-unfit")
    assert not world.touched
    assert outcome.finished is not None
    assert not outcome.finished.trustworthy


async def test_with_dead_dns_everything_is_unknown_and_no_name_is_asked():
    world = World()
    outcome = await scan(world, web("a.example"), first=fit(dns=False))
    assert {verdict.status.value for verdict in outcome.last["app-a.example"].values()} == {"unknown"}
    assert not world.asked
    assert outcome.finished is not None
    assert not outcome.finished.trustworthy


async def test_a_vantage_that_dies_during_the_scan_fails_nobody():
    world = World(
        aaaa={"a.example": (GOOD,)},
        a={"a.example": (V4,)},
        hosts={GOOD: [Failure.TIMEOUT], V4: [Failure.TIMEOUT]},
        selftests=[fit(ipv6=False)],
    )
    single = Policy(retries=Retries_without_second_look(), concurrency=5)
    outcome = await scan(world, web("a.example"), policy=single)
    assert "fail" not in {verdict.status.value for verdict in outcome.last["app-a.example"].values()}
    assert outcome.finished is not None
    assert not outcome.finished.trustworthy


def Retries_without_second_look():
    from msgspec.structs import replace

    return replace(QUICK.retries, second_look_s=None)


async def test_a_target_of_two_assets_is_probed_once():
    world = World(aaaa={"a.example": (GOOD,)}, a={"a.example": (V4,)})
    one, two = web("a.example", asset_id="one"), web("a.example", asset_id="two")
    outcome = await scan(world, one, two)
    assert world.touched[f"{GOOD}:443"] == 1
    assert outcome.last["one"].keys() == outcome.last["two"].keys()


@pytest.mark.parametrize("first", ["domain", "application"])
async def test_what_one_kind_of_asset_asks_for_besides_is_gathered_for_it(first: str):
    """A domain's mail exchangers are spoken to, whoever shares its target, and an application's are not."""
    mx = f"mx.{first}.example"  # the plan's probes remember what was asked
    world = World(
        aaaa={"a.example": (GOOD,), mx: (OTHER,)},
        a={"a.example": (V4,)},
        zones={"a.example": "a.example"},
        records={("a.example", "MX"): (f"10 {mx}",)},
    )
    app = web("a.example", asset_id="application")
    assets = sorted([app, replace(app, id="domain", kind=Kind.DOMAIN)], key=lambda asset: asset.id != first)
    outcome = await scan(world, *assets)
    assert (world.touched[f"{GOOD}:443"], world.touched[f"{OTHER}:25"]) == (1, 1)
    assert outcome.last["domain"]["MAI002"].status is Status.PASS
    assert "MAI002" not in outcome.last["application"]
    await scan(world, app)
    assert (world.touched[f"{GOOD}:443"], world.touched[f"{OTHER}:25"]) == (2, 1)


async def test_a_second_look_that_only_met_trouble_of_ours_confirms_no_dead_exchanger():
    mx = "mx.unconfirmed.example"
    world = World(
        aaaa={"b.example": (GOOD,), mx: (OTHER,)},
        a={"b.example": (V4,)},
        zones={"b.example": "b.example"},
        records={("b.example", "MX"): (f"10 {mx}",)},
        hosts={OTHER: [Failure.REFUSED, Failure.REFUSED, Failure.LOCAL_ERROR]},
    )
    outcome = await scan(world, replace(web("b.example", asset_id="domain"), kind=Kind.DOMAIN))
    assert outcome.last["domain"]["MAI002"].status is Status.UNKNOWN


async def test_a_fault_of_the_program_is_unknown_for_that_asset_and_spares_the_others():
    world = World(aaaa={"b.example": (GOOD,)}, a={"b.example": (V4,)}, broken={"a.example"})
    outcome = await scan(world, web("a.example"), web("b.example"))
    assert {verdict.tag for verdict in outcome.last["app-a.example"].values()} == {"internal-error"}
    assert status(outcome, web("b.example"), "HTTP001") == "pass"
    assert "ZeroDivisionError" in outcome.crashes[0].trace


async def test_an_opted_out_name_is_not_even_resolved():
    world = World()
    outcome = Outcome()
    engine = Engine(
        net=world, policy=QUICK, plan=PLAN, watchman=world, first=fit(), is_opted_out=lambda host: host == "a.example"
    )
    async for event in engine.events(stream(web("a.example")), outcome.stored_pending):
        outcome.take(event)
    assert not world.asked
    assert {verdict.tag for verdict in outcome.last["app-a.example"].values()} == {"opted-out"}


async def test_stop_keeps_what_is_done_and_feeds_no_more():
    names = {f"n{number}.example": (GOOD,) for number in range(500)}
    world = World(aaaa=names, a={name: (V4,) for name in names})
    outcome = Outcome()
    engine = Engine(net=world, policy=QUICK, plan=PLAN, watchman=world, first=fit())
    async with asyncio.timeout(10):
        async for event in engine.events(stream(*(web(name) for name in names)), outcome.stored_pending):
            outcome.take(event)
            if outcome.judged == 10:
                engine.stop()
    assert 10 <= len(outcome.last) < 200
    assert outcome.finished is not None
    assert not outcome.finished.complete
    assert len(asyncio.all_tasks()) == 1
