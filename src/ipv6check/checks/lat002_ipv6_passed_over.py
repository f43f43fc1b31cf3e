"""A client that may choose would use IPv4 although IPv6 is offered.

What it looks at:
    The connect times and failures of the TCP attempts that other rules made at the addresses of both families, run
    through the choice a client makes (RFC 8305 section 5): addresses in turn, IPv6 first, the next attempt 250 ms after
    the last or as soon as that failed, and the first handshake that ends wins. A name whose IPv6 addresses are all of a
    kind that RFC 6724 ranks behind IPv4 (unique local, 6to4, Teredo) is tried over IPv4 first. Nothing is sent for it,
    and the 50 ms that a client waits for the AAAA answer are not part of it.

Why it matters:
    Clients with Happy Eyeballs hide a dead or slow IPv6: the service looks well and IPv6 is not used. Clients without
    it wait until the system gives up an address, which takes about 21 s on Windows, 75 s on macOS and BSD and 127 s
    on Linux. `wait_ms` is what a client with it loses, `least_s` and `most_s` what one without loses.

Passes when:
    The first handshake that ends is one over IPv6, also where it comes late because another address is dead.

Fails when:
    IPv4 wins: no IPv6 address connects (`ipv4-used-dead`), some are dead and come first, as they do for a part of
    the clients, since the DNS rotates addresses (`ipv4-used-some-dead`), all of them are slower than the head start
    (`ipv4-used-slow`), or IPv4 ranks first (`ipv4-ranks-first`). Mandates do not count it.

Cannot tell when:
    An address was not decided, for a reason on our side. Without IPv4 there is no choice, and the rule does not apply.

How to fix:
    Bring the dead address to life or take its AAAA record away; shorten the detour of IPv6 (LAT001).

References:
    RFC 8305 sections 4, 5 and 8 (delays), RFC 6724 sections 2.1 and 6.

Policy settings:
    None; times come from the connections of this scan, so they are those of its vantage.
"""

from ipv6check.checks.eyeballs import Choice, Trial, choose, dead_first, sequential_s
from ipv6check.checks.premise import (
    ADDRESS_TAGS,
    NOT_CONTACTED,
    PARITY_TAGS,
    UNDECIDED,
    address_premise,
    parity_premise,
)
from ipv6check.checks.reach import Reach, find_connection
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import Contact, EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.target import OVER_TCP
from ipv6check.model.verdict import Arg, Verdict

RULE = Rule(
    code="LAT002",
    name="ipv6-passed-over",
    since="0.3",
    tags=ADDRESS_TAGS
    | PARITY_TAGS
    | {"ipv6-used", "ipv6-used-late", "ipv4-used-dead", "ipv4-used-some-dead", "ipv4-used-slow", "ipv4-ranks-first"},
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Which family a client with Happy Eyeballs would use, and what a failure costs."""
    premise = address_premise(RULE, name, endpoint) or parity_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    v6 = [_trial(contact) for contact in endpoint.v6]
    v4 = [trial for contact in endpoint.v4 if (trial := _trial(contact)) is not None]
    # The DNS rotates its answers: what a client meets that gets the dead addresses first.
    told = sorted((trial for trial in v6 if trial is not None), key=dead_first)
    if len(told) < len(v6) or not any(trial.connect_ms is not None for trial in v4):
        open_one = next((c for c, trial in zip(endpoint.v6, v6, strict=True) if trial is None), endpoint.v4[0])
        return RULE.unknown(UNDECIDED, address=open_one.address, cause=find_connection(open_one).cause or NOT_CONTACTED)
    choice = choose(told, v4)
    least_s, most_s = sequential_s(told, v4)
    args: dict[str, Arg] = {
        "address": choice.winner.address,
        "family": "IPv6" if ":" in choice.winner.address else "IPv4",
        "wait_ms": round(choice.wait_ms),
        "least_s": least_s,
        "most_s": most_s,
        "dead": sum(trial.connect_ms is None for trial in told),
        "total": len(told),
    }
    if ":" in choice.winner.address:
        return RULE.passed("ipv6-used-late" if args["dead"] and choice.wait_ms else "ipv6-used", **args)
    return RULE.failed(_why(told, choice), **args)


def _why(v6: list[Trial], choice: Choice) -> str:
    """Why IPv4 wins."""
    if all(trial.connect_ms is None for trial in v6):
        return "ipv4-used-dead"
    if choice.ipv4_first:
        return "ipv4-ranks-first"
    return "ipv4-used-some-dead" if any(trial.connect_ms is None for trial in v6) else "ipv4-used-slow"


def _trial(contact: Contact) -> Trial | None:
    """One address as the client meets it; None if it was not decided."""
    finding = find_connection(contact)
    if finding.reach is Reach.UNDECIDED:
        return None
    if finding.reach is Reach.SERVED:
        first = contact.samples_ms or tuple(a.tcp_ms for a in contact.attempts if a.tcp_ms is not None)
        return Trial(contact.address, connect_ms=sorted(first)[len(first) // 2]) if first else None
    return Trial(contact.address, silent=finding.cause == Failure.TIMEOUT)


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    compares=True,
    protocols=OVER_TCP,
)
