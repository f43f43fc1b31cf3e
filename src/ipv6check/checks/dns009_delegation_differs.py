"""The parent zone delegates to other IPv6 addresses or servers than the zone itself names.

What it looks at:
    The referral that a server of the parent zone gives for the zone, with its glue, against the zone's own NS records
    and the AAAA records of its servers. Glue is compared for servers whose names lie in the zone.

Why it matters:
    A resolver begins with what the parent says. Without IPv6 glue one that has only IPv6 never gets to the zone,
    however well its servers answer; an old address in the glue costs every resolver a time-out.

Passes when:
    Both list the same servers, and the IPv6 glue is what the zone publishes.

Fails when:
    The parent gives no IPv6 glue for a server that has AAAA records (`glue-missing`), gives an address that the zone
    does not have (`glue-stale`), lacks some of its addresses (`glue-incomplete`), lists a server that the zone does not
    list (`server-not-in-zone`), or lacks one that the zone lists (`server-not-in-parent`).

Cannot tell when:
    No server of the parent gave a referral, the zone's own list was not told, or a server's AAAA look-up ended in an
    error. It is not applicable where parent and zone live on the same servers, which then give no referral.

How to fix:
    Tell the registry or whoever runs the parent zone the servers and IPv6 addresses that the zone has; or correct the
    zone's own NS and AAAA records.

References:
    RFC 1034 section 4.2.2, RFC 9471 (glue is required), RFC 1912 section 2.3.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import SERVERS_UNDECIDED, ZONE_TAGS, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ZoneReport, ZoneServer, ZonesEvidence

_FAULTS = ("glue-missing", "glue-stale", "glue-incomplete", "server-not-in-zone", "server-not-in-parent")

RULE = Rule(
    code="DNS009",
    name="delegation-differs",
    since="0.2",
    tags=ZONE_TAGS | {"same-delegation", "same-servers", "parent-undecided", SERVERS_UNDECIDED, *_FAULTS},
)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """The parent's word against the zone's."""
    report = zone_or_verdict(RULE, zones)
    if isinstance(report, Verdict):
        return report
    if report.referral is DnsOutcome.NODATA or not report.parent:
        return RULE.not_applicable("same-servers", zone=report.zone)
    if report.referral is not DnsOutcome.ANSWER:
        return RULE.unknown("parent-undecided", zone=report.zone, parent=report.parent, cause=report.referral.value)
    faults = [found for server in report.servers if (found := _fault(server, report))]
    if faults:
        tag, server, address = min(faults, key=lambda found: _FAULTS.index(found[0]))
        return RULE.failed(
            tag, zone=report.zone, parent=report.parent, server=server, address=address, count=len(faults)
        )
    doubtful = next((server.aaaa for server in report.servers if not server.aaaa.is_known), report.listed)
    if not doubtful.is_known or report.listed is not DnsOutcome.ANSWER:
        return RULE.unknown(SERVERS_UNDECIDED, zone=report.zone, total=len(report.servers), cause=doubtful.value)
    return RULE.passed("same-delegation", zone=report.zone, parent=report.parent, total=len(report.servers))


def _fault(server: ZoneServer, report: ZoneReport) -> tuple[str, str, str] | None:
    """Tag, server and address of what differs."""
    own, glue = set(server.own6), set(server.glue6)
    inside = server.name == report.zone or server.name.endswith("." + report.zone)
    if server.in_parent and server.aaaa.is_known:
        if glue - own:
            return "glue-stale", server.name, min(glue - own)
        if inside and own - glue:
            return "glue-incomplete" if glue else "glue-missing", server.name, min(own - glue)
    if report.listed is not DnsOutcome.ANSWER or server.in_parent is server.in_child:
        return None
    return "server-not-in-zone" if server.in_parent else "server-not-in-parent", server.name, ""


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
