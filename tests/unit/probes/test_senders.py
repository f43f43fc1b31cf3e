"""SPF is read for names that take mail, of IPv4 only what is compared, and senders are those the name itself names."""

from ipaddress import ip_address

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.mail import SendersEvidence
from ipv6check.model.target import Protocol, Target
from ipv6check.model.zone import Exchanger, ZonesEvidence
from ipv6check.probes.probe import Subject
from ipv6check.probes.senders import SendersProbe
from tests.unit.engine.world import QUICK, World

MX6, OUT6, MX4 = "2606:2800::25", "2606:2800:1::25", "93.184.216.25"
MX = Exchanger(host="mx.example.vn", preference=10, aaaa=DnsOutcome.ANSWER, addresses=(MX6,))


async def ask(record: str, *exchangers: Exchanger, records=None, **more) -> tuple[SendersEvidence, World]:
    world = World(
        aaaa={"mx.example.vn": (MX6,), "out.example.vn": (OUT6,)},
        a={"mx.example.vn": (MX4,)},
        records={
            ("example.vn", "TXT"): (record,) if record else DnsOutcome.NODATA,
            (ip_address(OUT6).reverse_pointer, "PTR"): ("out.example.vn",),
            **(records or {}),
        },
    )
    zones = ZonesEvidence(
        observed_at=0.0, name="example.vn", found=DnsOutcome.ANSWER, mail_found=DnsOutcome.ANSWER, exchangers=exchangers
    )
    subject = Subject(target=Target(host="example.vn", port=443, protocol=Protocol.HTTPS), **more)
    return await SendersProbe().observe(subject, {ZonesEvidence: zones}, world, QUICK), world


async def test_a_name_without_mx_records_is_asked_nothing() -> None:
    own = Exchanger(host="example.vn", preference=0, aaaa=DnsOutcome.ANSWER, addresses=(MX6,), implicit=True)
    for exchangers in ((), (own,)):
        found, world = await ask("v=spf1 -all", *exchangers)
        assert (found.found, dict(world.asked)) == (DnsOutcome.NOT_ASKED, {})


async def test_a_name_without_record_is_asked_for_that_alone() -> None:
    found, world = await ask("", MX)
    assert (found.result, {*world.asked}) == ("none", {"example.vn TXT"})


async def test_the_senders_a_name_names_are_looked_up_in_reverse_and_ipv4_is_not_looked_at() -> None:
    found, world = await ask(f"v=spf1 ip6:{OUT6} ip6:2606:2800::/64 -all", MX)
    assert [(one.address, one.confirmed) for one in found.senders] == [(OUT6, True), (MX6, False)]
    assert found.covers == (f"{OUT6}/128", "2606:2800::/64")
    assert [(host.v6[0].result, host.v4) for host in found.hosts] == [("pass", ())]
    assert not world.asked["mx.example.vn A"]


async def test_an_exchanger_that_does_not_pass_is_compared_with_its_ipv4_address() -> None:
    found, _ = await ask(f"v=spf1 ip6:{OUT6} ip4:{MX4} -all", MX)
    (host,) = found.hosts
    assert (host.v6[0].result, host.v4[0].address, host.v4[0].result) == ("fail", MX4, "pass")


async def test_special_addresses_are_no_senders() -> None:
    found, world = await ask("v=spf1 ip6:2001:db8::25 -all", MX)
    assert found.senders == ()
    assert not any("ip6.arpa" in asked for asked in world.asked)


async def test_a_name_that_opted_out_is_not_asked_for() -> None:
    found, world = await ask("v=spf1 include:spf.other.vn -all", MX, is_opted_out=lambda name: name == "spf.other.vn")
    assert (found.result, found.cause) == ("temperror", "not_asked")
    assert not world.asked["spf.other.vn TXT"]


async def test_what_may_pass_gets_a_second_look() -> None:
    probe = SendersProbe()
    lost, _ = await ask("v=spf1 include:a.vn -all", MX, records={("a.vn", "TXT"): DnsOutcome.SERVFAIL})
    gone, _ = await ask("v=spf1 include:a.vn -all", MX, records={("a.vn", "TXT"): DnsOutcome.NXDOMAIN})
    assert (probe.is_doubtful(lost), probe.is_doubtful(gone)) == (True, False)
    assert gone.cause == "spf_missing_record"
