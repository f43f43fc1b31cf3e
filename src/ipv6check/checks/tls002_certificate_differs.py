"""IPv6 and IPv4 present different certificates.

What it looks at:
    The SHA-256 of the leaf certificate at every IPv6 address against the one at the IPv4 address.

Why it matters:
    Different certificates usually mean different machines behind the two families: a forgotten server, a stale
    load balancer, or a renewal that reached one side only. Today both may verify; tomorrow one expires.

Passes when:
    Every IPv6 address presents the certificate that IPv4 presents.

Fails when:
    At least one IPv6 address presents another certificate. Several certificates for one name can be intended, so
    mandates advise this rule and do not require it.

Cannot tell when:
    A side could not be read for a reason of ours, or the DNS did not tell its addresses. Without an A record, with a
    dead IPv4 side or without a certificate over IPv6 the rule does not apply.

How to fix:
    Install one certificate on both sides, or confirm that two are meant and watched.

References:
    RFC 8446 section 4.4.2, RFC 5280.

Policy settings:
    None.
"""

from ipv6check.checks.premise import (
    ADDRESS_TAGS,
    IPV4_NOT_ANSWERING,
    IPV4_UNDECIDED,
    NOT_CONTACTED,
    PARITY_TAGS,
    UNDECIDED,
    address_premise,
    parity_premise,
)
from ipv6check.checks.reach import Reach, find, in_state
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import USING_TLS
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="TLS002",
    name="certificate-differs",
    since="0.1",
    tags=ADDRESS_TAGS | PARITY_TAGS | {"certificates-equal", "certificate-differs", "no-certificate-seen"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether both families present one certificate."""
    premise = address_premise(RULE, name, endpoint) or parity_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    seen = [contact for contact in endpoint.v6 if contact.certificate is not None]
    if not seen:
        findings = [find(contact) for contact in endpoint.v6]
        undecided = in_state(findings, Reach.UNDECIDED)
        if undecided:
            return RULE.unknown(UNDECIDED, **undecided[0].args())
        return RULE.not_applicable("no-certificate-seen", **findings[0].args())
    other = next((contact for contact in endpoint.v4 if contact.certificate is not None), None)
    if other is None or other.certificate is None:
        finding = find(endpoint.v4[0])
        if finding.reach is Reach.UNDECIDED:
            return RULE.unknown(IPV4_UNDECIDED, name=name.name, cause=finding.cause)
        return RULE.not_applicable(
            IPV4_NOT_ANSWERING, address=finding.contact.address, cause=finding.cause or NOT_CONTACTED
        )
    for contact in seen:
        if contact.certificate is not None and contact.certificate.sha256 != other.certificate.sha256:
            return RULE.failed(
                "certificate-differs", address=contact.address, port=contact.port, ipv4_address=other.address
            )
    return RULE.passed("certificates-equal", address=seen[0].address, ipv4_address=other.address, count=len(seen))


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=USING_TLS,
    compares=True,
)
