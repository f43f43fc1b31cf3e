"""The way from the root to a zone over IPv6 alone, walked by ourselves (RFC 9156: one label at a time).

A resolver without IPv4 goes this way. What it finds on it is shared: every zone above is asked for once in a scan.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.record import Record
from ipv6check.model.zone import Break, Chain, Direct
from ipv6check.net.api import Net
from ipv6check.net.dns.cache import DnsCache

MOST_QUERIES = 60  # for one cut, with the server names it needs
MOST_DEPTH = 8
MOST_ASKED = 5  # addresses of one zone before it counts as broken
MOST_CUTS = 16_384
KEPT_S = 3600.0

_TOLD = (DnsOutcome.ANSWER, DnsOutcome.NODATA, DnsOutcome.NXDOMAIN)
_OURS = (DnsOutcome.LOCAL_ERROR, DnsOutcome.NOT_ASKED, DnsOutcome.RECURSED)


class Cut(Record, frozen=True, kw_only=True):
    """The zone that holds a name, and where its servers are; or the chain's end before it."""

    chain: Chain
    zone: str = ""
    addresses: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()


class _Walk:
    """What one walk may still spend, and the names it is resolving on the way."""

    __slots__ = ("left", "spent", "stack")

    def __init__(self) -> None:
        self.left = MOST_QUERIES
        self.spent = 0
        self.stack: list[str] = []

    def book(self, queries: int) -> None:
        self.left -= max(1, queries)
        self.spent += max(1, queries)


