"""Each mail exchanger is spoken to once a scan, whatever the number of names it serves, and nobody without mail."""

import asyncio

import pytest

from ipv6check.model.dns import DnsOutcome, Lookup, NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.mail import MailEvidence
from ipv6check.model.target import Protocol, Target
from ipv6check.model.zone import Exchanger, ZonesEvidence
from ipv6check.probes.mail import MailProbe
from ipv6check.probes.probe import Subject
from ipv6check.probes.zones import ZonesProbe
from tests.unit.engine.world import OK, QUICK, World

MX6, MX6_B, MX4 = "2606:2800::25", "2606:2800::26", "93.184.216.25"


def make_world(**more: object) -> World:
    return World(**{"aaaa": {"mx.vn": (MX6,)}, "a": {"mx.vn": (MX4,)}} | more)


def zones(*exchangers: Exchanger, name: str = "example.vn") -> ZonesEvidence:
    return ZonesEvidence(
        observed_at=0.0, name=name, found=DnsOutcome.ANSWER, mail_found=DnsOutcome.ANSWER, exchangers=exchangers
    )


MX = Exchanger(host="mx.vn", preference=10, aaaa=DnsOutcome.ANSWER, addresses=(MX6,))


async def ask(
    probe: MailProbe, world: World, found: ZonesEvidence, earlier: MailEvidence | None = None, **more
) -> MailEvidence:
    subject = Subject(target=Target(host=found.name, port=443, protocol=Protocol.HTTPS), **more)
    seen = {ZonesEvidence: found} | ({MailEvidence: earlier} if earlier is not None else {})
    return await probe.observe(subject, seen, world, QUICK)


async def test_a_thousand_names_cost_their_exchanger_one_connection_an_address() -> None:
    probe, world = MailProbe(), make_world()
    found = await asyncio.gather(*(ask(probe, world, zones(MX, name=f"a{number}.vn")) for number in range(1000)))
    assert dict(world.touched) == {f"{MX6}:25": 1, f"{MX4}:25": 1}
    assert {(one.name, one.exchangers[0].host) for one in found} == {
        (f"a{number}.vn", "mx.vn") for number in range(1000)
    }


async def test_what_is_tried_again_is_tried_once_for_all() -> None:
    probe, world = MailProbe(), make_world(hosts={MX6: [Failure.TIMEOUT, OK]})
    names = [zones(MX, name=f"a{number}.vn") for number in range(5)]
    first = [await ask(probe, world, one) for one in names]
    assert {probe.wait_s(one, QUICK, (6, 4)) for one in first} == {0.01}
    again = [await ask(probe, world, one, earlier) for one, earlier in zip(names, first, strict=True)]
    assert {probe.wait_s(one, QUICK, (6, 4)) for one in again} == {None}
    assert dict(world.touched) == {f"{MX6}:25": 2, f"{MX4}:25": 1}
    (contact,) = again[-1].exchangers[0].v6
    assert [attempt.failure for attempt in contact.attempts] == [Failure.TIMEOUT, None]


async def test_a_second_look_goes_to_what_failed_and_to_nothing_else() -> None:
    probe = MailProbe()
    world = make_world(aaaa={"mx.vn": (MX6, MX6_B)}, hosts={MX6: [Failure.REFUSED, Failure.REFUSED, OK]})
    first = await ask(probe, world, zones(MX))
    second = await ask(probe, world, zones(MX), first)
    assert probe.is_doubtful(second)
    third = await ask(probe, world, zones(MX), second, fresh=True, second_look=True)
    assert not probe.is_doubtful(third)
    assert dict(world.touched) == {f"{MX6}:25": 3, f"{MX6_B}:25": 1, f"{MX4}:25": 1}


async def test_a_closed_port_25_is_tried_once_and_again_when_others_may_have_answered() -> None:
    probe, world = MailProbe(), make_world(hosts={MX6: [Failure.LOCAL_PORT_BLOCKED, OK]})
    first = await ask(probe, world, zones(MX))
    assert (probe.wait_s(first, QUICK, (6, 4)), probe.is_doubtful(first)) == (None, True)
    later = await ask(probe, world, zones(MX), first, fresh=True, second_look=True)
    assert (later.exchangers[0].v6[0].attempts[-1].failure, world.touched[f"{MX6}:25"]) == (None, 2)


@pytest.mark.parametrize(
    "exchanger",
    [
        Exchanger(host="gone.vn", preference=10, aaaa=DnsOutcome.NXDOMAIN),
        Exchanger(host="four.vn", preference=10, aaaa=DnsOutcome.NODATA),
        Exchanger(host="doc.vn", preference=10, aaaa=DnsOutcome.ANSWER, addresses=("2001:db8::25",)),
        Exchanger(host="mx.vn", preference=10, aaaa=DnsOutcome.NOT_ASKED),  # opted out
    ],
)
async def test_nothing_is_sent_to(exchanger: Exchanger) -> None:
    world = make_world()
    world.aaaa["doc.vn"], world.a["doc.vn"], world.a["four.vn"] = ("2001:db8::25",), (MX4,), (MX4,)
    found = await ask(MailProbe(), world, zones(exchanger))
    assert not world.touched
    assert [one.host for one in found.exchangers] == [exchanger.host]


async def test_a_scan_without_ipv4_leaves_it_alone() -> None:
    world = make_world()
    await ask(MailProbe(), world, zones(MX), families=(6,))
    assert dict(world.touched) == {f"{MX6}:25": 1}
    assert not world.asked["mx.vn A"]


async def exchangers_of(world: World, name: str, *, synthesised: bool = False) -> ZonesEvidence:
    aaaa = Lookup(name=name, rdtype="AAAA", outcome=DnsOutcome.ANSWER, records=(MX6,), synthesised=synthesised)
    a = Lookup(name=name, rdtype="A", outcome=DnsOutcome.ANSWER, records=(MX4,))
    seen = {NameEvidence: NameEvidence(observed_at=0.0, name=name, aaaa=aaaa, a=a)}
    subject = Subject(target=Target(host=name, port=443, protocol=Protocol.HTTPS))
    return await ZonesProbe().observe(subject, seen, world, QUICK)


async def test_without_mx_records_only_the_top_of_a_zone_stands_for_itself() -> None:
    world = World(zones={"example.vn": "example.vn", "www.example.vn": "example.vn"})
    (own,) = (await exchangers_of(world, "example.vn")).exchangers
    assert (own.host, own.implicit, own.addresses) == ("example.vn", True, (MX6,))
    (made_up,) = (await exchangers_of(world, "example.vn", synthesised=True)).exchangers
    assert (made_up.aaaa, made_up.addresses) == (DnsOutcome.NODATA, ())
    assert (await exchangers_of(world, "www.example.vn")).exchangers == ()


@pytest.mark.parametrize("records", [("0 .",), DnsOutcome.SERVFAIL, DnsOutcome.NXDOMAIN])
async def test_neither_a_null_mx_nor_an_error_makes_the_name_its_own_exchanger(records) -> None:
    world = World(zones={"example.vn": "example.vn"}, records={("example.vn", "MX"): records})
    assert (await exchangers_of(world, "example.vn")).exchangers == ()


async def test_an_address_in_place_of_a_name_is_no_exchanger_and_asked_of_nobody() -> None:
    world = World(zones={"example.vn": "example.vn"}, records={("example.vn", "MX"): ("10 93.184.216.25",)})
    (one,) = (await exchangers_of(world, "example.vn")).exchangers
    assert (one.aaaa, world.asked["93.184.216.25 AAAA"]) == (DnsOutcome.NXDOMAIN, 0)
