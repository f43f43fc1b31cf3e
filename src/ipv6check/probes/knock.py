"""Whether the hosts that a page loads from answer over IPv6: one connection a host and scan, whoever loads from it."""

import asyncio

from ipv6check.model.dns import Lookup
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure
from ipv6check.model.policy import Policy
from ipv6check.model.resources import Knock, KnockEvidence, Resource, ResourceEvidence
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject, contactable
from ipv6check.probes.redirect import target_of
from ipv6check.probes.shared import Shared
from ipv6check.probes.tries import is_of_network

MOST_KEPT = 8192
MOST_ADDRESSES = 2
_AS_WEB = {"wss": "https", "ws": "http"}

Knocks = tuple[tuple[Knock, ...], tuple[Knock, ...]]
"""Over IPv6, and over IPv4 where that brought nothing."""


class KnockProbe(OneTry):
    """TCP, and TLS where the URL says https, to up to two addresses until one answers; nothing is requested."""

    yields = KnockEvidence
    needs: tuple[type[Evidence], ...] = (ResourceEvidence,)

    def __init__(self) -> None:
        self._hosts: Shared[Knocks] = Shared(MOST_KEPT)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> KnockEvidence:
        """Nothing raised; a host without an address that may be contacted is left alone."""
        resources = seen[ResourceEvidence]
        assert isinstance(resources, ResourceEvidence)
        observed_at, started = net.clock.utc(), net.clock.monotonic()
        found = await asyncio.gather(*(self._at(one, subject, net) for one in resources.resources))
        return KnockEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            v6=tuple(knock for v6, _ in found for knock in v6),
            v4=tuple(knock for _, v4 in found for knock in v4),
        )

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True if a host failed in the network."""
        assert isinstance(evidence, KnockEvidence)
        return any(is_of_network(knock.failure) for knock in evidence.v6)

    async def _at(self, resource: Resource, subject: Subject, net: Net) -> Knocks:
        allowed = () if resource.barred else _addresses(resource.aaaa, subject, net)
        target = _target(resource, subject)
        if not allowed or target is None or 6 not in subject.families:
            return (), ()
        key = (target.host, target.port, target.protocol, subject.internal, subject.fresh, subject.families)
        return await self._hosts.get(key, lambda: _knock(target, allowed, subject, net))


def _target(resource: Resource, subject: Subject) -> Target | None:
    """What the page connects to; None for a port or scheme that is not followed."""
    scheme, colon, rest = resource.url.partition(":")
    found = target_of(_AS_WEB.get(scheme.lower(), scheme) + colon + rest, own_port=subject.target.port)
    if isinstance(found, str):
        return None
    protocol = Protocol.TLS if found.protocol is Protocol.HTTPS else Protocol.TCP
    return Target(host=resource.host, port=found.port, protocol=protocol)


async def _knock(target: Target, allowed: tuple[str, ...], subject: Subject, net: Net) -> Knocks:
    v6 = []
    for address in allowed[:MOST_ADDRESSES]:
        v6.append(await _one(target, address, net))
        if v6[-1].failure is None:
            return tuple(v6), ()
    if 4 not in subject.families or target.is_literal or any(_is_ours(knock) for knock in v6):
        return tuple(v6), ()
    a = await net.resolver.lookup(target.host, "A", fresh=subject.fresh)
    v4 = [await _one(target, address, net) for address in _addresses(a, subject, net)[:1]]
    return tuple(v6), tuple(v4)


def _is_ours(knock: Knock) -> bool:
    return knock.failure is not None and knock.failure.is_ours


def _addresses(lookup: Lookup, subject: Subject, net: Net) -> tuple[str, ...]:
    """Those that may be contacted; a page never widens what the asset's view admits."""
    return contactable(lookup, Subject(target=_ANY, view=subject.view), net)[0]


_ANY = Target(host="", port=443, protocol=Protocol.TLS)


async def _one(target: Target, address: str, net: Net) -> Knock:
    touch = await net.dialer.touch(Endpoint(name=target.host, address=address, port=target.port), target)
    attempt = touch.attempt
    failure: Failure | None = attempt.failure
    return Knock(host=target.host, address=address, port=target.port, phase=attempt.phase, failure=failure)
