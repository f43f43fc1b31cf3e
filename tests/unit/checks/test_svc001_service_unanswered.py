"""SVC001: an open port is not a service."""

import pytest

from ipv6check.checks.svc001_service_unanswered import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V6, V6_B, endpoint, failed, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass service-answers", id="answers"),
        pytest.param([endpoint(failed())], "fail service-no-connection", id="tcp"),
        pytest.param([endpoint(failed(Failure.TIMEOUT, phase=Phase.TLS))], "fail service-tls-failed", id="tls"),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_EXPIRED, phase=Phase.TLS))],
            "fail service-certificate-invalid",
            id="certificate",
        ),
        pytest.param([endpoint(failed(Failure.TIMEOUT, phase=Phase.EXCHANGE))], "fail service-no-reply", id="silent"),
        pytest.param(
            [endpoint(failed(Failure.UNEXPECTED_REPLY, phase=Phase.EXCHANGE))],
            "fail service-unexpected-reply",
            id="unexpected",
        ),
        pytest.param([endpoint(served(), failed(address=V6_B))], "pass service-answers", id="other-dead"),
        pytest.param(
            [endpoint(served(), failed(Failure.CLOSED, V6_B, phase=Phase.EXCHANGE))],
            "fail service-no-reply",
            id="one-broken-after-tcp",
        ),
        pytest.param([endpoint(failed(), failed(Failure.BUDGET, V6_B))], "unknown undecided", id="undecided"),
        pytest.param([endpoint(failed(), barred={V6_B: "opted_out"})], "unknown opted-out", id="opted-out-beside-dead"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
