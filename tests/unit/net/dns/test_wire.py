"""The fast path says what dnspython says, or nothing; no packet raises or takes long."""

import random
import struct
from functools import partial

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.dns.message import read, read_whole
from ipv6check.net.dns.wire import MOST_RECORDS, Question, read_plain
from tests.steps import steps

NAME = "www.example.vn"
AAAA = Question(NAME, "AAAA")
ZONE = Question(NAME, "SOA")
OTHERS = [Question(NAME, rdtype) for rdtype in ("NS", "MX", "PTR", "HTTPS", "DS", "DNSKEY")]
OWNERS = (NAME, "WWW.Example.VN", "a.example.vn", "b.example.vn", "c.other.vn", "example.vn", "vn", "")
SOA = ("example.vn", 300, "SOA", "ns.example.vn. r.example.vn. 1 2 3 4 60")
ALIAS = (NAME, 5, "CNAME", "a.example.vn.")
STEPS = 1_000_000

owners = st.sampled_from(OWNERS)
ttls = st.sampled_from((0, 1, 60, 300, 86400, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF))


def dotted(name: str) -> str:
    return name + "."


records = st.one_of(
    st.tuples(owners, ttls, st.just("AAAA"), st.ip_addresses(v=6).map(str)),
    st.tuples(owners, ttls, st.just("AAAA"), st.sampled_from(("2001:db8::1", "::ffff:192.0.2.1", "::", "::192.0.2.1"))),
    st.tuples(owners, ttls, st.just("A"), st.ip_addresses(v=4).map(str)),
    st.tuples(owners, ttls, st.just("CNAME"), owners.map(dotted)),
    st.tuples(owners, ttls, st.just("NS"), owners.map(dotted)),
    st.tuples(owners, ttls, st.just("TXT"), st.just('"v=spf1"')),
    st.tuples(owners, ttls, st.just("SOA"), st.just("ns.example.vn. root.example.vn. 1 2 3 4 60")),
)


def packet(answer, authority, additional, rcode=0, flags="QR RD RA", edns=True, question=AAAA) -> bytes:
    message = dns.message.make_query(question.name, question.rdtype, use_edns=0 if edns else -1)
    message = dns.message.make_response(message)
    message.flags = dns.flags.from_text(flags)
    message.set_rcode(rcode)
    for section, lines in ((message.answer, answer), (message.authority, authority), (message.additional, additional)):
        for owner, ttl, rdtype, value in lines:
            rrset = dns.rrset.from_text(dotted(owner), min(ttl, 0x7FFFFFFF), "IN", rdtype, value)
            rrset.ttl = ttl
            section.append(rrset)
    return message.to_wire(max_size=65535)


packets = st.builds(
    packet,
    st.lists(records, max_size=6),
    st.lists(records, max_size=3),
    st.lists(records, max_size=3),
    st.sampled_from((0, 0, 0, 3, 2, 5)),
    st.sampled_from(("QR RD RA", "QR RD", "QR AA", "QR RD RA AD")),
    st.booleans(),
)


@st.composite
def hostile(draw) -> bytes:
    """A good packet, cut, overwritten, lengthened, or with pointers where no pointer belongs."""
    wire = bytearray(draw(packets))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(4, max(4, len(wire) - 1)))
        match draw(st.integers(0, 4)):
            case 0:
                wire[at : at + 1] = bytes((draw(st.integers(0, 255)),))
            case 1:
                wire[at : at + 2] = struct.pack("!H", 0xC000 | draw(st.integers(0, len(wire) + 2)))
            case 2:
                wire[at:at] = draw(st.binary(max_size=8))
            case 3:
                del wire[at : at + draw(st.integers(1, 8))]
            case 4:
                wire[4 + 2 * draw(st.integers(0, 3)) + 1] = draw(st.integers(0, 12))
    return bytes(wire).ljust(12, b"\0") + draw(st.binary(max_size=3))


def same_or_silent(wire: bytes, question: Question = AAAA) -> None:
    if not question.is_answered_by(wire):
        return
    plain = read_plain(wire, question)
    whole = read(wire, question)
    if plain is not None:
        assert plain == read_whole(wire, question)
    assert isinstance(whole.outcome, DnsOutcome)


@settings(max_examples=600, deadline=None)
@given(packets)
def test_fast_path_equals_dnspython_on_well_formed_packets(wire):
    same_or_silent(wire)


@settings(max_examples=1200, deadline=None)
@given(hostile())
def test_fast_path_equals_dnspython_on_hostile_packets(wire):
    same_or_silent(wire)