class ChainWalker:
    """Walks of one scan and view; ``internal`` admits addresses that only an internal view may contact."""

    def __init__(self, net: Net, *, internal: bool) -> None:
        self._net = net
        self._internal = internal
        self._cuts: DnsCache[Cut] = DnsCache(MOST_CUTS, net.clock.monotonic)

    async def reach(self, zone: str) -> Chain:
        """Whether a server of ``zone`` answers for it at the end of the walk, or where the walk ended."""
        if not self._net.resolver.roots:
            return Chain(undecided="no_root")
        walk = _Walk()
        cut = await self._shared_cut(zone, walk)
        chain = replace(cut.chain, queries=walk.spent)
        if not chain.is_whole:
            return chain
        told = await self._ask(cut, zone, "SOA", walk)
        if isinstance(told, Direct) and told.outcome is not DnsOutcome.ANSWER:
            told = Break.SERVERS_LAME  # over IPv6 the zone is not where it is otherwise
        if not isinstance(told, Direct):
            chain = await self._broken(told, zone, chain.path, cut.servers)
        return replace(chain, queries=walk.spent)

    async def _shared_cut(self, name: str, walk: _Walk) -> Cut:
        """The cut at or above ``name``, made once however many ask; zones above are strictly shorter, so that two
        that wait for each other cannot come about here."""
        if not name:
            return self._root()

        async def make() -> tuple[Cut, float]:
            above = await self._shared_cut(name.partition(".")[2], walk)
            cut = await self._descend(above, name, walk)
            return cut, 0.0 if cut.chain.undecided else KEPT_S

        return await self._cuts.get(name, make)

    async def _own_cut(self, name: str, walk: _Walk) -> Cut:
        """The same for the name of a server: what is known is used, and nobody is waited for."""
        if not name:
            return self._root()
        kept = self._cuts.peek(name)
        if kept is not None:
            return kept
        cut = await self._descend(await self._own_cut(name.partition(".")[2], walk), name, walk)
        if not cut.chain.undecided:
            self._cuts.keep(name, cut, KEPT_S)
        return cut

    def _root(self) -> Cut:
        return Cut(chain=Chain(), addresses=self._net.resolver.roots)

    async def _descend(self, above: Cut, name: str, walk: _Walk) -> Cut:
        """One label further down."""
        if not above.chain.is_whole:
            return above
        told = await self._ask(above, name, "NS", walk)
        path = above.chain.path
        if not isinstance(told, Direct):
            return Cut(chain=await self._broken(told, above.zone or ".", path, above.servers))
        if told.outcome in _TOLD:
            if told.outcome is not DnsOutcome.ANSWER or told.alias:
                return above
            return replace(above, zone=name, chain=Chain(path=(*path, name)))  # one set of servers holds both
        found = await self._locate(told, above.zone, walk)
        if not isinstance(found, tuple):
            chain = found if isinstance(found, Chain) else await self._broken(found, name, path, told.servers)
            return Cut(chain=replace(chain, path=path) if chain.undecided else chain)
        return Cut(chain=Chain(path=(*path, name)), zone=name, addresses=found, servers=told.servers)

    async def _ask(self, cut: Cut, name: str, rdtype: str, walk: _Walk) -> Direct | Break | str:
        """The first telling answer of the zone's servers; why there was none; or a word for a fault of ours."""
        silent = ours = False
        for address in _shuffled(cut.addresses, name)[:MOST_ASKED]:
            if walk.left <= 0:
                return "budget"
            reply = await self._net.resolver.ask_direct(address, name, rdtype)
            walk.book(reply.queries)
            below = reply.referral == name and bool(name != cut.zone)
            if reply.outcome in _TOLD or (reply.outcome is DnsOutcome.LAME and below):
                return reply
            silent = silent or reply.outcome is DnsOutcome.TIMEOUT
            ours = ours or reply.outcome in _OURS
        if ours or (silent and not self._net.resolver.hears(6)):
            return "local_error"
        return Break.SERVERS_SILENT if silent else Break.SERVERS_LAME

    async def _locate(self, told: Direct, zone: str, walk: _Walk) -> tuple[str, ...] | Break | Chain:
        """IPv6 addresses of a delegation's servers: by glue, or by their names under the same rule."""
        below, usable, barred = told.referral, [], False
        outside: list[str] = []
        inside: list[str] = []
        for server in told.servers:
            glue = [line.partition(" ")[2] for line in told.glue if line.startswith(server + " ")]
            addresses = [address for address in glue if ":" in address and _is_within(server, zone)]
            if addresses:
                allowed = [address for address in addresses if not self._bar(address)]
                usable += allowed
                barred = barred or len(allowed) < len(addresses)
            else:
                (inside if _is_within(server, below) else outside).append(server)
        through = undecided = ""
        if not usable:
            for server in outside[:MOST_ASKED]:
                found = await self._resolve(server, walk)
                if isinstance(found, Chain):
                    through, undecided = through or found.broken, undecided or found.undecided
                    continue
                allowed = [address for address in found if not self._bar(address)]
                usable += allowed
                barred = barred or len(allowed) < len(found)
                if usable:
                    break
        if usable:
            return tuple(dict.fromkeys(usable))
        if undecided:
            return Chain(undecided=undecided)
        if barred:
            return Break.ADDRESS_UNUSABLE
        untold = ""
        for server in inside:
            outcome = (await self._net.resolver.lookup(server, "AAAA")).outcome
            if outcome is DnsOutcome.ANSWER:
                return Break.GLUE_MISSING
            untold = untold or ("" if outcome.is_known else outcome.value)
        if untold:
            return Chain(undecided=untold)
        if through:
            chain = await self._broken(Break.SERVER_NAMES_UNREACHABLE, below, (), told.servers)
            return replace(chain, through=through)
        return Break.NO_AAAA

    async def _resolve(self, server: str, walk: _Walk) -> tuple[str, ...] | Chain:
        """AAAA of a server's name over IPv6 alone; a chain if the way to it ends before."""
        if server in walk.stack or len(walk.stack) >= MOST_DEPTH:  # each needs the other: nobody can begin
            return Chain(broken=server, reason=Break.SERVER_NAMES_UNREACHABLE)
        walk.stack.append(server)
        try:
            cut = await self._own_cut(server, walk)
            if not cut.chain.is_whole:
                return cut.chain
            told = await self._ask(cut, server, "AAAA", walk)
        finally:
            walk.stack.pop()
        if isinstance(told, Break):
            return Chain(broken=cut.zone or ".", reason=told)
        if isinstance(told, str):
            return Chain(undecided=told)
        return () if told.alias else told.records

    async def _broken(self, reason: Break | str, zone: str, path: tuple[str, ...], servers: tuple[str, ...]) -> Chain:
        if not isinstance(reason, Break):
            return Chain(path=path, undecided=reason)
        operator = ""
        if zone != ".":
            soa = await self._net.resolver.lookup(zone, "SOA")
            if soa.outcome is DnsOutcome.ANSWER and soa.records and not soa.chain:
                operator = soa.records[0].partition(" ")[2]
        return Chain(path=path, broken=zone, reason=reason, servers=servers, operator=operator)

    def _bar(self, address: str) -> str:
        return self._net.dialer.bar(address, internal=self._internal)


def _is_within(name: str, zone: str) -> bool:
    return not zone or name == zone or name.endswith("." + zone)


def _shuffled(addresses: Sequence[str], name: str) -> list[str]:
    """Another first address for another name, the same for the same: the load spreads over a zone's servers."""
    if not addresses:
        return []
    start = sum(name.encode()) % len(addresses)
    return [*addresses[start:], *addresses[:start]]
