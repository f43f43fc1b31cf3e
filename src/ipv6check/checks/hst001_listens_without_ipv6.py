"""A service or a piece of software does not listen on IPv6.

What it looks at:
    What `ipv6check host` saw on the machine and `ipv6check import evidence` brought in: the sockets that listen on the
    service's port, or those of the software's process, and the addresses they are bound to. No packet is sent.

Why it matters:
    Software cannot be measured from outside, and a port that is closed to the scanner may be open to its users. A
    socket that is bound to IPv4 alone proves that no client gets in over IPv6, whatever a paper says.

Passes when:
    On every host of the asset a socket listens on `::`, or on an IPv6 address of its own that is neither loopback nor
    link-local. A pass says that the door is open, not that the network leads to it.

Fails when:
    The service listens on IPv4 only, or takes IPv6 on loopback or link-local addresses only. A service whose port is
    bound to loopback over both families fails too.

Cannot tell when:
    Nothing was seen to listen (a load balancer or a container may); processes of others were not visible; different
    processes answer for the two families; the host has no IPv6 address; software listens on loopback over both
    families, which suits one behind a proxy; the evidence is older than the policy allows, or some hosts are missing.
    Where nothing was imported, the rule says nothing.

How to fix:
    Bind the service to `::`, or to the host's IPv6 address beside the IPv4 one, and run `ipv6check host` again.

References:
    RFC 3493 sections 3.7 and 5.3 (`IPV6_V6ONLY`), RFC 6540.

Policy settings:
    `thresholds.imported_days`.
"""

from datetime import UTC, datetime

from ipv6check.checks.listening import Hearing, hearing, hears_ipv4, hears_ipv6
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.imported import HostEvidence, Listening, Socket
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Arg, Status, Verdict, worst

_FAILED = {
    Hearing.IPV4_ONLY: "listens-on-ipv4-only",
    Hearing.IPV6_LOOPBACK: "ipv6-on-loopback-only",
    Hearing.IPV6_LINK_LOCAL: "ipv6-on-link-local-only",
    Hearing.LOOPBACK: "listens-on-loopback-only",
}
_UNKNOWN = ("nothing-listens", "processes-unseen", "listeners-differ", "host-without-ipv6", "host-evidence-stale",
            "host-evidence-partial")  # fmt: skip

RULE = Rule(
    code="HST001",
    name="listens-without-ipv6",
    since="0.2",
    tags=frozenset({"listens-on-ipv6", *_FAILED.values(), *_UNKNOWN}),
)
DAY_S = 86_400


def judge(hosts: HostEvidence, policy: Policy) -> Verdict:
    """Whether the asset listens on IPv6 wherever it was seen; the worst place decides."""
    verdicts = [_judge(one, hosts.observed_at, policy) for one in hosts.listenings]
    if not verdicts or hosts.missing:
        names = ", ".join(hosts.missing[:3])
        verdicts.append(RULE.unknown("host-evidence-partial", missing=names, count=len(hosts.missing)))
    return worst(verdicts)


def _judge(one: Listening, now: float, policy: Policy) -> Verdict:
    """What one host says. A process that was sought counts as unseen where others' processes were not visible."""
    by_process = one.wanted.startswith("process ")
    sockets = [socket for socket in one.sockets if _serves(socket, one.address)]
    heard = hearing(sockets)
    shown = next((socket for socket in sockets if hears_ipv6(socket)), sockets[0] if sockets else None)
    taken = datetime.fromtimestamp(one.provenance.taken_at, UTC).date().isoformat()
    args: dict[str, Arg] = {
        "host": one.host,
        "wanted": one.wanted,
        "address": shown.at if shown is not None else "",
        "process": shown.owner if shown is not None else "",
        "date": taken,
    }
    if now - one.provenance.taken_at > policy.thresholds.imported_days * DAY_S:
        return RULE.unknown("host-evidence-stale", **args, days=policy.thresholds.imported_days)
    if by_process and one.blind and not heard.has_ipv6:
        return RULE.unknown("processes-unseen", **args)
    if heard is Hearing.NOTHING:
        return RULE.unknown("nothing-listens", **args)
    if heard.has_ipv6:
        return _open(one, sockets, args)
    behind_proxy = heard is Hearing.LOOPBACK and not one.target
    status = Status.UNKNOWN if behind_proxy else Status.FAIL
    return Verdict(rule=RULE.code, status=status, tag=_FAILED[heard], args=args)


def _open(one: Listening, sockets: list[Socket], args: dict[str, Arg]) -> Verdict:
    """A pass, unless the socket on IPv6 is another's, or the host has no IPv6 for anyone to come by."""
    over_ipv4 = {socket.owner for socket in sockets if hears_ipv4(socket)}
    over_ipv6 = {socket.owner for socket in sockets if hears_ipv6(socket)}
    if over_ipv4 and over_ipv4.isdisjoint(over_ipv6):
        return RULE.unknown("listeners-differ", **args)
    return (
        RULE.unknown("host-without-ipv6", **args) if one.has_ipv6 is False else RULE.passed("listens-on-ipv6", **args)
    )


def _serves(socket: Socket, address: str) -> bool:
    """True unless the asset's own IPv6 address is given and the socket is bound to another one."""
    return ":" not in address or not hears_ipv6(socket) or socket.address in ("::", address)


CHECK = Check(
    rule=RULE,
    needs=(HostEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.SERVICE, Kind.APPLICATION, Kind.SOFTWARE}),
    judge=judge,
)
