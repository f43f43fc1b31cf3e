"""The way to an IPv6 address ends before it.

What it looks at:
    For addresses that no try could connect to, and only in the second look: SYNs to the port with growing hop limits,
    one path for each /64 and port in a scan. It tells the router that answered last and what it said.

Why it matters:
    It tells whom to call: the path ends at home, at a provider, or at the agency's own firewall. It explains a failure
    that TCP001 states, and is information: no mandate should require it.

Passes when:
    Every address connected or refused, or the packets reach the /64 all the same.

Fails when:
    A router said that there is no way, that it is prohibited or the address unreachable; routers hand the packets to
    each other in a circle; or nobody answered beyond a router.

Cannot tell when:
    No router answered at all, the path was not measured (the first look; more than 16 paths into one /48), or the
    failure was on our side. `ipv6check trace` measures at once.

How to fix:
    Turn to whoever runs the last router named: look there for a filter, a missing route towards the prefix or back, and
    at the next one for a host or firewall that is off. `ipv6check trace TARGET` shows the whole path.

References:
    RFC 4443 sections 3.1 and 3.3, RFC 4890 section 4.3, RFC 7872 section 3.

Policy settings:
    None; `retries.second_look_s` null means that no path is measured.
"""

from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise
from ipv6check.checks.reach import Reach, find_connection, in_state
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.path import Path, PathEnd, PathEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import OVER_TCP
from ipv6check.model.verdict import Arg, Verdict

_ORDER = (PathEnd.REFUSED, PathEnd.LOOP, PathEnd.SILENT, PathEnd.REACHED, PathEnd.NOT_MEASURED)

RULE = Rule(
    code="PTH001",
    name="path-ends-early",
    since="0.2",
    tags=ADDRESS_TAGS
    | {
        "path-complete",
        "path-reaches",
        "path-refused",
        "path-loops",
        "path-silent",
        "path-without-answers",
        "path-not-measured",
    },
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, path: PathEvidence, policy: Policy) -> Verdict:
    """Where the way to an address ends that does not connect."""
    premise = address_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    if not path.wanted:
        undecided = in_state([find_connection(contact) for contact in endpoint.v6], Reach.UNDECIDED)
        if undecided:
            return RULE.unknown(UNDECIDED, **undecided[0].args())
        return RULE.passed("path-complete", address=endpoint.v6[0].address, total=len(endpoint.v6))
    if not path.paths:
        return RULE.unknown("path-not-measured", address=path.wanted[0])
    return tell(min(path.paths, key=lambda one: _ORDER.index(one.end)))


def tell(path: Path) -> Verdict:
    """What one path says, of either family."""
    last = path.last
    args: dict[str, Arg] = {"address": path.address}
    if path.end is PathEnd.NOT_MEASURED:
        return RULE.unknown(UNDECIDED, **args, cause=path.cause.value if path.cause else "not_contacted")
    if path.end is PathEnd.REACHED:
        return RULE.passed("path-reaches", **args, count=len(path.hops))
    if last is None:
        return RULE.unknown("path-without-answers", **args)
    args |= {"hop": last.address, "count": last.limit}
    if path.end is PathEnd.REFUSED:
        return RULE.failed("path-refused", **args, cause=last.told.value)
    return RULE.failed("path-loops" if path.end is PathEnd.LOOP else "path-silent", **args)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence, PathEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=OVER_TCP,
)