def asking_for_the_zone(wire: bytes) -> bytes:
    """The packet as an answer to an SOA question."""
    return asking(wire, ZONE)


def asking(wire: bytes, question: Question) -> bytes:
    """The packet as an answer to another question about the same name."""
    return wire[:12] + question.wire + wire[12 + len(AAAA.wire) :]


@pytest.mark.parametrize("question", OTHERS, ids=lambda question: question.rdtype)
@settings(max_examples=150, deadline=None)
@given(wire=st.one_of(packets, hostile()))
def test_fast_path_equals_dnspython_on_other_types(wire, question):
    same_or_silent(asking(wire, question), question)


def test_an_absence_of_another_type_is_read_by_the_fast_path():
    soa = ("vn", 300, "SOA", "ns.vn. host.vn. 1 2 3 4 60")
    for question in OTHERS:
        reply = read_plain(asking(packet([], [soa], []), question), question)
        assert reply is not None
        assert reply.outcome is DnsOutcome.NODATA


@settings(max_examples=600, deadline=None)
@given(st.one_of(packets, hostile()).map(asking_for_the_zone))
def test_fast_path_equals_dnspython_on_the_search_for_a_zone(wire):
    same_or_silent(wire, ZONE)


def test_the_zone_of_a_name_inside_it_is_read_by_the_fast_path():
    soa = ("vn", 300, "SOA", "ns.vn. host.vn. 1 2 3 4 60")
    reply = read_plain(asking_for_the_zone(packet([], [soa], [])), ZONE)
    assert reply is not None
    assert (reply.outcome, reply.apex) == (DnsOutcome.NODATA, "vn")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_garbage_behind_a_good_header_never_raises(tail):
    same_or_silent(b"\0\1\x81\x80\0\1\0\1\0\0\0\0" + AAAA.wire + tail)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=64))
def test_garbage_is_no_answer_to_anything_or_is_read(wire):
    if AAAA.is_answered_by(wire):
        assert read(wire, AAAA).outcome is not DnsOutcome.ANSWER


@pytest.mark.parametrize(
    ("wire", "outcome"),
    [
        (packet([(NAME, 300, "AAAA", "2001:db8::1")], [], []), DnsOutcome.ANSWER),
        (packet([], [SOA], []), DnsOutcome.NODATA),
        (packet([], [SOA], [], 3), DnsOutcome.NXDOMAIN),
        (packet([ALIAS, ("a.example.vn", 9, "AAAA", "2001:db8::1")], [], []), DnsOutcome.ANSWER),
    ],
    ids=["address", "nodata", "nxdomain", "alias"],
)
def test_plain_answers_take_the_fast_path(wire, outcome):
    reply = read_plain(wire, AAAA)
    assert reply is not None
    assert reply.outcome is outcome


def test_negative_ttl_is_the_lesser_of_soa_ttl_and_minimum():
    for ttl, least in ((300, 60), (20, 20)):
        soa = ("example.vn", ttl, "SOA", "ns.example.vn. r.example.vn. 1 2 3 4 60")
        assert read(packet([], [soa], []), AAAA).ttl == least


def test_duplicates_count_once_and_foreign_owners_not_at_all():
    wire = packet([(NAME, 300, "AAAA", "2001:db8::1"), ("foreign.vn", 300, "AAAA", "2001:db8::bad")], [], [])
    doubled = bytearray(wire[: 12 + len(AAAA.wire)] + (wire[12 + len(AAAA.wire) : 12 + len(AAAA.wire) + 28]) * 2)
    doubled[6:12] = b"\0\2\0\0\0\0"
    assert read(bytes(doubled), AAAA).records == ("2001:db8::1",)
    assert read(wire, AAAA).records == ("2001:db8::1",)
    only_foreign = packet([("foreign.vn", 300, "AAAA", "2001:db8::bad")], [], [])
    assert read(only_foreign, AAAA).outcome is DnsOutcome.NODATA
    only_additional = packet([], [], [(NAME, 300, "AAAA", "2001:db8::bad")])
    assert read(only_additional, AAAA).outcome is DnsOutcome.NODATA


def test_contradictions_and_referrals_prove_nothing():
    answer = [(NAME, 300, "AAAA", "2001:db8::1")]
    assert read(packet(answer, [], [], 3), AAAA).outcome is DnsOutcome.MALFORMED
    referral = [("example.vn", 300, "NS", "ns.example.vn.")]
    assert read(packet([], referral, []), AAAA).outcome is DnsOutcome.LAME
    assert read(packet([], [], [], flags="QR RD"), AAAA).outcome is DnsOutcome.LAME


