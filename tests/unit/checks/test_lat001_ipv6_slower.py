"""LAT001: medians of enough samples."""

import pytest

from ipv6check.checks.lat001_ipv6_slower import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from tests.factories import V4, V6, endpoint, failed, judged, name, no, said, sampled_ms, served, untried


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass latency-alike", id="alike"),
        pytest.param(
            [endpoint(sampled_ms(V6, 400.0, 10.0, 12.0, 11.0, 390.0), v4=(sampled_ms(V4, *[10.0] * 5),))],
            "pass latency-alike",
            id="median",
        ),
        pytest.param(
            [endpoint(sampled_ms(V6, *[261.0] * 5), v4=(sampled_ms(V4, *[10.0] * 5),))], "fail ipv6-slower", id="slower"
        ),
        pytest.param(
            [endpoint(sampled_ms(V6, *[260.0] * 5), v4=(sampled_ms(V4, *[10.0] * 5),))],
            "pass latency-alike",
            id="at-the-limit",
        ),
        pytest.param(
            [endpoint(sampled_ms(V6, 400.0), v4=(sampled_ms(V4, 10.0),))], "unknown too-few-samples", id="one-sample"
        ),
        pytest.param(
            [endpoint(sampled_ms(V6, *[10.0] * 5), v4=(sampled_ms(V4, *[900.0] * 5),))],
            "pass latency-alike",
            id="ipv4-slower",
        ),
        pytest.param([endpoint(failed())], "not-applicable no-address-connects", id="dead"),
        pytest.param([endpoint(untried())], "unknown undecided", id="untried"),
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


def test_the_figures_are_told():
    verdict = judged(CHECK, endpoint(sampled_ms(V6, *[300.0] * 5), v4=(sampled_ms(V4, *[10.0] * 5),)))
    assert {key: verdict.args[key] for key in ("ipv6_ms", "ipv4_ms", "gap_ms", "samples")} == {
        "ipv6_ms": 300,
        "ipv4_ms": 10,
        "gap_ms": 290,
        "samples": 5,
    }
