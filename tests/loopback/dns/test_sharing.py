"""Several resolvers, DNS64, the cache, single flight, pace, zones and authoritative servers (H4, G2, RFC 4074)."""

import asyncio

import msgspec
import pytest

from ipv6check.model.dns import DnsOutcome
from tests.loopback.dns.conftest import POLICY
from tests.loopback.dns.server import HostileServer

NAME = "www.example.vn"
GOOD = "2001:db8::1"


@pytest.mark.parametrize("kind", ["nodata", "nxdomain"])
async def test_two_resolvers_agree_on_an_absence(resolving, kind):
    def script(q):
        return getattr(q, kind)()

    async with resolving(script, script) as (resolver, one, two):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.single_resolver) == (kind, False)
    assert len(lookup.votes) == 2
    assert (one.count(), two.count()) == (1, 1)


async def test_two_resolvers_that_disagree_prove_nothing(resolving):
    async with resolving(lambda q: q.nodata(), lambda q: q.aaaa(GOOD)) as (resolver, *_):
        outcomes = {(await resolver.lookup(name, "AAAA")).outcome for name in ("a.vn", "b.vn", "c.vn", "d.vn")}
    assert outcomes == {DnsOutcome.ANSWER, DnsOutcome.DISAGREEMENT}
    assert not DnsOutcome.DISAGREEMENT.proves_absence


async def test_nxdomain_against_nodata_agree_that_the_record_is_absent(resolving):
    async with resolving(lambda q: q.nodata(), lambda q: q.nxdomain()) as (resolver, *_):
        assert (await resolver.lookup("a.vn", "AAAA")).outcome is DnsOutcome.NODATA
        assert (await resolver.lookup("b.vn", "AAAA")).outcome is DnsOutcome.NODATA


@pytest.mark.parametrize("how", ["SERVFAIL", "REFUSED", "silent"])
async def test_an_absence_that_nobody_could_confirm(resolving, how):
    def script(q):
        return None if how == "silent" else q.error(how)

    async with resolving(lambda q: q.nodata(), script) as (resolver, *_):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.single_resolver) == (DnsOutcome.NODATA, True)


async def test_presence_needs_no_second_opinion_and_resolvers_alternate(resolving):
    async with resolving(lambda q: q.aaaa(GOOD), lambda q: q.aaaa(GOOD)) as (resolver, one, two):
        for i in range(10):
            await resolver.lookup(f"n{i}.vn", "AAAA")
    assert (one.count(), two.count()) == (5, 5)


async def test_a_silent_resolver_is_replaced_by_the_other_and_left_to_rest(resolving):
    async with resolving(lambda q: None, lambda q: q.aaaa(GOOD)) as (resolver, silent, _):
        for i in range(20):
            assert (await resolver.lookup(f"n{i}.vn", "AAAA")).outcome is DnsOutcome.ANSWER
    assert silent.count() <= 5


async def test_one_query_for_a_hundred_askers_and_none_from_the_cache(resolving, clock):
    async with resolving(lambda q: q.aaaa(GOOD)) as (resolver, server):
        lookups = await asyncio.gather(*(resolver.lookup(NAME, "AAAA") for _ in range(100)))
        assert {lookup.records for lookup in lookups} == {(GOOD,)}
        assert server.count() == 1
        clock.now += 299
        await resolver.lookup(NAME, "AAAA")
        assert server.count() == 1
        clock.now += 2
        await resolver.lookup(NAME, "AAAA")
        assert server.count() == 2
        await resolver.lookup(NAME, "AAAA", fresh=True)
        assert server.count() == 3


@pytest.mark.parametrize(("ttl", "kept_s"), [(0, 30), (604800, 3600)])
async def test_ttl_has_a_floor_and_a_ceiling(resolving, clock, ttl, kept_s):
    async with resolving(lambda q: q.reply(f"{NAME}. {ttl} IN A 192.0.2.1")) as (resolver, server):
        await resolver.lookup(NAME, "A")
        clock.now += kept_s - 1
        await resolver.lookup(NAME, "A")
        assert server.count() == 1
        clock.now += 2
        await resolver.lookup(NAME, "A")
        assert server.count() == 2


@pytest.mark.parametrize(("kind", "kept_s"), [("nodata", 60), ("nxdomain", 60), ("failure", 5)])
async def test_absences_and_failures_are_kept_too(resolving, clock, kind, kept_s):
    def script(q):
        return q.error("REFUSED") if kind == "failure" else getattr(q, kind)()

    async with resolving(script) as (resolver, server):
        await resolver.lookup(NAME, "A")
        clock.now += kept_s - 1
        await resolver.lookup(NAME, "A")
        assert server.count() == 1
        clock.now += 2
        await resolver.lookup(NAME, "A")
        assert server.count() == 2


