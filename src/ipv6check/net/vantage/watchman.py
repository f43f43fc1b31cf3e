"""The watchman: where the scan looks from, and whether that place can see at all."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import IPv4Network, ip_address

from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.failure import Failure
from ipv6check.model.vantage import AnchorResult, SelfTest, Vantage
from ipv6check.net.api import Clock
from ipv6check.net.vantage.anchors import DEFAULT_ANCHORS, anchor_text, parse_anchor, source_towards, try_anchor

DNS_NAME = "a.root-servers.net"
LEAST_GAP_S = 10.0
TIMEOUT_S = 5.0
DNS_TIMEOUT_S = 8.0
QUORUM = 2
_CLAT = IPv4Network("192.0.0.0/29")  # RFC 7335

Ask = Callable[[str, str], Awaitable[Lookup]]
Nat64 = Callable[[], Awaitable[tuple[str, ...]]]


async def _no_nat64() -> tuple[str, ...]:
    return ()


class VantageWatchman:
    """Implements ``net.api.Watchman``. Every result is data; nothing raises but cancellation."""

    def __init__(
        self,
        *,
        name: str,
        clock: Clock,
        ask: Ask,
        anchors: Sequence[str] = DEFAULT_ANCHORS,
        families: Sequence[int] = (6, 4),
        dns_name: str = DNS_NAME,
        further_names: Sequence[str] = (),
        resolvers: Sequence[str] = (),
        echo: str = "none",
        nat64: Nat64 = _no_nat64,
        treat_as_global: Sequence[str] = (),
        timeout_s: float = TIMEOUT_S,
        dns_timeout_s: float = DNS_TIMEOUT_S,
        least_gap_s: float = LEAST_GAP_S,
    ) -> None:
        """``ask(name, rdtype)`` resolves past every cache. ``anchors`` are ``[address]:port``; a family left out of
        ``families`` is not tested, sends nothing, and counts as missing. IPv4 without an anchor of its own counts as
        there if a route is. ``dns_name`` must have an AAAA record in the public DNS: a resolver that filters AAAA
        would make every target look unready. ``further_names`` are the scan's own, for a private resolver that knows
        no other. Raises ValueError for a bad anchor."""
        self._name = name
        self._clock = clock
        self._ask = ask
        parsed = [parse_anchor(text) for text in anchors]
        self._anchors = {family: tuple(a for a in parsed if a.family == family) for family in families}
        self._dns_name = dns_name
        self._further_names = tuple(further_names)
        self._resolvers = tuple(resolvers)
        self._echo = echo
        self._nat64 = nat64
        self._treat_as_global = tuple(treat_as_global)
        self._timeout_s = timeout_s
        self._dns_timeout_s = dns_timeout_s
        self._least_gap_s = least_gap_s
        self._lock = asyncio.Lock()
        self._last: SelfTest | None = None
        self._tested_at = 0.0

    async def describe(self) -> Vantage:
        """Source addresses, resolvers, echo means, NAT64 and CLAT, with the first self-test."""
        test, prefixes = await asyncio.gather(self.test(), self._nat64_prefixes())
        source_v4 = self._source(4)
        return Vantage(
            name=self._name,
            source_v6=self._source(6),
            source_v4=source_v4,
            resolvers=self._resolvers,
            anchors=tuple(anchor_text(anchor) for anchors in self._anchors.values() for anchor in anchors),
            echo=self._echo,
            nat64_prefixes=prefixes,
            clat=bool(source_v4) and ip_address(source_v4) in _CLAT,
            treat_as_global=self._treat_as_global,
            loop=type(asyncio.get_running_loop()).__module__.partition(".")[0],
            families=tuple(self._anchors),
            selftests=(test,),
        )

    async def test(self) -> SelfTest:
        """One self-test now; if the last began less than ten seconds ago, that one. Who asks while one runs gets its
        result."""
        async with self._lock:
            now = self._clock.monotonic()
            if self._last is None or now - self._tested_at >= self._least_gap_s:
                self._tested_at = now
                self._last = await self._test()
            return self._last

    async def _test(self) -> SelfTest:
        at = self._clock.utc()  # taken before: a good test covers what was seen until it began
        tries = [try_anchor(anchor, self._timeout_s) for anchors in self._anchors.values() for anchor in anchors]
        results, (dns, told) = await asyncio.gather(asyncio.gather(*tries), self._dns())
        share: dict[int, Sequence[AnchorResult]] = {}
        start = 0
        for family, anchors in self._anchors.items():
            share[family] = results[start : start + len(anchors)]
            start += len(anchors)
        return SelfTest(
            at=at,
            ipv6=_has_quorum(share.get(6, ())),
            dns=dns,
            ipv4=_has_quorum(share[4]) if share.get(4) else 4 in self._anchors and bool(self._source(4)),
            anchors=tuple(results),
            detail=_detail(results, told),
        )

    async def _dns(self) -> tuple[bool, dict[str, DnsOutcome]]:
        """Whether the resolvers do their job, and how the questions ended that say otherwise.

        AAAA of a name that has one must be answered. A private resolver that knows no public name proves itself by any
        definite answer: NXDOMAIN for the public name, or whatever it says about one of the scan's own.
        """
        aaaa, a = await asyncio.gather(self._outcome(self._dns_name, "AAAA"), self._outcome(self._dns_name, "A"))
        told = {"aaaa": aaaa, "a": a}
        if aaaa is DnsOutcome.ANSWER:
            return True, {} if a is DnsOutcome.ANSWER else {"a": a}
        if aaaa.proves_absence:
            return a is not DnsOutcome.ANSWER, told
        own = await asyncio.gather(*(self._outcome(name, "AAAA") for name in self._further_names))
        return any(outcome.is_known for outcome in own), told

    async def _outcome(self, name: str, rdtype: str) -> DnsOutcome:
        try:
            async with asyncio.timeout(self._dns_timeout_s):
                return (await self._ask(name, rdtype)).outcome
        except TimeoutError:
            return DnsOutcome.TIMEOUT

    async def _nat64_prefixes(self) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(self._dns_timeout_s):
                return await self._nat64()
        except TimeoutError:
            return ()

    def _source(self, family: int) -> str:
        """The source address of the route towards an anchor, or a default one; no packet is sent. Empty for a family
        that is not looked at."""
        if family not in self._anchors:
            return ""
        anchors = self._anchors.get(family) or [
            a for text in DEFAULT_ANCHORS if (a := parse_anchor(text)).family == family
        ]
        return next((found for anchor in anchors if (found := source_towards(anchor))), "")


def _has_quorum(results: Sequence[AnchorResult]) -> bool:
    """Two anchors answered, or all if there are fewer; none to ask proves nothing."""
    return bool(results) and sum(not result.failure for result in results) >= min(QUORUM, len(results))


def _detail(results: Sequence[AnchorResult], told: Mapping[str, DnsOutcome]) -> str:
    """The words of what is wrong, ours first: ``local_resources`` means that we ran out of sockets, so that nothing
    was learnt about IPv6."""
    words = dict.fromkeys(
        sorted((result.failure for result in results if result.failure), key=lambda word: not Failure(word).is_ours)
    )
    return " ".join([*words, *(f"{kind}:{outcome}" for kind, outcome in told.items())])
