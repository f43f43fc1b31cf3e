"""The real network of one scan: resolver, dialer, ping, pacing and self-test built from settings and policy."""

from dataclasses import dataclass

from ipv6check.model.trouble import Trouble
from ipv6check.net.api import Clock, Dialer, Ping, Resolver, Watchman
from ipv6check.net.dnsserver import Server, parse_server, system_servers
from ipv6check.settings import Settings


@dataclass(frozen=True, slots=True)
class Network:
    """``net.api.Net`` for real, with its watchman."""

    resolver: Resolver
    dialer: Dialer
    ping: Ping
    clock: Clock
    watchman: Watchman


def servers_of(settings: Settings) -> tuple[Server, ...]:
    """The resolvers to ask. Raises Trouble for one that cannot be read, and where the system has none."""
    try:
        servers = tuple(parse_server(text) for text in settings.resolver) or system_servers()
    except ValueError as error:
        raise Trouble(str(error)) from None
    if not servers:
        raise Trouble("this system has no resolver configured; give one with --resolver ADDRESS")
    return servers
