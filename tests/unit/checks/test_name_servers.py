"""The rules about zones and their servers: pass, fail, cannot tell, not applicable."""

import pytest

from ipv6check.checks.registry import CHECKS
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.zone import Break, Chain, Reverse
from tests.factories import (
    HOST,
    V6,
    V6_B,
    binding,
    judged,
    lookup,
    name,
    no,
    ns,
    ns_test,
    reverse,
    said,
    zone_report,
    zones,
)

BY_CODE = {check.rule.code: check for check in CHECKS}
SILENT = {"udp": DnsOutcome.TIMEOUT, "tcp": DnsOutcome.TIMEOUT, "soa": "", "servers": (), "data": ()}
LAME = SILENT | {"udp": DnsOutcome.REFUSED}
OURS = SILENT | {"udp": DnsOutcome.LOCAL_ERROR, "tcp": DnsOutcome.LOCAL_ERROR}
RECURSED = SILENT | {"udp": DnsOutcome.RECURSED, "tcp": DnsOutcome.RECURSED}
NO_AAAA = {"aaaa": DnsOutcome.NODATA, "own6": (), "glue6": ()}
OTHER_SOA = "example.vn ns1.example.vn root.example.vn 2"


def of(*tests, **more):
    return zones(zone_report(*tests, **more))


def broken(zone, reason=Break.NO_AAAA):
    return of(chain=Chain(path=("vn",), broken=zone, reason=reason, servers=("ns1.example.vn",)))


