"""Paths are measured for what failed for good, once a subnet, and for nothing else."""

import pytest

from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.path import PathEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol, Target
from ipv6check.probes.path import MOST_PER_SITE, PathProbe
from ipv6check.probes.probe import Subject
from tests.factories import V4, V6, V6_B, endpoint, failed, served, untried
from tests.unit.engine.world import World

TARGET = Target(host="a.example", port=443, protocol=Protocol.HTTPS)


async def observe(
    probe: PathProbe, world: World, evidence: EndpointEvidence, *, families=(6, 4), again: bool = True
) -> PathEvidence:
    subject = Subject(target=TARGET, families=families, fresh=again)
    return await probe.observe(subject, {EndpointEvidence: evidence}, world, Policy())


@pytest.mark.parametrize(
    "failure", [Failure.TIMEOUT, Failure.NO_ROUTE, Failure.ADDRESS_UNREACHABLE, Failure.ADMIN_PROHIBITED]
)
async def test_a_lost_address_is_traced(failure: Failure):
    world = World()
    found = await observe(PathProbe(), world, endpoint(failed(failure)))
    assert (world.traced, found.wanted) == ([V6], (V6,))
    assert [one.address for one in found.paths] == [V6]


@pytest.mark.parametrize(
    "evidence",
    [
        endpoint(served()),
        endpoint(failed(Failure.REFUSED)),
        endpoint(failed(Failure.LOCAL_NO_ROUTE)),
        endpoint(failed(Failure.BUDGET)),
        endpoint(untried()),
        endpoint(served(), v4=(failed(address=V4),)),
        endpoint(),
    ],
    ids=["works", "refused", "no-route-here", "budget", "untried", "ipv4-dead", "no-address"],
)
async def test_no_packet_where_nothing_was_lost_on_the_way(evidence: EndpointEvidence):
    world = World()
    found = await observe(PathProbe(), world, evidence)
    assert not world.traced
    assert not found.wanted


async def test_the_first_look_only_says_what_it_would_trace():
    world = World()
    found = await observe(PathProbe(), world, endpoint(failed()), again=False)
    assert (world.traced, found.wanted, found.paths) == ([], (V6,), ())


async def test_nothing_is_sent_without_ipv6():
    world = World()
    assert not (await observe(PathProbe(), world, endpoint(failed()), families=(4,))).paths
    assert not world.traced


async def test_one_path_for_a_subnet_and_port():
    world, probe = World(), PathProbe()
    await observe(probe, world, endpoint(failed()))
    found = await observe(probe, world, endpoint(failed(address=V6_B)))
    assert world.traced == [V6]
    assert found.wanted == (V6_B,)
    assert found.paths[0].address == V6, "the neighbour's path, under the neighbour's address"
    await observe(probe, world, endpoint(failed(port=25)))
    assert world.traced == [V6, V6]


async def test_a_site_gets_no_more_than_its_share():
    world, probe = World(), PathProbe()
    for number in range(MOST_PER_SITE + 5):
        last = await observe(probe, world, endpoint(failed(address=f"2606:2800:1:{number:x}::1")))
    assert len(world.traced) == MOST_PER_SITE
    assert last.wanted
    assert not last.paths
