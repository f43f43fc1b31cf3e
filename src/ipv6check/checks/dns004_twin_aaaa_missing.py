"""The www or apex twin of the name has an A record but no AAAA record.

What it looks at:
    For `example.vn` the name `www.example.vn`, for `www.example.vn` the name `example.vn`: their A and AAAA records.

Why it matters:
    People type both. If only one of the two is reachable over IPv6, half of the visits stay on IPv4, and an IPv6-only
    client fails on the other half.

Passes when:
    The twin has an AAAA record of its own.

Fails when:
    The target has AAAA records and the twin provably has none although it has an A record.

Cannot tell when:
    One of the look-ups ended in an error or a time-out.

How to fix:
    Publish an AAAA record for the twin too, or make it an alias of the name that has one; check that the certificate
    names both.

References:
    RFC 3596, RFC 1034 section 3.6.2 (no CNAME at an apex), RFC 6147.

Policy settings:
    None.
"""

from ipv6check.checks.premise import DNS_UNDECIDED, NAME_TAGS, dns_cause, has_address, name_premise
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome, NameEvidence, TwinEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="DNS004",
    name="twin-aaaa-missing",
    since="0.1",
    tags=NAME_TAGS | {"twin-aaaa-present", "twin-aaaa-missing", "no-twin", "twin-unused"},
)


def judge(twin: TwinEvidence, name: NameEvidence, policy: Policy) -> Verdict:
    """Whether the twin lags behind the name; a twin without any address is not in use."""
    if not twin.twin or twin.aaaa is None or twin.a is None:
        return RULE.not_applicable("no-twin", name=name.name)
    premise = name_premise(RULE, name)
    if premise is not None:
        return premise
    if has_address(twin.aaaa):
        return RULE.passed("twin-aaaa-present", name=name.name, twin=twin.twin)
    made_up = twin.aaaa.outcome is DnsOutcome.ANSWER and twin.aaaa.synthesised
    if not twin.aaaa.outcome.proves_absence and not made_up:
        return RULE.unknown(DNS_UNDECIDED, name=twin.twin, cause=dns_cause(twin.aaaa))
    if twin.a.outcome.proves_absence:
        return RULE.not_applicable("twin-unused", name=name.name, twin=twin.twin)
    if twin.a.outcome is not DnsOutcome.ANSWER:
        return RULE.unknown(DNS_UNDECIDED, name=twin.twin, cause=dns_cause(twin.a))
    return RULE.failed("twin-aaaa-missing", name=name.name, twin=twin.twin)


CHECK = Check(
    rule=RULE,
    needs=(TwinEvidence, NameEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
