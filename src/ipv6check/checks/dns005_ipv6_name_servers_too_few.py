"""Fewer than two name servers of the zone answer over IPv6.

What it looks at:
    Every IPv6 address of every name server of the name's zone, as the zone and its parent list them: a question for
    the SOA record, without recursion, straight to the address. The zone is looked at once, whatever the number of
    names in it.

Why it matters:
    A resolver that has only IPv6 finds nothing of the zone without such a server, and with a single one a restart
    makes every name disappear. An AAAA record of a server that does not answer helps nobody.

Passes when:
    At least two servers answer with authority over IPv6. A server listed under several names, or under one name with
    several addresses, counts as one.

Fails when:
    None has an IPv6 address (`no-address`), none of those that have one answers (`none-answers`), or exactly one
    does (`only-one`).

Cannot tell when:
    The zone, its list of servers or a server's addresses could not be looked up, or an address could not be asked
    for reasons of ours, and the others alone do not make two. Ours are: a vantage without IPv6; silence where no server
    at all was heard that way, as behind a firewall that drops DNS; a resolver that answers in the server's place.

How to fix:
    Give two name servers IPv6 addresses, let them answer there over UDP and TCP port 53, publish AAAA records for
    their names, and have the parent zone publish the same addresses as glue.

References:
    RFC 3901 section 4, RFC 2182 section 5, RFC 1034 section 4.1.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import TOO_FEW_TAGS, ZONE_TAGS, too_few, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ZonesEvidence

RULE = Rule(code="DNS005", name="ipv6-name-servers-too-few", since="0.2", tags=ZONE_TAGS | TOO_FEW_TAGS)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """How many servers of the zone answer over IPv6."""
    report = zone_or_verdict(RULE, zones)
    return report if isinstance(report, Verdict) else too_few(RULE, report, 6)


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
