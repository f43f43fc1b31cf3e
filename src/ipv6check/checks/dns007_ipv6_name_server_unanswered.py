"""A name server of the zone has an IPv6 address at which it does not answer for the zone.

What it looks at:
    Every IPv6 address of the zone's name servers, asked directly: SOA over UDP, three tries over at least six
    seconds, and NS over TCP.

Why it matters:
    A resolver tries such an address, waits, and tries another: every name of the zone becomes slower. A server without
    TCP loses every answer that does not fit into one packet, signed ones first.

Passes when:
    Every address answers both questions with authority for this zone.

Fails when:
    An address stays silent (`server-silent`), answers without authority, for another zone or with an error code
    (`server-lame`), answers over UDP but not over TCP (`tcp-silent`), or is of a kind that nobody outside can reach
    (`address-special`). The tag names the first such address, in this order.

Cannot tell when:
    The zone or a server's addresses could not be looked up, or an address could not be asked for reasons of ours (see
    DNS005), and nothing else failed. It is not applicable where no server has an IPv6 address: DNS005 fails there.

How to fix:
    Let the server listen on the address, open UDP and TCP port 53 in the firewall over IPv6, load the zone there, or
    take the AAAA record and the glue away.

References:
    RFC 7766 section 5 (TCP is required), RFC 1912 section 2.8 (lame delegations), RFC 8906.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import SERVERS_UNDECIDED, ZONE_TAGS, is_ours, tests_over, undecided_cause, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ServerTest, ZonesEvidence

_FAULTS = ("server-silent", "server-lame", "tcp-silent", "address-special")

RULE = Rule(
    code="DNS007",
    name="ipv6-name-server-unanswered",
    since="0.2",
    tags=ZONE_TAGS | {"all-answer", "no-ipv6-server", SERVERS_UNDECIDED, *_FAULTS},
)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """What each IPv6 address of the servers made of the questions."""
    report = zone_or_verdict(RULE, zones)
    if isinstance(report, Verdict):
        return report
    tests = tests_over(report, 6)
    faults = [(fault, test) for test in tests if (fault := _fault(test))]
    if faults:
        tag, test = min(faults, key=lambda found: _FAULTS.index(found[0]))
        cause = test.barred or (test.tcp if tag == "tcp-silent" else test.udp).value
        return RULE.failed(
            tag,
            zone=report.zone,
            server=test.names[0],
            address=test.address,
            cause=cause,
            count=len(faults),
            total=len(tests),
        )
    cause = undecided_cause(report, 6)
    if cause:
        return RULE.unknown(SERVERS_UNDECIDED, zone=report.zone, total=len(report.servers), cause=cause)
    if not tests:
        return RULE.not_applicable("no-ipv6-server", zone=report.zone)
    return RULE.passed("all-answer", zone=report.zone, total=len(tests))


def _fault(test: ServerTest) -> str:
    """The tag of what is wrong with an address; empty if nothing is, or nothing can be said."""
    if is_ours(test):
        return ""
    if test.barred:
        return "address-special"
    if not test.answers:
        return "server-silent" if test.udp is DnsOutcome.TIMEOUT else "server-lame"
    return "" if test.tcp in (DnsOutcome.ANSWER, DnsOutcome.LOCAL_ERROR, DnsOutcome.NOT_ASKED) else "tcp-silent"


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
