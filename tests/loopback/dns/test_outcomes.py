"""Every ending of a look-up keeps its own word, and none but a proof says that a record is absent (H6 to H10)."""

import struct

import msgspec
import pytest

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.dns.tries import MOST_QUERIES
from tests.loopback.dns.conftest import POLICY

NAME = "www.example.vn"
GOOD = "2001:db8::1"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_answer(resolving, address):
    async with resolving(lambda q: q.aaaa(GOOD, "2001:db8::2"), address=address) as (resolver, server):
        lookup = await resolver.lookup("WWW.Example.VN.", "AAAA")
    assert (lookup.outcome, lookup.records) == (DnsOutcome.ANSWER, (GOOD, "2001:db8::2"))
    assert (lookup.name, lookup.ttl, lookup.queries, lookup.ignored) == (NAME, 300, 1, 0)
    assert not lookup.over_tcp
    assert not lookup.single_resolver
    assert server.count() == 1


@pytest.mark.parametrize("kind", ["nodata", "nxdomain"])
async def test_absence_from_one_resolver_says_that_nobody_confirmed_it(resolving, kind):
    async with resolving(lambda q: getattr(q, kind)()) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert lookup.outcome == kind
    assert lookup.single_resolver
    assert lookup.ttl == 60
    assert server.count() == 1


@pytest.mark.parametrize(
    ("rcode", "outcome", "queries"),
    [
        ("SERVFAIL", DnsOutcome.SERVFAIL, 4),  # three tries, one with CD=1
        ("REFUSED", DnsOutcome.REFUSED, 1),
        ("NOTIMP", DnsOutcome.NOTIMP, 1),
        ("FORMERR", DnsOutcome.FORMERR, 2),  # once more without EDNS
        ("YXDOMAIN", DnsOutcome.OTHER_RCODE, 1),
    ],
)
@pytest.mark.parametrize("only_aaaa", [True, False])
async def test_errors_keep_their_word_and_prove_nothing(resolving, rcode, outcome, queries, only_aaaa):
    def script(q):
        return q.reply(f"{NAME}. 300 IN A 192.0.2.1") if only_aaaa and q.rdtype == "A" else q.error(rcode)

    async with resolving(script) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
        a = await resolver.lookup(NAME, "A")
    assert lookup.outcome is outcome
    assert not lookup.outcome.proves_absence
    assert not lookup.bogus
    assert server.count(NAME, "AAAA") == lookup.queries == queries <= MOST_QUERIES
    assert a.outcome is (DnsOutcome.ANSWER if only_aaaa else outcome)


async def test_errors_are_asked_of_every_resolver_once(resolving):
    async with resolving(lambda q: q.error("REFUSED"), lambda q: q.error("NOTIMP")) as (resolver, one, two):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert lookup.outcome in (DnsOutcome.REFUSED, DnsOutcome.NOTIMP)
    assert (one.count(), two.count()) == (1, 1)


async def test_one_resolver_that_refuses_does_not_matter(resolving):
    async with resolving(lambda q: q.error("REFUSED"), lambda q: q.aaaa(GOOD)) as (resolver, *_):
        for name in ("a.vn", "b.vn", "c.vn"):
            assert (await resolver.lookup(name, "AAAA")).outcome is DnsOutcome.ANSWER


@pytest.mark.parametrize("only_aaaa", [True, False])
async def test_silence_is_a_timeout_after_three_tries(resolving, only_aaaa):
    def script(q):
        return q.reply(f"{NAME}. 300 IN A 192.0.2.1") if only_aaaa and q.rdtype == "A" else None

    async with resolving(script) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
        if only_aaaa:
            assert (await resolver.lookup(NAME, "A")).outcome is DnsOutcome.ANSWER
    assert (lookup.outcome, lookup.queries) == (DnsOutcome.TIMEOUT, 3)
    assert server.count(NAME, "AAAA") == 3


