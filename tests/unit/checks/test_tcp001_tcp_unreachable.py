"""TCP001: one live address passes, a fail needs proof for all."""

import pytest

from ipv6check.checks.tcp001_tcp_unreachable import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6, V6_B, endpoint, failed, judged, name, no, said, served, untried


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass tcp-connects", id="alive"),
        pytest.param([endpoint(failed(), served(V6_B))], "pass tcp-connects", id="one-alive"),
        pytest.param([endpoint(failed(Failure.TIMEOUT, phase=Phase.TLS))], "pass tcp-connects", id="tls-broken"),
        pytest.param([endpoint(failed())], "fail no-address-connects", id="timeout"),
        pytest.param(
            [endpoint(failed(Failure.REFUSED), failed(Failure.NO_ROUTE, V6_B))],
            "fail no-address-connects",
            id="all-dead",
        ),
        pytest.param([endpoint(failed(), failed(Failure.BUDGET, V6_B))], "unknown undecided", id="one-undecided"),
        pytest.param([endpoint(failed(Failure.LOCAL_NO_ROUTE))], "unknown undecided", id="ours"),
        pytest.param([endpoint(untried())], "unknown undecided", id="untried"),
        pytest.param([endpoint(failed(), barred={V6_B: "opted_out"})], "unknown opted-out", id="opted-out-beside-dead"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


@pytest.mark.parametrize(("v4", "same"), [(failed(address=V4), True), (served(V4), False), (untried(V4), False)])
def test_the_same_fault_on_ipv4_is_told(v4, same):
    assert judged(CHECK, endpoint(failed(), v4=(v4,))).args["same_on_ipv4"] is same


def test_disagreeing_tries_pass_and_are_told():
    contact = served()
    flaky = type(contact)(address=V6, port=443, attempts=(*failed(tries=2).attempts, *contact.attempts))
    verdict = judged(CHECK, endpoint(flaky))
    assert (verdict.status, verdict.args["flaky"]) == ("pass", "1/3")
