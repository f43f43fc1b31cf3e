"""The name does not exist in the DNS at all.

What it looks at:
    The AAAA and A look-ups of the target's name.

Why it matters:
    A name that does not exist is usually a slip of the inventory or a service that was switched off, not a missing
    IPv6 conversion. Telling the two apart keeps a list of work honest.

Passes when:
    One of the two look-ups ended in an answer or in NODATA: the name exists.

Fails when:
    Both look-ups ended in NXDOMAIN (RFC 8020), or the AAAA one where the scan does not look at IPv4. If the name is an
    alias, the tag says that its target is missing. Where addresses were given by hand, before the DNS has the name,
    the rule is not applicable.

Cannot tell when:
    One look-up ended in NXDOMAIN and the other in an error, since some servers wrongly answer NXDOMAIN to AAAA
    alone (RFC 4074 section 4.2), or both ended in an error.

How to fix:
    Correct the name in the inventory, take the asset out if it is gone, or put the missing name back into the zone.

References:
    RFC 2308 section 2.1, RFC 8020, RFC 4074 section 4.2.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `retries.servfail`.
"""

from ipv6check.checks.premise import DNS_UNDECIDED, dns_cause
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="DNS002",
    name="name-nonexistent",
    since="0.1",
    tags=frozenset(
        {"name-exists", "no-name", "address-given", "name-nonexistent", "alias-target-nonexistent", DNS_UNDECIDED}
    ),
)

_EXISTS = frozenset(
    {DnsOutcome.ANSWER, DnsOutcome.NODATA, DnsOutcome.CHAIN_LOOP, DnsOutcome.CHAIN_TOO_LONG}
)  # a chain proves that at least its first name exists


def judge(name: NameEvidence, policy: Policy) -> Verdict:
    """Whether the name exists; one positive sign is enough, NXDOMAIN must come from both questions."""
    aaaa, a = name.aaaa, name.a
    if aaaa.outcome is DnsOutcome.NOT_ASKED:
        return RULE.not_applicable("no-name", name=name.name)
    if aaaa.stated or a.stated:
        given = (aaaa if aaaa.stated else a).records[0]
        return RULE.not_applicable("address-given", name=name.name, address=given)
    if aaaa.outcome in _EXISTS or a.outcome in _EXISTS:
        return RULE.passed("name-exists", name=name.name)
    if aaaa.outcome is not DnsOutcome.NXDOMAIN:
        return RULE.unknown(DNS_UNDECIDED, name=name.name, cause=dns_cause(aaaa))
    if a.outcome not in (DnsOutcome.NXDOMAIN, DnsOutcome.NOT_ASKED):
        return RULE.unknown(DNS_UNDECIDED, name=name.name, cause=dns_cause(a))
    if aaaa.chain:
        return RULE.failed("alias-target-nonexistent", name=name.name, alias=aaaa.chain[-1])
    return RULE.failed("name-nonexistent", name=name.name, single_resolver=aaaa.single_resolver)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
)
