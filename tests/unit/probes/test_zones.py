"""A zone is surveyed once, whatever the number of names in it; the walk over IPv6 alone names what breaks."""

import asyncio

import pytest

from ipv6check.checks.mai001_exchangers_without_ipv6 import CHECK as MAI001
from ipv6check.model.dns import DnsOutcome, Lookup, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol, Target
from ipv6check.model.verdict import Status
from ipv6check.model.zone import Break, Direct, ZonesEvidence
from ipv6check.probes.chain import ChainWalker
from ipv6check.probes.probe import Subject
from ipv6check.probes.zones import ZonesProbe
from tests.unit.engine.world import World

ROOT6, VN6, NS6, NS4, OTHER6 = "2001:503::53", "2606:2800:1::53", "2606:2800::53", "93.184.216.34", "2606:2800:9::53"
SOA = "example.vn ns1.example.vn root.example.vn 7"
ANSWER = Direct(outcome=DnsOutcome.ANSWER, records=("ns1.example.vn",), soa=SOA, queries=1)


def refers(zone: str, server: str, *glue: str) -> Direct:
    lines = tuple(f"{server} {address}" for address in glue)
    return Direct(outcome=DnsOutcome.LAME, referral=zone, servers=(server,), glue=lines, queries=1)


def make_world(**more: object) -> World:
    names = [f"h{number}.example.vn" for number in range(1000)]
    world = World(
        zones=dict.fromkeys(names, "example.vn") | {"example.vn": "example.vn", "vn": "vn"},
        servers={"example.vn": ("ns1.example.vn",), "vn": ("a.nic.vn",)},
        aaaa={"ns1.example.vn": (NS6,), "a.nic.vn": (VN6,)},
        a={"ns1.example.vn": (NS4,), "a.nic.vn": DnsOutcome.NODATA},
        roots=(ROOT6,),
        **more,
    )
    world.direct = {
        (ROOT6, "vn", "NS"): refers("vn", "a.nic.vn", VN6),
        (VN6, "example.vn", "NS"): refers("example.vn", "ns1.example.vn", NS6, NS4),
    }
    for address in (NS6, NS4):
        world.direct |= {(address, "example.vn", kind): ANSWER for kind in ("SOA", "TCP NS")}
        world.direct[address, "h0.example.vn", "AAAA"] = Direct(outcome=DnsOutcome.NODATA, queries=1)
    return world


async def ask(probe: ZonesProbe, world: World, host: str, *, chain: tuple[str, ...] = (), **more) -> ZonesEvidence:
    aaaa = Lookup(name=host, rdtype="AAAA", outcome=DnsOutcome.NODATA, chain=chain)
    name = NameEvidence(
        observed_at=0.0, name=host, aaaa=aaaa, a=Lookup(name=host, rdtype="A", outcome=DnsOutcome.NODATA)
    )
    subject = Subject(target=Target(host=host, port=443, protocol=Protocol.HTTPS), **more)
    return await probe.observe(subject, {NameEvidence: name}, world, Policy())


async def test_a_thousand_names_cost_their_zone_one_survey():
    probe, world = ZonesProbe(), make_world()
    found = await asyncio.gather(*(ask(probe, world, f"h{number}.example.vn") for number in range(1000)))
    assert len({id(one.zone) for one in found}) == 1
    # a server: SOA, NS over TCP, AAAA of a name; over IPv6 also the end of the walk
    assert dict(world.directly) == {ROOT6: 1, VN6: 2, NS6: 4, NS4: 3}


async def test_the_report_holds_both_sides_of_the_delegation():
    report = (await ask(ZonesProbe(), make_world(), "h0.example.vn")).zone
    assert report is not None
    assert (report.zone, report.parent, report.organisation) == ("example.vn", "vn", "example.vn")
    assert report.chain.is_whole
    assert report.chain.path == ("vn", "example.vn")
    (server,) = report.servers
    assert (server.in_parent, server.in_child, server.glue6, server.own6) == (True, True, (NS6,), (NS6,))
    assert {test.address for test in report.tests if test.answers} == {NS6, NS4}


