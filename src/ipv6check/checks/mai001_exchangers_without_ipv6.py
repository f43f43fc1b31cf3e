"""No mail exchanger of the name has an IPv6 address.

What it looks at:
    The MX records of the name, and the AAAA records of the hosts in them (of the eight that are preferred), by the
    vantage's resolvers. Where the top of a zone has no MX record but an address, that address takes its mail if any
    comes (RFC 5321 section 5.1), and is looked at instead. Nothing is sent to the hosts; that is MAI002's.

Why it matters:
    A mail server that has IPv6 alone delivers to exchangers that have it, in the order of their preference. Where none
    has, mail from it is lost.

Passes when:
    One of the exchangers at least has an address that the whole Internet can reach: all of them
    (`exchangers-have-ipv6`) or some (`some-exchangers-have-ipv6`, which names one that was not seen to have one).
    `own-address-has-ipv6` is the same without an MX record.

Fails when:
    The DNS proves that none has one.

Cannot tell when:
    The MX records, or the addresses of an exchanger that would decide, could not be looked up, or there are more than
    eight and those asked have none. The rule does not apply to a null MX, to an alias, or to a name without MX records
    that is not the top of its zone or has no IPv6 address of its own, which DNS001 tells.

How to fix:
    Give the exchangers AAAA records once they accept connections on port 25 over IPv6, have a reverse name there, and
    stand in the SPF record if they also send; or ask the provider of the mail to do so.

References:
    RFC 5321 section 5.1, RFC 7505 (null MX), RFC 3974.

Policy settings:
    `timeouts.dns_udp`, `treat_as_global`.
"""

from ipv6check.model.address import bar
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.prefixes import Prefixes
from ipv6check.model.verdict import Arg, Verdict
from ipv6check.model.zone import Exchanger, ZonesEvidence

RULE = Rule(
    code="MAI001",
    name="exchangers-without-ipv6",
    since="0.3",
    tags=frozenset(
        {
            "exchangers-have-ipv6", "some-exchangers-have-ipv6", "no-exchanger-has-ipv6", "no-mail", "mail-undecided",
            "exchanger-undecided", "own-address-has-ipv6",
        }
    ),
)  # fmt: skip


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """Whether mail can come over IPv6 alone, as far as the DNS tells."""
    lab = Prefixes(policy.treat_as_global)
    if zones.exchangers and zones.exchangers[0].implicit:
        return _judge_own(zones.exchangers[0], lab)
    if zones.mail_found is DnsOutcome.NOT_ASKED or zones.mail_found.proves_absence:
        return RULE.not_applicable("no-mail", name=zones.name)
    if zones.mail_found is not DnsOutcome.ANSWER:
        return RULE.unknown("mail-undecided", name=zones.name, cause=zones.mail_found.value)
    if not zones.exchangers:  # evidence of a release that did not ask
        return RULE.unknown("mail-undecided", name=zones.name, cause=DnsOutcome.NOT_ASKED.value)
    ready = [one for one in zones.exchangers if _is_ready(one, lab)]
    lacking = [one for one in zones.exchangers if one not in ready]
    args: dict[str, Arg] = {"name": zones.name, "count": len(ready), "total": len(zones.exchangers)}
    if ready and not lacking:
        return RULE.passed("exchangers-have-ipv6", **args, host=ready[0].host)
    if ready:
        return RULE.passed("some-exchangers-have-ipv6", **args, host=ready[0].host, other=lacking[0].host)
    for one in lacking:
        if one.aaaa is not DnsOutcome.ANSWER and not one.aaaa.proves_absence:
            return RULE.unknown("exchanger-undecided", name=zones.name, host=one.host, cause=one.aaaa.value)
    return RULE.failed("no-exchanger-has-ipv6", **args, host=lacking[0].host)


def _judge_own(own: Exchanger, lab: Prefixes) -> Verdict:
    """A name that has no MX record. Whether it takes mail at all is not known."""
    if _is_ready(own, lab):
        return RULE.passed("own-address-has-ipv6", name=own.host)
    if own.aaaa is not DnsOutcome.ANSWER and not own.aaaa.proves_absence:
        return RULE.unknown("exchanger-undecided", name=own.host, host=own.host, cause=own.aaaa.value)
    return RULE.not_applicable("no-mail", name=own.host)


def _is_ready(exchanger: Exchanger, lab: Prefixes) -> bool:
    return any(not bar(address, internal=False, treat_as_global=lab) for address in exchanger.addresses)


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN}),
    judge=judge,
)
