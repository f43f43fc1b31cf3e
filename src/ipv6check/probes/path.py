"""Where the way to an address ends that nothing connects to."""

import asyncio
from collections import Counter
from functools import partial

from ipv6check.model.contact import Contact, EndpointEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure
from ipv6check.model.path import Path, PathEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.prefixes import number, same_prefix_key
from ipv6check.model.target import Endpoint
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject
from ipv6check.probes.shared import Shared

MOST_ADDRESSES = 2
"""Of one target; the further ones mostly share the way."""

MOST_PER_SITE = 16
"""Paths into one /48 in a scan."""

_KEPT = 4096
_LOST = frozenset({Failure.TIMEOUT, Failure.NO_ROUTE, Failure.ADDRESS_UNREACHABLE, Failure.ADMIN_PROHIBITED})


class PathProbe(OneTry):
    """One path for each /64 and port in a scan, in the second look only, when the failure is there to stay."""

    yields = PathEvidence
    needs: tuple[type[Evidence], ...] = (EndpointEvidence,)

    def __init__(self) -> None:
        self._paths: Shared[Path] = Shared(_KEPT)
        self._keys: set[tuple[int, int]] = set()
        self._sites: Counter[int] = Counter()

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> PathEvidence:
        """Nothing is sent while every address connects, refuses, or was not decided for a reason of ours."""
        endpoint = seen[EndpointEvidence]
        assert isinstance(endpoint, EndpointEvidence)
        started = net.clock.monotonic()
        observed_at = net.clock.utc()
        lost = [contact for contact in endpoint.v6 if _is_lost(contact)]
        paths: list[Path] = []
        if lost and subject.fresh and 6 in subject.families:
            chosen = [contact for contact in lost if self._may(contact)][:MOST_ADDRESSES]
            zone = subject.target.zone
            paths += await asyncio.gather(*(self._trace(contact, zone, net) for contact in chosen))
        return PathEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            target=subject.target.key,
            wanted=tuple(contact.address for contact in lost),
            paths=tuple(paths),
        )

    def _may(self, contact: Contact) -> bool:
        """True if the path is known already, or the site has not had its share."""
        key = _key(contact)
        if key in self._keys:
            return True
        site = same_prefix_key(contact.address)
        if self._sites[site] >= MOST_PER_SITE:
            return False
        self._sites[site] += 1
        self._keys.add(key)
        return True

    async def _trace(self, contact: Contact, zone: str, net: Net) -> Path:
        endpoint = Endpoint(name="", address=contact.address, port=contact.port, zone=zone)
        return await self._paths.get((*_key(contact), zone), partial(net.tracer.trace, endpoint))


def _key(contact: Contact) -> tuple[int, int]:
    """The /64 and the port: a filter may know both."""
    return number(contact.address).value >> 64, contact.port


def _is_lost(contact: Contact) -> bool:
    """True if no try connected, and the last word is a failure between here and there."""
    decisive = contact.decisive
    return not contact.connected and decisive is not None and decisive.failure in _LOST
