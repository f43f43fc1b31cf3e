"""A site announces HTTP/3, and it does not work over IPv6 as it does over IPv4.

What it looks at:
    Whether a measured response names HTTP/3 in its Alt-Svc field, or the HTTPS record does by its ALPN; and only then
    one GET over QUIC at up to two IPv6 addresses that reply over TCP: handshake, certificate, status. IPv4 is asked
    only where something is wrong over IPv6. Announcements for another host, or for a port that is neither 443 nor the
    target's, are not followed. It takes the extra `http3`.

Why it matters:
    Browsers try the announced HTTP/3 at the next visit. Where a firewall or load balancer lets UDP through for IPv4
    alone, each such visit over IPv6 begins with a wait; and another status shows that QUIC ends at another machine.

Passes when:
    Every address that was tried answers over HTTP/3 with the status it has over TCP, or with the status that HTTP/3
    has over IPv4.

Fails when:
    HTTP/3 works over IPv4 or at another IPv6 address, and not at this one: nothing comes back (`http3-silent`), UDP is
    refused on the way or at the address (`http3-refused`), the handshake breaks off (`http3-handshake-failed`), the
    certificate is not valid (`http3-certificate-invalid`), no usable reply follows (`http3-no-reply`), or it has a
    status that it has not over IPv4 (`http3-status-differs`). What fails with an answer also fails a site that has no
    IPv4 address.

Cannot tell when:
    The extra is not installed (`http3-not-installed`; nothing is sent); nothing at all came back and nobody has
    answered this vantage over UDP on that port over IPv6, since firewalls near a client close it too; nothing came back
    and it was not heard elsewhere (`silence`); IPv4 did not tell (`http3-uncompared`); the announcement leads elsewhere
    (`announced-elsewhere`); the HTTPS record could not be read and no response announces HTTP/3; or a rate limit
    answered. What is broken over IPv4 as well is not applicable (`http3-fails-alike`), as is a site that does not
    announce it.

How to fix:
    Let UDP port 443 through to the web server over IPv6 as over IPv4 in every firewall and load balancer, and have the
    server listen for QUIC on `::`; or announce HTTP/3 no longer.

References:
    RFC 9114 section 3.1, RFC 7838, RFC 9460 section 7.1, RFC 9000 section 14 (packets of 1200 octets).

Policy settings:
    `timeouts.tls` (the handshake), `timeouts.http`.
"""

from ipv6check.checks.parity import NO_IPV6_REPLY
from ipv6check.checks.premise import ADDRESS_TAGS, NOT_CONTACTED, UNDECIDED, address_premise, is_ipv6_literal
from ipv6check.checks.reach import Finding, Reach, find, in_state
from ipv6check.checks.web import accepts
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.http3 import Announced, Http3Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import BindingEvidence

SILENT = "http3-silent"
_STEPS = {Phase.TLS: "http3-handshake-failed", Phase.HTTP: "http3-no-reply"}
_EARLIER = "http3-refused"

RULE = Rule(
    code="HTTP008",
    name="http3-unanswered",
    since="0.4",
    tags=ADDRESS_TAGS
    | {
        NO_IPV6_REPLY,
        "not-announced",
        "announcement-dns-undecided",
        "announced-elsewhere",
        "http3-not-installed",
        "silence",
    }
    | {"http3-answers", "http3-answers-alike", "http3-fails-alike", "http3-uncompared"}
    | {SILENT, "http3-certificate-invalid", "http3-status-differs", _EARLIER, *_STEPS.values()},
)
_BROKEN = frozenset(Reach) - {Reach.SERVED, Reach.UNDECIDED}


