"""DEV001: without an address a device fails, since no other rule would count."""

import pytest

from ipv6check.checks.dev001_management_unreachable import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6_B, endpoint, failed, literal, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served(port=22))], "pass management-answers", id="answers"),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_SELF_SIGNED, phase=Phase.TLS))],
            "pass management-answers",
            id="self-signed",
        ),
        pytest.param([endpoint(failed(), served(V6_B))], "pass management-answers", id="one-of-two"),
        pytest.param([endpoint(failed())], "fail management-unreachable", id="dead"),
        pytest.param([endpoint(failed(Failure.LOCAL_NO_ROUTE))], "unknown undecided", id="ours"),
        pytest.param([endpoint(failed(), barred={V6_B: "opted_out"})], "unknown opted-out", id="opted-out"),
        pytest.param([literal(V4), endpoint()], "fail no-ipv6-address", id="ipv4-literal"),
        pytest.param([name(no(DnsOutcome.NODATA)), endpoint()], "fail no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL)), endpoint()], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "fail only-special-addresses", id="special"),
        pytest.param([endpoint()], "unknown undecided", id="nothing-known"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
