"""The inventory documents no IPv6 gateway of the network that fits its prefix.

What it looks at:
    The gateway of the network in the inventory, against its prefix. No packet is sent: this release reads what is
    documented and does not test the gateway.

Why it matters:
    A prefix without a gateway is a plan, not a network.

Passes when:
    The gateway is an IPv6 address inside the prefix, or a link-local address, which is what routers advertise.

Fails when:
    There is none, it is not an IPv6 address, or it lies outside the prefix.

Cannot tell when:
    A gateway is documented, but no IPv6 prefix to hold it against (NET001 fails then).

How to fix:
    Configure the router's interface with an address of the prefix, let it advertise itself, and enter the address
    as the network's gateway.

References:
    RFC 4861 sections 4.2 and 6.1.2 (routers advertise from link-local addresses), RFC 4291 section 2.8.

Policy settings:
    None.
"""

from ipv6check.checks.paper import ipv6_address, ipv6_prefix
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="NET002",
    name="gateway-undocumented",
    since="0.1",
    tags=frozenset(
        {
            "gateway-documented",
            "gateway-link-local",
            "gateway-undocumented",
            "gateway-not-ipv6",
            "gateway-outside-prefix",
            "prefix-missing",
        }
    ),
)


def judge(document: DocumentEvidence, policy: Policy) -> Verdict:
    """Whether a gateway is on file that belongs to the prefix."""
    if not document.gateway:
        return RULE.failed("gateway-undocumented")
    gateway = ipv6_address(document.gateway)
    if gateway is None:
        return RULE.failed("gateway-not-ipv6", gateway=document.gateway)
    if gateway.is_link_local:
        return RULE.passed("gateway-link-local", gateway=document.gateway)
    prefix = ipv6_prefix(document.prefix)
    if prefix is None:
        return RULE.unknown("prefix-missing", gateway=document.gateway)
    if gateway not in prefix:
        return RULE.failed("gateway-outside-prefix", gateway=document.gateway, prefix=document.prefix)
    return RULE.passed("gateway-documented", gateway=document.gateway, prefix=document.prefix)


CHECK = Check(rule=RULE, needs=(DocumentEvidence,), kinds=frozenset({Kind.NETWORK}), judge=judge)
