"""Some IPv6 addresses of the target accept connections and others do not.

What it looks at:
    The TCP handshake at every IPv6 address, as in TCP001.

Why it matters:
    Scanners that stop at the first address that answers never see this, but a share of the visitors does: each dead
    address delays or breaks the connections that draw it.

Passes when:
    Every address completed the handshake. If the name has more addresses than the policy allows to probe, the tag
    says that this is a sample.

Fails when:
    At least one address is proven dead and at least one other is alive.

Cannot tell when:
    No address is proven dead and at least one is undecided, or none is alive and not all are proven dead.

How to fix:
    Bring the service up on the named address, or take its AAAA record out of the zone.

References:
    RFC 8305 section 5 (clients may meet any of the addresses), RFC 6724.

Policy settings:
    `thresholds.max_addresses`, `timeouts.tcp`, `retries.connect_timeout`, `retries.refused`, `retries.second_look_s`.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise
from ipv6check.checks.reach import Reach, find_connection, in_state
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import OVER_TCP
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="TCP002",
    name="some-addresses-dead",
    since="0.1",
    tags=ADDRESS_TAGS
    | {"all-addresses-connect", "all-addresses-connect-sampled", "some-addresses-dead", "no-address-connects"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether dead addresses hide behind a live one."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    findings = [find_connection(contact) for contact in endpoint.v6]
    total = len(findings)
    alive = in_state(findings, Reach.SERVED)
    dead = in_state(findings, Reach.NO_CONNECTION)
    undecided = in_state(findings, Reach.UNDECIDED)
    if alive and dead:
        return RULE.failed("some-addresses-dead", **dead[0].args(), count=len(dead), total=total)
    if undecided:
        return RULE.unknown(UNDECIDED, **undecided[0].args())
    if dead:
        return RULE.not_applicable("no-address-connects", **dead[0].args(), total=total)
    tag = "all-addresses-connect-sampled" if endpoint.sampled else "all-addresses-connect"
    return RULE.passed(tag, port=alive[0].contact.port, count=total, total=max(total, len(name.aaaa.records)))


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=OVER_TCP,
)
