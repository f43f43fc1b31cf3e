"""Fewer than two name servers of the CNAME target's zone answer over IPv6.

What it looks at:
    The zones of every name that the target's CNAME chain goes through, surveyed like the target's own.
    Each zone is looked at once in a scan.

Why it matters:
    An alias into the zone of a provider works over IPv6 only as well as that provider's name servers do.

Passes when:
    At least two servers of each of these zones answer with authority over IPv6.

Fails when:
    In one of them no server has an IPv6 address (`no-address`), none answers (`none-answers`), or one does
    (`only-one`).

Cannot tell when:
    Such a zone, its servers or their addresses could not be looked up or asked for reasons of ours.
    It is not applicable to a name that is no alias.

How to fix:
    Ask the provider behind the alias for name servers that answer over IPv6, or use another.

References:
    RFC 3901 section 4, RFC 2182 section 5, RFC 7505 (null MX).

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import TOO_FEW_TAGS, worst_of
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Status, Verdict
from ipv6check.model.zone import ZonesEvidence

RULE = Rule(
    code="DNS011",
    name="alias-name-servers-without-ipv6",
    since="0.2",
    tags=TOO_FEW_TAGS | {"no-alias", "alias-zone-undecided"},
)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """The worst of the alias zones."""
    if zones.found is DnsOutcome.NOT_ASKED or not (zones.aliases or zones.lost):
        return RULE.not_applicable("no-alias", name=zones.name)
    verdict = worst_of(RULE, zones.aliases, len(zones.aliases)) if zones.aliases else None
    if zones.lost and (verdict is None or verdict.status is Status.PASS):
        return RULE.unknown("alias-zone-undecided", name=zones.name, alias=zones.lost[0])
    return verdict or RULE.not_applicable("no-alias", name=zones.name)


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
