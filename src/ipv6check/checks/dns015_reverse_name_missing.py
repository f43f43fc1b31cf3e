"""An IPv6 address of the target has no name that leads back to it.

What it looks at:
    The PTR records of every IPv6 address of the name that may be contacted, and the AAAA records of the
    names they give.

Why it matters:
    Mail servers refuse senders without a confirmed reverse name, and whoever reads logs needs one. Nothing on the web
    depends on it, so it is information.

Passes when:
    Every address has a PTR record whose name has that address among its AAAA records.

Fails when:
    An address has no PTR record (`ptr-missing`), or none of its names leads back (`not-confirmed`).

Cannot tell when:
    A look-up ended in an error, and no address failed. It is not applicable where there is no address to look up.

How to fix:
    Have whoever runs the reverse zone of the prefix (under ip6.arpa) publish a PTR record with the host's name.

References:
    RFC 1912 section 2.1, RFC 8501.

Policy settings:
    `thresholds.max_addresses`, `timeouts.dns_udp`, `timeouts.dns_tcp`.
"""

from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ReverseEvidence

RULE = Rule(
    code="DNS015",
    name="reverse-name-missing",
    since="0.2",
    tags=frozenset({"confirmed", "ptr-missing", "not-confirmed", "no-address", "dns-undecided"}),
)


def judge(reverse: ReverseEvidence, policy: Policy) -> Verdict:
    """Whether each address is confirmed."""
    if not reverse.addresses:
        if not reverse.found.is_known and reverse.found is not DnsOutcome.NOT_ASKED:
            return RULE.unknown("dns-undecided", name=reverse.name, cause=reverse.found.value)
        return RULE.not_applicable("no-address", name=reverse.name)
    doubtful = None
    for found in reverse.addresses:
        if found.confirmed:
            continue
        if found.outcome.proves_absence:
            return RULE.failed("ptr-missing", name=reverse.name, address=found.address)
        if found.names and found.forward.is_known:
            return RULE.failed("not-confirmed", name=reverse.name, address=found.address, alias=found.names[0])
        doubtful = found
    if doubtful is not None:
        outcome = doubtful.forward if doubtful.names else doubtful.outcome
        return RULE.unknown("dns-undecided", name=reverse.name, cause=outcome.value)
    first = reverse.addresses[0]
    name = first.names[0] if first.names else reverse.name
    return RULE.passed("confirmed", name=reverse.name, address=first.address, alias=name)


CHECK = Check(
    rule=RULE,
    needs=(ReverseEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
