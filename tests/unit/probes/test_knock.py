"""Who is connected to of the hosts a page loads from, how often, and who is not."""

import asyncio

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.resources import KnockEvidence, Resource, ResourceEvidence
from ipv6check.model.target import Protocol, Target
from ipv6check.probes.knock import KnockProbe
from ipv6check.probes.probe import Subject
from tests.factories import AT, lookup, no
from tests.unit.engine.world import World

SIX, SIX_B, FOUR = "2606:2800::81", "2606:2800::82", "93.184.216.40"


def loaded(host: str = "s.a.vn", url: str = "", aaaa=None, barred: str = "") -> Resource:
    found = aaaa or lookup(SIX, SIX_B, name=host)
    return Resource(host=host, kinds=("script",), url=url or f"https://{host}/x", own=True, aaaa=found, barred=barred)


async def go(
    world: World, *hosts: Resource, probe: KnockProbe | None = None, families: tuple[int, ...] = (6, 4), fresh=False
) -> KnockEvidence:
    target = Target(host="www.a.vn", port=8443, protocol=Protocol.HTTPS)
    seen = {ResourceEvidence: ResourceEvidence(observed_at=AT, page="https://www.a.vn/", resources=hosts)}
    subject = Subject(target=target, families=families, fresh=fresh)
    return await (probe or KnockProbe()).observe(subject, seen, world, Policy())


async def test_one_connection_is_enough_and_all_pages_share_it():
    world, probe = World(), KnockProbe()
    first, second = await asyncio.gather(*(go(world, loaded(), probe=probe) for _ in range(2)))
    assert first.v6 == second.v6
    assert [(one.address, one.port, one.failure) for one in first.v6] == [(SIX, 443, None)]
    assert world.touched == {f"{SIX}:443": 1}
    assert not world.asked
    await go(world, loaded(), probe=probe, fresh=True)
    assert world.touched == {f"{SIX}:443": 2}  # a second look looks


async def test_ipv4_is_asked_only_where_ipv6_is_dead_and_the_scan_may():
    hosts = {SIX: [Failure.TIMEOUT], SIX_B: [Failure.REFUSED]}
    world = World(a={"s.a.vn": (FOUR,)}, hosts=hosts)
    found = await go(world, loaded())
    assert [one.failure for one in found.v6] == [Failure.TIMEOUT, Failure.REFUSED]
    assert [(one.address, one.failure) for one in found.v4] == [(FOUR, None)]
    assert KnockProbe().is_doubtful(found)
    alone = World(a={"s.a.vn": (FOUR,)}, hosts=hosts)
    assert (await go(alone, loaded(), families=(6,))).v4 == ()
    assert not alone.asked


async def test_ports_follow_the_url_and_strange_ones_are_left_alone():
    world = World()
    found = await go(
        world,
        loaded("a.vn", "http://a.vn/x"),
        loaded("b.vn", "wss://b.vn/x"),
        loaded("c.vn", "https://c.vn:8443/x"),
        loaded("d.vn", "https://d.vn:25/x"),
        loaded("e.vn", "ftp://e.vn/x"),
    )
    assert [(one.host, one.port) for one in found.v6] == [("a.vn", 80), ("b.vn", 443), ("c.vn", 8443)]


async def test_nobody_is_contacted_who_must_not_or_cannot_be():
    world = World()
    await go(
        world,
        loaded("a.vn", barred="opted_out"),
        loaded("b.vn", aaaa=no(DnsOutcome.NODATA)),
        loaded("c.vn", aaaa=lookup("fd00::1")),
        loaded("d.vn", aaaa=lookup(SIX, synthesised=True)),
    )
    await go(world, loaded(), families=(4,))
    assert not world.touched
