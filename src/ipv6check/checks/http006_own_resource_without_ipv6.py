"""A page loads parts of itself from the organisation's own hosts that IPv6 does not reach.

What it looks at:
    The page that a visitor over IPv6 ends at, redirects included, and the hosts its HTML makes a browser load scripts,
    styles, images, frames, fonts and media from. Hosts under the target's registrable name (public suffix list), and
    URLs at an IPv4 address, whoever they belong to. Styles written into the page count; what a script or a style sheet
    in a file of its own loads in turn is not seen.

Why it matters:
    On an IPv6-only network the page opens without its pictures, without its style, or not at all, although its own
    address answers. With dual stack nobody notices, so nobody mends it.

Passes when:
    Every such host has a usable AAAA record and accepts a connection over IPv6 (TCP, and TLS with a certificate for it
    where the URL says https; each host is tried once a scan), or the page names none.

Fails when:
    A host of the organisation provably has no AAAA record or special-purpose addresses only
    (`own-host-without-ipv6`), does not answer at its IPv6 addresses (`own-host-unanswered`, two are tried), or a part
    of the page is loaded from an IPv4 literal.

Cannot tell when:
    The DNS did not tell about a host; it was not tried for a reason of ours, or since its port is neither 80, 443 nor
    the target's, or it does not answer over IPv4 either (`host-untried`); no reply came for a reason that says nothing
    about the page; it was not told where the redirects lead; or the page is longer or names more hosts than is read and
    nothing wrong was found in the part that was.

How to fix:
    Give the named hosts an AAAA record and a listener over IPv6, or serve these files from the page's own host; never
    load anything by address.

References:
    WHATWG HTML sections 4.2.4, 4.8 and 4.12 (what a browser loads), RFC 8305 (why dual stack hides it).

Policy settings:
    `timeouts.tcp`, `timeouts.tls`.
"""

from ipv6check.checks.resources import RESOURCE_TAGS, judge_hosts, named, page_premise
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import RedirectEvidence
from ipv6check.model.resources import KnockEvidence, ResourceEvidence
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="HTTP006",
    name="own-resource-without-ipv6",
    since="0.2",
    tags=RESOURCE_TAGS
    | {"own-hosts-have-ipv6", "no-own-hosts", "own-host-without-ipv6", "own-host-unanswered", "ipv4-literal"},
)


def judge(
    name: NameEvidence,
    endpoint: EndpointEvidence,
    redirect: RedirectEvidence,
    resources: ResourceEvidence,
    knocks: KnockEvidence,
    policy: Policy,
) -> Verdict:
    """Whether everything of the organisation's own that the page needs is there over IPv6."""
    premise = page_premise(RULE, name, endpoint, redirect, resources)
    if premise is not None:
        return premise
    if resources.literals:
        literals = resources.literals
        return RULE.failed("ipv4-literal", url=resources.page, count=len(literals), literals=named(literals))
    own = [one for one in resources.resources if one.own]
    return judge_hosts(
        RULE,
        resources,
        knocks,
        own,
        bad="own-host-without-ipv6",
        dead="own-host-unanswered",
        good="own-hosts-have-ipv6",
        none="no-own-hosts",
    )


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence, RedirectEvidence, ResourceEvidence, KnockEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
