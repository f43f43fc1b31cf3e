"""MAI001: the DNS tells whether mail can come over IPv6 alone."""

import pytest
from msgspec.structs import replace

from ipv6check.checks.mai001_exchangers_without_ipv6 import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.zone import Exchanger
from tests.factories import V6, said, zones

GOOD = Exchanger(host="mx1.example.vn", preference=10, aaaa=DnsOutcome.ANSWER, addresses=(V6,))
NONE = Exchanger(host="mx2.example.vn", preference=20, aaaa=DnsOutcome.NODATA)
GONE = Exchanger(host="mx3.example.vn", preference=20, aaaa=DnsOutcome.NXDOMAIN)
SPECIAL = Exchanger(host="mx4.example.vn", preference=20, aaaa=DnsOutcome.ANSWER, addresses=("fd00::1",))
LOST = Exchanger(host="mx5.example.vn", preference=20, aaaa=DnsOutcome.SERVFAIL)
OPTED_OUT = Exchanger(host="mx6.example.vn", preference=20, aaaa=DnsOutcome.NOT_ASKED)

OWN = replace(GOOD, implicit=True, preference=0)


def mail(*exchangers, found=DnsOutcome.ANSWER):
    return zones(mail_found=found, exchangers=exchangers)


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (mail(GOOD), "pass exchangers-have-ipv6"),
        (mail(GOOD, NONE), "pass some-exchangers-have-ipv6"),
        (mail(LOST, GOOD), "pass some-exchangers-have-ipv6"),
        (mail(NONE), "fail no-exchanger-has-ipv6"),
        (mail(NONE, GONE, SPECIAL), "fail no-exchanger-has-ipv6"),
        (mail(NONE, LOST), "unknown exchanger-undecided"),
        (mail(OPTED_OUT), "unknown exchanger-undecided"),
        (mail(), "unknown mail-undecided"),
        (mail(found=DnsOutcome.SERVFAIL), "unknown mail-undecided"),
        (mail(found=DnsOutcome.TIMEOUT), "unknown mail-undecided"),
        (mail(found=DnsOutcome.NODATA), "not-applicable no-mail"),
        (mail(found=DnsOutcome.NOT_ASKED), "not-applicable no-mail"),
        # no MX record: the name itself
        (mail(OWN, found=DnsOutcome.NODATA), "pass own-address-has-ipv6"),
        (mail(replace(OWN, addresses=("fd00::1",)), found=DnsOutcome.NODATA), "not-applicable no-mail"),
        (mail(replace(NONE, implicit=True), found=DnsOutcome.NODATA), "not-applicable no-mail"),
        (mail(replace(LOST, implicit=True), found=DnsOutcome.NODATA), "unknown exchanger-undecided"),
    ],
)
def test_truth_table(evidence, says):
    assert said(CHECK, evidence) == says
