"""Connections over IPv6 take much longer than over IPv4.

What it looks at:
    The median time of the TCP handshake at the first IPv6 address and the IPv4 address that connect. The connections
    of the other checks are used; further samples are taken, in turn, only if the first gap exceeds the policy's limit.

Why it matters:
    A client with Happy Eyeballs starts the IPv4 attempt 250 ms after the IPv6 one. Beyond that gap IPv6 may well
    work and yet hardly be used, and clients without Happy Eyeballs feel the detour (tunnels, far transit).

Passes when:
    The median over IPv6 is at most the policy's gap slower than over IPv4.

Fails when:
    The gap of the medians is larger, with at least half of the wanted samples on each side. Mandates advise it.

Cannot tell when:
    The gap looks large but too few samples came about, or a side could not be measured for a reason of ours.

How to fix:
    Compare the paths (`traceroute -6`); ask the provider for native IPv6 transit and local peering instead of a tunnel.

References:
    RFC 8305 section 5 (connection attempt delay; its resolution delay of 50 ms is another thing).

Policy settings:
    `thresholds.latency_gap_ms`, `thresholds.latency_sample_gap_ms`, `thresholds.latency_samples`.
"""

from statistics import median

from ipv6check.checks.premise import (
    ADDRESS_TAGS,
    IPV4_UNDECIDED,
    NOT_CONTACTED,
    PARITY_TAGS,
    UNDECIDED,
    address_premise,
    parity_premise,
)
from ipv6check.checks.reach import Reach, find_connection, in_state
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import OVER_TCP
from ipv6check.model.verdict import Arg, Verdict

RULE = Rule(
    code="LAT001",
    name="ipv6-slower",
    since="0.1",
    tags=ADDRESS_TAGS | PARITY_TAGS | {"latency-alike", "ipv6-slower", "too-few-samples", "no-address-connects"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether IPv6 connects much more slowly than IPv4."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    v6 = next((contact for contact in endpoint.v6 if contact.samples_ms), None)
    if v6 is None:
        findings = [find_connection(contact) for contact in endpoint.v6]
        told = in_state(findings, Reach.NO_CONNECTION)
        if len(told) == len(findings):
            return RULE.not_applicable("no-address-connects", **told[0].args(), total=len(told))
        return RULE.unknown(UNDECIDED, address=findings[0].contact.address, cause=findings[0].cause or NOT_CONTACTED)
    premise = parity_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    v4 = next((contact for contact in endpoint.v4 if contact.samples_ms), None)
    if v4 is None:
        return RULE.unknown(IPV4_UNDECIDED, name=name.name, cause=NOT_CONTACTED)
    limits = policy.thresholds
    v6_ms, v4_ms = median(v6.samples_ms), median(v4.samples_ms)
    samples = min(len(v6.samples_ms), len(v4.samples_ms))
    args: dict[str, Arg] = {
        "address": v6.address,
        "ipv4_address": v4.address,
        "ipv6_ms": round(v6_ms),
        "ipv4_ms": round(v4_ms),
        "gap_ms": round(v6_ms - v4_ms),
        "samples": samples,
    }
    if v6_ms - v4_ms <= limits.latency_gap_ms:
        return RULE.passed("latency-alike", **args)
    if samples < (limits.latency_samples + 1) // 2:
        return RULE.unknown("too-few-samples", **args)
    return RULE.failed("ipv6-slower", **args)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    compares=True,
    protocols=OVER_TCP,
)
