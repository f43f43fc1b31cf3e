"""IPv6 answers with another HTTP status than IPv4.

What it looks at:
    The status of the same GET at every IPv6 address that replied and at the IPv4 address.

Why it matters:
    A different status is the surest sign that the two families do not reach the same service: a virtual host that
    is missing on IPv6, an access list that knows IPv4 only, a default page of another server.

Passes when:
    All statuses are equal. If IPv6 delivers an accepted status and IPv4 does not, the rule passes with a tag of its
    own: that fault is not IPv6's.

Fails when:
    An IPv6 address replied with another status than IPv4, and IPv4's is accepted or both are not.

Cannot tell when:
    A rate limit or a challenge answered on one side, or a side could not be asked for a reason of ours. Without an
    A record, a live IPv4 side, or a reply over IPv6 the rule does not apply.

How to fix:
    Configure the virtual host, access lists and back ends for the IPv6 listener as for the IPv4 one.

References:
    RFC 9110 section 15.

Policy settings:
    `timeouts.http`, `retries.server_error`; the accepted status codes stand in the inventory.
"""

from ipv6check.checks.parity import REPLY_TAGS, paired_replies
from ipv6check.checks.web import accepts
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="HTTP002",
    name="status-differs",
    since="0.1",
    tags=REPLY_TAGS | {"status-equal", "only-ipv4-fails", "status-differs"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether the families' statuses agree."""
    pairs = paired_replies(RULE, name, endpoint)
    if isinstance(pairs, Verdict):
        return pairs
    odd = [pair for pair in pairs if pair.v6.status != pair.v4.status]
    pair = (odd or pairs)[0]
    args = pair.args() | {"status": pair.v6.status, "ipv4_status": pair.v4.status}
    if not odd:
        return RULE.passed("status-equal", **args)
    ipv4_fails = not accepts(pair.v4.status, endpoint.accepted)
    if ipv4_fails and all(accepts(one.v6.status, endpoint.accepted) for one in odd):
        return RULE.passed("only-ipv4-fails", **args)
    return RULE.failed("status-differs", **args)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
    compares=True,
)