@pytest.mark.parametrize("outcome", [DnsOutcome.SERVFAIL, DnsOutcome.TIMEOUT])
async def test_an_error_never_leads_to_the_zone_above(outcome: DnsOutcome):
    class Failing(World):
        async def zone_of(self, name: str) -> tuple[Lookup, str]:
            return Lookup(name=name, rdtype="SOA", outcome=outcome), ""

    found = await ask(ZonesProbe(), Failing(), "h0.example.vn")
    assert (found.zone, found.found) == (None, outcome)


async def test_an_opted_out_alias_is_not_even_looked_for():
    world = make_world()
    found = await ask(
        ZonesProbe(), world, "h0.example.vn", chain=("h1.example.vn",), is_opted_out=lambda name: name.startswith("h1.")
    )
    assert (found.lost, found.aliases) == (("h1.example.vn",), ())


async def test_without_ipv4_nothing_is_sent_over_it():
    world = make_world()
    report = (await ask(ZonesProbe(), world, "h0.example.vn", families=(6,))).zone
    assert report is not None
    assert not report.asked_v4
    assert NS4 not in world.directly


async def test_a_second_look_asks_the_servers_again_once():
    probe, world = ZonesProbe(), make_world()
    await ask(probe, world, "h0.example.vn")
    before = world.directly.total()
    await asyncio.gather(*(ask(probe, world, f"h{number}.example.vn", fresh=True) for number in range(5)))
    assert world.directly.total() == 2 * before


async def test_a_server_with_special_address_is_left_alone():
    world = make_world()
    world.aaaa["ns1.example.vn"] = ("2001:db8::53",)
    report = (await ask(ZonesProbe(), world, "h0.example.vn")).zone
    assert report is not None
    assert [test.barred for test in report.tests if test.is_v6] == ["documentation"]
    assert "2001:db8::53" not in world.directly


async def test_a_dropped_edns_question_is_asked_without():
    world = make_world()
    del world.direct[NS6, "example.vn", "SOA"]
    world.direct[NS6, "example.vn", "SOA plain"] = ANSWER
    report = (await ask(ZonesProbe(), world, "h0.example.vn")).zone
    assert report is not None
    test = next(test for test in report.tests if test.is_v6)
    assert (test.udp, test.plain, test.answers) == (DnsOutcome.TIMEOUT, DnsOutcome.ANSWER, True)


def referral_of_example(world: World, *glue: str, server: str = "ns1.example.vn") -> None:
    world.direct[VN6, "example.vn", "NS"] = refers("example.vn", server, *glue)


def no_glue(world: World) -> None:
    referral_of_example(world, NS4)


def no_aaaa(world: World) -> None:
    referral_of_example(world, NS4)
    world.aaaa["ns1.example.vn"] = DnsOutcome.NODATA


def silent(world: World) -> None:
    del world.direct[NS6, "example.vn", "SOA"]


def lame(world: World) -> None:
    world.direct[NS6, "example.vn", "SOA"] = Direct(outcome=DnsOutcome.REFUSED, queries=1)


def special(world: World) -> None:
    referral_of_example(world, "2001:db8::53")


def name_elsewhere(world: World) -> None:
    """The server's name lies in a zone whose only server has no IPv6."""
    referral_of_example(world, server="ns.provider.vn")
    world.direct[VN6, "provider.vn", "NS"] = refers("provider.vn", "ns.provider.vn", NS4)


def name_in_a_circle(world: World) -> None:
    referral_of_example(world, server="ns.provider.vn")
    world.direct[VN6, "provider.vn", "NS"] = refers("provider.vn", "ns.example.vn")


def parent(world: World) -> None:
    world.direct[ROOT6, "vn", "NS"] = refers("vn", "a.nic.vn", NS4)
    world.aaaa["a.nic.vn"] = DnsOutcome.NODATA


