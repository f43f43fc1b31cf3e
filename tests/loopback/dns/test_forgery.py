"""Answers to something else than what was asked: dropped, counted, and never used (H5)."""

import asyncio
import socket
from itertools import pairwise

import pytest

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.dns import socket as dnssocket

NAME = "www.example.vn"
GOOD, BAD = "2001:db8::1", "2001:db8::bad"


def other_id(wire: bytes) -> bytes:
    return bytes((wire[0] ^ 0x55, wire[1])) + wire[2:]


FORGERIES = {
    "id": lambda q: other_id(q.aaaa(BAD)),
    "question": lambda q: q.aaaa(BAD).replace(b"\3www", b"\3wwx"),
    "type": lambda q: q.aaaa(BAD).replace(b"\0\x1c\0\1", b"\0\1\0\1", 1),
    "QR=0": lambda q: q.aaaa(BAD)[:2] + b"\1\0" + q.aaaa(BAD)[4:],
    "reflected": lambda q: q.wire,
    "opcode": lambda q: q.aaaa(BAD)[:2] + b"\xa1\x80" + q.aaaa(BAD)[4:],
    "short": lambda q: q.wire[:5],
    "one octet": lambda q: b"x",
    "empty": lambda q: b"",
    "no question": lambda q: q.aaaa(BAD)[:4] + b"\0\0" + q.aaaa(BAD)[6:],
}


@pytest.mark.parametrize("kind", sorted(FORGERIES))
async def test_the_right_answer_after_a_forged_one_is_used(resolving, kind):
    async with resolving(lambda q: [FORGERIES[kind](q), q.aaaa(GOOD)]) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.records) == (DnsOutcome.ANSWER, (GOOD,))
    assert lookup.ignored == 1
    assert not lookup.over_tcp
    assert server.count() == 1


@pytest.mark.parametrize("kind", sorted(FORGERIES))
async def test_after_a_second_forged_one_the_question_goes_over_tcp(resolving, kind):
    def script(q):
        return q.aaaa(GOOD) if q.tcp else [FORGERIES[kind](q), FORGERIES[kind](q), q.aaaa(BAD)]

    async with resolving(script) as (resolver, server):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert lookup.records == (GOOD,)
    assert lookup.over_tcp
    assert lookup.ignored == 2
    assert [q.tcp for q in server.asked] == [False, True]


async def test_forged_answers_and_no_tcp_prove_nothing(resolving):
    def script(q):
        return None if q.tcp else [other_id(q.nxdomain())] * 3

    async with resolving(script, tcp=False) as (resolver, _):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.records) == (DnsOutcome.TIMEOUT, ())
    assert lookup.ignored >= 2


async def test_another_port_cannot_answer(resolving):
    spoof = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    spoof.bind(("127.0.0.1", 0))

    def script(q):
        spoof.sendto(q.aaaa(BAD), q.peer)
        return q.aaaa(GOOD)

    with spoof:
        async with resolving(script) as (resolver, _):
            lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.records, lookup.ignored, lookup.over_tcp) == ((GOOD,), 0, False)


async def test_letter_case_of_the_question_does_not_matter(resolving):
    async with resolving(lambda q: q.aaaa(GOOD).replace(b"\3www", b"\3wWw")) as (resolver, _):
        lookup = await resolver.lookup(NAME, "AAAA")
    assert (lookup.outcome, lookup.ignored) == (DnsOutcome.ANSWER, 0)


async def test_doubled_and_late_answers_are_no_forgery(resolving):
    held = []

    def script(q):
        if q.name == "late.vn" and not held:
            held.append(q)
            return None
        if q.name == "after.vn":
            server.send(held[0].aaaa(BAD), held[0].peer)
        return [q.aaaa(GOOD), q.aaaa(GOOD)]

    async with resolving(script) as (resolver, server):
        assert (await resolver.lookup("late.vn", "AAAA")).queries == 2
        after = await resolver.lookup("after.vn", "AAAA")
    assert held[0].peer in {q.peer for q in server.asked if q.name == "after.vn"}
    assert (after.records, after.ignored, after.over_tcp) == ((GOOD,), 0, False)


async def test_ids_and_ports_are_random_and_sockets_are_replaced(resolving, monkeypatch):
    monkeypatch.setattr(dnssocket, "SOCKET_LIFE_S", 3600.0)  # only the count replaces them, however slow the machine
    total = 3 * dnssocket.QUERIES_PER_SOCKET
    async with resolving(lambda q: q.reply(f"{q.name}. 60 IN A 192.0.2.1")) as (resolver, server):
        for start in range(0, total, 100):
            await asyncio.gather(*(resolver.lookup(f"n{i}.vn", "A") for i in range(start, start + 100)))
    by_port = {}
    for asked in server.asked:
        by_port.setdefault(asked.peer[1], []).append(asked.message.id)
    assert len(by_port) == -(-len(server.asked) // dnssocket.QUERIES_PER_SOCKET)  # repeated questions count
    assert max(map(len, by_port.values())) <= dnssocket.QUERIES_PER_SOCKET
    assert all(len(set(ids)) == len(ids) for ids in by_port.values())
    ids = [asked.message.id for asked in server.asked]
    assert len({later - earlier for earlier, later in pairwise(ids)}) > total // 2


async def test_a_socket_that_saw_a_forgery_takes_no_new_query(resolving):
    def script(q):
        return [other_id(q.aaaa(BAD)), q.aaaa(GOOD)] if q.name == "a.vn" else q.aaaa(GOOD)

    async with resolving(script) as (resolver, server):
        await resolver.lookup("a.vn", "AAAA")
        await resolver.lookup("b.vn", "AAAA")
    assert server.asked[0].peer != server.asked[1].peer


async def test_an_old_socket_is_replaced(resolving, monkeypatch):
    monkeypatch.setattr(dnssocket, "SOCKET_LIFE_S", 0.0)
    async with resolving(lambda q: q.aaaa(GOOD)) as (resolver, server):
        for name in ("a.vn", "b.vn", "c.vn"):
            await resolver.lookup(name, "AAAA")
    assert len({asked.peer for asked in server.asked}) == 3


async def test_closing_while_a_query_is_out_is_our_fault_not_the_names(resolving):
    arrived = asyncio.Event()
    async with resolving(lambda q: arrived.set()) as (resolver, _):
        task = asyncio.create_task(resolver.lookup(NAME, "AAAA"))
        await arrived.wait()
        await resolver.close()
        lookup = await task
    assert lookup.outcome is DnsOutcome.LOCAL_ERROR
