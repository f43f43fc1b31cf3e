"""Names, addresses, ports and prefixes: one form each, and everything else refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory import normalise
from ipv6check.inventory.normalise import Malformed, address, host, host_name, port, prefix, shown

LABEL_63 = "a" * 63
NAME_253 = ".".join([LABEL_63, LABEL_63, LABEL_63, "a" * 61])


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("BenTre.GOV.vn", "bentre.gov.vn"),
        ("bentre.gov.vn.", "bentre.gov.vn"),
        ("  bentre.gov.vn\t", "bentre.gov.vn"),
        ("bentre.gov.vn\u00a0", "bentre.gov.vn"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BU\u0308CHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ｂｅｎｔｒｅ.gov.vn", "bentre.gov.vn"),
        ("_sip._tcp.example.com", "_sip._tcp.example.com"),
        ("my_host.example", "my_host.example"),
        ("r3---sn.example", "r3---sn.example"),
        ("localhost", "localhost"),
        ("3com.example", "3com.example"),
        ("1.2.example", "1.2.example"),
        (f"{LABEL_63}.vn", f"{LABEL_63}.vn"),
        (NAME_253, NAME_253),
        (NAME_253 + ".", NAME_253),
    ],
)
def test_names_have_one_form(written: str, name: str) -> None:
    assert host_name(written) == name


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"),
        (".", "empty"),
        ("a..b", "empty part"),
        (".example", "empty part"),
        ("example..", "empty part"),
        (f"{LABEL_63}a.vn", "label longer than 63"),
        (NAME_253 + "a", "longer than 253"),
        ("ü" * 62 + ".vn", "not a valid internationalised name"),
        ("-rf.example", "starts with a hyphen"),
        ("--help", "starts with a hyphen"),
        ("a.-b.example", "not allowed"),
        ("b-.example", "not allowed"),
        ("*.example", "wildcard"),
        ("a.gov (no longer active)", "holds a blank"),
        ("a.gov\u00a0b", "holds a blank"),
        ("a.gov/", "slash"),
        ("a\\b", "slash"),
        ("a$b.example", "not allowed"),
        ("a;b", "not allowed"),
        ("`id`.example", "not allowed"),
        ("xn--", "not a valid internationalised name"),
        ("xn--a-ä.example", "not a valid internationalised name"),
        ("xn--zzzzzz99999.example", "not a valid internationalised name"),
        ("256.1.1.1", "ends in a number"),
        ("1.2.3", "ends in a number"),
        ("0x7f.0x1", "ends in a number"),
        ("2130706433", "ends in a number"),
        ("a\x00b", "no domain name may hold|not allowed"),
        ("a\u202eb.example", "no domain name may hold|not a valid"),
    ],
)
def test_what_is_no_name_is_refused_with_a_reason(written: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        host_name(written)


@pytest.mark.parametrize(
    ("written", "literal", "zone"),
    [
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1", ""),
        ("[2001:db8::1]", "2001:db8::1", ""),
        ("2001:db8:0:1::", "2001:db8:0:1::", ""),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1", ""),
        ("::FFFF:c000:201", "::ffff:192.0.2.1", ""),
        ("192.0.2.1", "192.0.2.1", ""),
        ("fe80::1%eth0", "fe80::1", "eth0"),
        ("[fe80::1%25eth0]", "fe80::1", "eth0"),
        ("[fe80::1%eth0]", "fe80::1", "eth0"),
        ("fe80::1%25", "fe80::1", "25"),
    ],
)
def test_addresses_have_one_form(written: str, literal: str, zone: str) -> None:
    assert address(written) == (literal, zone)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("fe80::1", "needs a zone id"),
        ("fe80::1%", "no interface name"),
        ("fe80::1%-c", "no interface name"),
        ("fe80::1%a b", "no interface name"),
        ("fe80::1%" + "x" * 16, "no interface name"),
        ("2001:db8::1%eth0", "not a link-local"),
        ("192.0.2.1%eth0", "not a link-local"),
        ("192.0.2.01", "not an IP address"),
        ("192.0.2.256", "not an IP address"),
        ("1:2:3", "not an IP address"),
        (":::", "not an IP address"),
    ],
)
def test_what_is_no_address_is_refused(written: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        host(written)


@pytest.mark.parametrize(("written", "number"), [("1", 1), ("443", 443), ("443.0", 443), (" 65535 ", 65535)])
def test_ports(written: str, number: int) -> None:
    assert port(written) == number


@pytest.mark.parametrize("written", ["0", "65536", "-1", "443.5", "", "https", "４４３", "1e3", "٤٤٣", "+80", "1_000"])
def test_what_is_no_port(written: str) -> None:
    with pytest.raises(Malformed, match="1 to 65535"):
        port(written)


def test_a_prefix_with_host_bits_is_refused_and_the_meant_one_is_named() -> None:
    assert prefix("2001:DB8::/32") == "2001:db8::/32"
    with pytest.raises(Malformed, match="the prefix is 2001:db8::/32"):
        prefix("2001:db8::1/32")
    with pytest.raises(Malformed, match="not a network prefix"):
        prefix("office")


@pytest.mark.parametrize(
    "text",
    [
        "https://user:hunter2@example.com/",
        "https://user:hunt@hunter2@example.com/",
        "https://user:a/hunter2@example.com/",
        "example.com/?token=hunter2",
        "x" * 60 + "hunter2@example.com",
    ],
)
def test_what_may_be_a_secret_is_never_shown(text: str) -> None:
    assert "hunter2" not in shown(text)


def test_what_is_shown_is_short_and_printable() -> None:
    assert len(shown("x" * 10_000)) < 100
    assert shown("a\x1b[31m\u202e\r\n") == r"'a\x1b[31m\u202e\r\n'"


names = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcXYZ019-_.ßéđếü。"), st.characters(categories=["Ll", "Lu", "Lo", "Mn", "Nd"])
    ),
    max_size=40,
)


@given(names)
def test_normalising_twice_changes_nothing(text: str) -> None:
    try:
        once = host_name(text)
    except Malformed:
        return
    assert host_name(once) == once
    assert once.isascii()
    assert len(once) <= 253
    assert all(0 < len(label) <= 63 for label in once.split("."))


@given(
    st.one_of(st.ip_addresses(v=6).map(str), st.ip_addresses(v=6).map(lambda one: one.exploded), st.text(max_size=60))
)
def test_addresses_twice_too(text: str) -> None:
    try:
        literal, zone = normalise.address(text)
    except Malformed:
        return
    assert address(f"{literal}%{zone}" if zone else literal) == (literal, zone)
