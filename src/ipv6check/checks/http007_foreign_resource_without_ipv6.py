"""A page loads parts of itself from others' hosts that IPv6 does not reach.

What it looks at:
    The page that a visitor over IPv6 ends at, redirects included, and the hosts outside the target's registrable name
    that its HTML makes a browser load scripts, styles, images, frames, fonts and media from.

Why it matters:
    On an IPv6-only network these parts are missing. The hosts belong to somebody else, so the organisation can only ask
    them or choose another supplier; that is why this rule stands apart from the one about its own hosts.

Passes when:
    Every such host has a usable AAAA record and accepts a connection over IPv6, as in HTTP006, or the page names none.

Fails when:
    A host provably has no AAAA record or special-purpose addresses only, or does not answer at its IPv6 addresses
    (`foreign-host-unanswered`). The first few are named.

Cannot tell when:
    The DNS did not tell about a host; it was not tried, or does not answer over IPv4 either (`host-untried`); no reply
    came for a reason that says nothing about the page; it was not told where the redirects lead; or the page is longer
    or names more hosts than is read and nothing wrong was found in the part that was.

How to fix:
    Serve the file yourself, choose a supplier with IPv6, or ask this one for it.

References:
    WHATWG HTML sections 4.2.4, 4.8 and 4.12 (what a browser loads).

Policy settings:
    `timeouts.tcp`, `timeouts.tls`.
"""

from ipv6check.checks.resources import RESOURCE_TAGS, judge_hosts, page_premise
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
    code="HTTP007",
    name="foreign-resource-without-ipv6",
    since="0.2",
    tags=RESOURCE_TAGS
    | {"foreign-hosts-have-ipv6", "no-foreign-hosts", "foreign-host-without-ipv6", "foreign-host-unanswered"},
)


def judge(
    name: NameEvidence,
    endpoint: EndpointEvidence,
    redirect: RedirectEvidence,
    resources: ResourceEvidence,
    knocks: KnockEvidence,
    policy: Policy,
) -> Verdict:
    """Whether everything the page needs from others is there over IPv6."""
    premise = page_premise(RULE, name, endpoint, redirect, resources)
    if premise is not None:
        return premise
    foreign = [one for one in resources.resources if not one.own]
    return judge_hosts(
        RULE,
        resources,
        knocks,
        foreign,
        bad="foreign-host-without-ipv6",
        dead="foreign-host-unanswered",
        good="foreign-hosts-have-ipv6",
        none="no-foreign-hosts",
    )


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence, RedirectEvidence, ResourceEvidence, KnockEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