@pytest.mark.parametrize(
    ("code", "evidence", "says"),
    [
        ("DNS005", of(), "pass two-or-more"),
        ("DNS005", of(ns_test(1), ns_test(2, **SILENT)), "fail only-one"),
        ("DNS005", of(ns_test(1), ns_test(2, **LAME)), "fail only-one"),
        ("DNS005", of(ns_test(1), ns_test(2, **OURS)), "unknown servers-undecided"),
        ("DNS005", of(ns_test(1), ns_test(2, barred="opted_out", **SILENT)), "unknown servers-undecided"),
        ("DNS005", of(ns_test(1, **SILENT), ns_test(2, **SILENT)), "fail none-answers"),
        ("DNS005", of(ns_test(1, 4), servers=(ns(1, **NO_AAAA), ns(2, **NO_AAAA))), "fail no-address"),
        ("DNS005", of(ns_test(1), servers=(ns(1), ns(2, aaaa=DnsOutcome.SERVFAIL))), "unknown servers-undecided"),
        ("DNS005", of(ns_test(1, names=("ns1.example.vn", "ns2.example.vn"))), "fail only-one"),
        ("DNS005", of(ns_test(1), ns_test(1, address=V6_B)), "fail only-one"),
        ("DNS005", of(ns_test(1), listed=DnsOutcome.TIMEOUT), "unknown servers-undecided"),
        ("DNS005", of(ns_test(1, 4), ns_test(2, 4), asked_v6=False), "unknown servers-undecided"),
        ("DNS005", of(ns_test(1), ns_test(2, **RECURSED)), "unknown servers-undecided"),
        ("DNS006", of(), "pass two-or-more"),
        ("DNS006", of(ns_test(1), ns_test(1, 4)), "fail only-one"),
        ("DNS006", of(ns_test(1), ns_test(1, 4), ns_test(2, 4, **OURS)), "unknown servers-undecided"),
        ("DNS006", of(ns_test(1), ns_test(2), asked_v4=False), "unknown servers-undecided"),
        ("DNS007", of(), "pass all-answer"),
        ("DNS007", of(ns_test(1), ns_test(2, **SILENT)), "fail server-silent"),
        ("DNS007", of(ns_test(1), ns_test(2, **LAME)), "fail server-lame"),
        ("DNS007", of(ns_test(1), ns_test(2, tcp=DnsOutcome.TIMEOUT)), "fail tcp-silent"),
        ("DNS007", of(ns_test(1), ns_test(2, barred="ula", **SILENT)), "fail address-special"),
        ("DNS007", of(ns_test(1), ns_test(2, **OURS)), "unknown servers-undecided"),
        ("DNS007", of(ns_test(1, 4)), "not-applicable no-ipv6-server"),
        ("DNS007", of(ns_test(1, 4), asked_v6=False), "unknown servers-undecided"),
        ("DNS007", of(ns_test(1), ns_test(2, **RECURSED)), "unknown servers-undecided"),
        ("DNS008", of(ns_test(1, 4), asked_v6=False), "unknown servers-undecided"),
        ("DNS008", of(), "pass same-everywhere"),
        ("DNS008", of(ns_test(1, soa=OTHER_SOA), ns_test(1, 4)), "fail soa-differs"),
        ("DNS008", of(ns_test(1), ns_test(2, soa=OTHER_SOA)), "fail soa-out-of-sync"),
        ("DNS008", of(ns_test(1), ns_test(2, servers=("ns9.example.vn",))), "fail servers-differ"),
        ("DNS008", of(ns_test(1, data=(V6_B,)), ns_test(1, 4)), "fail data-differs"),
        ("DNS008", of(ns_test(1, data=(V6_B,), varies=True), ns_test(1, 4)), "pass same-everywhere"),
        ("DNS008", of(ns_test(1, data=(V6_B,)), ns_test(1, 4), ns_test(2, 4, data=(V6_B,))), "pass same-everywhere"),
        ("DNS008", of(ns_test(1), ns_test(2, **SILENT)), "not-applicable one-address"),
        ("DNS008", of(ns_test(1), ns_test(2, **OURS)), "unknown servers-undecided"),
        ("DNS009", of(), "pass same-delegation"),
        ("DNS009", of(servers=(ns(1, glue6=()), ns(2))), "fail glue-missing"),
        ("DNS009", of(servers=(ns(1, glue6=(V6_B,)), ns(2))), "fail glue-stale"),
        ("DNS009", of(servers=(ns(1, own6=("2a00:1450::51", V6_B)), ns(2))), "fail glue-incomplete"),
        ("DNS009", of(servers=(ns(1), ns(2, in_child=False))), "fail server-not-in-zone"),
        ("DNS009", of(servers=(ns(1), ns(2, in_parent=False, glue6=()))), "fail server-not-in-parent"),
        ("DNS009", of(referral=DnsOutcome.NODATA), "not-applicable same-servers"),
        ("DNS009", of(referral=DnsOutcome.TIMEOUT), "unknown parent-undecided"),
        ("DNS009", of(servers=(ns(1), ns(2, aaaa=DnsOutcome.SERVFAIL, own6=()))), "unknown servers-undecided"),
        ("DNS010", of(), "pass chain-whole"),
        ("DNS010", broken("example.vn"), "fail broken-no-aaaa"),
        ("DNS010", broken("example.vn", Break.SERVERS_SILENT), "fail broken-silent"),
        ("DNS010", broken("vn"), "not-applicable broken-above"),
        ("DNS010", broken("."), "not-applicable broken-above"),
        ("DNS010", of(chain=Chain(undecided="budget")), "unknown walk-undecided"),
        ("DNS010", of(chain=Chain(undecided="no_root")), "unknown walk-undecided"),
        ("DNS011", of(), "not-applicable no-alias"),
        ("DNS011", zones(aliases=(zone_report(),)), "pass two-or-more"),
        ("DNS011", zones(aliases=(zone_report(), zone_report(ns_test(1)))), "fail only-one"),
        ("DNS011", zones(aliases=(zone_report(),), lost=("x.example",)), "unknown alias-zone-undecided"),
        ("DNS011", zones(aliases=(zone_report(ns_test(1)),), lost=("x.example",)), "fail only-one"),
        ("DNS012", of(), "not-applicable no-mail"),
        ("DNS012", zones(mail_found=DnsOutcome.ANSWER, mail=(zone_report(),)), "pass two-or-more"),
        ("DNS012", zones(mail_found=DnsOutcome.ANSWER, mail=(zone_report(ns_test(1)),)), "fail only-one"),
        ("DNS012", zones(mail_found=DnsOutcome.ANSWER, mail_lost=("mx.x",)), "unknown exchanger-zone-undecided"),
        ("DNS012", zones(mail_found=DnsOutcome.SERVFAIL), "unknown mail-undecided"),
        ("DNS013", of(), "pass large-answers-arrive"),
        ("DNS013", of(ns_test(1, **SILENT | {"plain": DnsOutcome.ANSWER})), "fail edns-dropped"),
        ("DNS013", of(ns_test(1, truncated=True, tcp=DnsOutcome.TIMEOUT)), "fail truncated-without-tcp"),
        ("DNS013", of(ns_test(1, udp=DnsOutcome.FORMERR, plain=DnsOutcome.ANSWER)), "pass large-answers-arrive"),
        ("DNS013", of(ns_test(1, **OURS)), "unknown servers-undecided"),
        ("DNS013", of(ns_test(1, 4)), "not-applicable none-answers"),
        ("DNS014", binding(V6), "pass hints-agree"),
        ("DNS014", binding(V6_B), "fail hint-differs"),
        ("DNS014", binding(V6, aaaa=(no(DnsOutcome.NODATA),)), "fail hint-without-aaaa"),
        ("DNS014", binding(V6, aaaa=(no(DnsOutcome.SERVFAIL),)), "unknown dns-undecided"),
        ("DNS014", binding(outcome=DnsOutcome.NODATA), "not-applicable no-record"),
        ("DNS014", binding(), "not-applicable no-hint"),
        ("DNS014", binding(outcome=DnsOutcome.TIMEOUT), "unknown dns-undecided"),
        ("DNS014", binding(V6_B, V6, aaaa=(lookup(V6, V6_B),)), "pass hints-agree"),
        ("DNS015", reverse(Reverse(address=V6, outcome=DnsOutcome.NXDOMAIN)), "fail ptr-missing"),
        (
            "DNS015",
            reverse(Reverse(address=V6, outcome=DnsOutcome.ANSWER, names=("x.vn",), forward=DnsOutcome.ANSWER)),
            "fail not-confirmed",
        ),
        ("DNS015", reverse(Reverse(address=V6, outcome=DnsOutcome.SERVFAIL)), "unknown dns-undecided"),
        (
            "DNS015",
            reverse(Reverse(address=V6, outcome=DnsOutcome.ANSWER, names=("x.vn",), forward=DnsOutcome.TIMEOUT)),
            "unknown dns-undecided",
        ),
        (
            "DNS015",
            reverse(Reverse(address=V6, outcome=DnsOutcome.ANSWER, names=(HOST,), confirmed=True)),
            "pass confirmed",
        ),
        ("DNS015", reverse(), "not-applicable no-address"),
        ("DNS016", of(), "pass signed"),
        ("DNS016", of(ds=DnsOutcome.NODATA, dnskey=DnsOutcome.NODATA), "fail unsigned"),
        ("DNS016", of(ds=DnsOutcome.NODATA), "fail no-ds"),
        ("DNS016", of(dnskey=DnsOutcome.NODATA), "fail ds-without-keys"),
        ("DNS016", of(bogus=True), "fail bogus"),
        ("DNS016", of(ds=DnsOutcome.TIMEOUT), "unknown dnssec-undecided"),
        ("DNS016", name(no(DnsOutcome.SERVFAIL, bogus=True)), "unknown dnssec-undecided"),
    ],
)
def test_truth_table(code, evidence, says):
    assert said(BY_CODE[code], evidence) == says


@pytest.mark.parametrize("code", ["DNS005", "DNS006", "DNS007", "DNS008", "DNS009", "DNS010", "DNS013", "DNS016"])
def test_without_a_zone_nothing_is_said_about_its_servers(code):
    from msgspec.structs import replace

    lost = replace(zones(), found=DnsOutcome.SERVFAIL, zone=None)
    assert said(BY_CODE[code], lost) == "unknown zone-undecided"
    literal = replace(zones(), found=DnsOutcome.NOT_ASKED, zone=None)
    assert said(BY_CODE[code], literal) == "not-applicable no-name"


def test_the_parent_is_named_and_not_the_agency():
    verdict = judged(BY_CODE["DNS010"], broken("vn", Break.SERVERS_SILENT))
    assert (verdict.args["zone"], verdict.args["name"]) == ("vn", "example.vn")


def test_a_break_at_another_zone_of_the_same_organisation_is_its_own():
    report = zone_report(
        zone="dept.example.vn", chain=Chain(broken="example.vn", reason=Break.GLUE_MISSING, servers=("ns1.example.vn",))
    )
    assert said(BY_CODE["DNS010"], zones(report)) == "fail broken-glue-missing"
