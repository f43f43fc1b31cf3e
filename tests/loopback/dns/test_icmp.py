"""ICMP errors from a resolver's host, on both event loops: what comes after them must still be heard."""

import asyncio
import json
import random
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.dns.resolver import AsyncResolver
from ipv6check.net.dns.server import Server
from tests.loopback.dns.conftest import POLICY, SteppedClock
from tests.loopback.dns.server import HostileServer

GOOD = "2001:db8::1"


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request):
    """Run a coroutine on the event loop of that name."""
    factory = pytest.importorskip("uvloop").new_event_loop if request.param == "uvloop" else None

    def run(work):
        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(work)

    return run


def resolver_at(address, port):
    return AsyncResolver([Server(address, port)], POLICY, clock=SteppedClock(), rng=random.Random(1))


def free_port(address):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def answering(address, port=0):
    return HostileServer(lambda q: q.aaaa(GOOD), address=address, port=port, tcp=False)


@pytest.mark.parametrize("address", ["::1", "127.0.0.1"])
def test_a_port_that_was_closed_at_first_is_heard_once_it_is_open(run, address):
    async def main():
        port = free_port(address)
        resolver = resolver_at(address, port)
        closed = await resolver.lookup("closed.vn", "AAAA")
        async with answering(address, port) as server:
            lookups = [await resolver.lookup(f"n{i}.vn", "AAAA") for i in range(5)]
            burst = await asyncio.gather(*(resolver.lookup(f"b{i}.vn", "AAAA") for i in range(50)))
        await resolver.close()
        return closed, [*lookups, *burst], server.count()

    closed, later, asked = run(main())
    assert closed.outcome is DnsOutcome.TIMEOUT
    assert [(one.outcome, one.queries) for one in later] == [(DnsOutcome.ANSWER, 1)] * 55
    assert asked == 55


@pytest.mark.parametrize("address", ["::1", "127.0.0.1"])
def test_a_resolver_that_restarts_costs_one_more_query_at_most(run, address):
    async def main():
        async with answering(address) as server:
            port = server.port
            resolver = resolver_at(address, port)
            before = await resolver.lookup("before.vn", "AAAA")
        during = asyncio.ensure_future(resolver.lookup("during.vn", "AAAA"))
        while not during.done() and resolver._upstreams[0]._udp._current.sent < 2:
            await asyncio.sleep(0)
        async with answering(address, port):
            lookups = [await resolver.lookup(f"n{i}.vn", "AAAA") for i in range(5)]
            lookups.append(await during)
        await resolver.close()
        return [before, *lookups]

    outcomes = [one.outcome for one in run(main())]
    assert outcomes == [DnsOutcome.ANSWER] * 7


@pytest.mark.parametrize("address", ["::1", "127.0.0.1"])
def test_an_error_amid_a_burst_does_not_silence_the_socket(run, address):
    """Queries follow so closely that the loop may learn of the error before, between or after them."""

    async def main():
        port = free_port(address)
        resolver = resolver_at(address, port)
        refused = asyncio.ensure_future(resolver.lookup("refused.vn", "AAAA"))
        await asyncio.sleep(0)  # sent; on loopback the error is there before send() returns
        async with answering(address, port):
            later = await asyncio.gather(*(resolver.lookup(f"n{i}.vn", "AAAA") for i in range(5)), refused)
        await resolver.close()
        return later

    assert [one.outcome for one in run(main())] == [DnsOutcome.ANSWER] * 6


PROHIBITED = """
import asyncio, json, random, sys
from ipv6check.model.policy import Pacing, Policy, Retries, Thresholds, Timeouts
from ipv6check.net.clock import SystemClock
from ipv6check.net.dns.server import Server
from ipv6check.net.dns.resolver import AsyncResolver

async def main():
    policy = Policy(
        id="prohibited",
        timeouts=Timeouts(dns_udp=(0.25, 0.25)),
        retries=Retries(servfail=(0.01,), local=(0.01,)),
        pacing=Pacing(public_resolver_qps=0, local_resolver_qps=0, authority_qps=0),
        thresholds=Thresholds(),
    )
    resolver = AsyncResolver([Server("2001:db8:13::1", 53)], policy, clock=SystemClock(), rng=random.Random(1))
    lookups = [await resolver.lookup(f"n{i}.vn", "AAAA") for i in range(3)]
    await resolver.close()
    print(json.dumps([str(lookup.outcome) for lookup in lookups]))

factory = None
if sys.argv[1] == "uvloop":
    import uvloop
    factory = uvloop.new_event_loop
with asyncio.Runner(loop_factory=factory) as runner:
    runner.run(main())
"""
ROUTER = " && ".join(
    [
        "mount -t tmpfs tmpfs /run",
        "ip link set lo up",
        "ip netns add router",
        "ip link add near type veth peer name far netns router",
        "ip address add 2001:db8:1::1/64 dev near nodad",
        "ip link set near up",
        "ip -n router address add 2001:db8:1::2/64 dev far nodad",
        "ip -n router link set far up",
        "ip netns exec router sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.icmp.ratemask=",
        "ip -n router route add prohibit 2001:db8:13::/64",
        "ip route add default via 2001:db8:1::2",
    ]
)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_resolver_that_a_router_prohibits_is_silent_and_no_fault_of_ours(loop):
    """The kernel tells an earlier datagram's "prohibited" as EACCES, which looks like a missing right of ours."""
    if loop == "uvloop":
        pytest.importorskip("uvloop")
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-Urnm", "true"], check=False).returncode:
        pytest.skip("private namespaces are not allowed here")
    ran = subprocess.run(
        ["unshare", "-Urnm", "sh", "-c", f'{ROUTER} && exec "$0" "$@"', sys.executable, "-c", PROHIBITED, loop],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
        env={"PYTHONPATH": str(Path(__file__).parents[3] / "src"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert json.loads(ran.stdout) == ["timeout"] * 3
