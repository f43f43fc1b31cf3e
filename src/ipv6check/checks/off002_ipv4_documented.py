"""The inventory still documents IPv4 of the device or network.

What it looks at:
    The address literals among the targets, and prefix and gateway of a network, as the inventory has them. No packet
    is sent. Only a mandate that asks for IPv6-only or for IPv4 to be off counts it; reports under any other mandate
    leave it out.

Why it matters:
    IPv4 inside a network cannot be seen from a name. What the inventory documents is the least that must be gone
    before an asset may be called IPv6-only.

Passes when:
    Addresses, a prefix or a gateway are documented, and all of them are IPv6. It rests on the inventory: an address
    that nobody wrote down is not found.

Fails when:
    An IPv4 address, prefix or gateway is documented.

Cannot tell when:
    Never: the inventory is at hand. Where nothing is documented the rule is not applicable; OFF001 judges the name
    of a device then, and an asset about which neither rule has anything to say is unknown.

How to fix:
    Take IPv4 off the interface or the network, then strike it from the inventory.

References:
    RFC 6540, RFC 9099 section 2.6, OMB M-21-07 (IPv6-only).

Policy settings:
    None.
"""

from ipaddress import AddressValueError, IPv4Address

from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="OFF002",
    name="ipv4-documented",
    since="0.2",
    tags=frozenset(
        {
            "no-ipv4-documented",
            "ipv4-address-documented",
            "ipv4-prefix-documented",
            "ipv4-gateway-documented",
            "nothing-documented",
        }
    ),
)


def judge(document: DocumentEvidence, policy: Policy) -> Verdict:
    """Whether anything documented about the asset is IPv4."""
    found = [text for text in document.addresses if _is_ipv4(text)]
    if found:
        return RULE.failed("ipv4-address-documented", address=found[0], count=len(found))
    if _is_ipv4(document.prefix.partition("/")[0]):
        return RULE.failed("ipv4-prefix-documented", prefix=document.prefix)
    if _is_ipv4(document.gateway):
        return RULE.failed("ipv4-gateway-documented", gateway=document.gateway)
    if not (document.addresses or document.prefix or document.gateway):
        return RULE.not_applicable("nothing-documented")
    return RULE.passed("no-ipv4-documented")


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


CHECK = Check(
    rule=RULE,
    needs=(DocumentEvidence,),
    kinds=frozenset({Kind.DEVICE, Kind.NETWORK}),
    judge=judge,
)
