"""The inventory documents no usable IPv6 prefix of the network.

What it looks at:
    The prefix of the network in the inventory. No packet is sent.

Why it matters:
    An addressing plan is the first step of a network's conversion, and the least that can be shown about it.

Passes when:
    The prefix is a global one, or a unique local one for a network of the view `internal`.

Fails when:
    There is none, it is not an IPv6 prefix, or it lies in a special-purpose block.

Cannot tell when:
    Never: the inventory is at hand.

How to fix:
    Get a prefix from the provider or the registry, assign a /64 to each link, and enter it as the network's target.

References:
    RFC 6177, RFC 4291 section 2.5, RFC 4193.

Policy settings:
    `treat_as_global`, and the view of the asset.
"""

from ipv6check.checks.paper import fault_of_prefix, ipv6_prefix
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="NET001",
    name="prefix-undocumented",
    since="0.1",
    tags=frozenset({"prefix-documented", "prefix-undocumented", "prefix-not-ipv6", "prefix-not-usable"}),
)


def judge(document: DocumentEvidence, policy: Policy) -> Verdict:
    """Whether a usable IPv6 prefix is on file."""
    if not document.prefix:
        return RULE.failed("prefix-undocumented")
    prefix = ipv6_prefix(document.prefix)
    if prefix is None:
        return RULE.failed("prefix-not-ipv6", prefix=document.prefix)
    fault = fault_of_prefix(prefix, policy, internal=document.internal)
    if fault:
        return RULE.failed("prefix-not-usable", prefix=document.prefix, cause=fault)
    return RULE.passed("prefix-documented", prefix=str(prefix))


CHECK = Check(rule=RULE, needs=(DocumentEvidence,), kinds=frozenset({Kind.NETWORK}), judge=judge)
