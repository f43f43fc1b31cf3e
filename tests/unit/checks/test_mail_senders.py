"""MAI004, MAI005: what SPF says of senders over IPv6, and what their addresses are called."""

import pytest

from ipv6check.checks.mai004_spf_without_ipv6 import CHECK as MAI004
from ipv6check.checks.mai005_sender_without_name import CHECK as MAI005
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.mail import SpfHost, SpfSaid
from ipv6check.model.zone import Reverse
from tests.factories import V4, V6, judged, said, senders


def mx(six: str, four: str = "") -> SpfHost:
    v4 = (SpfSaid(address=V4, result=four),) if four else ()
    return SpfHost(host="mx.example.vn", v6=(SpfSaid(address=V6, result=six),), v4=v4)


def named(outcome=DnsOutcome.ANSWER, *names: str, **more) -> Reverse:
    return Reverse(address=V6, outcome=outcome, names=names, **more)


NO_MX = senders(mail=DnsOutcome.NODATA, found=DnsOutcome.NOT_ASKED, result="none", covers=())
UNTOLD_MX = senders(mail=DnsOutcome.SERVFAIL, found=DnsOutcome.NOT_ASKED, result="none", covers=())
GOOD = named(DnsOutcome.ANSWER, "mx.example.vn", forward=DnsOutcome.ANSWER, confirmed=True)


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (senders(), "pass spf-covers-ipv6"),
        (senders(hosts=(mx("pass"),)), "pass spf-covers-ipv6"),
        (senders(covers=("all",), result="pass"), "pass spf-covers-ipv6"),
        (senders(result="permerror", cause="spf_too_many_lookups"), "pass spf-covers-ipv6"),  # reached before
        (senders(hosts=(mx("fail", "pass"),)), "fail sender-not-covered"),
        (senders(hosts=(mx("softfail", "pass"),), covers=()), "fail sender-not-covered"),
        (senders(hosts=(mx("neutral", "pass"),)), "fail sender-not-covered"),
        (senders(hosts=(mx("permerror", "pass"),)), "fail sender-not-covered"),
        # an exchanger that does not send, or of which too little is known
        (senders(hosts=(mx("fail", "fail"),)), "pass spf-covers-ipv6"),
        (senders(hosts=(mx("fail"),)), "pass spf-covers-ipv6"),
        (senders(hosts=(mx("untold", "pass"),)), "pass spf-covers-ipv6"),
        (senders(hosts=(mx("temperror", "pass"),)), "pass spf-covers-ipv6"),
        # nobody over IPv6
        (senders(covers=()), "fail spf-without-ipv6"),
        (senders(covers=(), result="softfail"), "fail spf-without-ipv6"),
        (senders(covers=(), result="neutral"), "not-applicable spf-refuses-nobody"),
        (senders(covers=(), names_v4=False), "not-applicable spf-passes-nobody"),
        (senders(covers=(), depends=True), "unknown spf-depends"),
        (senders(covers=(), result="permerror", cause="spf_syntax"), "fail spf-broken"),
        (senders(covers=(), result="permerror", cause="spf_syntax", depends=True), "fail spf-broken"),
        (senders(covers=(), result="temperror", cause="servfail"), "unknown spf-undecided"),
        (senders(covers=(), result="none"), "not-applicable no-spf"),
        (senders(found=DnsOutcome.SERVFAIL, result="temperror", covers=()), "unknown spf-undecided"),
        (NO_MX, "not-applicable no-mail"),
        (UNTOLD_MX, "unknown mail-undecided"),
    ],
)
def test_what_spf_says(evidence, says):
    assert said(MAI004, evidence) == says


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (senders(GOOD), "pass senders-named"),
        (senders(GOOD, named(DnsOutcome.NXDOMAIN)), "fail sender-ptr-missing"),
        (senders(named(DnsOutcome.NODATA)), "fail sender-ptr-missing"),
        (senders(named(DnsOutcome.ANSWER, "a.vn", forward=DnsOutcome.NODATA)), "fail sender-not-confirmed"),
        (senders(named(DnsOutcome.ANSWER, "a.vn", forward=DnsOutcome.SERVFAIL)), "unknown sender-undecided"),
        (
            senders(named(DnsOutcome.ANSWER, "a.vn", "b.vn", "c.vn", forward=DnsOutcome.ANSWER)),
            "unknown sender-undecided",  # a fourth name may lead back
        ),
        (senders(GOOD, named(DnsOutcome.TIMEOUT)), "unknown sender-undecided"),
        (senders(named(DnsOutcome.TIMEOUT), named(DnsOutcome.NXDOMAIN)), "fail sender-ptr-missing"),
        (senders(), "not-applicable no-sender-known"),
        (senders(found=DnsOutcome.SERVFAIL, result="temperror", covers=()), "unknown spf-undecided"),
        (NO_MX, "not-applicable no-sender-known"),
        (UNTOLD_MX, "unknown spf-undecided"),
    ],
)
def test_what_senders_are_called(evidence, says):
    assert said(MAI005, evidence) == says


def test_a_gap_names_both_addresses_and_what_spf_says():
    args = judged(MAI004, senders(hosts=(mx("softfail", "pass"),))).args
    assert (args["address"], args["ipv4_address"], args["result"]) == (V6, V4, "softfail")
