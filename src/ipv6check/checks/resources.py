"""What the hosts that a page loads from amount to, for the rules about them."""

from collections.abc import Sequence

from ipv6check.checks.premise import (
    ADDRESS_TAGS,
    NOT_CONTACTED,
    OPTED_OUT_WORD,
    UNDECIDED,
    address_premise,
    dns_cause,
    has_address,
)
from ipv6check.checks.reach import Reach, in_state
from ipv6check.checks.web import find_web
from ipv6check.model.check import Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.resources import KnockEvidence, Resource, ResourceEvidence
from ipv6check.model.verdict import Arg, Verdict

NO_PAGE = "no-page"
HOST_UNDECIDED = "host-dns-undecided"
HOST_UNTRIED = "host-untried"
PAGE_CUT = "page-cut"
REDIRECT_UNDECIDED = "redirect-undecided"
RESOURCE_TAGS = ADDRESS_TAGS | {NO_PAGE, HOST_UNDECIDED, HOST_UNTRIED, PAGE_CUT, REDIRECT_UNDECIDED}
MOST_NAMED = 5


def page_premise(
    rule: Rule, name: NameEvidence, endpoint: EndpointEvidence, redirect: RedirectEvidence, resources: ResourceEvidence
) -> Verdict | None:
    """Unless None: why there is no page to speak about."""
    premise = address_premise(rule, name, endpoint)
    if premise is not None or resources.page:
        return premise
    last = redirect.hops[-1] if redirect.hops else None
    if last is not None and not is_told(last):
        return rule.unknown(REDIRECT_UNDECIDED, url=redirect.url, hop=last.url)
    undecided = in_state([find_web(contact, endpoint.accepted) for contact in endpoint.v6], Reach.UNDECIDED)
    if undecided:
        return rule.unknown(UNDECIDED, **undecided[0].args())
    return rule.not_applicable(NO_PAGE)


def is_told(last: Hop) -> bool:
    """True if the walk's last hop is known to be a page, or to be out of reach over IPv6: HTTP004 fails there."""
    if last.outcome is HopOutcome.UNREACHABLE:
        return last.failure is not None and not last.failure.is_ours and last.failure is not Failure.RATE_LIMITED
    if last.outcome is HopOutcome.BLOCKED_ADDRESS:
        return last.detail != OPTED_OUT_WORD
    return last.outcome in (HopOutcome.FINAL, HopOutcome.NO_AAAA, HopOutcome.IPV4_LITERAL)


def lacks_ipv6(resource: Resource) -> bool:
    """True if it is proven that IPv6 does not lead to the host: no AAAA record, or none that anybody may contact."""
    aaaa = resource.aaaa
    made_up = aaaa.outcome is DnsOutcome.ANSWER and aaaa.synthesised
    return aaaa.outcome.proves_absence or made_up or resource.barred not in ("", OPTED_OUT_WORD)


def _answer(host: Resource, knocks: KnockEvidence) -> tuple[str, bool]:
    """Why a host with addresses was not reached over IPv6, empty if it was, and whether that is proven: what is as dead
    over IPv4 says nothing about IPv6."""
    over6 = [knock.failure for knock in knocks.v6 if knock.host == host.host]
    if None in over6:
        return "", True
    if not over6:
        return NOT_CONTACTED, False
    over4 = [knock.failure for knock in knocks.v4 if knock.host == host.host]
    is_alike = bool(over4) and not any(map(_is_open, over4))
    unsaid = [failure for failure in over6 if _is_open(failure)]
    return str((unsaid or over6)[0]), not unsaid and not is_alike


def _is_open(failure: Failure | None) -> bool:
    """True for a failure that says nothing about the host."""
    return failure is None or failure.is_ours or failure is Failure.RATE_LIMITED


def judge_hosts(
    rule: Rule,
    resources: ResourceEvidence,
    knocks: KnockEvidence,
    hosts: Sequence[Resource],
    *,
    bad: str,
    dead: str,
    good: str,
    none: str,
) -> Verdict:
    """Fails naming the hosts without IPv6 (``bad``), or those that do not answer over it (``dead``), else unknown for
    what could not be told, else passes."""
    without = [host for host in hosts if lacks_ipv6(host)]
    args: dict[str, Arg] = {"url": resources.page, "total": len(hosts)}
    if without:
        return rule.failed(bad, **args, count=len(without), hosts=named([host.host for host in without]))
    ends = {host.host: _answer(host, knocks) for host in hosts if has_address(host.aaaa) or ":" in host.host}
    broken = [host for host, (cause, is_proven) in ends.items() if cause and is_proven]
    if broken:
        return rule.failed(dead, **args, count=len(broken), hosts=named(broken), cause=ends[broken[0]][0])
    for host in hosts:
        if not has_address(host.aaaa) and ":" not in host.host:
            cause = OPTED_OUT_WORD if host.barred == OPTED_OUT_WORD else dns_cause(host.aaaa)
            return rule.unknown(HOST_UNDECIDED, **args, host=host.host, cause=cause)
    for name, (cause, _) in ends.items():
        if cause:
            return rule.unknown(HOST_UNTRIED, **args, host=name, cause=cause)
    if resources.cut:
        return rule.unknown(PAGE_CUT, **args)
    return rule.passed(good if hosts else none, **args)


def named(hosts: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(hosts) - MOST_NAMED
    return ", ".join(hosts[:MOST_NAMED]) + (f" +{more}" if more > 0 else "")
