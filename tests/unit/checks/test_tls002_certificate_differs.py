"""TLS002: one certificate for both families."""

import pytest

from ipv6check.checks.tls002_certificate_differs import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from tests.factories import V4, V6, V6_B, endpoint, failed, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass certificates-equal", id="equal"),
        pytest.param([endpoint(served(certificate="cc"))], "fail certificate-differs", id="differs"),
        pytest.param(
            [endpoint(served(), served(V6_B, certificate="cc"))], "fail certificate-differs", id="second-differs"
        ),
        pytest.param([endpoint(failed())], "not-applicable no-certificate-seen", id="tcp-dead"),
        pytest.param([endpoint(failed(Failure.BUDGET))], "unknown undecided", id="ours"),
        pytest.param([name(a=no(DnsOutcome.NODATA, "A"))], "not-applicable no-ipv4-address", id="no-a"),
        pytest.param([name(a=no(DnsOutcome.SERVFAIL, "A"))], "unknown ipv4-undecided", id="a-error"),
        pytest.param(
            [endpoint(served(), v4=(failed(address=V4),))], "not-applicable ipv4-not-answering", id="ipv4-dead"
        ),
        pytest.param(
            [endpoint(served(), v4=(failed(Failure.LOCAL_NO_ROUTE, V4),))], "unknown ipv4-undecided", id="ipv4-ours"
        ),
        pytest.param([endpoint(served(), v4=())], "unknown ipv4-undecided", id="ipv4-not-contacted"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
