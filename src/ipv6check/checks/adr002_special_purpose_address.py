"""Some of the target's IPv6 addresses are special-purpose although others are good.

What it looks at:
    The class of every AAAA address, as in ADR001.

Why it matters:
    Clients pick among the addresses. Whoever picks the bad one waits for a time-out, or for ever if the client does
    not try another.

Passes when:
    No address is barred by the address table.

Fails when:
    At least one address is barred and at least one other is not. The first barred address is named.

Cannot tell when:
    The DNS did not tell the addresses, or nothing is known about the others because their operator asked not to be
    contacted.

How to fix:
    Take the named record out of the zone. Look for the tool that wrote it: automatic registration by hosts is the
    usual source of ULA and link-local records.

References:
    IANA IPv6 Special-Purpose Address Registry, RFC 6890, RFC 4193 section 4.4 (ULA in the DNS), RFC 6724.

Policy settings:
    `treat_as_global`, and the view of the asset.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, address_premise, special_addresses
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="ADR002",
    name="special-purpose-address",
    since="0.1",
    tags=ADDRESS_TAGS | {"all-addresses-usable", "some-special-addresses"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether a bad address stands among good ones."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    special = special_addresses(endpoint)
    if not special:
        return RULE.passed("all-addresses-usable", name=name.name, count=len(endpoint.v6))
    address, reason = special[0]
    return RULE.failed(
        "some-special-addresses",
        name=name.name,
        address=address,
        cause=reason,
        count=len(special),
        total=len(name.aaaa.records),
    )


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
)
