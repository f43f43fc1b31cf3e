"""A resolver with small time limits, and hostile servers for it to ask."""

import random
from contextlib import asynccontextmanager

import pytest

from ipv6check.model.policy import Pacing, Policy, Retries, Thresholds, Timeouts
from ipv6check.net.dns.resolver import AsyncResolver
from ipv6check.net.dns.server import Server
from tests.loopback.dns.server import HostileServer

POLICY = Policy(
    id="dns-tests",
    timeouts=Timeouts(dns_udp=(0.25, 0.25, 0.25), dns_tcp=0.25),
    retries=Retries(servfail=(0.01, 0.02), local=(0.01,)),
    pacing=Pacing(public_resolver_qps=0, local_resolver_qps=0, authority_qps=0),
    thresholds=Thresholds(),
)


class SteppedClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def utc(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def resolving(clock):
    """``async with resolving(script, ...) as (resolver, *servers)``: one server per script."""

    @asynccontextmanager
    async def resolving(*scripts, policy: Policy = POLICY, address: str = "127.0.0.1", tcp: bool = True, **options):
        servers = [HostileServer(script, address=address, tcp=tcp) for script in scripts]
        for server in servers:
            await server.__aenter__()
        resolver = AsyncResolver(
            [Server(server.address, server.port) for server in servers],
            policy,
            clock=clock,
            rng=random.Random(1),
            **options,
        )
        try:
            yield resolver, *servers
        finally:
            await resolver.close()
            for server in servers:
                await server.__aexit__()

    return resolving
