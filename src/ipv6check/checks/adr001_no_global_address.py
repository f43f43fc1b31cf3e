"""None of the target's IPv6 addresses is global.

What it looks at:
    The class of every AAAA address by the dated table of the tool, made from the IANA registries, and not by the
    Python version that happens to run.

Why it matters:
    A documentation, ULA, link-local, IPv4-mapped, 6to4 or Teredo address in the DNS cannot be reached by the public.
    An AAAA record that leads nowhere is worse than none: clients try it first.

Passes when:
    At least one address may serve the target: global unicast, or for an internal asset also ULA (RFC 4193), or a
    prefix that the policy treats as global. An address that is global by the registry but unusual also passes here.

Fails when:
    Every address lies in a block the table bars. The tag tells transition addresses (NAT64, 6to4, Teredo) from others.

Cannot tell when:
    The DNS did not tell the addresses, or the operator of the only other addresses asked not to be contacted.

How to fix:
    Replace the records by addresses from the prefix your provider or registry assigned, inside 2000::/3.

References:
    IANA IPv6 Special-Purpose Address Registry, RFC 6890, RFC 8190, RFC 4193, RFC 7526 (6to4), RFC 6052 (NAT64).

Policy settings:
    `treat_as_global` (prefixes of a demo or lab), and the view of the asset.
"""

from ipv6check.checks.premise import (
    NAME_TAGS,
    NOT_CONTACTED,
    UNDECIDED,
    has_opted_out,
    name_premise,
    special_addresses,
)
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import OPTED_OUT, Verdict

TRANSITION = frozenset({"nat64", "local_nat64", "teredo", "sixto4"})

RULE = Rule(
    code="ADR001",
    name="no-global-address",
    since="0.1",
    tags=NAME_TAGS | {"address-usable", "only-special-addresses", "only-transition-addresses", UNDECIDED},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether one address at least is fit for the target."""
    premise = name_premise(RULE, name)
    if premise is not None:
        return premise
    if endpoint.v6:
        return RULE.passed("address-usable", address=endpoint.v6[0].address, count=len(endpoint.v6))
    if has_opted_out(endpoint):
        return RULE.unknown(OPTED_OUT)
    special = special_addresses(endpoint)
    if not special:
        return RULE.unknown(UNDECIDED, address=name.name, cause=NOT_CONTACTED)
    address, reason = special[0]
    transition = all(word in TRANSITION for _, word in special)
    tag = "only-transition-addresses" if transition else "only-special-addresses"
    return RULE.failed(tag, name=name.name, address=address, cause=reason, count=len(special))


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
)
