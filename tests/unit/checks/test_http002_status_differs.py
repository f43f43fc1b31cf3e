"""HTTP002: both families answer alike."""

import pytest

from ipv6check.checks.http002_status_differs import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from tests.factories import V4, V6, V6_B, endpoint, failed, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass status-equal", id="equal"),
        pytest.param(
            [endpoint(served(status=500), v4=(served(V4, status=500),))], "pass status-equal", id="equally-broken"
        ),
        pytest.param([endpoint(served(status=403))], "fail status-differs", id="403-on-ipv6"),
        pytest.param([endpoint(served(), served(V6_B, status=500))], "fail status-differs", id="second-address"),
        pytest.param([endpoint(served(status=301))], "fail status-differs", id="redirect-on-ipv6"),
        pytest.param([endpoint(served(), v4=(served(V4, status=500),))], "pass only-ipv4-fails", id="only-ipv4"),
        pytest.param([endpoint(failed())], "not-applicable no-ipv6-reply", id="ipv6-dead"),
        pytest.param([endpoint(failed(Failure.BUDGET))], "unknown undecided", id="ipv6-ours"),
        pytest.param([endpoint(served(status=429))], "unknown undecided", id="rate-limited"),
        pytest.param([endpoint(served(), v4=(served(V4, challenge=True),))], "unknown undecided", id="ipv4-challenge"),
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
