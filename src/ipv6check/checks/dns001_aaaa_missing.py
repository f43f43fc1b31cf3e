"""The name has no AAAA record.

What it looks at:
    The AAAA look-up of the target's name through the resolvers of the vantage, with its CNAME chain.

Why it matters:
    Without an AAAA record no client can find the target over IPv6, whatever the servers behind it could do.

Passes when:
    At least one AAAA record came back that is the name's own. A target given as an IPv6 address passes: it needs
    no name. The class of the addresses is judged by ADR001 to ADR003. Addresses that were given by hand, before the
    DNS has them, prove nothing about it: the rule is then not applicable.

Fails when:
    The resolvers proved that there is none: NODATA or NXDOMAIN (RFC 2308), a CNAME chain that loops or is longer
    than the policy allows, or only addresses that a DNS64 resolver made up from A records (RFC 6147). A target given
    as an IPv4 address fails as well. With two resolvers both must agree; with one the arg `single_resolver` is true.

Cannot tell when:
    The look-up ended in SERVFAIL, REFUSED, any other error, a time-out, a malformed answer, or two answers that
    contradict each other. None of these proves that the record does not exist.

How to fix:
    Give the server a global IPv6 address, check that the service answers there, then publish it as an AAAA record
    beside the A record. For DNSSEC-signed zones, sign again.

References:
    RFC 3596 (AAAA), RFC 2308 section 2 (NODATA and NXDOMAIN), RFC 6147 section 5.1 (DNS64), RFC 4074.

Policy settings:
    `thresholds.max_chain` (longest CNAME chain), `timeouts.dns_udp`, `timeouts.dns_tcp`, `retries.servfail`.
"""

from ipv6check.checks.premise import DNS_UNDECIDED, dns_cause, has_address, is_ipv4_literal, is_ipv6_literal
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

_ABSENT = {
    DnsOutcome.NODATA: "aaaa-nodata",
    DnsOutcome.NXDOMAIN: "aaaa-nxdomain",
    DnsOutcome.CHAIN_LOOP: "aaaa-chain-loop",
    DnsOutcome.CHAIN_TOO_LONG: "aaaa-chain-too-long",
}

RULE = Rule(
    code="DNS001",
    name="aaaa-missing",
    since="0.1",
    tags=frozenset(
        {
            "aaaa-present",
            "ipv6-literal",
            "address-given",
            "aaaa-synthesised",
            "ipv4-literal",
            DNS_UNDECIDED,
            *_ABSENT.values(),
        }
    ),
)


def judge(name: NameEvidence, policy: Policy) -> Verdict:
    """Whether an AAAA record exists, as far as the DNS told."""
    aaaa = name.aaaa
    if is_ipv6_literal(name):
        return RULE.passed("ipv6-literal", address=name.name)
    if is_ipv4_literal(name):
        return RULE.failed("ipv4-literal", address=name.name)
    if aaaa.stated:
        return RULE.not_applicable("address-given", name=name.name, address=aaaa.records[0])
    if has_address(aaaa):
        return RULE.passed("aaaa-present", name=name.name, address=aaaa.records[0], count=len(aaaa.records))
    if aaaa.outcome is DnsOutcome.ANSWER and aaaa.synthesised:
        return RULE.failed("aaaa-synthesised", name=name.name, resolver=aaaa.resolver)
    if aaaa.outcome in _ABSENT:
        alias = aaaa.chain[-1] if aaaa.chain else name.name
        return RULE.failed(_ABSENT[aaaa.outcome], name=name.name, alias=alias, single_resolver=aaaa.single_resolver)
    return RULE.unknown(DNS_UNDECIDED, name=name.name, cause=dns_cause(aaaa))


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
)
