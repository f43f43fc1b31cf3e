"""The zone is not signed with DNSSEC, or its signature does not hold.

What it looks at:
    DS records at the parent and DNSKEY records of the zone as the resolver gives them, and whether the resolver refused
    them, the zone's NS records, or the name's addresses as bogus: it answers with checking disabled only.

Why it matters:
    It has nothing to do with IPv6 by itself and is shown as information: signed answers are larger, and a zone
    whose signature is broken vanishes for every validating resolver over both families.

Passes when:
    The parent has DS records and the zone has DNSKEY records, and nothing was refused.

Fails when:
    There is neither (`unsigned`), there are keys that no DS record vouches for (`no-ds`), DS records without keys
    (`ds-without-keys`), or the resolver refuses the data (`bogus`).

Cannot tell when:
    One of the look-ups ended in an error; or only the name's addresses are refused, which may be the fault of a zone
    that it is an alias to.

How to fix:
    Sign the zone and hand its DS record to the parent; after a change of keys, hand in the new one first.

References:
    RFC 4035 sections 2.4 and 5, RFC 9364.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`.
"""

from ipv6check.checks.zone import ZONE_TAGS, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ZonesEvidence

RULE = Rule(
    code="DNS016",
    name="zone-unsigned",
    since="0.2",
    tags=ZONE_TAGS | {"signed", "unsigned", "no-ds", "ds-without-keys", "bogus", "dnssec-undecided"},
)


def judge(name: NameEvidence, zones: ZonesEvidence, policy: Policy) -> Verdict:
    """DS against DNSKEY."""
    report = zone_or_verdict(RULE, zones)
    if isinstance(report, Verdict):
        return report
    if report.bogus:
        return RULE.failed("bogus", zone=report.zone)
    if name.aaaa.bogus or name.a.bogus:
        return RULE.unknown("dnssec-undecided", zone=report.zone, cause="dnssec_bogus")
    for outcome in (report.ds, report.dnskey):
        if outcome is not DnsOutcome.ANSWER and not outcome.proves_absence:
            return RULE.unknown("dnssec-undecided", zone=report.zone, cause=outcome.value)
    has_ds, has_keys = report.ds is DnsOutcome.ANSWER, report.dnskey is DnsOutcome.ANSWER
    if has_ds and has_keys:
        return RULE.passed("signed", zone=report.zone)
    tag = "no-ds" if has_keys else "ds-without-keys" if has_ds else "unsigned"
    return RULE.failed(tag, zone=report.zone)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, ZonesEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