async def test_cancelling_the_one_who_asks_does_not_harm_those_who_wait(resolving):
    arrived = asyncio.Event()

    def script(q):
        if arrived.is_set():
            return q.aaaa(GOOD)
        return arrived.set()

    async with resolving(script) as (resolver, _):
        leader = asyncio.create_task(resolver.lookup(NAME, "AAAA"))
        waiters = [asyncio.create_task(resolver.lookup(NAME, "AAAA")) for _ in range(3)]
        await arrived.wait()
        leader.cancel()
        lookups = await asyncio.gather(*waiters)
        with pytest.raises(asyncio.CancelledError):
            await leader
    assert {lookup.outcome for lookup in lookups} == {DnsOutcome.ANSWER}


def pace(**limits):
    return msgspec.structs.replace(POLICY, pacing=msgspec.structs.replace(POLICY.pacing, **limits))


async def test_the_query_rate_is_kept_over_every_window(resolving):
    rate = 100.0
    async with resolving(lambda q: q.aaaa(GOOD), policy=pace(local_resolver_qps=rate)) as (resolver, server):
        await asyncio.gather(*(resolver.lookup(f"n{i}.vn", "AAAA") for i in range(40)))
    at = [asked.at for asked in server.asked]
    for i in range(len(at)):
        for j in range(i + 5, len(at)):
            # jitter moves a query by a quarter of a slot, the machine's own lateness by a little more
            assert j - i <= (at[j] - at[i] + 0.02) * rate + 1
    assert at[-1] - at[0] >= 0.3


async def test_waiting_for_a_turn_is_no_part_of_a_timeout(resolving):
    """500 look-ups at 200 a second: the last waits 2.5 s for its turn, ten times what an answer may take."""
    timeouts = msgspec.structs.replace(POLICY.timeouts, dns_udp=(0.25,))
    policy = msgspec.structs.replace(pace(local_resolver_qps=200.0), timeouts=timeouts)
    async with resolving(lambda q: q.aaaa(GOOD), policy=policy) as (resolver, server):
        began = asyncio.get_running_loop().time()  # the server shares the loop and may see the first query late
        lookups = await asyncio.gather(*(resolver.lookup(f"n{i}.vn", "AAAA") for i in range(500)))
        assert {(one.outcome, one.queries) for one in lookups} == {(DnsOutcome.ANSWER, 1)}
        assert not resolver._upstreams[0].is_resting
    assert server.count() == 500
    assert server.asked[-1].at - began >= 499 / 200


async def test_a_retry_over_tcp_waits_for_its_turn_outside_its_timeout(resolving):
    policy = pace(local_resolver_qps=20.0)
    async with resolving(lambda q: q.aaaa(GOOD) if q.tcp else q.truncated(), policy=policy) as (resolver, server):
        lookups = await asyncio.gather(*(resolver.lookup(f"n{i}.vn", "AAAA") for i in range(12)))
    assert {(one.outcome, one.over_tcp, one.queries) for one in lookups} == {(DnsOutcome.ANSWER, True, 2)}
    assert server.count() == 24


async def test_the_self_test_does_not_wait_behind_the_scan(resolving):
    """Its time-out covers the whole look-up: behind a long queue it would take a busy resolver for a dead one."""
    async with resolving(lambda q: q.aaaa(GOOD), policy=pace(local_resolver_qps=20.0)) as (resolver, server):
        queue = asyncio.gather(*(resolver.lookup(f"n{i}.vn", "AAAA") for i in range(40)))
        async with asyncio.timeout(1.0):
            urgent = await resolver.lookup(NAME, "AAAA", urgent=True)
        waiting = not queue.done()
        await queue
    assert urgent.outcome is DnsOutcome.ANSWER
    assert waiting
    at = [asked.at for asked in server.asked]
    assert len(at) == 41
    assert at[-1] - at[0] >= 39 / 20 - 0.03  # and those who waited still keep the pace


DNS64 = "64:ff9b:1:ffff::"


def dns64_script(published=None):
    """A resolver with DNS64 behind its own prefix: A 192.0.2.1 everywhere, AAAA made up unless published."""

    def script(q):
        if q.rdtype == "A":
            return q.reply(f"{q.name}. 60 IN A 192.0.2.1")
        return q.aaaa(*(published or (f"{DNS64}c000:201",)))

    return script


