"""The HTTPS record gives clients IPv6 addresses that the name's AAAA records do not have.

What it looks at:
    The HTTPS record of the web name (RFC 9460), its `ipv6hint` addresses, and the AAAA records of its target.

Why it matters:
    A browser may connect to a hint before it has the AAAA answer. An old hint sends it to a machine that is gone, and
    nobody who looks at A and AAAA records sees why.

Passes when:
    Every hint is among the AAAA records of its target.

Fails when:
    A hint is not among them (`hint-differs`), or the target has no AAAA record at all (`hint-without-aaaa`).

Cannot tell when:
    A look-up ended in an error, and no hint was found wrong. It is not applicable without an HTTPS record
    (`no-record`) or without IPv6 hints in it (`no-hint`).

How to fix:
    Write the addresses of the AAAA records into `ipv6hint`, or leave the hints out.

References:
    RFC 9460 sections 7.3 and 9.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`.
"""

from ipv6check.checks.premise import dns_cause
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import BindingEvidence

RULE = Rule(
    code="DNS014",
    name="ipv6-hint-differs",
    since="0.2",
    tags=frozenset({"hints-agree", "hint-differs", "hint-without-aaaa", "no-record", "no-hint", "dns-undecided"}),
)


def judge(binding: BindingEvidence, policy: Policy) -> Verdict:
    """Every hint against the records of its target."""
    if binding.outcome is DnsOutcome.NOT_ASKED or binding.outcome.proves_absence:
        return RULE.not_applicable("no-record", name=binding.name)
    if binding.outcome is not DnsOutcome.ANSWER:
        return RULE.unknown("dns-undecided", name=binding.name, cause=binding.outcome.value)
    if not binding.hints:
        return RULE.not_applicable("no-hint", name=binding.name)
    known = {lookup.name: lookup for lookup in binding.aaaa}
    doubtful = ""
    for hint in binding.hints:
        target, _, address = hint.partition(" ")
        lookup = known.get(target)
        if lookup is None or not lookup.outcome.is_known:
            doubtful = dns_cause(lookup) if lookup is not None else DnsOutcome.NOT_ASKED.value
        elif lookup.outcome is not DnsOutcome.ANSWER or lookup.synthesised:
            return RULE.failed("hint-without-aaaa", name=binding.name, alias=target, address=address)
        elif address not in lookup.records:
            return RULE.failed("hint-differs", name=binding.name, alias=target, address=address)
    if doubtful:
        return RULE.unknown("dns-undecided", name=binding.name, cause=doubtful)
    return RULE.passed("hints-agree", name=binding.name, count=len(binding.hints))


CHECK = Check(
    rule=RULE,
    needs=(BindingEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
