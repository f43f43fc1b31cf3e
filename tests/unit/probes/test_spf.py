"""RFC 7208: what records pass, what ends an evaluation, and what is not known without a message."""

from collections.abc import Mapping
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.spf import Malformed, SpfResult, expand, is_spf, parse
from ipv6check.probes.spf import MOST_LOOKUPS, MOST_VOID, Told, evaluate

V6, V4 = "2606:2800::25", "93.184.216.25"
Zone = Mapping[tuple[str, str], tuple[str, ...] | DnsOutcome]


def told(zone: Zone, address: str = "", domain: str = "example.vn") -> Told:
    """The end of an evaluation in a DNS that holds ``zone`` and nothing else."""
    asking = evaluate(domain, ip_address(address) if address else None)
    try:
        question = next(asking)
        while True:
            said = zone.get(question, DnsOutcome.NXDOMAIN)
            records, outcome = ((), said) if isinstance(said, DnsOutcome) else (said, DnsOutcome.ANSWER)
            question = asking.send(Lookup(name=question[0], rdtype=question[1], outcome=outcome, records=records))
    except StopIteration as stopped:
        return stopped.value


def of(record: str, more: Zone | None = None) -> dict[tuple[str, str], tuple[str, ...] | DnsOutcome]:
    return {("example.vn", "TXT"): ("", record)} | dict(more or {})


MORE: Zone = {
    ("example.vn", "AAAA"): (V6,),
    ("example.vn", "A"): (V4,),
    ("example.vn", "MX"): ("10 mx.example.vn", "20 ."),
    ("mx.example.vn", "AAAA"): (V6,),
    ("six.vn", "TXT"): ("v=spf1 ip6:2606:2800::/32 -all",),
    ("soft.vn", "TXT"): (f"v=spf1 ~ip6:{V6} +all",),
    ("none.vn", "TXT"): ("",),
    ("lost.vn", "TXT"): DnsOutcome.SERVFAIL,
    ("void.vn", "AAAA"): DnsOutcome.NODATA,
    ("loop.vn", "TXT"): ("v=spf1 include:loop.vn",),
    ("here.vn", "A"): ("127.0.0.2",),
    ("25.0.0.0.here.vn", "A"): ("127.0.0.2",),
    (ip_address(V6).reverse_pointer, "PTR"): ("mx.example.vn",),
    ("_spf.example.vn", "TXT"): (f"v=spf1 ip6:{V6} -all",),
}


@pytest.mark.parametrize(
    ("record", "result"),
    [
        (f"v=spf1 ip6:{V6} -all", "pass"),
        ("v=spf1 ip6:2606:2800::/32 -all", "pass"),
        ("V=SPF1 IP6:2606:2800::/32 -ALL", "pass"),
        (f"v=spf1 ip4:{V4} -all", "fail"),
        (f"v=spf1 ip4:{V4} ~all", "softfail"),
        (f"v=spf1 ip4:{V4} ?all", "neutral"),
        ("v=spf1", "neutral"),
        ("v=spf1 all", "pass"),
        (f"v=spf1 -ip6:{V6} +all", "fail"),
        ("v=spf1 a -all", "pass"),
        ("v=spf1 a:example.vn -all", "pass"),
        ("v=spf1 a//32 -all", "pass"),
        ("v=spf1 a:void.vn//0 -all", "fail"),
        ("v=spf1 mx -all", "pass"),
        ("v=spf1 mx//64 -all", "pass"),
        ("v=spf1 include:six.vn -all", "pass"),
        ("v=spf1 ?include:six.vn -all", "neutral"),
        ("v=spf1 include:soft.vn -all", "fail"),  # a softfail inside is no match outside
        ("v=spf1 redirect=six.vn", "pass"),
        ("v=spf1 redirect=soft.vn", "softfail"),
        ("v=spf1 redirect=six.vn ?all", "neutral"),  # all wins wherever redirect stands
        ("v=spf1 include:none.vn -all", "permerror"),
        ("v=spf1 redirect=none.vn", "permerror"),
        ("v=spf1 include:lost.vn -all", "temperror"),
        (f"v=spf1 ip6:{V6} include:lost.vn -all", "pass"),  # nothing behind a match is asked for
        ("v=spf1 include:loop.vn -all", "permerror"),
        ("v=spf1 exists:here.vn -all", "pass"),
        ("v=spf1 exists:gone.vn -all", "fail"),
        ("v=spf1 ptr -all", "pass"),
        ("v=spf1 ptr:other.vn -all", "fail"),
        ("v=spf1 include:_spf.%{d} -all", "pass"),
        ("v=spf1 exists:%{l}.here.vn -all", "untold"),
        ("v=spf1 redirect=%{h}.here.vn", "untold"),
        ("v=spf1 exp=why.%{d} unknown=%{s} -all", "fail"),
        # syntax errors, wherever they stand
        ("v=spf1 -all foo", "permerror"),
        (f"v=spf1 ip6:{V6} ip4:300.0.0.1", "permerror"),
        ("v=spf1 ip6:2606:2800::/129 -all", "permerror"),
        ("v=spf1 ip4:1.2.3.4/33 -all", "permerror"),
        ("v=spf1 ip4:1.2.3.4/024 -all", "permerror"),
        ("v=spf1 a/33 -all", "permerror"),
        ("v=spf1 a//129 -all", "permerror"),
        ("v=spf1 include -all", "permerror"),
        ("v=spf1 include:six.vn/24 -all", "permerror"),
        ("v=spf1 include:localhost -all", "permerror"),
        ("v=spf1 include:six.1 -all", "permerror"),
        ("v=spf1 a:%{x}.vn -all", "permerror"),
        ("v=spf1 a:%(d).vn -all", "permerror"),
        ("v=spf1 a:%{d0}.vn -all", "permerror"),
        ("v=spf1 exists:%{c}.vn -all", "permerror"),
        ("v=spf1 redirect=six.vn redirect=six.vn", "permerror"),
        ("v=spf1 all: -all", "permerror"),
        ("v=spf1 ++all", "permerror"),
    ],
)
def test_what_a_record_says_of_an_ipv6_address(record: str, result: str) -> None:
    assert told(of(record, MORE), V6).result == result