def announce(q):
    return q.aaaa(f"{DNS64}c000:aa", f"{DNS64}c000:ab")


async def test_addresses_made_up_by_dns64_are_recognised(resolving):
    async with resolving(dns64_script()) as (resolver, server):
        server.nat64 = announce
        assert await resolver.start() == ("64:ff9b:1:ffff::/96",)
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.synthesised) == (DnsOutcome.ANSWER, True)


async def test_a_published_address_beside_is_no_synthesis(resolving):
    async with resolving(dns64_script((GOOD, f"{DNS64}c000:201"))) as (resolver, server):
        server.nat64 = announce
        assert not (await resolver.lookup(NAME, "AAAA")).synthesised


async def test_the_well_known_prefix_needs_the_embedded_a_record(resolving):
    async with resolving(dns64_script(("64:ff9b::c000:201",))) as (resolver, _):
        assert (await resolver.lookup(NAME, "AAAA")).synthesised
    async with resolving(dns64_script(("64:ff9b::c000:202",))) as (resolver, _):
        assert not (await resolver.lookup(NAME, "AAAA")).synthesised


async def test_an_undecidable_synthesis_is_neither_presence_nor_absence(resolving):
    def script(q):
        return q.error("REFUSED") if q.rdtype == "A" else q.aaaa("64:ff9b::c000:201")

    async with resolving(script) as (resolver, _):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.records) == (DnsOutcome.REFUSED, ())


async def test_dns64_does_not_contradict_an_absence(resolving):
    def plain(q):
        return q.reply(f"{q.name}. 60 IN A 192.0.2.1") if q.rdtype == "A" else q.nodata()

    async with resolving(plain, dns64_script()) as (resolver, _, second):
        second.nat64 = announce
        for name in ("a.vn", "b.vn"):
            await resolver.lookup(name, "A")
        outcomes = [await resolver.lookup(name, "AAAA") for name in ("a.vn", "b.vn")]
    assert {(lookup.outcome, lookup.synthesised) for lookup in outcomes} == {
        (DnsOutcome.NODATA, False),
        (DnsOutcome.ANSWER, True),
    }


SOA = "300 IN SOA ns.example.vn. root.example.vn. 1 2 3 4 60"


async def test_zone_from_the_answer_and_from_the_authority_section(resolving):
    def script(q):
        return q.reply(f"example.vn. {SOA}") if q.name == "example.vn" else q.nodata()

    async with resolving(script) as (resolver, server):
        lookup, zone = await resolver.zone_of("example.vn")
        assert (lookup.outcome, zone) == (DnsOutcome.ANSWER, "example.vn")
        lookup, zone = await resolver.zone_of(NAME)
        assert (lookup.outcome, zone) == (DnsOutcome.NODATA, "example.vn")
        asked = server.count()
        await resolver.zone_of(NAME)
        assert server.count() == asked


async def test_the_zone_of_a_name_that_dnssec_refuses_is_told_by_what_the_resolver_withholds(resolving):
    async with resolving(lambda q: q.nodata() if q.checking_off else q.error("SERVFAIL")) as (resolver, _):
        lookup, zone = await resolver.zone_of(NAME)
    assert (lookup.outcome, lookup.bogus, zone) == (DnsOutcome.SERVFAIL, True, "example.vn")


async def test_zone_of_an_alias_is_that_of_the_alias(resolving):
    def script(q):
        if q.name == NAME:
            return q.reply(f"{NAME}. 300 IN CNAME cdn.example.", f"cdn.example. {SOA}")
        return q.reply(f"example.vn. {SOA}")

    async with resolving(script) as (resolver, _):
        assert (await resolver.zone_of(NAME))[1] == "example.vn"


async def test_zone_search_climbs_over_silence_about_the_zone(resolving):
    def script(q):
        return q.reply(f"vn. {SOA}") if q.name == "vn" else q.reply(rcode="NXDOMAIN")

    async with resolving(script) as (resolver, _):
        assert (await resolver.zone_of("a.b.vn"))[1] == "vn"


@pytest.mark.parametrize("how", ["SERVFAIL", "REFUSED", "silent"])
async def test_an_error_is_never_no_zone_here(resolving, how):
    def script(q):
        if q.name == NAME:
            return None if how == "silent" else q.error(how)
        return q.reply(f"example.vn. {SOA}")

    async with resolving(script) as (resolver, server):
        lookup, zone = await resolver.zone_of(NAME)
    assert zone == ""
    assert lookup.outcome == {"SERVFAIL": "servfail", "REFUSED": "refused", "silent": "timeout"}[how]
    assert {q.name for q in server.asked} == {NAME}


