"""MAI002, MAI003: what mail exchangers say over IPv6, and what proves nothing."""

import pytest

from ipv6check.checks.mai002_exchanger_unanswered import CHECK as MAI002
from ipv6check.checks.mai003_starttls_differs import CHECK as MAI003
from ipv6check.model.contact import Barred
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6, V6_B, exchanger, failed, judged, mail, said, smtp

REFUSED, REFUSED_4 = failed(Failure.REFUSED), failed(Failure.REFUSED, V4)
BLOCKED, BLOCKED_4 = failed(Failure.LOCAL_PORT_BLOCKED), failed(Failure.LOCAL_PORT_BLOCKED, V4)
SILENT, SILENT_4 = failed(Failure.TIMEOUT, phase=Phase.EXCHANGE), failed(Failure.TIMEOUT, V4, phase=Phase.EXCHANGE)
GREYLISTED = failed(Failure.RATE_LIMITED, phase=Phase.EXCHANGE)
NO_TLS, NO_TLS_4 = failed(Failure.TLS_ALERT, phase=Phase.TLS), failed(Failure.TLS_ALERT, V4, phase=Phase.TLS)
WITHOUT = exchanger(host="mx4.example.vn", aaaa=DnsOutcome.NODATA)
LOST = exchanger(host="mx5.example.vn", aaaa=DnsOutcome.SERVFAIL)
OPTED_OUT = exchanger(host="mx6.example.vn", aaaa=DnsOutcome.NOT_ASKED)
REMOVED = exchanger(barred=(Barred(address=V6, reason="opted_out"),))


def own(*contacts):
    return mail(exchanger(*contacts, implicit=True), found=DnsOutcome.NODATA)


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (mail(exchanger(smtp(), smtp(V4))), "pass exchangers-answer"),
        (mail(exchanger(smtp())), "pass exchangers-answer"),
        (mail(exchanger(smtp()), WITHOUT), "pass exchangers-answer"),
        (mail(exchanger(NO_TLS, smtp(V4))), "pass exchangers-answer"),  # greeted and took EHLO: MAI003's
        (mail(exchanger(REFUSED, smtp(V4))), "fail exchanger-dead"),
        (mail(exchanger(smtp(), failed(Failure.TIMEOUT, V6_B), smtp(V4))), "fail exchanger-dead"),
        (mail(exchanger(smtp()), exchanger(REFUSED, smtp(V4))), "fail exchanger-dead"),
        (mail(exchanger(SILENT, smtp(V4))), "fail exchanger-dead"),
        (mail(exchanger(REFUSED)), "fail exchanger-dead"),
        (mail(exchanger(REFUSED, BLOCKED_4)), "fail exchanger-dead"),
        # as dead over IPv4
        (mail(exchanger(REFUSED, REFUSED_4)), "not-applicable exchanger-fails-alike"),
        (mail(exchanger(smtp()), exchanger(REFUSED, REFUSED_4)), "pass exchangers-answer"),
        # about us, or about now
        (mail(exchanger(BLOCKED, smtp(V4))), "unknown exchanger-undecided"),
        (mail(exchanger(GREYLISTED, smtp(V4))), "unknown exchanger-undecided"),
        (mail(exchanger(SILENT, SILENT_4)), "unknown exchanger-undecided"),
        (mail(exchanger(SILENT)), "unknown exchanger-undecided"),
        (mail(exchanger(smtp()), LOST), "unknown exchanger-undecided"),
        (mail(exchanger(smtp()), OPTED_OUT), "unknown exchanger-undecided"),
        (mail(REMOVED), "unknown exchanger-undecided"),
        # nothing to judge
        (mail(WITHOUT), "not-applicable no-exchanger-with-ipv6"),
        (mail(found=DnsOutcome.NODATA), "not-applicable no-mail"),
        (mail(found=DnsOutcome.NOT_ASKED), "not-applicable no-mail"),
        (mail(found=DnsOutcome.SERVFAIL), "unknown mail-undecided"),
        # without MX records only what answers SMTP somewhere takes mail
        (own(smtp(), smtp(V4)), "pass exchangers-answer"),
        (own(REFUSED, smtp(V4)), "fail exchanger-dead"),
        (own(BLOCKED, smtp(V4)), "unknown exchanger-undecided"),
        (own(REFUSED, REFUSED_4), "not-applicable no-mail"),
        (own(BLOCKED, BLOCKED_4), "not-applicable no-mail"),
        (own(SILENT, SILENT_4), "not-applicable no-mail"),
    ],
)
def test_who_answers(evidence, says):
    assert said(MAI002, evidence) == says


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (mail(exchanger(smtp(), smtp(V4))), "pass starttls-alike"),
        (mail(exchanger(smtp(starttls="no"), smtp(V4))), "fail starttls-not-offered"),
        (mail(exchanger(NO_TLS, smtp(V4))), "fail starttls-handshake-failed"),
        (mail(exchanger(smtp(), smtp(V6_B, starttls="no"), smtp(V4))), "fail starttls-not-offered"),
        (mail(exchanger(smtp(), smtp(V4)), exchanger(NO_TLS, smtp(V4))), "fail starttls-handshake-failed"),
        (mail(exchanger(smtp(starttls="454"), smtp(V4))), "unknown starttls-out-of-order"),
        (mail(exchanger(smtp(), BLOCKED_4)), "unknown starttls-uncompared"),
        (mail(exchanger(smtp(), smtp(V4, starttls="454"))), "unknown starttls-uncompared"),
        (mail(exchanger(smtp(starttls="no"), smtp(V4, starttls="no"))), "not-applicable starttls-nowhere"),
        (mail(exchanger(NO_TLS, NO_TLS_4)), "not-applicable starttls-nowhere"),
        (mail(exchanger(smtp(), smtp(V4, starttls="no"))), "not-applicable starttls-uncompared"),  # IPv6 is ahead
        (mail(exchanger(smtp())), "not-applicable starttls-uncompared"),
        (mail(exchanger(smtp(), REFUSED_4)), "not-applicable starttls-uncompared"),
        (mail(exchanger(REFUSED, smtp(V4))), "not-applicable no-exchanger-with-ipv6"),
        (mail(exchanger(BLOCKED, smtp(V4))), "unknown exchanger-undecided"),
        (mail(exchanger(GREYLISTED, smtp(V4))), "unknown exchanger-undecided"),
        (mail(WITHOUT), "not-applicable no-exchanger-with-ipv6"),
        (mail(found=DnsOutcome.NODATA), "not-applicable no-mail"),
        (mail(found=DnsOutcome.TIMEOUT), "unknown mail-undecided"),
        (own(BLOCKED, BLOCKED_4), "not-applicable no-exchanger-with-ipv6"),
        (own(smtp(starttls="no"), smtp(V4)), "fail starttls-not-offered"),
    ],
)
def test_what_is_encrypted(evidence, says):
    assert said(MAI003, evidence) == says


def test_a_fail_names_the_host_the_address_and_the_cause():
    args = judged(MAI002, mail(exchanger(REFUSED, smtp(V4)))).args
    assert (args["host"], args["address"], args["port"], args["cause"]) == ("mx1.example.vn", V6, 443, "refused")
