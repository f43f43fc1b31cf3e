"""An address is global by the registry, but no service should live there.

What it looks at:
    The class of every AAAA address, as in ADR001; here the few blocks that the IANA registry marks globally
    reachable although they serve one protocol (AS112, AMT, PCP and TURN anycast, ORCHIDv2, drone identifiers).

Why it matters:
    Such an address may answer today and be filtered tomorrow, and it is nearly always a slip of the pen.

Passes when:
    Every address is ordinary global unicast, or admitted by the asset's view or the policy.

Fails when:
    At least one address lies in such a block. The address is probed all the same.

Cannot tell when:
    The DNS did not tell the addresses.

How to fix:
    Check the record for a slip, and use an address from your own prefix.

References:
    IANA IPv6 Special-Purpose Address Registry; RFC 7535, 7450, 7723, 8155, 7343, 9374, 9665.

Policy settings:
    None.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, address_premise
from ipv6check.model.address import classify
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

UNUSUAL = "unusual"

RULE = Rule(
    code="ADR003",
    name="unusual-address",
    since="0.1",
    tags=ADDRESS_TAGS | {"addresses-usual", "unusual-address"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether an address is one that nobody should use for a service."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    for contact in endpoint.v6:
        known = classify(contact.address)
        if known.word == UNUSUAL:
            return RULE.failed("unusual-address", name=name.name, address=contact.address, block=known.block)
    return RULE.passed("addresses-usual", name=name.name, count=len(endpoint.v6))


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
)
