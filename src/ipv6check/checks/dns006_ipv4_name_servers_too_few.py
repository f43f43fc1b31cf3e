"""Fewer than two name servers of the zone answer over IPv4.

What it looks at:
    The same questions as DNS005, at the IPv4 addresses of the zone's name servers.

Why it matters:
    Most resolvers still ask over IPv4. Whoever moves name servers to IPv6 must not lose those on the way. A mandate
    that wants IPv6 alone does not ask for this rule.

Passes when:
    At least two servers answer with authority over IPv4; a dual-stack server counts once for each family.

Fails when:
    None has an IPv4 address (`no-address`), none of those that have one answers (`none-answers`), or exactly one
    does (`only-one`).

Cannot tell when:
    The zone, its list of servers or a server's addresses could not be looked up, or an address could not be asked
    for reasons of ours (a vantage without IPv4 among them), and the others alone do not make two.

How to fix:
    Run a second name server with an IPv4 address in another network, or order one from a provider.

References:
    RFC 3901 section 4, RFC 2182 section 5.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import TOO_FEW_TAGS, ZONE_TAGS, too_few, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ZonesEvidence

RULE = Rule(code="DNS006", name="ipv4-name-servers-too-few", since="0.2", tags=ZONE_TAGS | TOO_FEW_TAGS)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """How many servers of the zone answer over IPv4."""
    report = zone_or_verdict(RULE, zones)
    if isinstance(report, Verdict):
        return report
    return too_few(RULE, report, 4)


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    compares=True,
)
