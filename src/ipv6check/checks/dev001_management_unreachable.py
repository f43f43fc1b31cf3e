"""The device cannot be managed over IPv6.

What it looks at:
    The TCP handshake on a management port (by default 22 and 443) at every IPv6 address of the device. The ports of
    one device form a group: one that answers is enough.

Why it matters:
    A device that can only be managed over IPv4 keeps the whole management network on IPv4, however well it forwards
    IPv6.

Passes when:
    At least one address accepts the port. Certificates of devices are not judged: most are self-signed.

Fails when:
    The device provably has no IPv6 address (no AAAA record, or the inventory gives an IPv4 address only), has
    special-purpose addresses only, or every address refused or timed out, in every try and at the second look.

Cannot tell when:
    The DNS did not tell, or no address accepted and at least one is undecided: our own trouble, a spent budget, an
    opt-out. Devices of the view `internal` need a vantage inside.

How to fix:
    Assign a global or unique local address to the management interface, enable SSH or HTTPS on it, and admit the
    management network in the access list for IPv6 too.

References:
    RFC 9099 section 2.1 and 3, RFC 4193, RFC 6540.

Policy settings:
    `timeouts.tcp`, `retries`; the ports stand in the inventory.
"""

from ipv6check.checks.premise import (
    DNS_UNDECIDED,
    NO_IPV6_ADDRESS,
    NOT_CONTACTED,
    ONLY_SPECIAL_ADDRESSES,
    UNDECIDED,
    has_opted_out,
    name_premise,
    special_addresses,
)
from ipv6check.checks.reach import Reach, find_connection, in_state, same_fault
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import OPTED_OUT, Status, Verdict

RULE = Rule(
    code="DEV001",
    name="management-unreachable",
    since="0.1",
    tags=frozenset(
        {
            "management-answers",
            "management-unreachable",
            NO_IPV6_ADDRESS,
            ONLY_SPECIAL_ADDRESSES,
            DNS_UNDECIDED,
            UNDECIDED,
        }
    ),
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether the management port answers over IPv6. Without an address it fails, since no other rule counts here."""
    premise = name_premise(RULE, name)
    if premise is not None:
        missing = premise.status is Status.NOT_APPLICABLE
        return RULE.failed(NO_IPV6_ADDRESS, name=name.name) if missing else premise
    findings = [find_connection(contact) for contact in endpoint.v6]
    alive = in_state(findings, Reach.SERVED)
    if alive:
        return RULE.passed("management-answers", **alive[0].args(), count=len(alive), total=len(findings))
    undecided = in_state(findings, Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    if has_opted_out(endpoint):
        return RULE.unknown(OPTED_OUT)
    if findings:
        same = same_fault(findings[0], [find_connection(contact) for contact in endpoint.v4])
        return RULE.failed("management-unreachable", **findings[0].args(), total=len(findings), same_on_ipv4=same)
    special = special_addresses(endpoint)
    if special:
        return RULE.failed(ONLY_SPECIAL_ADDRESSES, address=special[0][0], cause=special[0][1])
    return RULE.unknown(UNDECIDED, address=name.name, cause=NOT_CONTACTED)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DEVICE}),
    judge=judge,
)