@pytest.mark.parametrize(
    ("damage", "zone", "reason"),
    [
        (no_glue, "example.vn", Break.GLUE_MISSING),
        (no_aaaa, "example.vn", Break.NO_AAAA),
        (silent, "example.vn", Break.SERVERS_SILENT),
        (lame, "example.vn", Break.SERVERS_LAME),
        (special, "example.vn", Break.ADDRESS_UNUSABLE),
        (name_elsewhere, "example.vn", Break.SERVER_NAMES_UNREACHABLE),
        (name_in_a_circle, "example.vn", Break.SERVER_NAMES_UNREACHABLE),
        (parent, "vn", Break.NO_AAAA),
    ],
)
async def test_the_first_broken_zone_is_named(damage, zone: str, reason: Break):
    world = make_world()
    damage(world)
    chain = await ChainWalker(world, internal=False).reach("example.vn")
    assert (chain.broken, chain.reason, chain.undecided) == (zone, reason, "")
    assert not any(":" not in address for address in world.directly), "IPv4 was used"


async def test_a_server_named_elsewhere_is_found_over_ipv6():
    world = make_world()
    referral_of_example(world, server="ns.provider.vn")
    world.direct |= {
        (VN6, "provider.vn", "NS"): refers("provider.vn", "a.provider.vn", OTHER6),
        (OTHER6, "ns.provider.vn", "NS"): Direct(outcome=DnsOutcome.NODATA, queries=1),
        (OTHER6, "ns.provider.vn", "AAAA"): Direct(outcome=DnsOutcome.ANSWER, records=(NS6,), queries=1),
    }
    assert (await ChainWalker(world, internal=False).reach("example.vn")).is_whole


async def test_our_own_fault_breaks_no_zone():
    world = make_world()
    world.direct[VN6, "example.vn", "NS"] = Direct(outcome=DnsOutcome.LOCAL_ERROR)
    chain = await ChainWalker(world, internal=False).reach("example.vn")
    assert (chain.broken, chain.undecided) == ("", "local_error")


async def test_without_root_servers_nothing_is_sent():
    world = make_world()
    world.roots = ()
    assert (await ChainWalker(world, internal=False).reach("example.vn")).undecided == "no_root"
    assert not world.directly


async def test_the_names_of_a_tree_ask_little_more_than_their_own_questions():
    """100 zones of 20 names below one parent: direct questions a name, the walk included."""
    world = World(roots=(ROOT6,))
    world.direct[ROOT6, "vn", "NS"] = refers("vn", "a.nic.vn", VN6)
    world.zones["vn"], world.servers["vn"], world.aaaa["a.nic.vn"] = "vn", ("a.nic.vn",), (VN6,)
    for number in range(100):
        zone, server, address = f"z{number}.vn", f"ns.z{number}.vn", f"2606:2800:{number:x}::53"
        world.servers[zone], world.aaaa[server] = (server,), (address,)
        world.direct[VN6, zone, "NS"] = refers(zone, server, address)
        soa = Direct(outcome=DnsOutcome.ANSWER, soa=f"{zone} {server} root.{zone} 1", queries=1)
        world.direct |= {(address, zone, "SOA"): soa, (address, zone, "TCP NS"): soa}
        world.zones |= {f"h{host}.{zone}": zone for host in range(20)}
    probe = ZonesProbe()
    hosts = [name for name in world.zones if name != "vn"]
    await asyncio.gather(*(ask(probe, world, host, families=(6,)) for host in hosts))
    assert len(hosts) == 2000
    assert world.directly[ROOT6] == 1
    assert world.directly.total() <= 7 * 100


@pytest.mark.parametrize("outcome", [DnsOutcome.SERVFAIL, DnsOutcome.TIMEOUT])
async def test_a_look_up_that_failed_is_no_missing_address(outcome: DnsOutcome):
    world = make_world()
    no_aaaa(world)
    world.aaaa["ns1.example.vn"] = outcome
    chain = await ChainWalker(world, internal=False).reach("example.vn")
    assert (chain.broken, chain.undecided) == ("", outcome.value)


