"""HTTP006: what a page loads from hosts of its own organisation."""

import pytest

from ipv6check.checks.http006_own_resource_without_ipv6 import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.redirect import HopOutcome
from tests.factories import (
    V6_B,
    endpoint,
    failed,
    hop,
    judged,
    knock,
    knocks,
    lookup,
    no,
    redirect,
    resource,
    resources,
    said,
)

GOOD, GONE = resource("static.example.vn"), resource("old.example.vn", no(DnsOutcome.NODATA))
LOST = resource("lost.example.vn", no(DnsOutcome.SERVFAIL))


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        pytest.param(resources(GOOD), "pass own-hosts-have-ipv6", id="good"),
        pytest.param(resources(), "pass no-own-hosts", id="nothing"),
        pytest.param(resources(resource("cdn.net", GONE.aaaa, own=False)), "pass no-own-hosts", id="others"),
        pytest.param(resources(GOOD, GONE), "fail own-host-without-ipv6", id="nodata"),
        pytest.param(
            resources(resource("a.example.vn", no(DnsOutcome.NXDOMAIN))), "fail own-host-without-ipv6", id="nxdomain"
        ),
        pytest.param(
            resources(resource("a.example.vn", barred="loopback")), "fail own-host-without-ipv6", id="special"
        ),
        pytest.param(
            resources(resource("a.example.vn", lookup("64:ff9b::1", synthesised=True))),
            "fail own-host-without-ipv6",
            id="made-up-by-dns64",
        ),
        pytest.param(resources(LOST), "unknown host-dns-undecided", id="servfail"),
        pytest.param(resources(LOST, GONE), "fail own-host-without-ipv6", id="a-proof-beats-a-doubt"),
        pytest.param(
            resources(resource("a.example.vn", no(DnsOutcome.NOT_ASKED), barred="opted_out")),
            "unknown host-dns-undecided",
            id="opted-out",
        ),
        pytest.param(resources(GOOD, cut=True), "unknown page-cut", id="cut"),
        pytest.param(resources(GONE, cut=True), "fail own-host-without-ipv6", id="cut-and-bad"),
        pytest.param(resources(literals=("http://10.1.2.3/x.js",)), "fail ipv4-literal", id="literal"),
        pytest.param(resources(page=""), "not-applicable no-page", id="no-page"),
    ],
)
def test_truth_table(evidence, says):
    assert said(CHECK, evidence) == says


HOST, V4_OF = GOOD.host, "93.184.216.35"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (knocks(knock()), "pass own-hosts-have-ipv6"),
        (knocks(knock(HOST, Failure.REFUSED), knock(HOST, address=V6_B)), "pass own-hosts-have-ipv6"),
        (knocks(knock(HOST, Failure.REFUSED), knock(HOST, Failure.TIMEOUT, V6_B)), "fail own-host-unanswered"),
        (knocks(knock(HOST, Failure.TIMEOUT), v4=(knock(HOST, address=V4_OF),)), "fail own-host-unanswered"),
        (knocks(knock(HOST, Failure.CERTIFICATE_WRONG_NAME)), "fail own-host-unanswered"),
        # dead over IPv4 as well: nobody knows what the page needs it for
        (knocks(knock(HOST, Failure.TIMEOUT), v4=(knock(HOST, Failure.REFUSED, V4_OF),)), "unknown host-untried"),
        # IPv4 did not tell
        (knocks(knock(HOST, Failure.TIMEOUT), v4=(knock(HOST, Failure.LOCAL_NO_ROUTE, V4_OF),)), "fail own-host"),
        # ours, or nobody went there
        (knocks(knock(HOST, Failure.LOCAL_RESOURCES)), "unknown host-untried"),
        (knocks(knock(HOST, Failure.REFUSED), knock(HOST, Failure.NOT_CONTACTED, V6_B)), "unknown host-untried"),
        (knocks(), "unknown host-untried"),
        (knocks(knock("other.example.vn")), "unknown host-untried"),
    ],
)
def test_a_host_with_an_address_must_answer_there(found, says):
    assert said(CHECK, resources(GOOD), found).startswith(says)


def test_no_reply_for_a_reason_of_ours_is_unknown():
    ours = endpoint(failed(Failure.LOCAL_RESOURCES))
    assert said(CHECK, ours, resources(page="")).startswith("unknown")


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (hop(HopOutcome.DNS_UNKNOWN), "unknown redirect-undecided"),
        (hop(HopOutcome.LOOP), "unknown redirect-undecided"),
        (hop(HopOutcome.BLOCKED_ADDRESS, detail="opted_out"), "unknown redirect-undecided"),
        (hop(HopOutcome.UNREACHABLE, failure=Failure.LOCAL_ERROR), "unknown redirect-undecided"),
        (hop(HopOutcome.UNREACHABLE, failure=Failure.TIMEOUT), "not-applicable no-page"),
        (hop(HopOutcome.NO_AAAA), "not-applicable no-page"),
    ],
)
def test_where_redirects_lead_must_be_told(last, says):
    assert said(CHECK, redirect(hop(HopOutcome.FOLLOWED, status=301), last), resources(page="")) == says


def test_the_first_few_hosts_are_named_and_all_are_counted():
    many = [resource(f"h{number}.example.vn", no(DnsOutcome.NODATA)) for number in range(7)]
    args = judged(CHECK, resources(GOOD, *many)).args
    assert (args["count"], args["total"]) == (7, 8)
    assert str(args["hosts"]).endswith("h4.example.vn +2")