async def test_a_lost_answer_is_asked_for_again(resolving):
    seen = []

    def script(q):
        seen.append(q)
        return q.aaaa(GOOD) if len(seen) > 1 else None

    async with resolving(script) as (resolver, _):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.queries) == (DnsOutcome.ANSWER, 2)


async def test_servfail_that_passes(resolving):
    seen = []

    def script(q):
        seen.append(q)
        return q.aaaa(GOOD) if len(seen) > 2 else q.error("SERVFAIL")

    async with resolving(script) as (resolver, _):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.bogus) == (DnsOutcome.ANSWER, False)


async def test_broken_dnssec_answers_only_with_checking_disabled(resolving):
    async with resolving(lambda q: q.aaaa(GOOD) if q.checking_off else q.error("SERVFAIL")) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.bogus, lookup.records) == (DnsOutcome.SERVFAIL, True, ())
    assert [q.checking_off for q in server.asked] == [False, False, False, True]


async def test_a_server_that_knows_no_edns_is_asked_without(resolving):
    async with resolving(lambda q: q.error("FORMERR") if q.edns else q.aaaa(GOOD)) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert lookup.outcome is DnsOutcome.ANSWER
    assert [q.edns for q in server.asked] == [True, False]


async def test_formerr_with_a_bare_header_is_understood(resolving):
    def script(q):
        return q.wire[:2] + b"\x80\x01" + bytes(8) if q.edns else q.aaaa(GOOD)

    async with resolving(script) as (resolver, _):
        assert (await resolver.lookup(NAME, "AAAA")).outcome is DnsOutcome.ANSWER


def garbled(kind):
    def script(q):
        head = q.wire[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + q.wire[12 : q.wire.index(b"\0\0\x1c\0\1", 12) + 5]
        here = struct.pack("!H", 0xC000 | len(head))
        return {
            "pointer loop": head + here + b"\0\x1c\0\1\0\0\0\1\0\x10" + bytes(16),
            "pointer forward": head + b"\xc0\xf0" + b"\0\x1c\0\1\0\0\0\1\0\x10" + bytes(300),
            "rdlength short": head + b"\xc0\x0c\0\x1c\0\1\0\0\0\1\0\x04" + bytes(4),
            "rdlength beyond": head + b"\xc0\x0c\0\x1c\0\1\0\0\0\1\xff\xff" + bytes(16),
            "count lies": head[:6] + b"\xff\xff" + head[8:] + b"\xc0\x0c\0\x1c\0\1\0\0\0\1\0\x10" + bytes(16),
            "cut": head + b"\xc0\x0c\0\x1c\0\1\0",
            "trailing": head + b"\xc0\x0c\0\x1c\0\1\0\0\0\1\0\x10" + bytes(16) + b"junk",
            "full of garbage": head + b"\xc0\x0c\0\x1c\0\1" * 8000,
            "nxdomain with answer": q.reply(f"{NAME}. 1 IN AAAA {GOOD}", rcode="NXDOMAIN"),
        }[kind]

    return script


@pytest.mark.parametrize(
    "kind",
    [
        "pointer loop", "pointer forward", "rdlength short", "rdlength beyond", "count lies", "cut", "trailing",
        "full of garbage", "nxdomain with answer",
    ],
)  # fmt: skip
async def test_malformed_is_malformed(resolving, kind):
    async with resolving(garbled(kind)) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.records) == (DnsOutcome.MALFORMED, ())
    assert server.count() == 2


async def test_an_answer_of_65535_octets_over_tcp(resolving):
    def script(q):
        if not q.tcp:
            return q.truncated()
        head = q.wire[:2] + b"\x81\x80\0\1\x08\x00\0\0\0\0" + q.wire[12 : q.wire.index(b"\0\0\x1c\0\1", 12) + 5]
        return (head + b"\xc0\x0c\0\x1c\0\1\0\0\0\1\0\x10" * 8000)[:65535]

    async with resolving(script) as (resolver, _):
        assert (await resolver.lookup(NAME, "AAAA")).outcome is DnsOutcome.MALFORMED


