"""An IPv6 address that sends mail for the name has no reverse name that leads back to it.

What it looks at:
    The PTR records of the single IPv6 addresses that the name's own SPF record passes (`ip6` with one address, `a`,
    `mx`), and of those of its mail exchangers that it passes; and the AAAA records of the names they give. What stands
    in included records is their owner's affair.

Why it matters:
    Large receivers refuse mail from an IPv6 address without a confirmed reverse name, even where they take it over
    IPv4.

Passes when:
    Every such address has a PTR record whose name has that address among its AAAA records.

Fails when:
    An address has no PTR record, or none of its names leads back.

Cannot tell when:
    A look-up ended in an error, or an address has more names than were followed, and no address failed. The rule does
    not apply where SPF tells of no single IPv6 address.

How to fix:
    Have whoever runs the reverse zone of the prefix publish a PTR record with the mail server's name, which it also
    tells in EHLO, and give that name an AAAA record with this address.

References:
    RFC 1912 section 2.1, RFC 8501, RFC 7208 section 5.

Policy settings:
    `thresholds.max_addresses`, `timeouts.dns_udp`, `timeouts.dns_tcp`.
"""

from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.mail import SendersEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="MAI005",
    name="sender-without-name",
    since="0.3",
    tags=frozenset(
        {
            "no-sender-known",
            "spf-undecided",
            "senders-named",
            "sender-ptr-missing",
            "sender-not-confirmed",
            "sender-undecided",
        }
    ),
)
_MOST_FOLLOWED = 3


def judge(senders: SendersEvidence, policy: Policy) -> Verdict:
    """Whether each address is confirmed."""
    if not senders.senders:
        asked = senders.mail if senders.found.value == "not_asked" else senders.found
        if not (asked.is_known or asked.value == "not_asked"):
            return RULE.unknown("spf-undecided", name=senders.name, cause=asked.value)
        return RULE.not_applicable("no-sender-known", name=senders.name)
    doubtful = None
    for one in senders.senders:
        if one.confirmed:
            continue
        if one.outcome.proves_absence:
            return RULE.failed("sender-ptr-missing", name=senders.name, address=one.address)
        if one.names and one.forward.is_known and len(one.names) < _MOST_FOLLOWED:
            return RULE.failed("sender-not-confirmed", name=senders.name, address=one.address, alias=one.names[0])
        doubtful = doubtful or one
    if doubtful is not None:
        outcome = doubtful.forward if doubtful.names else doubtful.outcome
        return RULE.unknown("sender-undecided", name=senders.name, address=doubtful.address, cause=outcome.value)
    return RULE.passed(
        "senders-named", name=senders.name, address=senders.senders[0].address, count=len(senders.senders)
    )


CHECK = Check(
    rule=RULE,
    needs=(SendersEvidence,),
    kinds=frozenset({Kind.DOMAIN}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
