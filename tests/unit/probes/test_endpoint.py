"""Every address by itself, one try a call, and comparing only where there is something to compare."""

import pytest
from msgspec.structs import replace

from ipv6check.model.contact import EndpointEvidence, HttpReply
from ipv6check.model.dns import DnsOutcome, Lookup, NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.api import Page, Touch
from ipv6check.probes.endpoint import EndpointProbe
from ipv6check.probes.probe import Subject
from tests.unit.engine.world import OK, World

ONE, TWO, V4 = "2606:2800::1", "2606:2800::2", "93.184.216.34"
TARGET = Target(host="a.example", port=443, protocol=Protocol.HTTPS)


def seen(*addresses: str, a: tuple[str, ...] = (V4,), synthesised: bool = False):
    aaaa = Lookup(
        name="a.example", rdtype="AAAA", outcome=DnsOutcome.ANSWER, records=addresses, synthesised=synthesised
    )
    found = Lookup(name="a.example", rdtype="A", outcome=DnsOutcome.ANSWER, records=a)
    return {NameEvidence: NameEvidence(observed_at=0.0, name="a.example", aaaa=aaaa, a=found)}


async def calls(world: World, facts, *, times: int = 1, families=(6, 4), second_look: bool = False) -> EndpointEvidence:
    for _ in range(times):
        subject = Subject(target=TARGET, families=families, second_look=second_look)
        facts[EndpointEvidence] = await EndpointProbe().observe(subject, facts, world, Policy())
    return facts[EndpointEvidence]


@pytest.mark.parametrize(
    ("ends", "tries"),
    [
        ([OK], [1, 1, 1]),
        ([Failure.TIMEOUT], [1, 2, 3, 3]),
        ([Failure.REFUSED], [1, 2, 2]),
        ([Failure.REFUSED, OK], [1, 2, 2]),
        ([Failure.CERTIFICATE_EXPIRED], [1, 1]),
        ([HttpReply(status=404)], [1, 1]),
        ([HttpReply(status=500)], [1, 2, 2]),
    ],
)
async def test_one_try_a_call_until_decided(ends, tries: list[int]):
    world, facts = World(hosts={ONE: ends}), seen(ONE)
    assert [len((await calls(world, facts)).v6[0].attempts) for _ in tries] == tries


async def test_a_second_look_tries_only_what_failed_in_the_network():
    world = World(hosts={ONE: [Failure.TIMEOUT], TWO: [Failure.CERTIFICATE_EXPIRED]})
    facts = seen(ONE, TWO)
    await calls(world, facts, times=3)
    evidence = await calls(world, facts, second_look=True)
    assert [len(contact.attempts) for contact in (*evidence.v6, *evidence.v4)] == [4, 1, 1]


@pytest.mark.parametrize("families", [(6,), (4,), (6, 4), ()])
async def test_only_the_scans_families_are_touched(families: tuple[int, ...]):
    world = World()
    await calls(world, seen(ONE), families=families)
    assert set(world.times) == {address for family, address in ((6, ONE), (4, V4)) if family in families}


async def test_nine_addresses_are_eight_probed_and_said_so():
    world = World()
    evidence = await calls(world, seen(*(f"2606:2800::{number}" for number in range(1, 10))))
    assert (len(evidence.v6), evidence.sampled) == (8, True)


async def test_barred_and_synthesised_addresses_are_never_touched():
    world = World()
    evidence = await calls(world, seen("2001:db8::1", "fd00::1"))
    assert [barred.reason for barred in evidence.barred] == ["documentation", "ula"]
    await calls(world, seen(ONE, synthesised=True))
    assert not world.times  # without IPv6 there is nothing to compare IPv4 with


async def test_port_80_is_asked_once_and_only_when_443_is_decided():
    world, facts = World(hosts={ONE: [Failure.REFUSED]}), seen(ONE)
    await calls(world, facts)
    assert f"{ONE}:80" not in world.touched
    await calls(world, facts, times=3)
    assert world.touched[f"{ONE}:80"] == 1


@pytest.mark.parametrize(("same", "touches"), [(True, 1), (False, 2)])
async def test_pages_are_fetched_again_only_where_they_differ(same: bool, touches: int):
    body = "same" if same else "other"
    replies = {ONE: [HttpReply(status=200, body_sha256="same")], V4: [HttpReply(status=200, body_sha256=body)]}
    world = World(hosts=replies)
    evidence = await calls(world, seen(ONE))
    assert world.touched[f"{ONE}:443"] == touches
    assert evidence.comparison is not None
    assert evidence.comparison.compared is same


async def test_a_spent_budget_ends_the_tries():
    world, facts = World(hosts={ONE: [Failure.TIMEOUT]}), seen(ONE)
    policy = Policy(retries=Policy().retries.__class__(budget_s=9.0))
    for _ in range(4):
        subject = Subject(target=TARGET)
        facts[EndpointEvidence] = await EndpointProbe().observe(subject, facts, world, policy)
    failures = [attempt.failure for attempt in facts[EndpointEvidence].v6[0].attempts]
    assert failures == [Failure.TIMEOUT, Failure.TIMEOUT, Failure.BUDGET]


class Varied(World):
    """Each family has a page of its own, alike in nothing; a status other than 200 is what the second visit meets."""

    def __init__(self, again: int) -> None:
        super().__init__()
        self.again = again

    async def touch(self, endpoint: Endpoint, target: Target, *, mss: int = 0) -> Touch:
        touch = await super().touch(endpoint, target, mss=mss)
        status = 200 if self.touched[f"{endpoint.address}:{endpoint.port}"] == 1 else self.again
        limited = Failure.RATE_LIMITED if status == 429 else None
        return replace(
            touch,
            attempt=replace(touch.attempt, failure=limited),
            http=HttpReply(status=status, body_sha256=endpoint.address),
            page=Page(text=f"{endpoint.address} {status}"),
        )

    def similarity(self, one: Page, other: Page) -> float:
        return 1.0 if one.text == other.text else 0.0


@pytest.mark.parametrize(("again", "compared", "noise"), [(200, True, 1.0), (429, False, 1.0), (500, False, 1.0)])
async def test_a_limit_or_an_error_in_place_of_the_page_is_no_noise(again: int, compared: bool, noise: float):
    comparison = (await calls(Varied(again), seen(ONE))).comparison
    assert comparison is not None
    assert (comparison.similarity, comparison.compared, comparison.noise) == (0.0, compared, noise)
