"""HTTP004: every hop by its outcome."""

import pytest

from ipv6check.checks.http004_redirect_leaves_ipv6 import CHECK
from ipv6check.model.failure import Failure
from ipv6check.model.redirect import HopOutcome
from tests.factories import hop, redirect, said

GO = hop(HopOutcome.FOLLOWED, status=301)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([redirect(hop(HopOutcome.FINAL))], "pass no-redirect", id="none"),
        pytest.param([redirect(GO, hop(HopOutcome.FINAL))], "pass stays-on-ipv6", id="stays"),
        pytest.param(
            [redirect(GO, hop(HopOutcome.FINAL), downgraded=True)], "pass stays-on-ipv6-downgraded", id="downgraded"
        ),
        pytest.param([redirect(GO, hop(HopOutcome.NO_AAAA))], "fail hop-without-aaaa", id="no-aaaa"),
        pytest.param([redirect(GO, hop(HopOutcome.IPV4_LITERAL))], "fail hop-ipv4-literal", id="ipv4"),
        pytest.param(
            [redirect(GO, hop(HopOutcome.BLOCKED_ADDRESS, detail="loopback"))],
            "fail hop-special-address",
            id="loopback",
        ),
        pytest.param(
            [redirect(GO, hop(HopOutcome.BLOCKED_ADDRESS, detail="ula"))], "fail hop-special-address", id="ula"
        ),
        pytest.param(
            [redirect(hop(HopOutcome.FOLLOWED, address="fd00::1"), hop(HopOutcome.BLOCKED_ADDRESS, detail="ula"))],
            "unknown hop-undecided",
            id="ula-of-an-internal-asset",
        ),
        pytest.param(
            [redirect(GO, hop(HopOutcome.BLOCKED_ADDRESS, detail="opted_out"))], "unknown hop-undecided", id="opted-out"
        ),
        pytest.param(
            [redirect(GO, hop(HopOutcome.UNREACHABLE, failure=Failure.TIMEOUT))],
            "fail hop-unreachable",
            id="unreachable",
        ),
        pytest.param(
            [redirect(GO, hop(HopOutcome.UNREACHABLE, failure=Failure.LOCAL_ERROR))], "unknown hop-undecided", id="ours"
        ),
        pytest.param(
            [redirect(GO, hop(HopOutcome.UNREACHABLE, failure=Failure.RATE_LIMITED))],
            "unknown hop-undecided",
            id="rate-limited",
        ),
        pytest.param(
            [redirect(GO, hop(HopOutcome.DNS_UNKNOWN, detail="servfail"))], "unknown hop-dns-undecided", id="dns"
        ),
        pytest.param(
            [redirect(GO, hop(HopOutcome.BLOCKED_URL, detail="scheme"))], "unknown hop-not-followed", id="scheme"
        ),
        pytest.param([redirect(GO, hop(HopOutcome.LOOP))], "unknown redirect-loop", id="loop"),
        pytest.param([redirect(GO, hop(HopOutcome.TOO_MANY))], "unknown too-many-redirects", id="many"),
        pytest.param([redirect()], "not-applicable no-ipv6-reply", id="no-reply"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
