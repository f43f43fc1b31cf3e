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

from ipv6check.checks.announced import ANNOUNCED_TAGS, announced_premise
from ipv6check.checks.premise import NOT_CONTACTED, UNDECIDED
from ipv6check.checks.quic import BROKEN_TAGS, compare_statuses, judge_broken, sort_broken
from ipv6check.checks.reach import Reach, find, in_state
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.http3 import Http3Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import BindingEvidence

RULE = Rule(
    code="HTTP008",
    name="http3-unanswered",
    since="0.4",
    tags=ANNOUNCED_TAGS
    | BROKEN_TAGS
    | {"http3-not-installed", "http3-answers", "http3-answers-alike", "http3-status-differs"},
)


def judge(
    name: NameEvidence, endpoint: EndpointEvidence, binding: BindingEvidence, http3: Http3Evidence, policy: Policy
) -> Verdict:
    """Whether announced HTTP/3 is there over IPv6, and if not, whether that is IPv6's fault."""
    premise = announced_premise(RULE, name, endpoint, binding, http3)
    if premise is not None:
        return premise
    findings = [find(contact) for contact in http3.v6]
    if not findings:
        return RULE.unknown(UNDECIDED, address=name.name, cause=NOT_CONTACTED)
    if any(finding.cause == Failure.LOCAL_NOT_INSTALLED for finding in findings):
        return RULE.unknown("http3-not-installed", announced=http3.announced.value)
    broken = sort_broken(findings)
    if broken:
        return judge_broken(RULE, broken, findings, name, http3)
    undecided = in_state(findings, Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    return compare_statuses(RULE, findings, endpoint, http3)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence, BindingEvidence, Http3Evidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS}),
    compares=True,
)
