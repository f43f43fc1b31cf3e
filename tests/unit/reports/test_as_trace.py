"""What a trace says to people and to machines: every sentence rests on what was measured."""

import json

import pytest

from ipv6check.model.contact import Attempt, Contact
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.networks import Networks
from ipv6check.model.path import AddressTrace, HeaderReply, Path, PathEnd, SizedReply, TargetTrace, Told
from ipv6check.reports.text.as_trace import as_json, render
from ipv6check.reports.text.path_findings import findings, works
from tests.factories import AT, V4, V6, failed, lookup, no, path, path_hop, served

ROUTER = "2a00:1450:ffff::1"
ANSWERED = tuple(SizedReply(octets=octets, told=Told.ANSWER, rtt_ms=1.0) for octets in (1280, 1400, 1500))
LOST = (ANSWERED[0], SizedReply(octets=1400), SizedReply(octets=1500))
BIG = (
    ANSWERED[0],
    SizedReply(octets=1400, told=Told.PACKET_TOO_BIG, told_by=ROUTER, mtu=1280),
    SizedReply(octets=1500, told=Told.PACKET_TOO_BIG, told_by=ROUTER, mtu=1280),
)
DONE = path(PathEnd.REACHED, path_hop(1, address=ROUTER), path_hop(2, Told.ANSWER, V6))
STUCK = path(PathEnd.SILENT, path_hop(1, address=ROUTER))
HOLE = Attempt(at=AT, phase=Phase.TLS, failure=Failure.PATH_MTU_BLACK_HOLE, tcp_ms=1.0)


def header(name: str, told: Told = Told.NOTHING, failure: Failure | None = None) -> HeaderReply:
    return HeaderReply(header=name, reply=SizedReply(octets=2000, told=told, failure=failure))


def one(contact: Contact, *paths: Path, sizes=ANSWERED, headers=()) -> AddressTrace:
    return AddressTrace(contact=contact, paths=paths, sizes=sizes, headers=headers)


def target(*addresses: AddressTrace, **more: object) -> TargetTrace:
    facts = {"target": "https://www.example.vn:443/", "at": AT, "aaaa": lookup(V6), "a": lookup(V4, rdtype="A")}
    return TargetTrace(**(facts | {"addresses": addresses} | more))


GOOD = one(served(), DONE)
BLACK_HOLE = one(Contact(address=V6, port=443, attempts=(HOLE,)), DONE, sizes=LOST)


@pytest.mark.parametrize(
    ("trace", "codes"),
    [
        pytest.param(GOOD, [], id="good"),
        pytest.param(one(served(), DONE, sizes=BIG), ["told_too_big"], id="small-but-told"),
        pytest.param(one(served(), DONE, sizes=LOST), ["large_echo_lost"], id="large-echo-filtered"),
        pytest.param(BLACK_HOLE, ["path_mtu_black_hole", "large_echo_lost"], id="black-hole"),
        pytest.param(one(failed(), STUCK, sizes=(SizedReply(octets=1280),)), ["path-silent"], id="dead"),
        pytest.param(
            one(failed(), STUCK, path(PathEnd.REACHED, means="echo")),
            ["path-silent", "echo_passes"],
            id="port-filtered",
        ),
        pytest.param(
            one(served(), DONE, path(PathEnd.SILENT, means="echo"), sizes=(SizedReply(octets=1280),)), [], id="no-echo"
        ),
        pytest.param(
            one(failed(Failure.TLS_ALERT, phase=Phase.TLS), DONE), ["connects_but_fails"], id="fails-after-tcp"
        ),
        pytest.param(
            one(failed(Failure.LOCAL_NO_ROUTE), path(PathEnd.NOT_MEASURED, cause=Failure.LOCAL_NO_ROUTE), sizes=()),
            ["not_measured"],
            id="ours",
        ),
        pytest.param(
            one(served(), DONE, headers=(header("fragments"), header("destination_options"))),
            ["fragments_lost", "destination_options_lost"],
            id="headers-dropped",
        ),
        pytest.param(
            one(served(), DONE, headers=(header("destination_options", failure=Failure.LOCAL_PERMISSION),)),
            [],
            id="no-right-is-no-loss",
        ),
        pytest.param(
            one(served(), DONE, sizes=LOST, headers=(header("fragments"),)),
            ["large_echo_lost"],
            id="large-not-fragments",
        ),
    ],
)
def test_findings(trace: AddressTrace, codes: list[str]):
    assert [finding.code for finding in findings(trace)] == codes


@pytest.mark.parametrize(
    ("trace", "families", "says"),
    [
        (target(GOOD), (6, 4), True),
        (target(GOOD, one(failed(address=V4))), (6, 4), True),
        (target(GOOD, one(failed(address="2a00:1450::81"))), (6, 4), False),
        (target(BLACK_HOLE), (6, 4), False),
        (target(one(failed(Failure.LOCAL_NO_ROUTE))), (6, 4), None),
        (target(one(served(V4))), (4,), True),
        (target(aaaa=no(DnsOutcome.NODATA)), (6, 4), False),
        (target(aaaa=no(DnsOutcome.SERVFAIL)), (6, 4), None),
    ],
    ids=["good", "ipv4-aside", "one-dead", "black-hole", "ours", "ipv4-asked-for", "no-aaaa", "dns-trouble"],
)
def test_it_works_if_every_ipv6_address_does(trace: TargetTrace, families, says):
    assert works(trace, families) is says


@pytest.mark.parametrize("language", ["en", "vi"])
def test_text_shows_both_families_and_every_finding(language: str):
    stuck = one(failed(), STUCK, path(PathEnd.SILENT, means="echo"), sizes=BIG, headers=(header("fragments"),))
    over4 = path(PathEnd.REACHED, path_hop(1, Told.ANSWER, V4), address=V4)
    for six in (GOOD, BLACK_HOLE, stuck):
        lines = list(render(target(six, one(served(V4), over4)), Networks({"2a00:1450:ffff::/48": "VNPT"}), language))
        text = "\n".join(lines)
        assert any(f"[{V6}]:443" in line and f"{V4}:443" in line for line in lines)
        assert f"{ROUTER} 1.5 ms (VNPT)" in text
        assert "{" not in text, "no placeholder is left"
        assert not any(finding.code in text for finding in findings(six)), "no code in place of a sentence"


def test_a_name_from_the_table_cannot_act_on_a_terminal():
    lines = list(render(target(GOOD), Networks({"2a00:1450:ffff::/48": "\x1b[31mred"}), "en"))
    assert not any("\x1b" in line for line in lines)


def test_machines_get_codes_facts_and_names():
    told = json.loads(as_json(target(BLACK_HOLE), Networks({"2a00:1450:ffff::/48": "VNPT"}), (6, 4)))
    assert told["schema"] == "ipv6check.trace/1"
    assert told["works"] is False
    assert [finding["code"] for finding in told["findings"]] == ["path_mtu_black_hole", "large_echo_lost"]
    assert told["networks"] == {ROUTER: "VNPT"}
    assert told["trace"]["addresses"][0]["paths"][0]["hops"][0]["address"] == ROUTER
