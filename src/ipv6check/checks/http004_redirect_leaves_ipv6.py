"""A redirect leads to a place that IPv6 does not reach.

What it looks at:
    The redirect chain from the target's URL, walked over IPv6 only: every hop is resolved for AAAA alone and
    contacted at that address.

Why it matters:
    A portal that answers over IPv6 and then sends its visitors to an IPv4-only host or an IPv4 literal is not usable
    over IPv6, and a check of the first page alone does not notice.

Passes when:
    The URL does not redirect, or every hop to the last was answered over IPv6. A step from https to http gives a
    tag of its own and still passes: it is no IPv6 fault.

Fails when:
    A hop's host provably has no AAAA record, is an IPv4 literal, has special-purpose addresses only, or does not answer
    over IPv6. The hop is named.

Cannot tell when:
    The DNS did not tell, the failure was ours, the chain never ended (a loop, or more hops than the policy allows;
    many sites loop only for clients without cookies), or the walk refused the URL (scheme, port or user name).

How to fix:
    Give the named host an AAAA record and a listener, or redirect to a name that has them; never to an address.

References:
    RFC 9110 section 15.4, RFC 6555 and 8305 (why browsers hide this), RFC 3986 section 3.2.2.

Policy settings:
    `thresholds.max_redirects`, `timeouts`, `retries.refused`.
"""

from ipaddress import IPv6Address, IPv6Network

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise
from ipv6check.checks.reach import Reach, in_state
from ipv6check.checks.web import find_web
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Arg, Verdict

_UNDECIDED = {
    HopOutcome.DNS_UNKNOWN: "hop-dns-undecided",
    HopOutcome.BLOCKED_URL: "hop-not-followed",
    HopOutcome.LOOP: "redirect-loop",
    HopOutcome.TOO_MANY: "too-many-redirects",
    HopOutcome.FOLLOWED: "hop-undecided",
}
_LEAVES = {HopOutcome.NO_AAAA: "hop-without-aaaa", HopOutcome.IPV4_LITERAL: "hop-ipv4-literal"}
_ULA = IPv6Network("fc00::/7")

_ENDED = {"no-redirect", "stays-on-ipv6", "stays-on-ipv6-downgraded", "no-ipv6-reply"}
_BROKEN = {"hop-special-address", "hop-unreachable"}

RULE = Rule(
    code="HTTP004",
    name="redirect-leaves-ipv6",
    since="0.1",
    tags=ADDRESS_TAGS | _ENDED | _BROKEN | {*_UNDECIDED.values(), *_LEAVES.values()},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, redirect: RedirectEvidence, policy: Policy) -> Verdict:
    """Whether the whole chain can be walked over IPv6."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    if not redirect.hops:
        return _not_begun(endpoint, redirect)
    last = redirect.hops[-1]
    args: dict[str, Arg] = {"url": redirect.url, "hop": last.url, "number": len(redirect.hops)}
    if last.outcome is HopOutcome.FINAL:
        if len(redirect.hops) == 1:
            return RULE.passed("no-redirect", url=redirect.url)
        return RULE.passed("stays-on-ipv6-downgraded" if redirect.downgraded else "stays-on-ipv6", **args)
    if last.outcome in _LEAVES:
        return RULE.failed(_LEAVES[last.outcome], **args)
    if last.outcome is HopOutcome.BLOCKED_ADDRESS:
        args |= {"address": last.address, "cause": last.detail}
        doubtful = last.detail == "opted_out" or (last.detail == "ula" and _on_ula(redirect.hops[0]))
        return RULE.unknown("hop-undecided", **args) if doubtful else RULE.failed("hop-special-address", **args)
    if last.outcome is HopOutcome.UNREACHABLE:
        failure = last.failure
        args |= {"address": last.address, "cause": failure.value if failure is not None else "not_contacted"}
        proven = failure is not None and not failure.is_ours and failure is not Failure.RATE_LIMITED
        return RULE.failed("hop-unreachable", **args) if proven else RULE.unknown("hop-undecided", **args)
    return RULE.unknown(_UNDECIDED[last.outcome], **args, cause=last.detail)


def _not_begun(endpoint: EndpointEvidence, redirect: RedirectEvidence) -> Verdict:
    """Why there is no chain: nobody asked, or no answer over IPv6."""
    undecided = in_state([find_web(contact, endpoint.accepted) for contact in endpoint.v6], Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    return RULE.not_applicable("no-ipv6-reply", url=redirect.url)


def _on_ula(first: Hop) -> bool:
    """True if the target itself was contacted at a ULA, so it is internal and a ULA is no fault of a later hop; the
    walk does not contact such a hop, since a redirect never widens what may be contacted."""
    try:
        return IPv6Address(first.address) in _ULA
    except ValueError:
        return False


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence, RedirectEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