@pytest.mark.parametrize("text", ["v=spf10 all", "spf2.0/pra all", "", " v=spf1", "v=spf1all"])
def test_other_texts_are_no_spf_records(text: str) -> None:
    assert not is_spf(text)
    assert told({("example.vn", "TXT"): (text,)}, V6).result is SpfResult.NONE


def test_two_records_are_an_error_and_a_failed_look_up_is_another() -> None:
    assert told({("example.vn", "TXT"): ("v=spf1 all", "v=spf1 all")}, V6).cause == "spf_several_records"
    assert told({("example.vn", "TXT"): DnsOutcome.SERVFAIL}, V6).result is SpfResult.TEMPERROR


def test_ten_look_ups_are_allowed_and_an_address_named_before_the_eleventh_passes() -> None:
    others = {(f"n{number}.vn", "TXT"): ("v=spf1 ip4:192.0.2.1 -all",) for number in range(11)}
    ten = " ".join(f"include:n{number}.vn" for number in range(10))
    assert told(of(f"v=spf1 {ten} ip6:{V6} -all", others), V6).result is SpfResult.PASS
    late = told(of(f"v=spf1 {ten} include:n10.vn ip6:{V6} -all", others))
    assert (late.result, late.cause, late.covers) == (SpfResult.PERMERROR, "spf_too_many_lookups", [])
    early = told(of(f"v=spf1 ip6:{V6} {ten} include:n10.vn -all", others))
    assert early.covers == [f"{V6}/128"]


def test_a_third_look_up_that_finds_nothing_is_an_error_for_the_family_that_lacks_the_records() -> None:
    hosts = {(f"n{number}.vn", "A"): (V4,) for number in range(3)}
    record = "v=spf1 a:n0.vn a:n1.vn a:n2.vn ip6:2606:2800::/32 -all"
    six = told(of(record, hosts), V6)
    assert (six.result, six.cause) == (SpfResult.PERMERROR, "spf_too_many_void")
    assert told(of(record, hosts), V4).result is SpfResult.PASS


def test_an_mx_of_eleven_hosts_is_an_error() -> None:
    zone = of("v=spf1 mx -all", {("example.vn", "MX"): tuple(f"10 m{number}.vn" for number in range(11))})
    assert told(zone, V6).cause == "spf_too_many_names"


