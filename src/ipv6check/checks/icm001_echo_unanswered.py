"""The target does not answer ICMPv6 echo.

What it looks at:
    One echo request, repeated once, to the first IPv6 address that may be contacted, and one over IPv4 to compare.

Why it matters:
    Echo helps operators to find faults. Many networks filter it on purpose, so this is information: no mandate
    should require it. Filtering the other ICMPv6 types breaks path MTU discovery and with it the service.

Passes when:
    An echo reply came over IPv6.

Fails when:
    No reply came, or a router or host answered that the address is unreachable or prohibited.

Cannot tell when:
    The vantage may not send echo requests, or the failure was on our side.

How to fix:
    Allow ICMPv6 echo, and in any case types 1 to 4 (unreachable, packet too big, time exceeded, parameter problem).

References:
    RFC 4443 sections 2.1 and 4, RFC 4890 sections 4.3 and 4.4, RFC 8201.

Policy settings:
    `timeouts.echo`.
"""

from ipv6check.checks.premise import NAME_TAGS, NOT_CONTACTED, UNDECIDED, name_premise
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EchoEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="ICM001",
    name="echo-unanswered",
    since="0.1",
    tags=NAME_TAGS | {"echo-answered", "echo-unanswered", UNDECIDED},
)


def judge(name: NameEvidence, echo: EchoEvidence, policy: Policy) -> Verdict:
    """Whether an IPv6 address answers echo."""
    premise = name_premise(RULE, name)
    if premise is not None:
        return premise
    v6 = [reply for reply in echo.replies if ":" in reply.address]
    answered = next((reply for reply in v6 if reply.failure is None), None)
    if answered is not None:
        return RULE.passed("echo-answered", address=answered.address, took_ms=round(answered.rtt_ms or 0.0, 1))
    ours = next((reply for reply in v6 if reply.failure is not None and reply.failure.is_ours), None)
    if not v6 or ours is not None:
        cause = ours.failure.value if ours is not None and ours.failure is not None else NOT_CONTACTED
        return RULE.unknown(UNDECIDED, address=ours.address if ours else name.name, cause=cause)
    silent = v6[0]
    same = any(reply.failure is silent.failure for reply in echo.replies if ":" not in reply.address)
    cause = silent.failure.value if silent.failure is not None else NOT_CONTACTED
    return RULE.failed("echo-unanswered", address=silent.address, cause=cause, same_on_ipv4=same)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EchoEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
)
