"""DNS001: only NODATA, NXDOMAIN and endless aliases prove that there is no AAAA record."""

import pytest

from ipv6check.checks.dns001_aaaa_missing import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import HOST, V4, V6, judged, literal, lookup, name, no, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([name()], "pass aaaa-present", id="present"),
        pytest.param([literal(V6)], "pass ipv6-literal", id="ipv6-literal"),
        pytest.param([literal(V4)], "fail ipv4-literal", id="ipv4-literal"),
        pytest.param([name(no(DnsOutcome.NODATA))], "fail aaaa-nodata", id="nodata"),
        pytest.param([name(no(DnsOutcome.NXDOMAIN))], "fail aaaa-nxdomain", id="nxdomain"),
        pytest.param([name(no(DnsOutcome.CHAIN_LOOP))], "fail aaaa-chain-loop", id="loop"),
        pytest.param([name(no(DnsOutcome.CHAIN_TOO_LONG))], "fail aaaa-chain-too-long", id="long"),
        pytest.param([name(lookup("64:ff9b::1", synthesised=True))], "fail aaaa-synthesised", id="dns64"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


@pytest.mark.parametrize("outcome", [one for one in DnsOutcome if not one.is_known and one is not DnsOutcome.NOT_ASKED])
def test_no_error_is_taken_for_absence(outcome):
    verdict = judged(CHECK, name(no(outcome)))
    assert (verdict.status, verdict.tag) == ("unknown", "dns-undecided")
    assert verdict.args == {"name": HOST, "cause": outcome.value}


def test_broken_dnssec_is_named():
    assert judged(CHECK, name(no(DnsOutcome.SERVFAIL, bogus=True))).args["cause"] == "dnssec_bogus"


def test_the_end_of_the_alias_chain_and_a_single_resolver_are_told():
    verdict = judged(CHECK, name(no(DnsOutcome.NODATA, chain=("cdn.example.net",), single_resolver=True)))
    assert verdict.args == {"name": HOST, "alias": "cdn.example.net", "single_resolver": True}
