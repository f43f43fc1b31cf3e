"""Names, twins and echoes: what is asked, and what is not."""

import pytest

from ipv6check.model.asset import View
from ipv6check.model.dns import DnsOutcome, Lookup, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol, Target
from ipv6check.probes.echo import EchoProbe
from ipv6check.probes.name import NameProbe
from ipv6check.probes.probe import Subject
from ipv6check.probes.twin import TwinProbe, twin_of
from tests.unit.engine.world import World

V6, V4, ULA = "2606:2800::80", "93.184.216.34", "fd00::1"
POLICY = Policy()


def subject(host: str, **more: object) -> Subject:
    return Subject(target=Target(host=host, port=443, protocol=Protocol.HTTPS), **more)


@pytest.mark.parametrize(
    ("host", "is_apex", "twin"),
    [
        ("a.example", True, "www.a.example"),
        ("www.a.example", False, "a.example"),
        ("mail.a.example", False, ""),
        ("www.example", True, ""),
        ("www2.a.example", False, ""),
    ],
)
def test_the_twin_of_a_name(host: str, is_apex: bool, twin: str):
    assert twin_of(host, is_apex=is_apex) == twin


@pytest.mark.parametrize(
    ("host", "twin"),
    [
        ("bentre.gov.vn", "www.bentre.gov.vn"),
        ("www.bentre.gov.vn", "bentre.gov.vn"),
        ("gov.vn", ""),
        (V6, ""),
        (V4, ""),
    ],
)
async def test_only_an_expected_twin_is_looked_up(host: str, twin: str):
    world = World()
    evidence = await TwinProbe().observe(subject(host), {}, world, POLICY)
    assert evidence.twin == twin
    assert set(world.asked) == ({f"{twin} A", f"{twin} AAAA"} if twin else set())


async def test_a_twin_that_opted_out_is_not_resolved():
    world = World()
    told = subject("bentre.gov.vn", is_opted_out=lambda name: name == "www.bentre.gov.vn")
    assert (await TwinProbe().observe(told, {}, world, POLICY)).twin == ""
    assert not world.asked


@pytest.mark.parametrize(
    ("families", "asked"),
    [((6, 4), {"a.example A", "a.example AAAA"}), ((6,), {"a.example AAAA"}), ((), {"a.example AAAA"})],
)
async def test_a_is_asked_only_to_compare(families: tuple[int, ...], asked: set[str]):
    world = World()
    await NameProbe().observe(subject("a.example", families=families), {}, world, POLICY)
    assert set(world.asked) == asked


@pytest.mark.parametrize(("host", "aaaa", "a"), [(V6, (V6,), ()), (V4, (), (V4,))])
async def test_a_literal_is_its_own_answer_and_asks_nobody(host: str, aaaa: tuple[str, ...], a: tuple[str, ...]):
    world = World()
    evidence = await NameProbe().observe(subject(host), {}, world, POLICY)
    assert (evidence.aaaa.records, evidence.a.records, evidence.aaaa.outcome) == (aaaa, a, DnsOutcome.NOT_ASKED)
    assert not world.asked


@pytest.mark.parametrize(
    ("families", "view", "addresses", "synthesised", "pinged"),
    [
        ((6, 4), View.PUBLIC, (V6,), False, [V6, V4]),
        ((6,), View.PUBLIC, (V6,), False, [V6]),
        ((), View.PUBLIC, (V6,), False, []),
        ((6,), View.PUBLIC, (ULA, V6), False, [V6]),
        ((6,), View.INTERNAL, (ULA, V6), False, [ULA]),
        ((6,), View.PUBLIC, (V6,), True, []),
    ],
)
async def test_one_echo_a_family_to_an_address_that_may_be_contacted(families, view, addresses, synthesised, pinged):
    aaaa = Lookup(
        name="a.example", rdtype="AAAA", outcome=DnsOutcome.ANSWER, records=addresses, synthesised=synthesised
    )
    a = Lookup(name="a.example", rdtype="A", outcome=DnsOutcome.ANSWER, records=(V4,))
    seen = {NameEvidence: NameEvidence(observed_at=0.0, name="a.example", aaaa=aaaa, a=a)}
    world = World()
    await EchoProbe().observe(subject("a.example", families=families, view=view), seen, world, POLICY)
    assert world.pings == pinged
