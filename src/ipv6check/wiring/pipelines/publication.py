"""Whether a zone's own name servers have an AAAA record, without making a resolver remember that there is none."""

import asyncio
from enum import StrEnum

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.api import Dialer, Resolver

MOST_SERVERS = 4
_TOLD = frozenset({DnsOutcome.ANSWER, DnsOutcome.NODATA, DnsOutcome.NXDOMAIN})


class Published(StrEnum):
    """``yes`` if every server that told has the record, ``no`` if one has not, ``untold`` if none told."""

    YES = "yes"
    NO = "no"
    UNTOLD = "untold"


class Publication:
    """Asks the authoritative servers of each name's zone. Their addresses are found once.

    The zone is looked for from the parent of the name on, since asking a resolver for a name that does not exist yet
    makes it remember that (RFC 2308) for as long as the zone says, an hour often.
    """

    def __init__(self, resolver: Resolver, dialer: Dialer, *, internal: bool) -> None:
        self._resolver = resolver
        self._dialer = dialer
        self._internal = internal
        self._servers: dict[str, list[tuple[str, list[str]]]] = {}

    async def state(self, name: str) -> Published:
        """What the servers say now."""
        parent = name.partition(".")[2]
        for start in dict.fromkeys((parent, name)):
            if "." not in start and start != name:
                continue
            servers = await self._servers_of(start)
            outcomes = await asyncio.gather(*(self._ask(server, places, name) for server, places in servers))
            told = {outcome for outcome in outcomes if outcome in _TOLD}
            if told:
                return Published.YES if told == {DnsOutcome.ANSWER} else Published.NO
        return Published.UNTOLD

    async def _ask(self, server: str, places: list[str], name: str) -> DnsOutcome:
        """AAAA from the first address of the server that tells; a server that is not responsible (LAME) tells not."""
        outcome = DnsOutcome.NOT_ASKED
        for address in places:
            outcome = (await self._resolver.ask_server(server, address, name)).aaaa
            if outcome in _TOLD:
                break
        return outcome

    async def _servers_of(self, name: str) -> list[tuple[str, list[str]]]:
        """Server names with an address of each family that may be contacted; empty if they could not be found."""
        known = self._servers.get(name)
        if known:
            return known
        _, zone = await self._resolver.zone_of(name)
        if not zone:
            return []
        listed = sorted((await self._resolver.lookup(zone, "NS")).records)[:MOST_SERVERS]
        found = [(server, await self._places(server)) for server in listed]
        self._servers[name] = found
        return found

    async def _places(self, server: str) -> list[str]:
        places = []
        for rdtype in ("AAAA", "A"):
            lookup = await self._resolver.lookup(server, rdtype)
            allowed = [] if lookup.synthesised else lookup.records
            places += [one for one in allowed if not self._dialer.bar(one, internal=self._internal)][:1]
        return places
