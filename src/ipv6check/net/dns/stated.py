"""Addresses given by hand for a name, so that a service can be looked at before the DNS knows it."""

from collections.abc import Mapping

from ipv6check.model.dns import DnsOutcome, Lookup, ServerAnswer
from ipv6check.model.zone import Direct
from ipv6check.net.api import Resolver

SOURCE = "given by hand"


class StatedResolver:
    """A ``Resolver`` that answers for the stated names itself and asks another about everything else.

    ``addresses`` maps a name (A-label, no final dot) to literals of one family or both; a family that was not stated is
    asked for. Total, as its protocol says.
    """

    def __init__(self, behind: Resolver, addresses: Mapping[str, tuple[str, ...]]) -> None:
        self._behind = behind
        self._addresses = addresses

    async def lookup(self, name: str, rdtype: str, *, fresh: bool = False) -> Lookup:
        """The stated addresses of that family, else what the DNS says."""
        wants_v6 = rdtype == "AAAA"
        if rdtype in ("AAAA", "A"):
            records = tuple(one for one in self._addresses.get(name, ()) if (":" in one) == wants_v6)
            if records:
                return Lookup(
                    name=name,
                    rdtype=rdtype,
                    outcome=DnsOutcome.ANSWER,
                    records=records,
                    resolver=SOURCE,
                    stated=True,
                )
        return await self._behind.lookup(name, rdtype, fresh=fresh)

    async def zone_of(self, name: str) -> tuple[Lookup, str]:
        """What the DNS says."""
        return await self._behind.zone_of(name)

    async def ask_server(self, server: str, address: str, name: str) -> ServerAnswer:
        """What the server says."""
        return await self._behind.ask_server(server, address, name)

    async def ask_direct(self, address: str, name: str, rdtype: str, *, tcp: bool = False, edns: bool = True) -> Direct:
        """What the server says."""
        return await self._behind.ask_direct(address, name, rdtype, tcp=tcp, edns=edns)

    def hears(self, family: int, *, tcp: bool = False) -> bool:
        """What the one behind has heard."""
        return self._behind.hears(family, tcp=tcp)

    @property
    def roots(self) -> tuple[str, ...]:
        """The same root servers."""
        return self._behind.roots
