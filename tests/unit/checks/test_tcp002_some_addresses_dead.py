"""TCP002: dead addresses do not hide behind live ones."""

import pytest

from ipv6check.checks.tcp002_some_addresses_dead import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from tests.factories import V6, V6_B, endpoint, failed, judged, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served(), served(V6_B))], "pass all-addresses-connect", id="all"),
        pytest.param([endpoint(served(), sampled=True)], "pass all-addresses-connect-sampled", id="sampled"),
        pytest.param([endpoint(served(), failed(address=V6_B))], "fail some-addresses-dead", id="second-dead"),
        pytest.param([endpoint(failed(), served(V6_B))], "fail some-addresses-dead", id="first-dead"),
        pytest.param([endpoint(served(), failed(Failure.LOCAL_RESOURCES, V6_B))], "unknown undecided", id="ours"),
        pytest.param([endpoint(failed(), failed(Failure.BUDGET, V6_B))], "unknown undecided", id="dead-and-undecided"),
        pytest.param([endpoint(failed())], "not-applicable no-address-connects", id="all-dead"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def test_the_dead_address_is_named():
    args = judged(CHECK, endpoint(served(), failed(Failure.REFUSED, V6_B))).args
    assert args == {"address": V6_B, "port": 443, "cause": "refused", "count": 1, "total": 2}