def test_wrong_rdata_length_is_malformed():
    wire = packet([(NAME, 300, "AAAA", "2001:db8::1")], [], [], edns=False)
    four = wire[:-18] + b"\0\4" + b"\x01\x02\x03\x04"
    assert read(four, AAAA).outcome is DnsOutcome.MALFORMED


def test_question_is_matched_exactly_but_for_case():
    wire = packet([], [], [])
    assert AAAA.is_answered_by(wire)
    assert AAAA.is_answered_by(wire[:12] + wire[12:].replace(b"www", b"wWw"))
    assert not AAAA.is_answered_by(wire.replace(b"www", b"wwx"))
    assert not Question(NAME, "A").is_answered_by(wire)
    assert not AAAA.is_answered_by(wire[:2] + b"\x01" + wire[3:])  # QR=0
    assert not AAAA.is_answered_by(wire[:11])
    assert not AAAA.is_answered_by(b"\0\0\x80\0" + bytes(8))  # NOERROR with no question
    assert AAAA.is_answered_by(b"\0\0\x80\1" + bytes(8))  # FORMERR with no question


@pytest.mark.parametrize(
    "name", ["", ".", "a..b", "x" * 64 + ".vn", ".".join(["a" * 49] * 5) + ".aaaa", "bến.vn", "a b", "a\0b"]
)
def test_names_that_must_not_be_sent(name):
    with pytest.raises(ValueError, match="not a DNS name"):
        Question(name, "A")


def test_query_is_what_dnspython_would_send():
    query = dns.message.from_wire(b"\x12\x67" + AAAA.body(checking_off=True))
    assert query.id == 0x1267
    assert query.flags == dns.flags.RD | dns.flags.CD
    assert (query.edns, query.payload) == (0, 1232)
    assert query.question[0].to_text() == f"{NAME}. IN AAAA"
    bare = dns.message.from_wire(b"\0\1" + AAAA.body(recurse=False, edns=False))
    assert (bare.flags, bare.edns) == (0, -1)


def slow_packets() -> dict[str, bytes]:
    head = b"\0\1\x81\x80\0\1%b\0\0\0\0" + AAAA.wire
    labels = b"\x01a" * 100 + b"\0"
    start = 12 + len(AAAA.wire)
    first = labels + struct.pack("!HHIH", 28, 1, 1, 16) + bytes(16)
    pointer = struct.pack("!H", 0xC000 | start)
    long_owner = first + (pointer + struct.pack("!HHIH", 28, 1, 1, 16) + bytes(16)) * 10_000
    loop = struct.pack("!H", 0xC000 | start) + bytes(20)
    forward = struct.pack("!H", 0xC000 | start + 40) + bytes(60)
    chain = b"".join(struct.pack("!H", 0xC000 | max(12, start + 2 * i - 2)) for i in range(8000))
    rng = random.Random(7)
    return {
        "long owners, true count": (head % struct.pack("!H", MOST_RECORDS) + long_owner)[:65535],
        "long owners, count beyond": (head % b"\xff\xff" + long_owner)[:65535],
        "long owners, fewer": head % b"\0\x60" + long_owner[: 202 + 10 + 16 + 28 * 95],
        "many SOA": head % b"\0\x7f" + (first + (pointer + b"\0\6\0\1\0\0\0\1\0\x18" + pointer * 2 + bytes(20)) * 126),
        "many strings": head % b"\0\1" + b"\xc0\x0c\0\x10\0\1\0\0\0\1" + struct.pack("!H", 32_000) + b"\1a" * 16_000,
        "pointer to itself": head % b"\0\1" + loop,
        "pointer forward": head % b"\0\1" + forward,
        "chain of pointers": head % b"\xff\xff" + chain,
        "chain of pointers, low count": head % b"\0\x20" + chain,
        "random": head % b"\0\xff" + rng.randbytes(65000),
        "zeros": head % b"\0\xff" + bytes(65000),
        "count without records": head % b"\xff\xff",
    }


@pytest.mark.parametrize("kind", sorted(slow_packets()))
def test_no_packet_takes_more_than_a_bounded_number_of_steps(kind):
    wire = slow_packets()[kind]
    outcome = read(wire, AAAA).outcome  # imports what dnspython loads at the first use of a type
    assert outcome in (DnsOutcome.MALFORMED, DnsOutcome.NODATA), outcome
    assert steps(partial(read, wire, AAAA)) < STEPS
