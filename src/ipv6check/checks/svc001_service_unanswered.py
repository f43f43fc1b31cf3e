"""A TCP or TLS service does not work over IPv6.

What it looks at:
    The service's port at every IPv6 address: the TCP handshake, TLS with a verified certificate where the protocol asks
    for it, and the exchange (octets to send, text to expect) if the inventory gives one.

Why it matters:
    An open port is not a service. A mail or directory server that accepts and then says nothing over IPv6 makes its
    peers wait, and fall back to IPv4 if they can.

Passes when:
    At least one address went through all steps and no other address that accepts TCP is proven broken.

Fails when:
    No address did, or one that accepts TCP is broken at a later step; a tag per step. An address that does not
    accept TCP beside one that works is left to TCP002. `same_on_ipv4` is true if IPv4 is broken alike.

Cannot tell when:
    An address that matters is undecided for a reason on our side, a spent budget, or an opt-out.

How to fix:
    Bind the service to `::` or to the address, open the port, and look into the service's own access list: many
    accept the connection and then drop peers whose IPv6 address they do not know.

References:
    RFC 9293, RFC 8446, RFC 9099.

Policy settings:
    `timeouts.tcp`, `timeouts.tls`, `retries`; the exchange stands in the inventory.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise, has_opted_out
from ipv6check.checks.reach import Finding, Reach, deciding, find, in_state, same_fault
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import OPTED_OUT, Verdict

_TAGS = {
    Reach.NO_CONNECTION: "service-no-connection",
    Reach.NO_TLS: "service-tls-failed",
    Reach.BAD_CERTIFICATE: "service-certificate-invalid",
    Reach.NO_REPLY: "service-no-reply",
    Reach.WRONG_REPLY: "service-unexpected-reply",
}

RULE = Rule(
    code="SVC001",
    name="service-unanswered",
    since="0.1",
    tags=ADDRESS_TAGS | {"service-answers", *_TAGS.values()},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether the service works over IPv6, and if not, at which step it is lost."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    findings = [find(contact) for contact in endpoint.v6]
    finding = deciding(findings)
    served = in_state(findings, Reach.SERVED)
    if finding.reach is Reach.UNDECIDED:
        return RULE.unknown(UNDECIDED, **finding.args())
    if not served and has_opted_out(endpoint):
        return RULE.unknown(OPTED_OUT)
    if finding.reach is not Reach.SERVED:
        return _failed(finding, findings, endpoint)
    return RULE.passed("service-answers", **finding.args(), count=len(served), total=len(findings))


def _failed(finding: Finding, findings: list[Finding], endpoint: EndpointEvidence) -> Verdict:
    """A fail named after the step, with how many addresses end there."""
    return RULE.failed(
        _TAGS[finding.reach],
        **finding.args(),
        count=len(in_state(findings, finding.reach)),
        total=len(findings),
        same_on_ipv4=same_fault(finding, [find(contact) for contact in endpoint.v4]),
    )


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.TCP, Protocol.TLS}),
)
