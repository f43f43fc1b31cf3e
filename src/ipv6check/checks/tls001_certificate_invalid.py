"""The certificate presented over IPv6 does not verify.

What it looks at:
    The certificate at every IPv6 address that finished the TCP handshake, verified for the target's name against the
    trust store of the vantage.

Why it matters:
    A certificate that was renewed on the IPv4 side only is a classic of dual-stack operation: IPv6 clients meet
    a warning page and nobody in the IPv4 office sees it.

Passes when:
    At least one address presented a certificate that verifies and none presented one that does not.

Fails when:
    An address presented a certificate that is expired, not yet valid, for another name, self-signed, from an unknown
    issuer, or otherwise invalid; one tag each. `same_on_ipv4` is true if IPv4 shows the same fault.
    Not applicable where no certificate was seen: TCP dead (TCP001), or a handshake that breaks or times out before the
    certificate. The latter proves nothing about a certificate; HTTP001 or SVC001 fails on it.

Cannot tell when:
    No certificate was seen, and at least one address is undecided for a reason on our side.

How to fix:
    Install the current certificate with its intermediates on every machine that serves the IPv6 addresses, and let
    renewal reload all of them.

References:
    RFC 5280 section 6, RFC 9525 (names), RFC 8446 section 4.4.2, RFC 6066 section 3 (SNI).

Policy settings:
    `timeouts.tls`, `retries.tls_http_timeout`.
"""

from datetime import UTC, datetime

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise
from ipv6check.checks.reach import Finding, Reach, find, in_state, same_fault
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.target import USING_TLS
from ipv6check.model.verdict import Arg, Verdict

_TAGS = {failure.value: failure.value.replace("_", "-") for failure in Failure if failure.is_certificate}
_SEEN = (Reach.SERVED, Reach.NO_REPLY, Reach.WRONG_REPLY)  # steps that come only after a verified certificate

RULE = Rule(
    code="TLS001",
    name="certificate-invalid",
    since="0.1",
    tags=ADDRESS_TAGS | {"certificate-valid", "no-certificate-seen", *_TAGS.values()},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether every certificate seen over IPv6 verifies."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    findings = [find(contact) for contact in endpoint.v6]
    bad = in_state(findings, Reach.BAD_CERTIFICATE)
    if bad:
        same = same_fault(bad[0], [find(contact) for contact in endpoint.v4])
        return RULE.failed(_TAGS[bad[0].cause], **_details(bad[0]), count=len(bad), same_on_ipv4=same)
    good = [finding for finding in findings if finding.reach in _SEEN or _verified(finding)]
    if good:
        first = min(good, key=_last_moment)
        return RULE.passed("certificate-valid", **_details(first), count=len(good), total=len(findings))
    undecided = in_state(findings, Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    return RULE.not_applicable("no-certificate-seen", **findings[0].args())


def _verified(finding: Finding) -> bool:
    """True if the connection ended later than, and for another reason than, a certificate that verified."""
    certificate = finding.contact.certificate
    return certificate is not None and certificate.verified


def _details(finding: Finding) -> dict[str, Arg]:
    """Args of the finding, with the certificate's last day in UTC and its issuer; empty where it could not be read."""
    certificate = finding.contact.certificate
    expires = _day(certificate.not_after) if certificate is not None and certificate.not_after else ""
    return finding.args() | {"expires": expires, "issuer": certificate.issuer if certificate is not None else ""}


def _last_moment(finding: Finding) -> float:
    """When the certificate ends: of several that are good, the first to end is the one to tell."""
    certificate = finding.contact.certificate
    return certificate.not_after if certificate is not None and certificate.not_after else float("inf")


def _day(seconds: float) -> str:
    """The UTC day of seconds since 1970 as ISO 8601; empty beyond what a calendar holds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=USING_TLS,
)
