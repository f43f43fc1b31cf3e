"""The watchman against real listeners on loopback, and against closed ports."""

import asyncio
import resource
import socket
from contextlib import asynccontextmanager

import pytest

from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.vantage import Fitness
from ipv6check.net.clock import SystemClock
from ipv6check.net.vantage.anchors import DEFAULT_ANCHORS, anchor_text, parse_anchor
from ipv6check.net.vantage.watchman import VantageWatchman


class Names:
    """A resolver that gives fixed outcomes, and counts."""

    def __init__(self, aaaa=DnsOutcome.ANSWER, a=DnsOutcome.ANSWER, *, hangs=False):
        self.outcomes = {"AAAA": aaaa, "A": a}
        self.hangs = hangs
        self.asked = []

    async def __call__(self, name, rdtype):
        self.asked.append((name, rdtype))
        if self.hangs:
            await asyncio.Event().wait()
        return Lookup(name=name, rdtype=rdtype, outcome=self.outcomes[rdtype])


class Listeners:
    """TCP listeners that count who came."""

    def __init__(self):
        self.visits = []
        self.anchors = []

    async def open(self, address):
        server = await asyncio.start_server(self._visited, address, 0)
        self.anchors.append(anchor_text(parse_anchor(f"[{address}]" if ":" in address else address)).rpartition(":")[0])
        self.anchors[-1] += f":{server.sockets[0].getsockname()[1]}"
        return server

    async def _visited(self, reader, writer):
        self.visits.append(writer.get_extra_info("sockname")[0])
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def listening(*addresses):
    listeners = Listeners()
    servers = [await listeners.open(address) for address in addresses]
    try:
        yield listeners
    finally:
        for server in servers:
            server.close()
            await server.wait_closed()


def closed_port(address):
    """An anchor nobody listens on."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as opened:
        opened.bind((address, 0))
        port = opened.getsockname()[1]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def watchman(anchors, names=None, **options):
    return VantageWatchman(
        name="here",
        clock=options.pop("clock", SystemClock()),
        ask=names or Names(),
        anchors=anchors,
        timeout_s=2,
        **options,
    )


async def test_a_fit_vantage():
    names = Names()
    async with listening("::1", "::1", "::1", "127.0.0.1") as listeners:
        vantage = await watchman(
            listeners.anchors, names, echo="dgram", resolvers=["[::1]:53"], treat_as_global=["::1/128"]
        ).describe()
    test = vantage.selftests[0]
    assert test.fitness is Fitness.FIT
    assert test.ipv4
    assert test.detail == ""
    assert [result.failure for result in test.anchors] == [""] * 4
    assert (vantage.source_v6, vantage.source_v4) == ("::1", "127.0.0.1")
    assert vantage.anchors == tuple(listeners.anchors)
    assert (vantage.echo, vantage.loop, vantage.clat) == ("dgram", "asyncio", False)
    assert vantage.treat_as_global == ("::1/128",)
    assert sorted(names.asked) == [("a.root-servers.net", "A"), ("a.root-servers.net", "AAAA")]


@pytest.mark.parametrize(
    ("good", "bad", "fit"), [(3, 0, True), (2, 1, True), (1, 2, False), (1, 0, True), (1, 1, False), (0, 1, False)]
)
async def test_two_anchors_or_all_must_answer(good, bad, fit):
    async with listening(*["::1"] * good) as listeners:
        vantage = await watchman([*listeners.anchors, *(closed_port("::1") for _ in range(bad))]).describe()
    test = vantage.selftests[0]
    assert test.ipv6 is fit
    assert test.fitness is (Fitness.FIT if fit else Fitness.NO_IPV6)
    assert [result.failure for result in test.anchors] == [""] * good + ["refused"] * bad
    assert test.detail == ("refused" if bad else "")
    assert test.ipv4 is bool(vantage.source_v4)  # without an anchor of its own, IPv4 is there if a route is


async def test_dead_ipv4_is_told_apart():
    async with listening("::1") as listeners:
        test = await watchman([*listeners.anchors, closed_port("127.0.0.1")]).test()
    assert test.fitness is Fitness.FIT
    assert not test.ipv4


async def test_a_scan_without_comparison_sends_nothing_over_ipv4():
    async with listening("::1", "127.0.0.1") as listeners:
        vantage = await watchman(listeners.anchors, families=(6,)).describe()
        assert listeners.visits == ["::1"]
    assert vantage.source_v4 == ""
    assert vantage.anchors == (listeners.anchors[0],)


@pytest.mark.parametrize(
    ("names", "detail"),
    [
        (Names(DnsOutcome.TIMEOUT, DnsOutcome.TIMEOUT), "aaaa:timeout a:timeout"),
        (Names(DnsOutcome.SERVFAIL, DnsOutcome.SERVFAIL), "aaaa:servfail a:servfail"),
        (Names(DnsOutcome.NODATA), "aaaa:nodata a:answer"),  # a resolver that filters AAAA
        (Names(hangs=True), "aaaa:timeout a:timeout"),
    ],
)
async def test_a_resolver_one_cannot_trust(names, detail):
    async with listening("::1") as listeners:
        test = await watchman(listeners.anchors, names, dns_timeout_s=0.05).test()
    assert test.fitness is Fitness.NO_DNS
    assert test.ipv6
    assert test.detail == detail


async def test_one_test_in_ten_seconds_and_who_asks_meanwhile_gets_it():
    class Clock(SystemClock):
        now = 50.0

        def monotonic(self):
            return self.now

    clock = Clock()
    async with listening("::1") as listeners:
        watch = watchman(listeners.anchors, clock=clock)
        first, same = await asyncio.gather(watch.test(), watch.test())
        clock.now += 9.9
        assert same is first
        assert await watch.test() is first
        clock.now += 0.1
        assert await watch.test() is not first
        assert len(listeners.visits) == 2


async def test_a_cancelled_test_does_not_stop_the_others():
    async with listening("::1") as listeners:
        watch = watchman(listeners.anchors, least_gap_s=0)
        first = asyncio.ensure_future(watch.test())
        second = asyncio.ensure_future(watch.test())
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).ipv6
        assert first.cancelled()


async def test_our_own_lack_of_sockets_says_so():
    async with listening("::1") as listeners:
        watch = watchman(listeners.anchors)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            test = await watch.test()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not test.ipv6
    assert test.detail == "local_resources"


async def test_nat64_is_recorded():
    async def prefixes():
        return ("64:ff9b::/96",)

    vantage = await watchman([closed_port("::1")], nat64=prefixes).describe()
    assert vantage.nat64_prefixes == ("64:ff9b::/96",)


def test_default_anchors_are_three_of_each_family():
    assert [parse_anchor(text).family for text in DEFAULT_ANCHORS] == [6, 6, 6, 4, 4, 4]
    assert [anchor_text(parse_anchor(text)) for text in DEFAULT_ANCHORS] == list(DEFAULT_ANCHORS)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[2001:DB8::1]", "[2001:db8::1]:53"),
        ("2001:db8::1", "[2001:db8::1]:53"),
        ("192.0.2.1", "192.0.2.1:53"),
        ("192.0.2.1:443", "192.0.2.1:443"),
        ("[fe80::1%eth0]:80", "[fe80::1%eth0]:80"),
    ],
)
def test_anchors_in_short(text, written):
    assert anchor_text(parse_anchor(text)) == written


@pytest.mark.parametrize(
    "text", ["", "a.example:53", "[192.0.2.1]:53", "[::1]:0", "[::1]:65536", "192.0.2:53", "[::1]:x"]
)
def test_an_anchor_is_a_literal_with_a_port(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_anchor(text)
