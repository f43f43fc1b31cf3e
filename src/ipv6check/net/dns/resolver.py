"""Look-ups through the vantage's recursive resolvers: cached, confirmed, and never guessed.

Only NODATA and NXDOMAIN say that a record does not exist. Whatever goes wrong keeps its own word.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Coroutine, Sequence
from ipaddress import IPv6Network

from ipv6check.model.dns import DnsOutcome, Lookup, ServerAnswer
from ipv6check.model.policy import Policy
from ipv6check.model.record import Record
from ipv6check.model.zone import Direct
from ipv6check.net.api import Clock
from ipv6check.net.dns import dns64
from ipv6check.net.dns.authority import ask_pair
from ipv6check.net.dns.cache import DnsCache
from ipv6check.net.dns.direct import DirectAsker
from ipv6check.net.dns.querypace import QueryPace
from ipv6check.net.dns.server import Server
from ipv6check.net.dns.socket import Tally
from ipv6check.net.dns.tries import MOST_QUERIES, Asker, Told
from ipv6check.net.dns.upstream import Upstream
from ipv6check.net.dns.walk import Walk, follow
from ipv6check.net.dns.wire import Question

CACHE_SIZE = 8192
TTL_FLOOR_S = 30  # a TTL of 0 must not double the queries of one scan
TTL_CEILING_S = 3600
FAILURE_S = 5  # RFC 9520 section 3.2: failures are cached too, for 1 s to 5 min
NAT64_S = 3600
NAT64_UNKNOWN_S = 300
MOST_PACES = 4096

_CONFIRMED = ("A", "AAAA", "NS")  # types whose absence decides; that of others is not put to a second resolver
_OWN_ZONE = ("A", "AAAA", "MX", "HTTPS")  # the absence of DS is told by the zone above (RFC 4035 section 2.4)
_ABSENT = (DnsOutcome.NODATA, DnsOutcome.NXDOMAIN)


class ResolverTest(Record, frozen=True, kw_only=True):
    """What one resolver said to an uncached A and AAAA question of the self-test."""

    resolver: str
    a: DnsOutcome
    aaaa: DnsOutcome


class AsyncResolver:
    """The ``Resolver`` of one scan. No method raises, cancellation excepted.

    ``roots`` are the addresses of root servers for walks of our own; empty for none. ``rng`` spreads waiting times
    only; ids come from the system's random source. ``authority_port`` is 53 outside tests. Without servers every
    look-up ends in LOCAL_ERROR.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        policy: Policy,
        *,
        clock: Clock,
        rng: random.Random | None = None,
        authority_port: int = 53,
        roots: Sequence[str] = (),
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._rng = rng or random.Random()
        self._authority_port = authority_port
        pacing = policy.pacing
        self._upstreams = [
            Upstream(
                server,
                policy,
                QueryPace(pacing.local_resolver_qps if server.is_local else pacing.public_resolver_qps, rng=self._rng),
                self._rng,
            )
            for server in servers
        ]
        self._asker = Asker(policy, self._rng)
        self._direct = DirectAsker(policy, self._rng, authority_port, self._authority_pace)
        self._roots = tuple(roots)
        self._turn = 0
        self._lookups: DnsCache[Lookup] = DnsCache(CACHE_SIZE, clock.monotonic)
        self._zones: DnsCache[tuple[Lookup, str]] = DnsCache(CACHE_SIZE, clock.monotonic)
        self._nat64: DnsCache[tuple[IPv6Network, ...]] = DnsCache(len(servers) + 1, clock.monotonic)
        self._authority_paces: OrderedDict[str, QueryPace] = OrderedDict()

    @property
    def servers(self) -> tuple[Server, ...]:
        """The resolvers that are asked."""
        return tuple(upstream.server for upstream in self._upstreams)

    @property
    def roots(self) -> tuple[str, ...]:
        """Where a walk of our own begins; empty if this vantage knows no root servers."""
        return self._roots

    async def ask_direct(self, address: str, name: str, rdtype: str, *, tcp: bool = False, edns: bool = True) -> Direct:
        """One question without recursion straight to the authoritative server at ``address``; never cached."""
        return await self._direct.ask(address, name, rdtype, tcp=tcp, edns=edns)

    def hears(self, family: int, *, tcp: bool = False) -> bool:
        """True if any server asked directly has answered over that family and transport."""
        return self._direct.hears(family, tcp=tcp)

    async def start(self) -> tuple[str, ...]:
        """Ask every resolver for its NAT64 prefixes; they are returned as text. Optional: done on demand otherwise."""
        found = await asyncio.gather(*(self._prefixes(upstream) for upstream in self._upstreams))
        return tuple(dict.fromkeys(str(prefix) for prefixes in found for prefix in prefixes))

    async def close(self) -> None:
        """Close every socket."""
        for upstream in self._upstreams:
            upstream.close()

    async def lookup(self, name: str, rdtype: str, *, fresh: bool = False, urgent: bool = False) -> Lookup:
        """A, AAAA, NS, MX, TXT, PTR, DS, DNSKEY, HTTPS or SOA of ``name`` (A-label). NOT_ASKED for a name that must not
        be sent.

        ``urgent`` is for the self-test: always fresh, and ahead of whoever waits for the resolvers' pace.
        """
        try:
            question = Question(name, rdtype)
        except (ValueError, KeyError):
            return Lookup(name=name, rdtype=rdtype, outcome=DnsOutcome.NOT_ASKED)
        if not self._upstreams:
            return Lookup(name=name, rdtype=rdtype, outcome=DnsOutcome.LOCAL_ERROR)
        if urgent:
            return (await self._resolve(question, urgent=True))[0]
        return await self._lookups.get((question.name, rdtype), lambda: self._resolve(question), fresh=fresh)

    async def zone_of(self, name: str) -> tuple[Lookup, str]:
        """The SOA look-up that told, and the apex of the zone that holds ``name``; empty if it could not be told."""
        try:
            question = Question(name, "SOA")
        except ValueError:
            return Lookup(name=name, rdtype="SOA", outcome=DnsOutcome.NOT_ASKED), ""
        if not self._upstreams:
            return Lookup(name=name, rdtype="SOA", outcome=DnsOutcome.LOCAL_ERROR), ""
        return await self._zones.get(question.name, lambda: self._find_zone(question))

    async def ask_server(self, server: str, address: str, name: str) -> ServerAnswer:
        """A and then AAAA of ``name``, without recursion, straight to one authoritative server."""
        try:
            to = Server(address, self._authority_port)
        except ValueError:
            return ServerAnswer(server=server, address=address, a=DnsOutcome.NOT_ASKED, aaaa=DnsOutcome.NOT_ASKED)
        upstream = Upstream(to, self._policy, self._authority_pace(to.address), self._rng, recurse=False)
        try:
            return await ask_pair(server, upstream, name, self._asker)
        finally:
            upstream.close()

    async def test(self, name: str) -> tuple[ResolverTest, ...]:
        """A and AAAA of ``name`` from every resolver, past the cache, for the vantage's self-test."""

        async def one(upstream: Upstream, rdtype: str) -> DnsOutcome:
            try:
                question = Question(name, rdtype)
            except ValueError:
                return DnsOutcome.NOT_ASKED
            return (await self._walk(question, [upstream], Tally(urgent=True), brief=True)).outcome

        async def both(upstream: Upstream) -> ResolverTest:
            a, aaaa = await asyncio.gather(one(upstream, "A"), one(upstream, "AAAA"))
            return ResolverTest(resolver=str(upstream.server), a=a, aaaa=aaaa)

        return tuple(await asyncio.gather(*(both(upstream) for upstream in self._upstreams)))

    def _order(self) -> list[Upstream]:
        """The resolvers, beginning with another one each time; those that rest come last."""
        if len(self._upstreams) == 1:
            return self._upstreams
        self._turn = (self._turn + 1) % len(self._upstreams)
        rotated = self._upstreams[self._turn :] + self._upstreams[: self._turn]
        return sorted(rotated, key=lambda upstream: upstream.is_resting)

    def _walk(
        self, question: Question, order: Sequence[Upstream], tally: Tally, *, brief: bool = False
    ) -> Coroutine[None, None, Walk]:
        def ask(link: Question) -> Coroutine[None, None, Told]:
            return self._asker.ask(link, order, tally, brief=brief)

        return follow(question, ask, self._policy.thresholds.max_chain)

    async def _resolve(self, question: Question, *, urgent: bool = False) -> tuple[Lookup, float]:
        started = self._clock.monotonic()
        tally = Tally(urgent=urgent)
        order = self._order()
        walk = await self._walk(question, order, tally)
        outcome, records = walk.outcome, walk.records
        votes: tuple[str, ...] = ()
        synthesised = single = False
        if outcome is DnsOutcome.NODATA and walk.told.reply.apex and not walk.chain and question.rdtype in _OWN_ZONE:
            self._note_zone(question, walk)
        if outcome in _ABSENT and question.rdtype in _CONFIRMED:
            outcome, votes, single = await self._confirm(question, walk, order, tally)
        elif outcome is DnsOutcome.ANSWER and question.rdtype == "AAAA":
            told = await self._synthesised(question.name, walk)
            if isinstance(told, bool):
                synthesised = told
            else:
                outcome, records = told, ()
        lookup = Lookup(
            name=question.name,
            rdtype=question.rdtype,
            outcome=outcome,
            records=records,
            chain=walk.chain,
            ttl=walk.ttl,
            took_ms=round((self._clock.monotonic() - started) * 1000, 2),
            queries=tally.queries,
            resolver=str(walk.told.upstream.server),
            over_tcp=tally.over_tcp,
            bogus=walk.told.bogus,
            synthesised=synthesised,
            single_resolver=single,
            ignored=tally.ignored,
            votes=votes,
        )
        return lookup, keep_s(lookup)

    async def _confirm(
        self, question: Question, walk: Walk, order: Sequence[Upstream], tally: Tally
    ) -> tuple[DnsOutcome, tuple[str, ...], bool]:
        """Ask others about an absence until one of them has a word to say: outcome, votes, and nobody had."""
        votes = [f"{walk.told.upstream.server}={walk.outcome}"]
        for other in order:
            if other is walk.told.upstream or other.is_resting:
                continue
            second = await self._walk(question, [other], tally, brief=True)
            votes.append(f"{other.server}={second.outcome}")
            if second.outcome is DnsOutcome.ANSWER:
                made_up = question.rdtype == "AAAA" and await self._synthesised(question.name, second)
                return (walk.outcome if made_up is True else DnsOutcome.DISAGREEMENT), tuple(votes), False
            if second.outcome.proves_absence:
                # NXDOMAIN against NODATA: the record is absent for both, the name only for one
                agreed = walk.outcome if second.outcome is walk.outcome else DnsOutcome.NODATA
                return agreed, tuple(votes), False
        return walk.outcome, tuple(votes), True

    async def _synthesised(self, name: str, walk: Walk) -> bool | DnsOutcome:
        """True if DNS64 made the answer up; the outcome of the A look-up if that failed and would have decided."""
        prefixes = await self._prefixes(walk.told.upstream)
        embedded = dns64.sources(walk.records, prefixes)
        if not embedded:
            return False
        a = await self.lookup(name, "A")
        if a.outcome.proves_absence:
            return False  # nothing to make it from: the zone publishes it
        if dns64.all_within(walk.records, prefixes):
            return True
        if a.outcome is not DnsOutcome.ANSWER:
            return a.outcome
        return all(candidates & set(a.records) for candidates in embedded)

    async def _prefixes(self, upstream: Upstream) -> tuple[IPv6Network, ...]:
        async def discover() -> tuple[tuple[IPv6Network, ...], float]:
            tally = Tally(urgent=True)  # once an hour and resolver, and look-ups wait for it
            told = await self._asker.ask(Question(dns64.WELL_KNOWN_NAME, "AAAA"), [upstream], tally, brief=True)
            if told.reply.outcome is DnsOutcome.ANSWER:
                return dns64.prefixes_from(told.reply.records), NAT64_S
            return (), NAT64_S if told.reply.outcome in _ABSENT else NAT64_UNKNOWN_S

        return await self._nat64.get(upstream.server, discover)

    def _note_zone(self, question: Question, walk: Walk) -> None:
        """An absence comes with the SOA record of the zone that holds the name: its cut need not be asked for."""
        if self._zones.peek(question.name) is not None:
            return
        lookup = Lookup(
            name=question.name,
            rdtype="SOA",
            outcome=DnsOutcome.NODATA,
            ttl=walk.ttl,
            resolver=str(walk.told.upstream.server),
        )
        self._zones.keep(question.name, (lookup, walk.told.reply.apex), keep_s(lookup))

    async def _find_zone(self, question: Question) -> tuple[tuple[Lookup, str], float]:
        """Climb from the name until an SOA record names the zone; an error ends the search without one. An answer that
        DNSSEC refuses still tells where the zone is cut: everything else is asked of its servers."""
        started = self._clock.monotonic()
        tally = Tally()
        order = self._order()
        asked, apex = question, ""
        while True:
            told = await self._asker.ask(asked, order, tally)
            reply = told.unchecked or told.reply
            # behind an alias the SOA record is that of the target's zone; the alias itself lies in its parent's
            apex = "" if reply.chain else reply.apex
            is_told = reply.outcome is DnsOutcome.ANSWER or reply.outcome in _ABSENT
            if apex or not is_told or "." not in asked.name or tally.queries >= MOST_QUERIES:
                break
            asked = Question(asked.name.partition(".")[2], "SOA")
        lookup = Lookup(
            name=question.name,
            rdtype="SOA",
            outcome=told.reply.outcome,
            records=reply.records if apex else (),
            chain=reply.chain,
            ttl=reply.ttl,
            took_ms=round((self._clock.monotonic() - started) * 1000, 2),
            queries=tally.queries,
            resolver=str(told.upstream.server),
            over_tcp=tally.over_tcp,
            bogus=told.bogus,
            ignored=tally.ignored,
        )
        return (lookup, apex), keep_s(lookup)

    def _authority_pace(self, address: str) -> QueryPace:
        pace = self._authority_paces.get(address)
        if pace is None:
            pace = self._authority_paces[address] = QueryPace(self._policy.pacing.authority_qps, rng=self._rng)
            if len(self._authority_paces) > MOST_PACES:
                self._authority_paces.popitem(last=False)
        self._authority_paces.move_to_end(address)
        return pace


def keep_s(lookup: Lookup) -> float:
    """Seconds a look-up stays in the cache: its TTL within bounds, little for a failure, 0 for a fault of ours."""
    if lookup.outcome is DnsOutcome.LOCAL_ERROR:
        return 0
    if not lookup.outcome.is_known:
        return FAILURE_S
    return min(max(lookup.ttl, TTL_FLOOR_S), TTL_CEILING_S)
