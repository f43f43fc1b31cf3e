"""The address table, block by block, and what may be contacted."""

from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.model.address import bar, classify, registry_rows, registry_updated
from ipv6check.model.prefixes import Prefixes, number, prefixes, same_prefix_key

V6 = registry_rows(6)
V4 = registry_rows(4)
ANY_V6 = st.integers(0, 2**128 - 1).map(IPv6Address)
ANY_V4 = st.integers(0, 2**32 - 1).map(IPv4Address)


def smallest_block(address):
    """The longest matching row, found the slow way."""
    rows = V6 if address.version == 6 else V4
    return max(
        (row for row in rows if address in ip_network(row.block)), key=lambda row: ip_network(row.block).prefixlen
    )


@pytest.mark.parametrize("family", [6, 4])
def test_the_table_says_how_old_it_is(family):
    assert date.fromisoformat(registry_updated(family)) == date(2025, 10, 9)


@pytest.mark.parametrize("rows", [V6, V4], ids=["v6", "v4"])
def test_the_table_is_sorted_and_covers_the_whole_space(rows):
    keys = [(int(net.network_address), net.prefixlen) for net in (ip_network(row.block) for row in rows)]
    assert keys == sorted(set(keys))
    assert keys[0] == (0, 0)


@pytest.mark.parametrize("row", V6 + V4, ids=lambda row: row.block)
def test_every_row_is_well_formed(row):
    assert row.word.replace("_", "").isalnum()
    assert row.source in {"iana", "rfc", "cloud"}
    assert row.note
    assert (row.globally is None) or row.source == "iana"


@pytest.mark.parametrize("row", V6 + V4, ids=lambda row: row.block)
def test_edges_of_every_block(row):
    block = ip_network(row.block)
    for edge in (block.network_address, block.broadcast_address):
        assert classify(str(edge)).block == smallest_block(edge).block
    outside = [int(block.network_address) - 1, int(block.broadcast_address) + 1]
    for value in outside:
        if 0 <= value < 2**block.max_prefixlen:
            address = (IPv6Address if block.version == 6 else IPv4Address)(value)
            assert classify(str(address)).block == smallest_block(address).block != row.block


IANA_V6 = {
    "::1/128": False, "::/128": False, "::ffff:0:0/96": False, "64:ff9b::/96": True, "64:ff9b:1::/48": False,
    "100::/64": False, "100:0:0:1::/64": False, "2001::/23": False, "2001::/32": None, "2001:1::1/128": True,
    "2001:1::2/128": True, "2001:1::3/128": True, "2001:2::/48": False, "2001:3::/32": True,
    "2001:4:112::/48": True, "2001:10::/28": None, "2001:20::/28": True, "2001:30::/28": True,
    "2001:db8::/32": False, "2002::/16": None, "2620:4f:8000::/48": True, "3fff::/20": False, "5f00::/16": False,
    "fc00::/7": False, "fe80::/10": False,
}  # fmt: skip
IANA_V4 = {
    "0.0.0.0/8": False, "0.0.0.0/32": False, "10.0.0.0/8": False, "100.64.0.0/10": False, "127.0.0.0/8": False,
    "169.254.0.0/16": False, "172.16.0.0/12": False, "192.0.0.0/24": False, "192.0.0.0/29": False,
    "192.0.0.8/32": False, "192.0.0.9/32": True, "192.0.0.10/32": True, "192.0.0.170/32": False,
    "192.0.0.171/32": False, "192.0.2.0/24": False, "192.31.196.0/24": True, "192.52.193.0/24": True,
    "192.88.99.0/24": None, "192.88.99.2/32": False, "192.168.0.0/16": False, "192.175.48.0/24": True,
    "198.18.0.0/15": False, "198.51.100.0/24": False, "203.0.113.0/24": False, "240.0.0.0/4": False,
    "255.255.255.255/32": False,
}  # fmt: skip


@pytest.mark.parametrize(("rows", "registry"), [(V6, IANA_V6), (V4, IANA_V4)], ids=["v6", "v4"])
def test_every_block_of_the_registry_is_there_with_what_it_says(rows, registry):
    assert {row.block: row.globally for row in rows if row.source == "iana"} == registry


@pytest.mark.parametrize("row", V6 + V4, ids=lambda row: row.block)
def test_what_the_registry_calls_unreachable_is_never_contacted(row):
    inside = str(ip_network(row.block).network_address)
    if classify(inside).block == row.block and row.globally is False:
        assert bar(inside, internal=False)


