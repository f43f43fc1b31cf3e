"""The device cannot be managed over IPv6.

What it looks at:
    A management port (by default 22 and 443) at every IPv6 address of the device. The inventory says what is spoken on
    it: `22/ssh` must identify itself, `443/https` complete a TLS handshake, `161/snmp` answer the discovery of SNMPv3
    (which needs no secret), `123/ntp` tell the time; a port without a protocol must accept TCP. The ports of one device
    form a group: one that answers is enough.

Why it matters:
    A device that can only be managed over IPv4 keeps the whole management network on IPv4, however well it forwards
    IPv6.

Passes when:
    At least one address answers on the port. Certificates of devices are not judged: most are self-signed.

Fails when:
    The device provably has no IPv6 address (no AAAA record, or the inventory gives an IPv4 address only), has
    special-purpose addresses only, or every address refused, timed out or answered something else, in every try and at
    the second look. If the plane answers over IPv4 at the same time, the verdict names it. Silence over UDP fails only
    then, and only where somebody answered this vantage on that port over IPv6.

Cannot tell when:
    The DNS did not tell, or no address accepted and at least one is undecided: our own trouble, a spent budget, an
    opt-out; or SNMP or NTP is silent over both families (`silence`). Devices of the view `internal` need a vantage
    inside.

How to fix:
    Assign a global or unique local address to the management interface, enable SSH or HTTPS on it, and admit the
    management network in the access list for IPv6 too.

References:
    RFC 9099 section 2.1 and 3, RFC 4193, RFC 6540; RFC 4253, RFC 3414 section 4, RFC 5905.

Policy settings:
    `timeouts.tcp`, `timeouts.tls`, `timeouts.http`, `retries`; the ports stand in the inventory.
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
from ipv6check.checks.reach import Finding, Reach, find_answer, in_state, is_silence, same_fault
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import OPTED_OUT, Arg, Status, Verdict

_TAGS = frozenset({"management-answers", "management-unreachable", "management-over-ipv4-only", "silence"})
RULE = Rule(
    code="DEV001",
    name="management-unreachable",
    since="0.1",
    tags=_TAGS | {NO_IPV6_ADDRESS, ONLY_SPECIAL_ADDRESSES, DNS_UNDECIDED, UNDECIDED},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether the management port answers over IPv6. Without an address it fails, since no other rule counts here."""
    premise = name_premise(RULE, name)
    if premise is not None:
        missing = premise.status is Status.NOT_APPLICABLE
        return RULE.failed(NO_IPV6_ADDRESS, name=name.name) if missing else premise
    spoken = Protocol(endpoint.target.partition("://")[0])
    findings = [find_answer(contact, spoken) for contact in endpoint.v6]
    alive = in_state(findings, Reach.SERVED)
    if alive:
        return RULE.passed("management-answers", **_args(alive[0], spoken), count=len(alive), total=len(findings))
    undecided = in_state(findings, Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    if has_opted_out(endpoint):
        return RULE.unknown(OPTED_OUT)
    if findings:
        return _unanswered(findings, [find_answer(contact, spoken) for contact in endpoint.v4], spoken)
    special = special_addresses(endpoint)
    if special:
        return RULE.failed(ONLY_SPECIAL_ADDRESSES, address=special[0][0], cause=special[0][1])
    return RULE.unknown(UNDECIDED, address=name.name, cause=NOT_CONTACTED)


def _unanswered(findings: list[Finding], others: list[Finding], spoken: Protocol) -> Verdict:
    """No address answered over IPv6: what that says beside the answers of IPv4."""
    worst = findings[0]
    args = _args(worst, spoken)
    elsewhere = in_state(others, Reach.SERVED)
    if elsewhere:
        address = elsewhere[0].contact.address
        return RULE.failed("management-over-ipv4-only", **args, ipv4_address=address, total=len(findings))
    silent = next((finding for finding in findings if is_silence(finding, spoken)), None)
    if silent is not None:
        return RULE.unknown("silence", **_args(silent, spoken))
    return RULE.failed("management-unreachable", **args, total=len(findings), same_on_ipv4=same_fault(worst, others))


def _args(finding: Finding, spoken: Protocol) -> dict[str, Arg]:
    """Address, port, cause, and the plane by the name that operators use."""
    return finding.args() | {"plane": "HTTPS" if spoken is Protocol.TLS else spoken.value.upper()}


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DEVICE}),
    judge=judge,
)