def judge(
    name: NameEvidence, endpoint: EndpointEvidence, binding: BindingEvidence, http3: Http3Evidence, policy: Policy
) -> Verdict:
    """Whether announced HTTP/3 is there over IPv6, and if not, whether that is IPv6's fault."""
    premise = address_premise(RULE, name, endpoint) or _reply_premise(endpoint) or _announcement(binding, http3)
    if premise is not None:
        return premise
    findings = [find(contact) for contact in http3.v6]
    if not findings:
        return RULE.unknown(UNDECIDED, address=name.name, cause=NOT_CONTACTED)
    if any(finding.cause == Failure.LOCAL_NOT_INSTALLED for finding in findings):
        return RULE.unknown("http3-not-installed", announced=http3.announced.value)
    broken = sorted(in_state(findings, *_BROKEN), key=_is_silent)
    if broken:
        return _judge_broken(broken[0], findings, name, http3)
    undecided = in_state(findings, Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    return _compare(findings, endpoint, http3)


def _reply_premise(endpoint: EndpointEvidence) -> Verdict | None:
    """Unless None: why there is nothing over TCP to which HTTP/3 would be the alternative."""
    if any(contact.http is not None for contact in endpoint.v6):
        return None
    undecided = in_state(map(find, endpoint.v6), Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    return RULE.not_applicable(NO_IPV6_REPLY, address=endpoint.v6[0].address, port=endpoint.v6[0].port)


def _announcement(binding: BindingEvidence, http3: Http3Evidence) -> Verdict | None:
    """Unless None: why HTTP/3 was not tried."""
    match http3.announced:
        case Announced.NOWHERE:
            return RULE.not_applicable("not-announced")
        case Announced.UNTOLD:
            return RULE.unknown("announcement-dns-undecided", name=binding.name, cause=binding.outcome.value)
    if http3.elsewhere:
        return RULE.unknown("announced-elsewhere", announced=http3.announced.value, host=http3.elsewhere)
    return None


def _is_silent(finding: Finding) -> bool:
    """True if nothing ever came back."""
    decisive = finding.contact.decisive
    return decisive is not None and decisive.failure is Failure.TIMEOUT and decisive.phase is Phase.EXCHANGE


def _tag(finding: Finding) -> str:
    """The tag of the step at which a connection broke."""
    decisive = finding.contact.decisive
    assert decisive is not None
    if _is_silent(finding):
        return SILENT
    return (
        "http3-certificate-invalid" if finding.reach is Reach.BAD_CERTIFICATE else _STEPS.get(decisive.phase, _EARLIER)
    )


def _judge_broken(finding: Finding, findings: list[Finding], name: NameEvidence, http3: Http3Evidence) -> Verdict:
    """A fail by contrast, or, where an answer proves the fault, because there is no IPv4 to compare with."""
    others = [find(contact) for contact in http3.v4]
    is_contrasted = bool(in_state([*findings, *others], Reach.SERVED))
    if not is_contrasted and _is_silent(finding):
        return RULE.unknown("silence", **finding.args())
    if is_contrasted or name.a.outcome.proves_absence or is_ipv6_literal(name):
        total = len(findings)
        return RULE.failed(_tag(finding), **finding.args(), count=len(in_state(findings, *_BROKEN)), total=total)
    if in_state(others, *_BROKEN):
        return RULE.not_applicable("http3-fails-alike", **finding.args())
    return RULE.unknown("http3-uncompared", **finding.args())


def _compare(findings: list[Finding], endpoint: EndpointEvidence, http3: Http3Evidence) -> Verdict:
    """The status of each address over HTTP/3 against that over TCP, and where they differ against IPv4's."""
    over_tcp = {contact.address: contact.http.status for contact in endpoint.v6 if contact.http is not None}
    odd = [one for one in findings if _status(one) != over_tcp.get(one.contact.address)]
    args = (odd or findings)[0].args() | {"status": _status((odd or findings)[0]), "announced": http3.announced.value}
    if not odd:
        return RULE.passed("http3-answers", **args, count=len(findings))
    others = in_state([find(contact) for contact in http3.v4], Reach.SERVED)
    if not others:
        return RULE.unknown("http3-uncompared", **args)
    ipv4_status = _status(others[0])
    if all(_status(one) == ipv4_status for one in odd):
        return RULE.passed("http3-answers-alike", **args)
    differing = next(one for one in odd if _status(one) != ipv4_status)
    if accepts(_status(differing), endpoint.accepted) and not accepts(ipv4_status, endpoint.accepted):
        return RULE.passed("http3-answers", **args, count=len(findings))
    args |= differing.args() | {"status": _status(differing), "ipv4_status": ipv4_status}
    return RULE.failed("http3-status-differs", **args)


def _status(finding: Finding) -> int:
    return finding.contact.http.status if finding.contact.http is not None else 0


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence, BindingEvidence, Http3Evidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS}),
    compares=True,
)