@pytest.mark.parametrize("how", ["stall", "cut", "refused", "truncated again", "other question"])
async def test_truncated_and_no_good_tcp(resolving, how):
    def script(q):
        if not q.tcp or how == "truncated again":
            return q.truncated()
        return q.aaaa(GOOD).replace(b"\3www", b"\3wwx") if how == "other question" else how

    async with resolving(script, tcp=how != "refused") as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.records) == (DnsOutcome.TRUNCATED, ())
    assert lookup.queries == 3
    assert sum(q.tcp for q in server.asked) == (0 if how == "refused" else 2)


async def test_truncated_goes_to_tcp(resolving):
    async with resolving(lambda q: q.aaaa(GOOD) if q.tcp else q.truncated()) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.over_tcp, lookup.queries) == (DnsOutcome.ANSWER, True, 2)
    assert [q.tcp for q in server.asked] == [False, True]


def chain_of(length, *, per_answer):
    """n0 is an alias of n1, and so on; an answer holds ``per_answer`` links, and the address if it gets there."""

    def script(q):
        first = int(q.name[1:].split(".")[0])
        last = min(length, first + per_answer)
        lines = [f"n{i}.vn. 300 IN CNAME n{i + 1}.vn." for i in range(first, last)]
        if last == length:
            lines.append(f"n{last}.vn. 300 IN {q.rdtype} {GOOD}")
        return q.reply(*lines)

    return script


@pytest.mark.parametrize("per_answer", [1, 5, 100])
@pytest.mark.parametrize(("length", "fits"), [(1, True), (8, True), (11, True), (12, False), (20, False)])
async def test_chain_of_aliases(resolving, length, fits, per_answer):
    async with resolving(chain_of(length, per_answer=per_answer)) as (resolver, server):
        lookup = await resolver.lookup("n0.vn", "AAAA")
    if fits:
        assert (lookup.outcome, lookup.records) == (DnsOutcome.ANSWER, (GOOD,))
        assert lookup.chain == tuple(f"n{i}.vn" for i in range(1, length + 1))
    else:
        assert (lookup.outcome, lookup.records) == (DnsOutcome.CHAIN_TOO_LONG, ())
    assert server.count() <= 12


@pytest.mark.parametrize(
    ("aliases", "per_answer"),
    [
        ({"a.vn": "a.vn"}, 1),
        ({"a.vn": "b.vn", "b.vn": "a.vn"}, 1),
        ({"a.vn": "b.vn", "b.vn": "c.vn", "c.vn": "b.vn"}, 1),
        ({"a.vn": "b.vn", "b.vn": "c.vn", "c.vn": "b.vn"}, 3),
    ],
)
async def test_loop_of_aliases(resolving, aliases, per_answer):
    def script(q):
        lines, name = [], q.name
        for _ in range(per_answer):
            lines.append(f"{name}. 300 IN CNAME {aliases[name]}.")
            name = aliases[name]
        return q.reply(*lines)

    async with resolving(script) as (resolver, server):
        lookup = await resolver.lookup("a.vn", "AAAA")
    assert lookup.outcome is DnsOutcome.CHAIN_LOOP
    assert server.count() <= 3


async def test_dangling_alias_is_nxdomain(resolving):
    def script(q):
        return q.reply("a.vn. 300 IN CNAME gone.vn.", rcode="NXDOMAIN", soa=True)

    async with resolving(script) as (resolver, _):
        lookup = await resolver.lookup("a.vn", "AAAA")
    assert (lookup.outcome, lookup.chain) == (DnsOutcome.NXDOMAIN, ("gone.vn",))


async def test_alias_to_a_hostile_name_is_inert_and_not_asked(resolving):
    async with resolving(lambda q: q.reply(r"a.vn. 300 IN CNAME \027[31m\010evil\".vn.")) as (resolver, server):
        lookup = await resolver.lookup("a.vn", "AAAA")
    assert lookup.outcome is DnsOutcome.MALFORMED
    assert lookup.chain[0].isprintable()
    assert server.count() == 1


