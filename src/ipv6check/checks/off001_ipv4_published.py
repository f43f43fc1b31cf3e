"""The name still has an A record.

What it looks at:
    The A look-up of the target's name through the resolvers of the vantage, with its CNAME chain. Only a mandate that
    asks for IPv6-only or for IPv4 to be off counts it; reports under any other mandate leave it out.

Why it matters:
    A service is IPv6-only when clients are no longer led to IPv4. As long as the name has an A record they are.

Passes when:
    The resolvers proved that there is none: NODATA or NXDOMAIN (RFC 2308), or a CNAME chain that never ends. It
    proves that the name offers no IPv4, not that no IPv4 address of the server answers. A target given as an IPv6
    address passes: it needs no name.

Fails when:
    An A record came back, whatever kind of address it holds, or the target is given as an IPv4 address.

Cannot tell when:
    The look-up ended in SERVFAIL, REFUSED, any other error, a time-out or a malformed answer, or was not made.

How to fix:
    When no client needs IPv4 any more, remove the A record and, after its TTL has passed, the address behind it.

References:
    RFC 2308 section 2 (NODATA and NXDOMAIN), RFC 6540, OMB M-21-07 (IPv6-only).

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `retries.servfail`.
"""

from ipv6check.checks.premise import DNS_UNDECIDED, dns_cause, is_ipv4_literal, is_ipv6_literal
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="OFF001",
    name="ipv4-published",
    since="0.2",
    tags=frozenset({"a-absent", "a-present", "ipv4-literal", "ipv6-literal", DNS_UNDECIDED}),
)


def judge(name: NameEvidence, policy: Policy) -> Verdict:
    """Whether the DNS still leads to the target over IPv4."""
    if is_ipv6_literal(name):
        return RULE.passed("ipv6-literal", address=name.name)
    if is_ipv4_literal(name):
        return RULE.failed("ipv4-literal", address=name.name)
    a = name.a
    if a.outcome.proves_absence:
        return RULE.passed("a-absent", name=name.name)
    if a.outcome is DnsOutcome.ANSWER and a.records:
        return RULE.failed("a-present", name=name.name, address=a.records[0], count=len(a.records))
    return RULE.unknown(DNS_UNDECIDED, name=name.name, cause=dns_cause(a))


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
    compares=True,
)
