"""Fewer than two name servers of the mail exchangers' zones answer over IPv6.

What it looks at:
    The zones of the names in the MX records of the target's name, surveyed like the target's own.
    Each zone is looked at once in a scan.

Why it matters:
    Who sends mail over IPv6 alone must find the mail exchangers' addresses, in whatever zone their names lie.

Passes when:
    At least two servers of each of these zones answer with authority over IPv6.

Fails when:
    In one of them no server has an IPv6 address (`no-address`), none answers (`none-answers`), or one does
    (`only-one`).

Cannot tell when:
    Such a zone, its servers or their addresses could not be looked up or asked for reasons of ours.
    It is not applicable to a name without MX records, or with a null MX.

How to fix:
    Ask the operator of the mail exchangers' zone for name servers that answer over IPv6.

References:
    RFC 3901 section 4, RFC 2182 section 5, RFC 7505 (null MX).

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import TOO_FEW_TAGS, worst_of
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Status, Verdict
from ipv6check.model.zone import ZonesEvidence

RULE = Rule(
    code="DNS012",
    name="mail-name-servers-without-ipv6",
    since="0.2",
    tags=TOO_FEW_TAGS | {"no-mail", "mail-undecided", "exchanger-zone-undecided"},
)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """The worst of the mail exchangers' zones."""
    if zones.mail_found is DnsOutcome.NOT_ASKED or zones.mail_found.proves_absence:
        return RULE.not_applicable("no-mail", name=zones.name)
    if zones.mail_found is not DnsOutcome.ANSWER:
        return RULE.unknown("mail-undecided", name=zones.name, cause=zones.mail_found.value)
    verdict = worst_of(RULE, zones.mail, len(zones.mail)) if zones.mail else None
    if verdict is None or (zones.mail_lost and verdict.status is Status.PASS):
        lost = zones.mail_lost[0] if zones.mail_lost else zones.name
        return RULE.unknown("exchanger-zone-undecided", name=zones.name, alias=lost)
    return verdict


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN}),
    judge=judge,
)