async def test_silence_is_ours_where_no_server_was_ever_heard_that_way():
    world = make_world(deaf={(6, False), (6, True), (4, True)})
    for address, kind in ((NS6, "SOA"), (NS6, "TCP NS"), (NS4, "TCP NS")):
        del world.direct[address, "example.vn", kind]
    report = (await ask(ZonesProbe(), world, "h0.example.vn")).zone
    assert report is not None
    assert {test.address: (test.udp, test.tcp) for test in report.tests} == {
        NS6: (DnsOutcome.LOCAL_ERROR, DnsOutcome.LOCAL_ERROR),
        NS4: (DnsOutcome.ANSWER, DnsOutcome.LOCAL_ERROR),
    }
    assert report.chain.undecided == "local_error"


async def test_silence_is_the_servers_where_another_was_heard():
    world = make_world()
    silent(world)
    del world.direct[NS6, "example.vn", "TCP NS"]
    report = (await ask(ZonesProbe(), world, "h0.example.vn")).zone
    assert report is not None
    test = next(test for test in report.tests if test.is_v6)
    assert (test.udp, test.tcp) == (DnsOutcome.TIMEOUT, DnsOutcome.TIMEOUT)


async def test_a_vantage_without_ipv6_says_that_it_did_not_ask():
    world = make_world()
    report = (await ask(ZonesProbe(), world, "h0.example.vn", families=())).zone
    assert report is not None
    assert (report.asked_v4, report.asked_v6, report.tests) == (False, False, ())
    assert not world.directly


async def test_mail_exchangers_are_asked_for_in_the_order_of_their_preference():
    world = make_world()
    world.records["h0.example.vn", "MX"] = ("20 ns1.example.vn", "10 far.example.vn", "10 ns1.example.vn")
    found = await ask(ZonesProbe(), world, "h0.example.vn")
    assert [(one.host, one.preference, one.aaaa, one.addresses) for one in found.exchangers] == [
        ("far.example.vn", 10, DnsOutcome.NXDOMAIN, ()),
        ("ns1.example.vn", 10, DnsOutcome.ANSWER, (NS6,)),
    ]


async def test_a_null_mx_names_nobody():
    world = make_world()
    world.records["h0.example.vn", "MX"] = ("0 .",)
    found = await ask(ZonesProbe(), world, "h0.example.vn")
    assert (found.mail_found, found.exchangers) == (DnsOutcome.NODATA, ())


async def test_an_exchanger_that_opted_out_is_not_asked_for():
    world = make_world()
    world.records["h0.example.vn", "MX"] = ("10 ns1.example.vn",)
    found = await ask(ZonesProbe(), world, "h0.example.vn", is_opted_out=lambda host: host == "ns1.example.vn")
    assert [one.aaaa for one in found.exchangers] == [DnsOutcome.NOT_ASKED]


async def test_exchangers_beyond_the_eighth_are_on_record_as_not_asked():
    world = make_world()
    hosts = [f"m{number}.example.vn" for number in range(10)]
    world.records["h0.example.vn", "MX"] = tuple(f"{number} {host}" for number, host in enumerate(hosts))
    world.aaaa |= dict.fromkeys(hosts[:8], DnsOutcome.NODATA) | {hosts[8]: (NS6,)}
    found = await ask(ZonesProbe(), world, "h0.example.vn")
    assert [one.aaaa for one in found.exchangers] == [DnsOutcome.NODATA] * 8 + [DnsOutcome.NOT_ASKED] * 2
    assert set(hosts[8:]) <= set(found.mail_lost)
    assert world.asked["m8.example.vn AAAA"] == 0
    verdict = MAI001.judge(found, Policy())
    assert (verdict.status, verdict.tag) == (Status.UNKNOWN, "exchanger-undecided")
