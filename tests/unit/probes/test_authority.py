"""The pairs of a zone are asked once, by whoever comes first, and survive that one but not the last."""

import asyncio

import pytest

from ipv6check.model.asset import View
from ipv6check.model.dns import AuthorityEvidence, DnsOutcome, Lookup, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol, Target
from ipv6check.probes.authority import AuthorityProbe
from ipv6check.probes.probe import Subject
from tests.unit.engine.world import World

V6, V4, ULA = "2606:2800::53", "93.184.216.34", "fd00::53"
NAMES = ("a.example", "b.example", "c.example")


def make_world(**more: object) -> World:
    return World(
        zones=dict.fromkeys(NAMES, "example"),
        servers={"example": ("ns1.example", "ns2.example")},
        aaaa={"ns1.example": (V6,), "ns2.example": (ULA,)},
        a={"ns1.example": (V4,)},
        **more,
    )


async def ask(
    probe: AuthorityProbe,
    world: World,
    host: str,
    *,
    outcome: DnsOutcome = DnsOutcome.NODATA,
    view: View = View.PUBLIC,
    families: tuple[int, ...] = (6, 4),
    fresh: bool = False,
) -> AuthorityEvidence:
    aaaa = Lookup(name=host, rdtype="AAAA", outcome=outcome)
    name = NameEvidence(observed_at=0.0, name=host, aaaa=aaaa, a=Lookup(name=host, rdtype="A", outcome=outcome))
    target = Target(host=host, port=443, protocol=Protocol.HTTPS)
    subject = Subject(target=target, view=view, families=families, fresh=fresh)
    return await probe.observe(subject, {NameEvidence: name}, world, Policy())


async def test_one_pair_a_server_serves_every_name_of_the_zone():
    probe, world = AuthorityProbe(), make_world()
    found = await asyncio.gather(*(ask(probe, world, host) for host in NAMES))
    assert world.paired == [("ns1.example", V6)]
    assert [server.aaaa for server in found[0].servers] == [DnsOutcome.ANSWER, DnsOutcome.NOT_ASKED]
    assert found[0] is found[2]


@pytest.mark.parametrize("outcome", [DnsOutcome.SERVFAIL, DnsOutcome.TIMEOUT, DnsOutcome.NXDOMAIN])
async def test_a_name_whose_own_aaaa_went_wrong_is_asked_about_itself(outcome: DnsOutcome):
    probe, world = AuthorityProbe(), make_world()
    await ask(probe, world, "a.example")
    assert (await ask(probe, world, "b.example", outcome=outcome)).name == "b.example"
    assert len(world.paired) == 2


async def test_a_second_look_asks_afresh():
    probe, world = AuthorityProbe(), make_world()
    await ask(probe, world, "a.example")
    await ask(probe, world, "a.example", fresh=True)
    assert len(world.paired) == 2


async def test_views_do_not_share_what_only_one_may_contact():
    probe, world = AuthorityProbe(), make_world()
    inner = await ask(probe, world, "a.example", view=View.INTERNAL)
    outer = await ask(probe, world, "b.example")
    assert [server.address for server in inner.servers] == [V6, ULA]
    assert [server.address for server in outer.servers] == [V6, ""]


async def test_without_ipv4_no_server_is_asked_over_it():
    probe, world = AuthorityProbe(), make_world()
    world.aaaa["ns1.example"] = DnsOutcome.NODATA
    await ask(probe, world, "a.example", families=(6,))
    assert not world.paired


async def test_the_first_to_ask_may_be_cancelled_without_harm_to_the_others():
    probe, world = AuthorityProbe(), make_world(takes={"pair": 0.01})
    first, second = (asyncio.create_task(ask(probe, world, host)) for host in NAMES[:2])
    while not world.paired:
        await asyncio.sleep(0)
    first.cancel()
    assert (await second).servers[0].aaaa is DnsOutcome.ANSWER
    assert first.cancelled()
    assert len(world.paired) == 1


async def test_the_last_to_be_cancelled_leaves_no_task_and_no_trap():
    probe, world = AuthorityProbe(), make_world(takes={"pair": 30.0})
    tasks = [asyncio.create_task(ask(probe, world, host)) for host in NAMES[:2]]
    while not world.paired:
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    world.takes.clear()
    assert (await ask(probe, world, "c.example")).servers[0].aaaa is DnsOutcome.ANSWER


async def test_a_fault_of_the_program_is_not_kept_for_the_zone():
    probe, world = AuthorityProbe(), make_world(broken={"ns1.example"})
    world.broken = {"ns2.example"}
    world.aaaa["ns2.example"] = (V6,)
    with pytest.raises(ZeroDivisionError):
        await ask(probe, world, "a.example")
    world.broken.clear()
    assert len((await ask(probe, world, "b.example")).servers) == 2
