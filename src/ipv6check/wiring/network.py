"""The real network of one scan: resolver, dialer, ping, pacing and self-test built from settings and policy."""

import platform
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv6Address, ip_address

from ipv6check.model.check import Check
from ipv6check.model.optout import OptOut
from ipv6check.model.policy import Policy
from ipv6check.model.resources import ResourceEvidence
from ipv6check.model.trouble import Trouble
from ipv6check.net.api import Clock, Dialer, Ping, Quic, Resolver, Tracer, Watchman
from ipv6check.net.clock import SystemClock
from ipv6check.net.dialer import PinnedDialer
from ipv6check.net.dns.resolver import AsyncResolver
from ipv6check.net.dns.roots import choose_roots
from ipv6check.net.dns.server import Server, parse_server, system_servers
from ipv6check.net.gate import Gate
from ipv6check.net.pacing import Pacing
from ipv6check.net.path.ping import Pinger
from ipv6check.net.path.tracer import PathTracer
from ipv6check.net.vantage.anchors import DEFAULT_ANCHORS, parse_anchor
from ipv6check.net.vantage.watchman import VantageWatchman
from ipv6check.net.web.http3 import QuicClient
from ipv6check.settings import Settings
from ipv6check.wiring.inputs import read_optout

_LOCAL_DOMAINS = frozenset(
    {"corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "private"}
)


@dataclass(frozen=True, slots=True)
class Network:
    """``net.api.Net`` for real, with its watchman."""

    resolver: Resolver
    dialer: Dialer
    quic: Quic
    ping: Ping
    tracer: Tracer
    clock: Clock
    watchman: Watchman


def require_ipv6_literal(source: str) -> None:
    """Raises Trouble if a source address is given that is not an IPv6 literal."""
    try:
        if source:
            IPv6Address(source)
    except ValueError:
        raise Trouble(f"--source {source}: not an IPv6 address") from None


def _literals(anchors: Sequence[str]) -> tuple[str, ...]:
    """Raises Trouble for an anchor that is no address."""
    try:
        return tuple(str(ip_address(anchor)) for anchor in anchors)
    except ValueError as error:
        raise Trouble(f"smtp_anchor: {error}") from None


def full_name(node: str) -> str:
    """``node`` if others can make something of it, else empty: mail servers turn away names without a domain."""
    labels = node.lower().rstrip(".").split(".")
    plain = all(label and label.isascii() and label.replace("-", "").isalnum() for label in labels)
    return ".".join(labels) if len(labels) > 1 and plain and labels[-1] not in _LOCAL_DOMAINS else ""


def servers_of(settings: Settings) -> tuple[Server, ...]:
    """The resolvers to ask. Raises Trouble for one that cannot be read, and where the system has none."""
    try:
        servers = tuple(parse_server(text) for text in settings.resolver) or system_servers()
    except ValueError as error:
        raise Trouble(str(error)) from None
    if not servers:
        raise Trouble("this system has no resolver configured; give one with --resolver ADDRESS")
    return servers


def reads_links(checks: Iterable[Check]) -> bool:
    """True if a rule asks which hosts pages load from."""
    return any(ResourceEvidence in check.needs for check in checks)


def require_readable(settings: Settings) -> None:
    """Read what a scan is told about its network, and send nothing. Raises Trouble and Problems.

    For dry runs, and before a database is made.
    """
    require_ipv6_literal(settings.source)
    _literals(settings.smtp_anchor)
    read_optout(settings)
    try:
        for resolver in settings.resolver:
            parse_server(resolver)
        for anchor in settings.anchor:
            parse_anchor(anchor)
        choose_roots(settings.root, settings.anchor)
    except ValueError as error:
        raise Trouble(str(error)) from None


@asynccontextmanager
async def open_network(
    settings: Settings,
    policy: Policy,
    optout: OptOut,
    *,
    names: Sequence[str] = (),
    families: Sequence[int] = (6, 4),
    read_links: bool = False,
) -> AsyncIterator[Network]:
    """The network of one scan, closed at the end. ``names`` are some of the scan's own, for the resolver's self-test;
    nothing is sent over a family that ``families`` lacks, but to a resolver that lives there. ``read_links``: a rule
    asks which hosts pages load from.

    Raises Trouble for a resolver, an anchor or a source that cannot be read.
    """
    require_ipv6_literal(settings.source)
    clock = SystemClock()
    servers = servers_of(settings)
    try:
        roots = choose_roots(settings.root, settings.anchor)
    except ValueError as error:
        raise Trouble(str(error)) from None
    resolver = AsyncResolver(servers, policy, clock=clock, roots=roots)
    gate = Gate(optout=optout, treat_as_global=policy.treat_as_global)
    ping = Pinger(timeout_s=policy.timeouts.echo, source_v6=settings.source)
    pacing = Pacing(policy.pacing, clock=clock, scale=policy.pacing.backoff_scale)
    dialer = PinnedDialer(
        policy=policy,
        pacing=pacing,
        gate=gate.bar,
        contact=settings.contact,
        source=settings.source,
        now=clock.utc,
        read_links=read_links,
        smtp_anchors=_literals(settings.smtp_anchor),
        ehlo=settings.ehlo_name or full_name(platform.node()),
    )
    quic = QuicClient(
        policy=policy,
        pacing=pacing,
        gate=gate.bar,
        contact=settings.contact,
        source=settings.source,
        now=clock.utc,
    )
    try:
        watchman = VantageWatchman(
            name=settings.vantage or platform.node(),
            clock=clock,
            ask=partial(resolver.lookup, fresh=True, urgent=True),
            anchors=settings.anchor or DEFAULT_ANCHORS,
            families=families,
            further_names=names,
            resolvers=[str(server) for server in servers],
            echo=ping.means,
            nat64=resolver.start,
            treat_as_global=policy.treat_as_global,
            least_gap_s=policy.retries.selftest_gap_s,
        )
    except ValueError as error:
        raise Trouble(str(error)) from None
    try:
        tracer = PathTracer(pacing=pacing, gate=gate.bar, source=settings.source)
        yield Network(
            resolver=resolver,
            dialer=dialer,
            quic=quic,
            ping=ping,
            tracer=tracer,
            clock=clock,
            watchman=watchman,
        )
    finally:
        ping.close()
        await resolver.close()
