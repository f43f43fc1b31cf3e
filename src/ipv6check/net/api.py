"""What probes may ask of the network. Every call is total: what goes wrong comes back as a value, never as an
exception (cancellation excepted). Fakes in tests implement these protocols."""

from typing import Protocol

from ipv6check.model.contact import Attempt, Certificate, EchoReply, HttpReply
from ipv6check.model.dns import Lookup, ServerAnswer
from ipv6check.model.path import HeaderReply, Path, SizedReply
from ipv6check.model.record import Record
from ipv6check.model.target import Endpoint, Target
from ipv6check.model.vantage import SelfTest, Vantage
from ipv6check.model.zone import Direct


class Page(Record, frozen=True, kw_only=True, gc=False):
    """The readable part of a response body, kept in memory for comparing and never stored.

    ``text`` is decoded, normalised (what changes at every visit removed) and capped.
    """

    text: str = ""


class Touch(Record, frozen=True, kw_only=True, gc=False):
    """What one connection brought back. ``attempt`` tells how far it came."""

    attempt: Attempt
    certificate: Certificate | None = None
    tls_version: str = ""
    http: HttpReply | None = None
    reply: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    page: Page | None = None


class Resolver(Protocol):
    """Look-ups through the vantage's recursive resolvers; cached and single-flight for the life of the scan."""

    async def lookup(self, name: str, rdtype: str, *, fresh: bool = False) -> Lookup:
        """A, AAAA, NS, MX, PTR, DS, DNSKEY, HTTPS or TXT (SPF records only) of ``name`` (A-label, no final dot).
        ``fresh`` asks again past the cache."""

    async def zone_of(self, name: str) -> tuple[Lookup, str]:
        """The SOA look-up that told, and the apex of the zone that holds ``name``; empty if it could not be told."""

    async def ask_server(self, server: str, address: str, name: str) -> ServerAnswer:
        """A and then AAAA of ``name``, without recursion, straight to one authoritative server."""

    async def ask_direct(self, address: str, name: str, rdtype: str, *, tcp: bool = False, edns: bool = True) -> Direct:
        """One question without recursion straight to the authoritative server at ``address``; never cached."""

    def hears(self, family: int, *, tcp: bool = False) -> bool:
        """True if any server asked directly has answered over that family and transport."""

    @property
    def roots(self) -> tuple[str, ...]:
        """IPv6 addresses of root servers, where a walk of our own begins; empty if there is none."""


class Dialer(Protocol):
    """One connection to one literal address, paced, at most once per call."""

    async def touch(self, endpoint: Endpoint, target: Target, *, mss: int = 0) -> Touch:
        """Connect and speak the target's protocol once: TCP, then TLS and HTTP or send/expect as it asks. ``mss``
        clamps the size of TCP segments in both directions."""

    async def connect_ms(self, endpoint: Endpoint) -> Attempt:
        """TCP connect and close, for latency samples and management ports."""

    def swallowed(self, address: str) -> bool:
        """Note that full-size packets from ``address`` are lost while small ones arrive. True if none has arrived over
        IPv6 from anybody and those of several sites are lost: then it happens near this vantage."""

    def similarity(self, one: Page, other: Page) -> float:
        """How alike two pages' texts are, from 0 to 1."""

    def wait_s(self, address: str) -> float:
        """Seconds until pacing would let a new connection to ``address`` start; 0 for now."""

    def bar(self, address: str, *, internal: bool, zone: str = "") -> str:
        """Why ``address`` must not be contacted (a word of the address table, or ``opted_out``); empty if it may."""


class Quic(Protocol):
    """One connection over QUIC to one literal address, paced, at most once per call."""

    async def get(self, endpoint: Endpoint, target: Target) -> Touch:
        """One GET of the target's path over HTTP/3. A failure of the phase EXCHANGE is one before which nothing came
        back; LOCAL_NOT_INSTALLED means that nothing was sent."""


class Ping(Protocol):
    """ICMPv6 and ICMP echo."""

    @property
    def means(self) -> str:
        """dgram, raw, or none where echo cannot be measured."""

    async def echo(self, address: str, *, zone: str = "") -> EchoReply:
        """One echo request, retried once after half the policy's time."""


class Tracer(Protocol):
    """The way to one literal address, and what gets through it. For addresses that failed, or for who asks."""

    async def trace(self, endpoint: Endpoint, *, means: str = "tcp") -> Path:
        """The path by SYNs to the endpoint's port (``tcp``) or by echo requests (``echo``)."""

    async def sized(self, endpoint: Endpoint, octets: int) -> SizedReply:
        """One echo whose packet has so many octets and is not fragmented on our side."""

    async def header(self, endpoint: Endpoint, header: str) -> HeaderReply:
        """One echo in ``fragments`` or with ``destination_options``."""


class Clock(Protocol):
    """Wall and monotonic time as values."""

    def utc(self) -> float:
        """Seconds since 1970."""

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps."""


class Net(Protocol):
    """Everything a probe may use; a scan shares one of each."""

    @property
    def resolver(self) -> Resolver:
        """Names to addresses."""

    @property
    def dialer(self) -> Dialer:
        """Connections."""

    @property
    def quic(self) -> Quic:
        """HTTP/3."""

    @property
    def ping(self) -> Ping:
        """Echo."""

    @property
    def tracer(self) -> Tracer:
        """Paths."""

    @property
    def clock(self) -> Clock:
        """Time."""


class Watchman(Protocol):
    """The vantage's self-test."""

    async def describe(self) -> Vantage:
        """Source addresses, resolvers, echo means, NAT64 and CLAT, with the first self-test."""

    async def test(self) -> SelfTest:
        """One self-test now, against the configured anchors."""