@pytest.mark.parametrize(
    ("record", "covers", "senders", "names_v4", "depends"),
    [
        (f"v=spf1 ip6:{V6} -all", [f"{V6}/128"], [V6], False, False),
        ("v=spf1 mx -all", [f"{V6}/128"], [V6], True, False),
        ("v=spf1 a//64 -all", ["2606:2800::/64"], [], True, False),
        ("v=spf1 include:six.vn -all", ["2606:2800::/32"], [], False, False),
        ("v=spf1 include:_spf.example.vn -all", [f"{V6}/128"], [], False, False),  # somebody else's sender
        ("v=spf1 redirect=_spf.example.vn", [f"{V6}/128"], [V6], False, False),
        ("v=spf1 -include:six.vn +all", ["all"], [], False, False),
        (f"v=spf1 ?ip6:{V6} -all", [], [], False, False),
        (f"v=spf1 ip4:{V4} -all", [], [], True, False),
        ("v=spf1 -all", [], [], False, False),
        ("v=spf1 exists:%{i}.here.vn -all", [], [], False, True),
        ("v=spf1 -exists:%{i}.here.vn -all", [], [], False, False),
        ("v=spf1 ptr -all", [], [], False, True),
        ("v=spf1 exists:here.vn -all", ["all"], [], False, False),
    ],
)
def test_whom_a_record_passes(
    record: str, covers: list[str], senders: list[str], names_v4: bool, depends: bool
) -> None:
    found = told(of(record, MORE))
    assert (found.covers, found.senders, found.names_v4, found.depends) == (covers, senders, names_v4, depends)


@pytest.mark.parametrize(
    ("text", "name"),
    [  # RFC 7208 section 7.4, with what is known without a message
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%%{d}.%{D1}", "%{d}.com"),
        ("%{l}.%{d}", None),
        ("%{s}", None),
        ("%{h}", None),
        ("%{p}", None),
    ],
)
def test_macros(text: str, name: str | None) -> None:
    said = expand(text, domain="email.example.com", sender_domain="example.com", address=ip_address("192.0.2.3"))
    assert said == name


def test_an_ipv6_address_is_spelt_in_nibbles_and_a_long_name_loses_its_first_labels() -> None:
    said = expand("%{ir}.%{v}.x", domain="x", sender_domain="x", address=ip_address("2001:db8::cb01"))
    assert said == f"1.0.b.c{'.0' * 20}.8.b.d.0.1.0.0.2.ip6.x"
    long = expand("%{d}." * 9 + "end.vn", domain="a" * 30 + ".example", sender_domain="x", address=None)
    assert long is not None
    assert len(long) <= 253
    assert long.endswith(".end.vn")


_words = st.sampled_from(
    (
        "a mx ptr all ~all -all a:a.vn mx:a.vn//64 include:a.vn include:b.vn -include:b.vn redirect=a.vn redirect=b.vn "
        f"exists:a.vn exists:%{{i}}.a.vn ip4:192.0.2.0/24 ip6:{V6} ip6:::/0 exp=a.vn bad a:%{{z}} % / ip6: {'a' * 300}"
    ).split(" ")
)
_records = st.lists(_words, max_size=14).map(lambda words: " ".join(["v=spf1", *words]))


@given(st.data(), st.sampled_from(["", V6, V4]))
def test_every_evaluation_ends_within_its_limits(data: st.DataObject, address: str) -> None:
    by_type = {
        "TXT": st.one_of(st.sampled_from(DnsOutcome), st.lists(_records, max_size=2).map(tuple)),
        "MX": st.lists(st.sampled_from(["10 a.vn", "10 b.vn", "0 ."]), max_size=12).map(tuple),
        "PTR": st.lists(st.sampled_from(["a.vn", "example.vn"]), max_size=12).map(tuple),
        "A": st.one_of(st.sampled_from(DnsOutcome), st.just((V4,))),
        "AAAA": st.one_of(st.sampled_from(DnsOutcome), st.just((V6,))),
    }
    asking, questions = evaluate("example.vn", ip_address(address) if address else None), 0
    try:
        name, rdtype = next(asking)
        while True:
            questions += 1
            said = data.draw(by_type[rdtype])
            records, outcome = ((), said) if isinstance(said, DnsOutcome) else (said, DnsOutcome.ANSWER)
            name, rdtype = asking.send(Lookup(name=name, rdtype=rdtype, outcome=outcome, records=records))
    except StopIteration as stopped:
        found: Told = stopped.value
    assert questions <= 1 + MOST_LOOKUPS * 12
    assert found.lookups <= MOST_LOOKUPS + 1
    assert found.voids <= MOST_VOID + 1
    assert bool(found.cause) == (found.result in (SpfResult.PERMERROR, SpfResult.TEMPERROR, SpfResult.UNTOLD))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(f"v=spf1 {text}")
    except Malformed:
        return
    assert all(term.isprintable() for term in text.split(" "))
