"""The inventory documents no usable IPv6 address of the device.

What it looks at:
    The address literals among the device's targets in the inventory. No packet is sent.

Why it matters:
    An address on file is the least evidence of a converted device; without it neither a measurement from inside nor
    an audit knows where to look. It shows a device as capable, not as serving.

Passes when:
    At least one documented address is global, or unique local for a device of the view `internal`.

Fails when:
    No IPv6 address is documented, or only special-purpose ones (link-local is not enough: it cannot be told apart
    from any other device's).

Cannot tell when:
    Never: the inventory is at hand.

How to fix:
    Add the device's IPv6 address to its targets in the inventory.

References:
    RFC 4193, RFC 4291 section 2.5.6, RFC 9099 section 2.1.

Policy settings:
    `treat_as_global`, and the view of the asset.
"""

from ipv6check.checks.paper import fault_of, ipv6_address
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="DEV002",
    name="address-undocumented",
    since="0.1",
    tags=frozenset({"address-documented", "address-undocumented", "address-not-usable"}),
)


def judge(document: DocumentEvidence, policy: Policy) -> Verdict:
    """Whether a usable IPv6 address is on file."""
    unfit: tuple[str, str] | None = None
    for text in document.addresses:
        address = ipv6_address(text)
        if address is None:
            continue
        fault = fault_of(address, policy, internal=document.internal)
        if not fault:
            return RULE.passed("address-documented", address=text)
        unfit = unfit or (text, fault)
    if unfit is not None:
        return RULE.failed("address-not-usable", address=unfit[0], cause=unfit[1])
    return RULE.failed("address-undocumented")


CHECK = Check(rule=RULE, needs=(DocumentEvidence,), kinds=frozenset({Kind.DEVICE}), judge=judge)
