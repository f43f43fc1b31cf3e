"""Name servers lose answers over IPv6 that do not fit into a small packet.

What it looks at:
    At every IPv6 address of the zone's name servers that answers: whether a question with EDNS (RFC 6891) is answered
    like one without, and whether an answer that comes truncated over UDP is given over TCP.

Why it matters:
    IPv6 routers do not fragment. Signed and long answers get through only with EDNS of a careful size or over TCP;
    where both fail, some names of the zone work and others never do.

Passes when:
    Every address answers with EDNS, or says FORMERR to it and answers without; and what is truncated comes over TCP.

Fails when:
    A question with EDNS is dropped while the same without is answered (`edns-dropped`), or a truncated answer does not
    come over TCP (`truncated-without-tcp`).

Cannot tell when:
    The zone could not be found, or no address could be asked for reasons of ours. It is not applicable where no
    server answers over IPv6: DNS005 fails there.

How to fix:
    Let firewalls pass DNS over IPv6 with EDNS and over TCP port 53; update a server that does not know EDNS.

References:
    RFC 6891, RFC 7766 section 5, RFC 9715, RFC 8200 section 5.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import SERVERS_UNDECIDED, ZONE_TAGS, tests_over, undecided_cause, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ServerTest, ZonesEvidence

RULE = Rule(
    code="DNS013",
    name="large-answers-lost",
    since="0.2",
    tags=ZONE_TAGS
    | {"large-answers-arrive", "edns-dropped", "truncated-without-tcp", "none-answers", SERVERS_UNDECIDED},
)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """What happened to EDNS and to truncated answers."""
    report = zone_or_verdict(RULE, zones)
    if isinstance(report, Verdict):
        return report
    tests = [test for test in tests_over(report, 6) if test.answers or test.truncated]
    for test in tests:
        tag = _fault(test)
        if tag:
            return RULE.failed(tag, zone=report.zone, server=test.names[0], address=test.address)
    if tests:
        return RULE.passed("large-answers-arrive", zone=report.zone, count=len(tests))
    cause = undecided_cause(report, 6)
    if cause:
        return RULE.unknown(SERVERS_UNDECIDED, zone=report.zone, total=len(report.servers), cause=cause)
    return RULE.not_applicable("none-answers", zone=report.zone)


def _fault(test: ServerTest) -> str:
    if test.udp is DnsOutcome.TIMEOUT and test.plain is DnsOutcome.ANSWER:
        return "edns-dropped"
    return "truncated-without-tcp" if test.truncated and test.tcp is DnsOutcome.TIMEOUT else ""


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
