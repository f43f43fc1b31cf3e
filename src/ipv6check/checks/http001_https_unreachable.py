"""The web page cannot be fetched over IPv6.

What it looks at:
    One GET of the target's URL at every IPv6 address: TCP, TLS, certificate, reply and status. Plain HTTP targets
    skip the TLS steps. Redirects are not followed here (HTTP004). Where the inventory expects a text or a JSON value,
    the decoded body of an accepted status is searched for it.

Why it matters:
    This is what a visitor over IPv6 meets. Browsers fall back to IPv4 only if the TCP connection fails; whatever
    breaks later, the visitor sees.

Passes when:
    At least one address delivered an accepted status and no other address that accepts TCP is proven broken. 401 and
    403 that IPv4 gives too pass with a tag of their own: a log-in page is no IPv6 fault.

Fails when:
    No address delivers it, or one that accepts TCP is broken at a later step; a tag per step. An address that
    does not accept TCP beside one that works is left to TCP002. `same_on_ipv4` is true if IPv4 is broken alike.
    A stall that small TCP segments end, and full-size ones bring back, is named a path-MTU black hole.

Cannot tell when:
    An address that matters is undecided: our own trouble, a spent budget, 429, 503 with Retry-After, a challenge for
    robots, an opt-out; a body cut short before an expected text; or 401/403 without an IPv4 side to compare with.

How to fix:
    Follow the step the tag names: listener and firewall, TLS configuration, certificate, virtual host. If TLS or the
    reply times out while TCP works, look for filtered ICMPv6 packet-too-big messages first.

References:
    RFC 9110 section 15, RFC 9112, RFC 8446, RFC 8201 and RFC 4890 section 4.3.1 (path MTU), RFC 8305.

Policy settings:
    `timeouts.tcp`, `timeouts.tls`, `timeouts.http`, `retries`; the accepted status codes stand in the inventory.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise, has_opted_out
from ipv6check.checks.reach import Finding, Reach, deciding, in_state, same_fault
from ipv6check.checks.web import LOGIN, find_web
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import OPTED_OUT, Verdict

NOT_COMPARED = "ipv4_not_compared"
_TAGS = {
    Reach.NO_CONNECTION: "https-no-connection",
    Reach.NO_TLS: "https-tls-failed",
    Reach.BAD_CERTIFICATE: "https-certificate-invalid",
    Reach.NO_REPLY: "https-no-response",
    Reach.WRONG_REPLY: "https-status-not-accepted",
}
_STALLED = (Reach.NO_TLS, Reach.NO_REPLY)
_CAUSES: dict[str, dict[Reach, str]] = {
    Failure.TIMEOUT: dict(zip(_STALLED, ("https-tls-timeout", "https-response-timeout"), strict=True)),
    Failure.PATH_MTU_BLACK_HOLE: dict.fromkeys(_STALLED, "https-path-mtu-black-hole"),
    Failure.UNEXPECTED_REPLY: {Reach.WRONG_REPLY: "https-text-missing"},
}
_NAMED = {tag for tags in (_TAGS, *_CAUSES.values()) for tag in tags.values()}

_TAGS_ALL = ADDRESS_TAGS | {"https-works", "https-login-required"} | _NAMED
RULE = Rule(code="HTTP001", name="https-unreachable", since="0.1", tags=_TAGS_ALL)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether the page is there over IPv6, and if not, at which step it is lost."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    findings = [_settle_login(find_web(contact, endpoint.accepted), name, endpoint) for contact in endpoint.v6]
    finding = deciding(findings)
    served = in_state(findings, Reach.SERVED)
    if finding.reach is Reach.UNDECIDED:
        return RULE.unknown(UNDECIDED, **finding.args())
    if not served and has_opted_out(endpoint):
        return RULE.unknown(OPTED_OUT)
    if finding.reach is not Reach.SERVED:
        return _failed(finding, findings, endpoint)
    reply = finding.contact.http
    status = reply.status if reply is not None else 0
    login = status in LOGIN and status not in endpoint.accepted
    tag = "https-login-required" if login else "https-works"
    return RULE.passed(tag, **finding.args(), status=status, count=len(served), total=len(findings))


def _settle_login(finding: Finding, name: NameEvidence, endpoint: EndpointEvidence) -> Finding:
    """A refusal for want of a log-in counts as served if IPv4 refuses alike, and waits if IPv4 was not looked at."""
    reply = finding.contact.http
    if reply is None or reply.status not in LOGIN or finding.cause != str(reply.status):
        return finding
    others = [find_web(contact, endpoint.accepted) for contact in endpoint.v4]
    if same_fault(finding, others):
        return Finding(finding.contact, Reach.SERVED)
    if all(other.reach is Reach.UNDECIDED for other in others) and not name.a.outcome.proves_absence:
        return Finding(finding.contact, Reach.UNDECIDED, NOT_COMPARED)
    return finding


def _failed(finding: Finding, findings: list[Finding], endpoint: EndpointEvidence) -> Verdict:
    """A fail named after the step, with how many addresses end there."""
    return RULE.failed(
        (_TAGS | _CAUSES.get(finding.cause, {}))[finding.reach],
        **finding.args(),
        count=len(in_state(findings, finding.reach)),
        total=len(findings),
        same_on_ipv4=same_fault(finding, [find_web(contact, endpoint.accepted) for contact in endpoint.v4]),
    )


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