CASES = [
    ("::ffff:198.41.0.4", "v4_mapped"),
    ("::ffff:127.0.0.1", "v4_mapped"),
    ("::198.41.0.4", "v4_compatible"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("64:ff9b::c000:204", "nat64"),
    ("64:ff9b:1::1", "local_nat64"),
    ("100::1", "discard"),
    ("100:0:0:1::1", "dummy"),
    ("2001:db8::1", "documentation"),
    ("3fff::1", "documentation"),
    ("3fff:fff:ffff::1", "documentation"),
    ("3fff:1000::1", "global"),
    ("2001::1", "teredo"),
    ("2001:5::1", "protocol_assignment"),
    ("2001:2::1", "benchmarking"),
    ("2001:2:1::1", "protocol_assignment"),
    ("2001:10::1", "orchid"),
    ("2002:c000:204::1", "sixto4"),
    ("5f00::1", "srv6"),
    ("3ffe::1", "sixbone"),
    ("fec0::1", "site_local"),
    ("fe80::1", "link_local"),
    ("fe80::1%eth0", "link_local"),
    ("fd12:3456::1", "ula"),
    ("fc00::1", "ula"),
    ("ff02::1", "multicast"),
    ("ff0e::1", "multicast"),
    ("4000::1", "unallocated"),
    ("1000::1", "unallocated"),
    ("8000::1", "unallocated"),
    ("fe00::1", "unallocated"),
    ("2001:1::1", "unusual"),
    ("2001:1::2", "unusual"),
    ("2001:1::3", "unusual"),
    ("2001:1::4", "protocol_assignment"),
    ("2001:3::1", "unusual"),
    ("2001:4:112::1", "unusual"),
    ("2001:20::1", "unusual"),
    ("2001:30::1", "unusual"),
    ("2620:4f:8000::1", "unusual"),
    ("2001:200::1", "global"),
    ("2606:4700::1111", "global"),
    ("fd00:ec2::254", "metadata"),
    ("169.254.169.254", "metadata"),
    ("100.100.100.200", "metadata"),
    ("10.0.0.1", "private"),
    ("172.31.255.255", "private"),
    ("172.32.0.0", "global"),
    ("192.0.0.2", "service_continuity"),
    ("255.255.255.255", "broadcast"),
    ("198.41.0.4", "global"),
]


@pytest.mark.parametrize(("address", "word"), CASES)
def test_words(address, word):
    assert classify(address).word == word


@pytest.mark.parametrize(("address", "word"), [case for case in CASES if case[1] not in ("global", "unusual")])
def test_a_bad_address_is_barred_with_its_word(address, word):
    assert bar(address, internal=False) == word


@pytest.mark.parametrize(("address", "word"), [case for case in CASES if case[1] in ("global", "unusual")])
def test_a_reachable_address_may_be_contacted(address, word):
    assert bar(address, internal=False) == ""
    assert classify(address).reachable
    assert classify(address).good is (word == "global")


@pytest.mark.parametrize(("address", "word"), [case for case in CASES if case[1] not in ("global", "unusual")])
def test_the_internal_view_admits_ula_and_private_only(address, word):
    assert bar(address, internal=True) == ("" if word in ("ula", "private") else word)


def test_link_local_needs_the_inventorys_zone():
    assert bar("fe80::1", internal=False, zone="eth0") == ""
    assert bar("fe80::1%eth0", internal=True) == "link_local"
    assert bar("fe80::a9fe:a9fe", internal=True, zone="eth0") == "metadata"
    assert bar("169.254.1.1", internal=True, zone="eth0") == "link_local"
    assert bar("::1", internal=True, zone="lo") == "loopback"


def test_treat_as_global_admits_its_prefixes_and_nothing_else():
    demo = Prefixes(["::1/128", "127.0.0.0/8", "2001:db8::/32"])
    for admitted in ("::1", "127.5.5.5", "2001:db8:9::9"):
        assert bar(admitted, internal=False, treat_as_global=demo) == ""
    for barred in ("::", "::2", "::ffff:127.0.0.1", "10.0.0.1", "fd00::1", "3fff::1"):
        assert bar(barred, internal=False, treat_as_global=demo) == classify(barred).word


@pytest.mark.parametrize(
    "text",
    ["", "0177.0.0.1", "127.1", "2130706433", "0x7f.1", "1.2.3.4.5", "::1::", "[::1]", "name", "1.2.3.4/8", " ::1"],
)
def test_what_is_no_literal_is_never_contacted(text):
    assert bar(text, internal=True) == "malformed"
    with pytest.raises(ValueError, match=r".*"):
        classify(text)


@given(st.one_of(ANY_V6, ANY_V4))
def test_agrees_with_the_longest_match(address):
    assert classify(str(address)).block == smallest_block(address).block


@given(ANY_V6)
def test_every_spelling_of_an_address_is_the_same(address):
    for spelling in (str(address), address.exploded, address.exploded.upper(), f"{address}%zone"):
        assert number(spelling) == (6, int(address))
        assert classify(spelling) == classify(str(address))


@given(st.lists(st.tuples(ANY_V6, st.integers(0, 128)), max_size=5), ANY_V6)
def test_a_set_of_prefixes_holds_what_any_of_them_holds(drawn, address):
    networks = [ip_network((int(first), length), strict=False) for first, length in drawn]
    held = Prefixes(map(str, networks))
    for candidate in [address, *(network.network_address for network in networks)]:
        assert (str(candidate) in held) is any(candidate in network for network in networks)


def test_prefixes_are_parsed_once_and_strictly():
    assert prefixes(("::1/128",)) is prefixes(("::1/128",))
    assert not prefixes(())
    assert "no address" not in prefixes(("::/0",))
    with pytest.raises(ValueError, match="host bits"):
        Prefixes(["2001:db8::1/32"])


def test_pacing_groups_by_48_and_24():
    assert same_prefix_key("2001:db8:1::1") == same_prefix_key("2001:db8:1:ffff::9")
    assert same_prefix_key("2001:db8:1::1") != same_prefix_key("2001:db8:2::1")
    assert same_prefix_key("192.0.2.1") == same_prefix_key("192.0.2.255")
    assert same_prefix_key("192.0.2.1") != same_prefix_key("192.0.3.1")
    assert same_prefix_key("0.0.0.1") != same_prefix_key("::1")
    assert same_prefix_key(str(ip_address("fe80::1")) + "%eth0") == same_prefix_key("fe80::1")
