"""What must hold before a rule about addresses may speak, and the verdicts where it does not.

A rule that has nothing to judge is not applicable only where another rule already fails for that reason (no AAAA
record: DNS001; no usable address: ADR001), so that leaving it out can never make an asset look better.
"""

from ipv6check.model.check import Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import DnsOutcome, Lookup, NameEvidence
from ipv6check.model.verdict import OPTED_OUT, Verdict

NO_IPV6_ADDRESS = "no-ipv6-address"
ONLY_SPECIAL_ADDRESSES = "only-special-addresses"
DNS_UNDECIDED = "dns-undecided"
UNDECIDED = "undecided"
NO_IPV4_ADDRESS = "no-ipv4-address"
IPV4_NOT_ANSWERING = "ipv4-not-answering"
IPV4_UNDECIDED = "ipv4-undecided"

NAME_TAGS = frozenset({NO_IPV6_ADDRESS, DNS_UNDECIDED})
ADDRESS_TAGS = NAME_TAGS | {ONLY_SPECIAL_ADDRESSES, UNDECIDED}
PARITY_TAGS = frozenset({NO_IPV4_ADDRESS, IPV4_NOT_ANSWERING, IPV4_UNDECIDED})

NOT_CONTACTED = "not_contacted"
OPTED_OUT_WORD = "opted_out"


def is_ipv6_literal(name: NameEvidence) -> bool:
    """True if the target is an IPv6 address, for which nobody was asked."""
    return name.aaaa.outcome is DnsOutcome.NOT_ASKED and ":" in name.name


def is_ipv4_literal(name: NameEvidence) -> bool:
    """True if the target is an IPv4 address: nothing leads to it over IPv6."""
    return name.aaaa.outcome is DnsOutcome.NOT_ASKED and ":" not in name.name and name.a.records == (name.name,)


def has_address(lookup: Lookup) -> bool:
    """True if the look-up brought addresses that are the target's own, not made up by DNS64 (RFC 6147)."""
    return lookup.outcome is DnsOutcome.ANSWER and bool(lookup.records) and not lookup.synthesised


def lacks_ipv6(name: NameEvidence) -> bool:
    """True if it is proven that nothing leads to the target over IPv6."""
    aaaa = name.aaaa
    made_up = aaaa.outcome is DnsOutcome.ANSWER and aaaa.synthesised
    return aaaa.outcome.proves_absence or made_up or is_ipv4_literal(name)


def dns_cause(lookup: Lookup) -> str:
    """The word for a look-up that told nothing."""
    if lookup.outcome is DnsOutcome.SERVFAIL and lookup.bogus:
        return "dnssec_bogus"
    return DnsOutcome.MALFORMED.value if lookup.outcome is DnsOutcome.ANSWER else lookup.outcome.value


def name_premise(rule: Rule, name: NameEvidence) -> Verdict | None:
    """Not applicable without an IPv6 address, unknown if the DNS did not tell, None if there is something to judge."""
    if lacks_ipv6(name):
        return rule.not_applicable(NO_IPV6_ADDRESS, name=name.name)
    if not has_address(name.aaaa) and not is_ipv6_literal(name):
        return rule.unknown(DNS_UNDECIDED, name=name.name, cause=dns_cause(name.aaaa))
    return None


def special_addresses(endpoint: EndpointEvidence) -> tuple[tuple[str, str], ...]:
    """Address and block of every IPv6 address that is not for such a target; an opt-out is no fault."""
    return tuple((barred.address, barred.reason) for barred in endpoint.barred if barred.reason != OPTED_OUT_WORD)


def has_opted_out(endpoint: EndpointEvidence) -> bool:
    """True if an address was left alone because its operator asked for that."""
    return any(barred.reason == OPTED_OUT_WORD for barred in endpoint.barred)


def address_premise(rule: Rule, name: NameEvidence, endpoint: EndpointEvidence) -> Verdict | None:
    """As ``name_premise``, and None only if at least one IPv6 address could be contacted."""
    verdict = name_premise(rule, name)
    if verdict is not None or endpoint.v6:
        return verdict
    if has_opted_out(endpoint):
        return rule.unknown(OPTED_OUT)
    special = special_addresses(endpoint)
    if special:
        return rule.not_applicable(ONLY_SPECIAL_ADDRESSES, address=special[0][0], cause=special[0][1])
    return rule.unknown(UNDECIDED, address=name.name, cause=NOT_CONTACTED)


def parity_premise(rule: Rule, name: NameEvidence, endpoint: EndpointEvidence) -> Verdict | None:
    """Unless None: why the IPv4 side is no measure. An IPv6-only target and a dead IPv4 side are no fault of IPv6."""
    if name.a.outcome.proves_absence or is_ipv6_literal(name):
        return rule.not_applicable(NO_IPV4_ADDRESS, name=name.name)
    if name.a.outcome is not DnsOutcome.ANSWER:
        return rule.unknown(IPV4_UNDECIDED, name=name.name, cause=dns_cause(name.a))
    if any(contact.connected for contact in endpoint.v4):
        return None
    for contact in endpoint.v4:
        if contact.decisive is not None and contact.decisive.failure and not contact.decisive.failure.is_ours:
            cause = contact.decisive.failure.value
            return rule.not_applicable(IPV4_NOT_ANSWERING, address=contact.address, cause=cause)
    last = endpoint.v4[0].decisive if endpoint.v4 else None
    cause = last.failure.value if last is not None and last.failure is not None else NOT_CONTACTED
    return rule.unknown(IPV4_UNDECIDED, name=name.name, cause=cause)
