"""ICM001: silence counts, our own inability does not."""

import pytest

from ipv6check.checks.icm001_echo_unanswered import CHECK
from ipv6check.model.contact import EchoReply
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from tests.factories import V4, V6, echo, judged, name, no, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([echo(EchoReply(address=V6, rtt_ms=1.0))], "pass echo-answered", id="answered"),
        pytest.param([echo(EchoReply(address=V6, failure=Failure.TIMEOUT))], "fail echo-unanswered", id="silent"),
        pytest.param(
            [echo(EchoReply(address=V6, failure=Failure.LOCAL_PERMISSION), means="none")],
            "unknown undecided",
            id="not-allowed",
        ),
        pytest.param([echo()], "unknown undecided", id="nothing"),
        pytest.param([echo(EchoReply(address=V4, rtt_ms=1.0))], "unknown undecided", id="only-ipv4"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def test_silence_on_both_families_is_told():
    replies = [EchoReply(address=address, failure=Failure.TIMEOUT) for address in (V6, V4)]
    assert judged(CHECK, echo(*replies)).args["same_on_ipv4"] is True