AUTHORITATIVE = "QR AA"
PAIRS = {
    "answer": (lambda q: q.reply(f"{NAME}. 60 IN AAAA {GOOD}", flags=AUTHORITATIVE), DnsOutcome.ANSWER),
    "alias": (lambda q: q.reply(f"{NAME}. 60 IN CNAME cdn.net.", flags=AUTHORITATIVE), DnsOutcome.ANSWER),
    "nodata": (lambda q: q.reply(soa=True, flags=AUTHORITATIVE), DnsOutcome.NODATA),
    "nxdomain": (lambda q: q.reply(soa=True, rcode="NXDOMAIN", flags=AUTHORITATIVE), DnsOutcome.NXDOMAIN),
    "not authoritative": (lambda q: q.aaaa(GOOD), DnsOutcome.LAME),
    "referral": (lambda q: q.reply(flags="QR"), DnsOutcome.LAME),
    "servfail": (lambda q: q.error("SERVFAIL"), DnsOutcome.SERVFAIL),
    "notimp": (lambda q: q.error("NOTIMP"), DnsOutcome.NOTIMP),
    "refused": (lambda q: q.error("REFUSED"), DnsOutcome.REFUSED),
    "dropped": (lambda q: None, DnsOutcome.TIMEOUT),
    "four octets": (
        lambda q: q.wire[:2] + b"\x84\0\0\1\0\1\0\0\0\0" + q.wire[12:-11] + b"\xc0\x0c\0\x1c\0\1\0\0\0\1\0\4\1\2\3\4",
        DnsOutcome.MALFORMED,
    ),
    "truncated": (
        lambda q: q.reply(f"{NAME}. 60 IN AAAA {GOOD}", flags="QR AA" if q.tcp else "QR AA TC"),
        DnsOutcome.ANSWER,
    ),
}


@pytest.mark.parametrize("kind", sorted(PAIRS))
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_authoritative_pair(resolving, kind, address):
    script, outcome = PAIRS[kind]

    def answer(q):
        return q.reply(f"{NAME}. 60 IN A 192.0.2.1", flags=AUTHORITATIVE) if q.rdtype == "A" else script(q)

    async with HostileServer(answer, address=address) as server, resolving(authority_port=server.port) as (resolver,):
        pair = await resolver.ask_server("ns.example.vn", address, NAME)
    assert (pair.server, pair.address, pair.a, pair.aaaa) == ("ns.example.vn", address, DnsOutcome.ANSWER, outcome)
    assert not any(q.message.flags & 0x0100 for q in server.asked)  # RD=0
    assert not any(q.checking_off for q in server.asked)
    assert server.asked[0].rdtype == "A"


async def test_a_server_silent_to_a_is_not_asked_for_aaaa(resolving):
    async with HostileServer(lambda q: None) as server, resolving(authority_port=server.port) as (resolver,):
        pair = await resolver.ask_server("ns.example.vn", "127.0.0.1", NAME)
    assert (pair.a, pair.aaaa) == (DnsOutcome.TIMEOUT, DnsOutcome.NOT_ASKED)
    assert server.count(rdtype="AAAA") == 0


async def test_pace_of_an_authoritative_server_is_shared_by_all_questions(resolving):
    def answer(q):
        return q.reply(soa=True, flags=AUTHORITATIVE)

    policy = pace(authority_qps=50.0)
    async with HostileServer(answer) as server, resolving(authority_port=server.port, policy=policy) as (resolver,):
        await asyncio.gather(*(resolver.ask_server("ns", "127.0.0.1", f"n{i}.vn") for i in range(8)))
    at = [asked.at for asked in server.asked]
    assert len(at) == 16
    assert at[-1] - at[0] >= 15 / 50 - 0.03


async def test_self_test_asks_every_resolver_past_the_cache(resolving):
    async with resolving(
        lambda q: q.aaaa(GOOD) if q.rdtype == "AAAA" else q.nodata(), lambda q: q.error("SERVFAIL")
    ) as (
        resolver,
        one,
        two,
    ):
        await resolver.lookup(NAME, "A")
        before = one.count()
        good, bad = await resolver.test(NAME)
    assert (good.a, good.aaaa) == (DnsOutcome.NODATA, DnsOutcome.ANSWER)
    assert (bad.a, bad.aaaa) == (DnsOutcome.SERVFAIL, DnsOutcome.SERVFAIL)
    assert one.count() == before + 2
    assert {q.rdtype for q in two.asked} == {"A", "AAAA"}
