"""No IPv6 address of the target accepts a connection.

What it looks at:
    The TCP handshake on the target's port at every IPv6 address that may be contacted, all tries counted.

Why it matters:
    An AAAA record behind which nothing listens costs every dual-stack client time and shuts IPv6-only clients out.

Passes when:
    At least one address completed the handshake in at least one try. If the tries did not agree, the arg `flaky`
    says so.

Fails when:
    Every address refused, timed out, was reset or was reported unreachable or prohibited, in every try and again at
    the second look. `same_on_ipv4` is true if the IPv4 side is dead too.

Cannot tell when:
    No address connected and at least one is undecided: no route or no resources on our side, a spent budget, or an
    operator who asked not to be contacted.

How to fix:
    Make the service listen on the IPv6 address, allow the port in ip6tables or nftables and on the firewall, check
    the route and the neighbour entry at the router; or withdraw the AAAA record until that is done.

References:
    RFC 9293, RFC 4443 section 3.1 (unreachable codes), RFC 8305, RFC 9099 section 2.

Policy settings:
    `timeouts.tcp`, `retries.connect_timeout`, `retries.refused`, `retries.reset`, `retries.second_look_s`,
    `retries.budget_s`, `thresholds.max_addresses`.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise, has_opted_out
from ipv6check.checks.reach import Reach, find_connection, in_state, same_fault
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import OVER_TCP
from ipv6check.model.verdict import OPTED_OUT, Verdict

RULE = Rule(
    code="TCP001",
    name="tcp-unreachable",
    since="0.1",
    tags=ADDRESS_TAGS | {"tcp-connects", "no-address-connects"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether one address at least accepts; a fail needs proof for all of them."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    findings = [find_connection(contact) for contact in endpoint.v6]
    total = len(findings)
    alive = in_state(findings, Reach.SERVED)
    if alive:
        return RULE.passed("tcp-connects", **alive[0].args(), count=len(alive), total=total)
    undecided = in_state(findings, Reach.UNDECIDED)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    if has_opted_out(endpoint):
        return RULE.unknown(OPTED_OUT)
    same = same_fault(findings[0], [find_connection(contact) for contact in endpoint.v4])
    return RULE.failed("no-address-connects", **findings[0].args(), total=total, same_on_ipv4=same)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=OVER_TCP,
)
