"""A resolver that has only IPv6 cannot get from the root to the zone.

What it looks at:
    A walk of our own from the root servers, zone by zone, that uses IPv6 addresses alone: glue, or the servers' names
    resolved by the same rule. At most 60 questions for a zone; zones above are walked once in a scan.

Why it matters:
    IPv6-only networks run resolvers without IPv4. AAAA records at the name servers are not enough: every
    zone on the way must be reachable, and the zones of the name servers' own names too.

Passes when:
    The walk ends at a server that answers for the zone.

Fails when:
    The zone itself, or one between it and the part of the name that its organisation registered, breaks: no server
    has an IPv6 address (`broken-no-aaaa`), the addresses are missing from the parent's glue (`broken-glue-missing`),
    are silent (`broken-silent`), answer without authority (`broken-lame`), are of a kind nobody can reach
    (`broken-address`), or the servers' names lie in a zone that is itself unreachable (`broken-server-names`).

Cannot tell when:
    Something failed on our side, the budget of questions ran out, or no root server is known: a scan with anchors of
    its own must be given the root servers of its network. Where a zone above the organisation breaks, the rule is not
    applicable and names that zone, its reason and its operator: it is not the organisation's fault.

How to fix:
    See DNS005, DNS007 and DNS009 for the zone named; a zone above it is its operator's to repair.

References:
    RFC 3901 section 4, RFC 9471, RFC 9156.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`; the setting `root`.
"""

from ipv6check.checks.zone import ZONE_TAGS, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import Break, ZoneReport, ZonesEvidence

_BROKEN = {
    Break.NO_AAAA: "broken-no-aaaa",
    Break.GLUE_MISSING: "broken-glue-missing",
    Break.SERVERS_SILENT: "broken-silent",
    Break.SERVERS_LAME: "broken-lame",
    Break.SERVER_NAMES_UNREACHABLE: "broken-server-names",
    Break.ADDRESS_UNUSABLE: "broken-address",
}

RULE = Rule(
    code="DNS010",
    name="ipv6-chain-broken",
    since="0.2",
    tags=ZONE_TAGS | {"chain-whole", "broken-above", "walk-undecided", *_BROKEN.values()},
)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """How far the walk came, and whose zone it ended in."""
    report = zone_or_verdict(RULE, zones)
    return report if isinstance(report, Verdict) else judge_zone(report)


def judge_zone(report: ZoneReport) -> Verdict:
    """The walk to one zone: the target's own, or that of a name it is an alias of."""
    chain = report.chain
    if chain.undecided or (chain.broken and chain.reason is None):
        return RULE.unknown("walk-undecided", zone=report.zone, cause=chain.undecided or "local_error")
    if chain.reason is None:
        return RULE.passed("chain-whole", zone=report.zone, count=len(chain.path))
    server = chain.servers[0] if chain.servers else ""
    args = {"zone": chain.broken, "server": server, "operator": chain.operator, "through": chain.through}
    if _is_own(chain.broken, report):
        return RULE.failed(_BROKEN[chain.reason], total=len(chain.servers), **args)
    return RULE.not_applicable("broken-above", name=report.zone, cause=chain.reason.value, **args)


def _is_own(broken: str, report: ZoneReport) -> bool:
    """True if the broken zone is the zone itself, or lies in what the same organisation registered."""
    own = report.organisation
    return broken == report.zone or bool(own and (broken == own or broken.endswith("." + own)))


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
