"""PTR records of a name's IPv6 addresses, and whether they lead back (forward-confirmed reverse DNS)."""

import asyncio
from ipaddress import IPv6Address

from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.zone import Reverse, ReverseEvidence
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject, contactable

MOST_NAMES = 3  # of one address


class ReverseProbe(OneTry):
    """PTR of each address that may be contacted, and AAAA of the names it gives, up to the one that leads back."""

    yields = ReverseEvidence
    needs: tuple[type[Evidence], ...] = (NameEvidence,)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> ReverseEvidence:
        """Two look-ups an address, of which the second is usually known."""
        name = seen[NameEvidence]
        assert isinstance(name, NameEvidence)
        observed_at = net.clock.utc()
        addresses = contactable(name.aaaa, subject, net)[0][: policy.thresholds.max_addresses]
        found = await asyncio.gather(*(reverse_of(address, subject, net) for address in addresses))
        return ReverseEvidence(observed_at=observed_at, name=name.name, found=name.aaaa.outcome, addresses=tuple(found))


async def reverse_of(address: str, subject: Subject, net: Net) -> Reverse:
    """The names of one address, and whether one of the first leads back."""
    bare = IPv6Address(address.partition("%")[0])
    pointer = await net.resolver.lookup(bare.reverse_pointer, "PTR", fresh=subject.fresh)
    forward = DnsOutcome.NOT_ASKED
    for name in pointer.records[:MOST_NAMES]:
        lookup = await net.resolver.lookup(name, "AAAA")
        if address in lookup.records:
            return Reverse(
                address=address, outcome=pointer.outcome, names=(name,), forward=lookup.outcome, confirmed=True
            )
        if forward is DnsOutcome.NOT_ASKED or forward.is_known:
            forward = lookup.outcome  # an error outweighs a name that leads elsewhere
    return Reverse(address=address, outcome=pointer.outcome, names=pointer.records[:MOST_NAMES], forward=forward)
