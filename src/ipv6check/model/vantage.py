"""Where a scan looked from. A rate without its vantage is not evidence."""

from enum import StrEnum

from ipv6check.model.record import Record


class Fitness(StrEnum):
    """What the self-test allows to be judged."""

    FIT = "fit"
    NO_IPV6 = "no_ipv6"
    NO_DNS = "no_dns"
    LOCAL_TROUBLE = "local_trouble"


class AnchorResult(Record, frozen=True, kw_only=True):
    """One reference target of the self-test: ``failure`` is empty if it answered."""

    anchor: str
    failure: str = ""
    took_ms: float = 0.0


class SelfTest(Record, frozen=True, kw_only=True):
    """One self-test. ``ipv6`` and ``ipv4`` need a quorum of anchors of that family; ``dns`` one good answer."""

    at: float
    ipv6: bool
    dns: bool
    ipv4: bool
    anchors: tuple[AnchorResult, ...] = ()
    detail: str = ""

    @property
    def fitness(self) -> Fitness:
        """The worst thing wrong with the vantage for a verdict about IPv6."""
        if not self.dns:
            return Fitness.NO_DNS
        if not self.ipv6 and "local_resources" in self.detail:
            return Fitness.LOCAL_TROUBLE
        return Fitness.FIT if self.ipv6 else Fitness.NO_IPV6


class Vantage(Record, frozen=True, kw_only=True):
    """The scanning machine as a scan records it. Addresses are literals; ``echo`` is dgram, raw or none. ``families``
    are those that were looked at; ``clat``: its IPv4 is a translator's (RFC 6877, RFC 7335)."""

    name: str
    source_v6: str = ""
    source_v4: str = ""
    resolvers: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    echo: str = "none"
    nat64_prefixes: tuple[str, ...] = ()
    clat: bool = False
    treat_as_global: tuple[str, ...] = ()
    loop: str = "asyncio"
    families: tuple[int, ...] = ()
    selftests: tuple[SelfTest, ...] = ()

    @property
    def without_ipv4(self) -> bool:
        """True if this place is known to have no IPv4: it was looked for, and there is no route, no anchor that
        answered and no CLAT. What works from here works on an IPv6-only network, behind NAT64 or not, since a
        connection goes to the target's own IPv6 addresses and never to one that DNS64 made up."""
        looked = 4 in self.families and bool(self.selftests)
        return looked and not self.source_v4 and not self.clat and not any(test.ipv4 for test in self.selftests)
