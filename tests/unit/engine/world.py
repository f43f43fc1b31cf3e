"""A scripted network: what every name and address answers, try by try, and a record of what was asked."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from ipv6check.model.asset import Asset, Kind
from ipv6check.model.contact import Attempt, Certificate, EchoReply, HttpReply
from ipv6check.model.dns import DnsOutcome, Lookup, ServerAnswer
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.path import Path, PathEnd
from ipv6check.model.policy import Policy, Retries
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.model.vantage import SelfTest, Vantage
from ipv6check.model.zone import Direct
from ipv6check.net.api import Clock, Page, Touch
from ipv6check.net.clock import SystemClock

QUICK = Policy(
    retries=Retries(
        connect_timeout=(0.01, 0.01),
        refused=(0.01,),
        reset=(0.01,),
        tls_http_timeout=(0.01,),
        server_error=(0.01,),
        rate_limited=(0.01,),
        local=(0.01,),
        second_look_s=0.01,
    ),
    concurrency=20,
)

OK = "ok"


@dataclass
class World:
    """``clock`` may be a virtual loop; ``takes`` are the seconds a connection lasts that ends so. ``aaaa`` and ``a``
    map a name to its records or to a DNS outcome; ``hosts`` maps an address to the ends of its
    successive tries (a Failure, a reply, or OK), of which the last repeats. Unlisted addresses are healthy. ``zones``
    maps a name to its zone, ``servers`` a zone to its name servers, ``waits`` an address to what pacing says of it.
    ``records`` are further look-ups by name and type, ``direct`` what an address says to a name and type (``TCP NS``
    over TCP): one answer, or one after the other; unlisted ones are silent. ``directly`` counts them by address."""

    aaaa: dict[str, tuple[str, ...] | DnsOutcome] = field(default_factory=dict)
    a: dict[str, tuple[str, ...] | DnsOutcome] = field(default_factory=dict)
    hosts: dict[str, list[Failure | HttpReply | str]] = field(default_factory=dict)
    selftests: list[SelfTest] = field(default_factory=list)
    touched: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wait: float = 0.0
    broken: set[str] = field(default_factory=set)
    means: str = "dgram"
    clock: Clock = field(default_factory=SystemClock)
    takes: dict[Failure | str, float] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    servers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    paired: list[tuple[str, str]] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=dict)
    deaf: set[tuple[int, bool]] = field(default_factory=set)  # family, TCP or not: no server was ever heard that way
    pings: list[str] = field(default_factory=list)
    traced: list[str] = field(default_factory=list)
    http3: dict[str, int | Failure] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    records: dict[tuple[str, str], tuple[str, ...] | DnsOutcome] = field(default_factory=dict)
    direct: dict[tuple[str, str, str], Direct | list[Direct]] = field(default_factory=dict)
    directly: Counter[str] = field(default_factory=Counter)
    roots: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.resolver = self.dialer = self.quic = self.ping = self.tracer = self

    async def lookup(self, name: str, rdtype: str, *, fresh: bool = False) -> Lookup:
        self.asked[f"{name} {rdtype}"] += 1
        if name in self.broken:
            raise ZeroDivisionError(name)
        if (name, rdtype) in self.records or rdtype not in ("NS", "A", "AAAA"):
            said = self.records.get((name, rdtype), DnsOutcome.REFUSED if rdtype == "PTR" else DnsOutcome.NODATA)
            if isinstance(said, tuple):
                return Lookup(name=name, rdtype=rdtype, outcome=DnsOutcome.ANSWER, records=said, queries=1)
            return Lookup(name=name, rdtype=rdtype, outcome=said, queries=1)
        if rdtype == "NS":
            return Lookup(name=name, rdtype=rdtype, outcome=DnsOutcome.ANSWER, records=self.servers.get(name, ()))
        found = (self.aaaa if rdtype == "AAAA" else self.a).get(name, DnsOutcome.NXDOMAIN)
        if isinstance(found, tuple):
            return Lookup(name=name, rdtype=rdtype, outcome=DnsOutcome.ANSWER, records=found)
        return Lookup(name=name, rdtype=rdtype, outcome=found)

    async def zone_of(self, name: str) -> tuple[Lookup, str]:
        outcome = DnsOutcome.ANSWER if name in self.zones else DnsOutcome.REFUSED
        return Lookup(name=name, rdtype="SOA", outcome=outcome), self.zones.get(name, "")

    async def ask_server(self, server: str, address: str, name: str) -> ServerAnswer:
        self.paired.append((server, address))
        await asyncio.sleep(self.takes.get("pair", 0.0))
        if server in self.broken:
            raise ZeroDivisionError(server)
        return ServerAnswer(server=server, address=address, a=DnsOutcome.ANSWER, aaaa=DnsOutcome.ANSWER)

    async def ask_direct(self, address: str, name: str, rdtype: str, *, tcp: bool = False, edns: bool = True) -> Direct:
        self.directly[address] += 1
        await asyncio.sleep(0)
        kind = f"{'TCP ' if tcp else ''}{rdtype}{'' if edns else ' plain'}"
        found = self.direct.get((address, name, kind), Direct(outcome=DnsOutcome.TIMEOUT, queries=1))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    def hears(self, family: int, *, tcp: bool = False) -> bool:
        return (family, tcp) not in self.deaf

    async def touch(self, endpoint: Endpoint, target: Target, *, mss: int = 0) -> Touch:
        self.touched[f"{endpoint.address}:{endpoint.port}"] += 1
        script = self.hosts.get(endpoint.address, [OK])
        end = script.pop(0) if len(script) > 1 else script[0]
        now = self.clock.utc()
        self.times.setdefault(endpoint.address, []).append(self.clock.monotonic())
        await asyncio.sleep(self.takes.get(end, 0.0) if not isinstance(end, HttpReply) else 0.0)
        if isinstance(end, HttpReply):
            return Touch(attempt=Attempt(at=now, phase=Phase.HTTP, tcp_ms=1.0, tls_ms=2.0, http_ms=3.0), http=end)
        if isinstance(end, Failure):
            phase = Phase.TLS if end.is_certificate else Phase.TCP
            return Touch(attempt=Attempt(at=now, phase=phase, failure=end))
        return Touch(
            attempt=Attempt(at=now, phase=Phase.HTTP, tcp_ms=1.0, tls_ms=2.0, http_ms=3.0),
            certificate=Certificate(sha256="00"),
            http=HttpReply(status=200, content_type="text/html", body_sha256="11"),
            page=Page(text="hello"),
        )

    async def get(self, endpoint: Endpoint, target: Target) -> Touch:
        self.got.append(f"{endpoint.address} {endpoint.port}")
        end = self.http3.get(endpoint.address, 200)
        if isinstance(end, Failure):
            return Touch(attempt=Attempt(at=self.clock.utc(), phase=Phase.EXCHANGE, failure=end))
        return Touch(attempt=Attempt(at=self.clock.utc(), phase=Phase.HTTP), http=HttpReply(status=end, version="3"))

    async def connect_ms(self, endpoint: Endpoint) -> Attempt:
        return Attempt(at=self.clock.utc(), phase=Phase.TCP, tcp_ms=1.0)

    def swallowed(self, address: str) -> bool:
        return False

    def similarity(self, one: Page, other: Page) -> float:
        return 1.0

    def wait_s(self, address: str) -> float:
        waits = self.waits.get(address, [])
        return waits.pop(0) if waits else self.wait

    def bar(self, address: str, *, internal: bool, zone: str = "") -> str:
        if address.startswith("fd") and not internal:
            return "ula"
        return "documentation" if address.startswith("2001:db8:") else ""

    async def echo(self, address: str, *, zone: str = "") -> EchoReply:
        self.pings.append(address)
        return EchoReply(address=address, rtt_ms=1.0)

    async def trace(self, endpoint: Endpoint, *, means: str = "tcp") -> Path:
        self.traced.append(endpoint.address)
        return Path(address=endpoint.address, means=means, port=endpoint.port, end=PathEnd.SILENT)

    async def describe(self) -> Vantage:
        return Vantage(name="fake")

    async def test(self) -> SelfTest:
        if not self.selftests:
            return SelfTest(at=self.clock.utc(), ipv6=True, dns=True, ipv4=True)
        end = self.selftests.pop(0) if len(self.selftests) > 1 else self.selftests[0]
        return SelfTest(at=self.clock.utc(), ipv6=end.ipv6, dns=end.dns, ipv4=end.ipv4)


def fit(*, ipv6: bool = True, dns: bool = True, ipv4: bool = True) -> SelfTest:
    return SelfTest(at=0.0, ipv6=ipv6, dns=dns, ipv4=ipv4)


def web(name: str, *, asset_id: str = "") -> Asset:
    target = Target(host=name, port=443, protocol=Protocol.HTTPS)
    return Asset(id=asset_id or f"app-{name}", kind=Kind.APPLICATION, name=name, targets=(target,))


async def stream(*assets: Asset) -> AsyncIterator[Asset]:
    for asset in assets:
        yield asset
