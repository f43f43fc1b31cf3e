"""Over IPv6 the target answers plain HTTP only.

What it looks at:
    Port 80 at the IPv6 addresses of an HTTPS target, tried only where no address accepts the HTTPS port.

Why it matters:
    It tells a half-done conversion (the web server listens on IPv6, but not for TLS) from a dead address, and
    visitors over IPv6 would be served without protection.

Passes when:
    At least one IPv6 address accepts the HTTPS port; whether it serves the page is HTTP001's question.

Fails when:
    No IPv6 address accepts the HTTPS port, and plain HTTP on port 80 answers.

Cannot tell when:
    An address is undecided for a reason on our side. If nothing answers on either port the rule does not apply.

How to fix:
    Add the IPv6 listener for port 443 (in nginx `listen [::]:443 ssl;`, in Apache `Listen [::]:443`),
    and open the port.

References:
    RFC 9110 section 4.2.2, RFC 6797.

Policy settings:
    `timeouts.tcp`, `timeouts.http`.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise
from ipv6check.checks.reach import Reach, find, find_connection, in_state
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="HTTP005",
    name="plain-http-only",
    since="0.1",
    tags=ADDRESS_TAGS | {"https-offered", "only-plain-http", "nothing-answers"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether port 80 answers where the HTTPS port does not."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    findings = [find_connection(contact) for contact in endpoint.v6]
    offered = in_state(findings, Reach.SERVED)
    if offered:
        return RULE.passed("https-offered", **offered[0].args())
    undecided = in_state(findings, Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    plain = [find(contact) for contact in endpoint.plain_http]
    answered = [finding for finding in plain if finding.contact.http is not None]
    if answered:
        reply = answered[0].contact.http
        return RULE.failed(
            "only-plain-http",
            address=answered[0].contact.address,
            port=findings[0].contact.port,
            status=reply.status if reply is not None else 0,
        )
    doubtful = in_state(plain, Reach.UNDECIDED)
    if doubtful:
        return RULE.unknown(UNDECIDED, **doubtful[0].args())
    return RULE.not_applicable("nothing-answers", **findings[0].args())


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS}),
)
