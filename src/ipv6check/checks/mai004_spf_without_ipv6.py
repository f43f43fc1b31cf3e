"""The SPF record does not pass mail that is sent over IPv6.

What it looks at:
    The SPF record of a name that has MX records, evaluated as a receiver does (RFC 7208): for an IPv6 address that
    nothing names, which tells what is passed within ten look-ups, and for two IPv6 addresses of each of the eight
    preferred mail exchangers, with an IPv4 address to compare. Macros of the record's own name are expanded.

Why it matters:
    Most mail servers also send, over IPv6 as soon as they have an address. Receivers refuse or mark mail from an
    address that SPF does not pass, and large ones do so more readily over IPv6.

Passes when:
    The record passes an IPv6 address or network, and every exchanger's IPv6 addresses if it passes its IPv4 address.

Fails when:
    The record passes the IPv4 address of an exchanger and not its IPv6 address (`sender-not-covered`); it passes
    senders over IPv4, none over IPv6, and refuses the rest (`spf-without-ipv6`); or it ends in an error before any IPv6
    sender is reached (`spf-broken`): more than ten look-ups, or two that find nothing, which an `a` without AAAA record
    is for IPv6 senders alone; a syntax error; an included name without a record.

Cannot tell when:
    A look-up failed, or the record depends on the message (macros, `ptr`) and names no IPv6 sender. The rule does not
    apply without MX or SPF record, to a record that passes nobody, and to one that refuses nobody.

How to fix:
    Add `ip6:` with the address or prefix of each server that sends over IPv6, or `mx` and `a` where their names have
    AAAA records, and keep the record within ten look-ups.

References:
    RFC 7208 sections 4.6.4, 5 and 7, RFC 3974.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`.
"""

from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.mail import SendersEvidence, SpfHost, SpfSaid
from ipv6check.model.policy import Policy
from ipv6check.model.spf import SpfResult
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="MAI004",
    name="spf-without-ipv6",
    since="0.3",
    tags=frozenset(
        {
            "no-mail", "mail-undecided", "no-spf", "spf-covers-ipv6", "sender-not-covered", "spf-without-ipv6",
            "spf-broken", "spf-undecided", "spf-depends", "spf-passes-nobody", "spf-refuses-nobody",
        }
    ),
)  # fmt: skip
_NOT_COVERED = frozenset({SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.NEUTRAL, SpfResult.PERMERROR})


def judge(senders: SendersEvidence, policy: Policy) -> Verdict:
    """Whether mail over IPv6 passes as mail over IPv4 does."""
    name = senders.name
    if not (senders.mail.is_known or senders.mail.value == "not_asked"):
        return RULE.unknown("mail-undecided", name=name, cause=senders.mail.value)
    if senders.found.value == "not_asked":
        return RULE.not_applicable("no-mail", name=name)
    if not senders.found.is_known:
        return RULE.unknown("spf-undecided", name=name, cause=senders.found.value)
    if senders.result == SpfResult.NONE:
        return RULE.not_applicable("no-spf", name=name)
    for host in senders.hosts:
        gap = _gap(host)
        if gap is not None:
            args = {"host": host.host, "address": gap.address, "ipv4_address": host.v4[0].address}
            return RULE.failed("sender-not-covered", name=name, **args, result=gap.result)
    if senders.covers:
        return RULE.passed("spf-covers-ipv6", name=name, network=senders.covers[0], count=len(senders.covers))
    return _judge_end(senders)


def _judge_end(senders: SendersEvidence) -> Verdict:
    """A record that was not seen to pass anybody over IPv6."""
    name = senders.name
    match SpfResult(senders.result):
        case SpfResult.PERMERROR:
            return RULE.failed("spf-broken", name=name, cause=senders.cause)
        case SpfResult.TEMPERROR:
            return RULE.unknown("spf-undecided", name=name, cause=senders.cause)
        case _ if senders.depends:
            return RULE.unknown("spf-depends", name=name)
        case SpfResult.FAIL | SpfResult.SOFTFAIL if senders.names_v4:
            return RULE.failed("spf-without-ipv6", name=name, result=senders.result)
        case SpfResult.FAIL | SpfResult.SOFTFAIL:
            return RULE.not_applicable("spf-passes-nobody", name=name)
        case _:
            return RULE.not_applicable("spf-refuses-nobody", name=name)


def _gap(host: SpfHost) -> SpfSaid | None:
    """An IPv6 address that is not passed although the exchanger's IPv4 address is."""
    if not host.v4 or host.v4[0].result != SpfResult.PASS:
        return None
    return next((said for said in host.v6 if said.result in _NOT_COVERED), None)


CHECK = Check(
    rule=RULE,
    needs=(SendersEvidence,),
    kinds=frozenset({Kind.DOMAIN}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
)
