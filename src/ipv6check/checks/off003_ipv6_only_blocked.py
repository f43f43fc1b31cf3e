"""The page cannot be used from a network that has no IPv4.

What it looks at:
    What seven other rules judge, folded into one verdict: the way through the DNS over IPv6 alone (DNS010),
    to the name's own zone and to that of every name it is an alias of; an IPv6 address (DNS001, ADR001), the page
    itself (HTTP001), where its redirects lead (HTTP004), and the hosts it loads from, the organisation's own (HTTP006)
    and others' (HTTP007). Nothing is sent for it. The zones of redirects and of hosts the page loads from are not
    walked to: those hosts count by a connection over IPv6 to each.

Why it matters:
    A dual-stack network hides every gap, since clients fall back to IPv4. Without IPv4 one gap is enough, and it may be
    somebody else's. So the blockers are listed by who can remove them: the organisation, the operator of a DNS zone
    above it, or a third party.

Passes when:
    Every part that has something to say passes.

Fails when:
    A part is proven to be in the way, whatever is open elsewhere: `blocked-own`, `blocked-parent`,
    `blocked-third-party`, or `blocked-several` if more than one of them has to act. `blockers` are the codes of the
    rules, `own` those that the organisation can mend, `parent` the zones above, `third_party` the hosts and zones of
    others.

Cannot tell when:
    Nothing is proven to be in the way and at least one part is unknown; `open` names the rules. Addresses given by hand
    leave the way through the DNS open, and so does an alias whose zone could not be found.

How to fix:
    Mend what `own` names by the advice of those rules, ask the operators named by the others, or do without them.

References:
    RFC 3901 section 4, RFC 6540, RFC 6146 and RFC 6147 (what NAT64 and DNS64 hide from a client).

Policy settings:
    Those of the rules it folds.
"""

from ipv6check.checks.adr001_no_global_address import judge as has_usable_address
from ipv6check.checks.blockers import BROKEN_ABOVE, Blockers, is_own
from ipv6check.checks.dns001_aaaa_missing import judge as has_aaaa
from ipv6check.checks.dns010_ipv6_chain_broken import judge as walk_dns
from ipv6check.checks.dns010_ipv6_chain_broken import judge_zone as walk_to
from ipv6check.checks.http001_https_unreachable import judge as fetch_page
from ipv6check.checks.http004_redirect_leaves_ipv6 import judge as follow_redirects
from ipv6check.checks.http006_own_resource_without_ipv6 import judge as find_own_hosts
from ipv6check.checks.http007_foreign_resource_without_ipv6 import judge as find_foreign_hosts
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import RedirectEvidence
from ipv6check.model.resources import KnockEvidence, ResourceEvidence
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Status, Verdict
from ipv6check.model.zone import ZonesEvidence

RULE = Rule(
    code="OFF003",
    name="ipv6-only-blocked",
    since="0.3",
    tags=frozenset(
        {"ipv6-only-ready", "blocked-own", "blocked-parent", "blocked-third-party", "blocked-several", "part-undecided"}
    ),
)


def judge(
    name: NameEvidence,
    endpoint: EndpointEvidence,
    redirect: RedirectEvidence,
    resources: ResourceEvidence,
    knocks: KnockEvidence,
    zones: ZonesEvidence,
    policy: Policy,
) -> Verdict:
    """Whether a visitor without IPv4 gets the whole page, and if not, who is in the way."""
    chain = walk_dns(zones, policy)
    page = fetch_page(name, endpoint, policy)
    hops = follow_redirects(name, endpoint, redirect, policy)
    found = Blockers()
    if chain.tag == BROKEN_ABOVE:
        found.by_parent(chain)
    _add_aliases(found, zones)
    for part in (chain, has_aaaa(name, policy), has_usable_address(name, endpoint, policy), page):
        found.by_own(part)
    if is_own(hops, name, zones):
        found.by_own(hops)
    else:
        found.by_third_party(hops)
    found.by_own(find_own_hosts(name, endpoint, redirect, resources, knocks, policy))
    found.by_third_party(find_foreign_hosts(name, endpoint, redirect, resources, knocks, policy))
    owners = found.owners
    if owners:
        tag = f"blocked-{owners[0]}" if len(owners) == 1 else "blocked-several"
        return RULE.failed(tag, name=name.name, **found.args())
    if name.aaaa.stated:  # the addresses were given by hand, so nothing shows that the DNS leads to them
        found.open.append(chain.rule)
    if found.open or page.status is not Status.PASS:
        return RULE.unknown("part-undecided", name=name.name, open=", ".join(found.open or [page.rule]))
    return RULE.passed("ipv6-only-ready", name=name.name)


def _add_aliases(found: Blockers, zones: ZonesEvidence) -> None:
    """The zones that an alias leads through; one that could not be found leaves the way open."""
    own = zones.zone.organisation if zones.zone is not None else ""
    for report in zones.aliases:
        found.by_alias(walk_to(report), own=bool(own) and report.organisation == own)
    if zones.lost:
        found.open.append("DNS010")


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence, RedirectEvidence, ResourceEvidence, KnockEvidence, ZonesEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
    parts=("DNS010", "DNS001", "ADR001", "HTTP001", "HTTP004", "HTTP006", "HTTP007"),
)