async def test_an_error_at_the_end_of_a_chain_is_that_error(resolving):
    def script(q):
        return q.reply("a.vn. 300 IN CNAME b.vn.") if q.name == "a.vn" else q.error("REFUSED")

    async with resolving(script) as (resolver, _):
        lookup = await resolver.lookup("a.vn", "AAAA")
    assert (lookup.outcome, lookup.chain) == (DnsOutcome.REFUSED, ("b.vn",))


async def test_two_hundred_addresses_and_duplicates(resolving):
    many = tuple(f"2001:db8::{i:x}" for i in range(1, 201))

    def script(q):
        wire = q.aaaa(*many, many[0])
        return wire if q.tcp or len(wire) <= 1232 else q.truncated()

    async with resolving(script) as (resolver, _):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert lookup.records == many
    assert lookup.over_tcp


@pytest.mark.parametrize("kind", ["foreign owner", "additional only", "wrong type"])
async def test_records_that_do_not_answer_are_ignored(resolving, kind):
    def script(q):
        if kind == "foreign owner":
            return q.reply(f"other.example.vn. 300 IN AAAA {GOOD}")
        if kind == "wrong type":
            return q.reply(f"{NAME}. 300 IN A 192.0.2.1")
        wire = bytearray(q.aaaa(GOOD))
        wire[6:8], wire[10:12] = b"\0\0", b"\0\2"
        return bytes(wire)

    async with resolving(script) as (resolver, _):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.records) == (DnsOutcome.NODATA, ())


async def test_other_types(resolving):
    answers = {"NS": "NS ns1.example.vn.", "MX": "MX 10 mx.example.vn.", "A": "A 192.0.2.1"}
    async with resolving(lambda q: q.reply(f"{q.name}. 60 IN {answers[q.rdtype]}")) as (resolver, _):
        assert (await resolver.lookup("example.vn", "NS")).records == ("ns1.example.vn",)
        assert (await resolver.lookup("example.vn", "MX")).records == ("10 mx.example.vn",)
        assert (await resolver.lookup("example.vn", "A")).records == ("192.0.2.1",)


@pytest.mark.parametrize("name", ["", "x" * 64 + ".vn", "a" * 60 + (".b" * 100), "bến.vn", "a..b"])
async def test_invalid_names_are_not_sent(resolving, name):
    async with resolving(lambda q: q.aaaa(GOOD)) as (resolver, server):
        assert (await resolver.lookup(name, "AAAA")).outcome is DnsOutcome.NOT_ASKED
        assert (await resolver.zone_of(name))[1] == ""
    assert server.asked == []


async def test_a_resolver_that_is_not_there(resolving):
    async with resolving(lambda q: None) as (resolver, server):
        await server.__aexit__()
        lookup = await resolver.lookup(NAME, "AAAA")
        await server.__aenter__()
    assert lookup.outcome is DnsOutcome.TIMEOUT


async def test_no_resolver_at_all_is_our_fault(resolving):
    async with resolving() as (resolver,):
        assert (await resolver.lookup(NAME, "AAAA")).outcome is DnsOutcome.LOCAL_ERROR


async def test_no_socket_left_is_our_fault_and_is_not_kept(resolving):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with resolving(lambda q: q.aaaa(GOOD)) as (resolver, _):
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            lookup = await resolver.lookup(NAME, "AAAA")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        again = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.queries) == (DnsOutcome.LOCAL_ERROR, 0)
    assert again.outcome is DnsOutcome.ANSWER


async def test_everything_at_once_stays_bounded(resolving):
    """A chain whose every link fails first: never more than twelve queries and the links themselves."""
    first = set()

    def script(q):
        if q.name not in first:
            first.add(q.name)
            return q.error("SERVFAIL")
        return chain_of(30, per_answer=1)(q)

    policy = msgspec.structs.replace(POLICY, retries=msgspec.structs.replace(POLICY.retries, servfail=(0.0, 0.0)))
    async with resolving(script, policy=policy) as (resolver, server):
        await resolver.lookup("n0.vn", "AAAA")
    assert server.count() <= MOST_QUERIES + 11
