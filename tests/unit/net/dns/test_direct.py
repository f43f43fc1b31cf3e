"""What an authoritative server's answer without recursion amounts to."""

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.dns.direct import read_direct
from ipv6check.net.dns.wire import Question

ZONE = "example.vn"
SOA = f"{ZONE}. 300 IN SOA ns1.{ZONE}. root.{ZONE}. 7 1 1 1 60"
NS = f"{ZONE}. 300 IN NS ns1.{ZONE}."


def said(*flags: int, answer: str = "", authority: str = "", rcode: int = 0) -> DnsOutcome:
    reply = dns.message.make_response(dns.message.make_query(ZONE, "SOA"))
    reply.flags = dns.flags.QR | sum(flags)
    reply.set_rcode(dns.rcode.Rcode(rcode))
    for section, text in ((reply.answer, answer), (reply.authority, authority)):
        if text:
            name, ttl, _, rdtype, rdata = text.split(maxsplit=4)
            section.append(dns.rrset.from_text(name, int(ttl), "IN", rdtype, rdata))
    return read_direct(reply.to_wire(), Question(ZONE, "SOA")).outcome


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (said(dns.flags.AA, answer=SOA), DnsOutcome.ANSWER),
        (said(dns.flags.AA, dns.flags.RA, answer=SOA), DnsOutcome.ANSWER),
        (said(dns.flags.AA, authority=SOA), DnsOutcome.NODATA),
        (said(dns.flags.AA, authority=SOA, rcode=3), DnsOutcome.NXDOMAIN),
        (said(authority=NS), DnsOutcome.LAME),
        (said(dns.flags.RA, authority=NS), DnsOutcome.LAME),
        (said(answer=SOA), DnsOutcome.LAME),
        (said(rcode=5), DnsOutcome.REFUSED),
    ],
)
def test_authority_decides(outcome: DnsOutcome, expected: DnsOutcome):
    assert outcome is expected


@pytest.mark.parametrize("parts", [{"answer": SOA}, {"authority": SOA}, {"authority": SOA, "rcode": 3}, {"rcode": 3}])
def test_a_resolver_in_the_servers_place_says_nothing_about_the_server(parts):
    assert said(dns.flags.RA, **parts) is DnsOutcome.RECURSED
