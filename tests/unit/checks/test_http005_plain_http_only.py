"""HTTP005: port 80 where the HTTPS port is shut."""

import pytest

from ipv6check.checks.http005_plain_http_only import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V6, V6_B, endpoint, failed, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass https-offered", id="offered"),
        pytest.param(
            [endpoint(failed(Failure.TIMEOUT, phase=Phase.TLS))], "pass https-offered", id="tls-broken-is-http001"
        ),
        pytest.param(
            [endpoint(failed(Failure.REFUSED), plain_http=(served(port=80),))], "fail only-plain-http", id="plain"
        ),
        pytest.param(
            [endpoint(failed(Failure.REFUSED), plain_http=(failed(port=80),))],
            "not-applicable nothing-answers",
            id="nothing",
        ),
        pytest.param(
            [endpoint(failed(), plain_http=(failed(Failure.LOCAL_ERROR, port=80),))],
            "unknown undecided",
            id="port-80-ours",
        ),
        pytest.param(
            [endpoint(failed(), failed(Failure.BUDGET, V6_B), plain_http=(served(port=80),))],
            "unknown undecided",
            id="undecided",
        ),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
