"""HTTP003: another page, beyond what the page itself varies."""

import pytest

from ipv6check.checks.http003_content_differs import CHECK
from ipv6check.model.contact import Comparison
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from tests.factories import V4, V6, endpoint, failed, judged, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass content-alike", id="same"),
        pytest.param(
            [endpoint(served(), comparison=Comparison(similarity=0.9))], "pass content-alike", id="at-threshold"
        ),
        pytest.param(
            [endpoint(served(), comparison=Comparison(similarity=0.5))], "fail content-differs", id="other-page"
        ),
        pytest.param(
            [endpoint(served(), comparison=Comparison(similarity=0.5, noise=0.6))],
            "pass content-within-noise",
            id="noisy-page",
        ),
        pytest.param(
            [endpoint(served(), comparison=Comparison(similarity=0.1, noise=0.89))],
            "fail content-differs",
            id="other-page-that-varies-a-little",
        ),
        pytest.param(
            [endpoint(served(), comparison=Comparison(compared=False))], "unknown not-compared", id="not-fetched"
        ),
        pytest.param([endpoint(served(), comparison=None)], "unknown not-compared", id="no-comparison"),
        pytest.param([endpoint(served(status=404))], "not-applicable status-differs", id="status"),
        pytest.param(
            [endpoint(served(status=302, location="/a?s=1"), v4=(served(V4, status=302, location="/a?s=2"),))],
            "pass content-alike",
            id="session-in-redirect",
        ),
        pytest.param(
            [endpoint(served(status=302, location="/a"), v4=(served(V4, status=302, location="/b"),))],
            "fail redirect-differs",
            id="redirect",
        ),
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


def test_the_part_that_differs_is_named():
    verdict = judged(CHECK, endpoint(served(), comparison=Comparison(similarity=0.5, title_same=False)))
    assert (verdict.args["part"], verdict.args["alike"]) == ("title", 50)
