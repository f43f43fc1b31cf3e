"""OFF003: one verdict about a network without IPv4, with who is in the way."""

import pytest

from ipv6check.checks.off003_ipv6_only_blocked import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.redirect import HopOutcome
from ipv6check.model.zone import Break, Chain
from tests.factories import (
    V6,
    endpoint,
    failed,
    hop,
    judged,
    literal,
    lookup,
    name,
    no,
    redirect,
    resource,
    resources,
    said,
    served,
    zone_report,
    zones,
)

ABOVE = Chain(broken="vn", reason=Break.NO_AAAA, servers=("a.dns.vn",), operator="admin.vnnic.vn")
MINE = Chain(path=("vn",), broken="example.vn", reason=Break.SERVERS_SILENT, servers=("ns1.example.vn",))
UNTOLD = Chain(undecided="budget")
CDN = resources(resource("cdn.example.net", no(DnsOutcome.NODATA), own=False))


HOSTED = Chain(path=("net",), broken="cdn.example.net", reason=Break.NO_AAAA, servers=("ns.cdn.example.net",))
FAR = Chain(broken="net", reason=Break.NO_AAAA, servers=("a.nic.net",))


def chained(chain):
    return zones(zone_report(chain=chain))


def aliased(chain, organisation="example.net", own=None):
    """A name of example.vn that is an alias into another zone."""
    told = {} if own is None else {"chain": own}
    zone = zone_report(organisation="example.vn", **told)
    return zones(zone, aliases=(zone_report(zone="cdn." + organisation, organisation=organisation, chain=chain),))


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (aliased(Chain(path=("net", "cdn.example.net"))), "pass ipv6-only-ready"),
        (aliased(HOSTED), "fail blocked-third-party"),
        (aliased(FAR), "fail blocked-third-party"),
        (aliased(UNTOLD), "unknown part-undecided"),
        (aliased(ABOVE, own=ABOVE), "fail blocked-parent"),
        (aliased(MINE, organisation="example.vn"), "fail blocked-own"),
        (aliased(ABOVE, organisation="example.vn"), "fail blocked-parent"),
        (zones(zone_report(), lost=("x.example.net",)), "unknown part-undecided"),
    ],
)
def test_the_way_leads_through_the_zones_of_aliases(evidence, says):
    assert said(CHECK, evidence) == says


def test_a_zone_behind_an_alias_is_named_as_somebody_elses():
    args = judged(CHECK, aliased(HOSTED)).args
    assert (args["third_party"], args["own"], args["blockers"]) == ("cdn.example.net", "", "DNS010")


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        ((), "pass ipv6-only-ready"),
        ((name(no(DnsOutcome.NODATA)), endpoint(), redirect(), resources(page="")), "fail blocked-own"),
        ((literal("93.184.216.34"), endpoint(), redirect(), resources(page="")), "fail blocked-own"),
        ((endpoint(failed()), redirect(), resources(page="")), "fail blocked-own"),
        ((endpoint(barred={"fd00::1": "ula"}), redirect(), resources(page="")), "fail blocked-own"),
        ((chained(MINE),), "fail blocked-own"),
        ((resources(resource("static.example.vn", no(DnsOutcome.NXDOMAIN))),), "fail blocked-own"),
        ((resources(literals=("http://192.0.2.1/x.js",)),), "fail blocked-own"),
        ((chained(ABOVE),), "fail blocked-parent"),
        ((CDN,), "fail blocked-third-party"),
        ((CDN, chained(ABOVE)), "fail blocked-several"),
        ((CDN, endpoint(served(status=500))), "fail blocked-several"),
        ((chained(UNTOLD),), "unknown part-undecided"),
        ((resources(cut=True),), "unknown part-undecided"),
        ((endpoint(failed(Failure.LOCAL_RESOURCES)), redirect(), resources(page="")), "unknown part-undecided"),
        ((endpoint(served(challenge=True)),), "unknown part-undecided"),
        ((CDN, chained(UNTOLD)), "fail blocked-third-party"),
        ((name(lookup(V6, stated=True)),), "unknown part-undecided"),
    ],
)
def test_truth_table(evidence, says):
    assert said(CHECK, *evidence) == says


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://login.example.vn/", "fail blocked-own"),
        ("https://notexample.vn/", "fail blocked-third-party"),
        ("https://sso.other.vn/", "fail blocked-third-party"),
        ("https://192.0.2.7/", "fail blocked-own"),
    ],
)
def test_a_redirect_is_its_owners(url, says):
    last = type(hop(HopOutcome.NO_AAAA))(url=url, outcome=HopOutcome.NO_AAAA)
    assert said(CHECK, redirect(hop(HopOutcome.FOLLOWED), last), resources(page="")) == says


def test_all_blockers_are_listed_with_their_owners_and_what_is_open():
    verdict = judged(CHECK, CDN, chained(ABOVE), endpoint(served(status=500)))
    assert verdict.args == {
        "name": "www.example.vn",
        "blockers": "HTTP001, DNS010, HTTP007",
        "own": "HTTP001",
        "parent": "vn (admin.vnnic.vn)",
        "third_party": "cdn.example.net",
        "open": "",
    }
    assert judged(CHECK, CDN, chained(UNTOLD)).args["open"] == "DNS010"
