"""Lease files, neighbour tables, NetBox and configurations: what is certain is taken, the rest is not."""

import pytest

from ipv6check.hosts.configuration import is_configuration, read_configuration
from ipv6check.hosts.leases import is_isc, is_kea, read_isc, read_kea
from ipv6check.hosts.neighbours import is_neighbours, read_neighbours
from ipv6check.hosts.netbox import is_netbox, read_netbox
from ipv6check.hosts.reading import Contents, Refused, mac_of

CARD = "00:11:22:33:44:55"
T0 = 1_795_000_000


def told(contents: Contents) -> list[tuple[str, ...]]:
    return [one.addresses or (one.proof,) for one in contents.entries if not one.is_link]


NEIGHBOURS = f"""\
2001:db8:1::7 dev eth0 lladdr {CARD} REACHABLE
2001:db8:1::8 dev eth0 lladdr 00:11:22:33:44:56 router STALE
fe80::7 dev eth0 lladdr {CARD} DELAY
2001:db8:1::9 dev eth0  FAILED
2001:db8:1::a dev eth0  INCOMPLETE
2001:db8:1::b dev eth0 lladdr 00:11:22:33:44:57 PERMANENT
2001:db8:1::c dev eth0 lladdr 00:11:22:33:44:58 NOARP
ff02::1 dev eth0 lladdr 33:33:00:00:00:01 NOARP
10.1.0.7 dev eth0 lladdr {CARD} STALE
"""
NEIGHBOURS_JSON = f"""[{{"dst":"2001:db8:1::7","dev":"eth0","lladdr":"{CARD}","state":["REACHABLE"]}},
{{"dst":"2001:db8:1::8","dev":"eth0","lladdr":"00:11:22:33:44:56","router":null,"state":["STALE"]}},
{{"dst":"fe80::7","dev":"eth0","lladdr":"{CARD}","state":["DELAY"]}},
{{"dst":"2001:db8:1::9","dev":"eth0","state":["FAILED"]}},
{{"dst":"10.1.0.7","dev":"eth0","lladdr":"{CARD}","state":["STALE"]}}]"""


@pytest.mark.parametrize("text", [NEIGHBOURS, NEIGHBOURS_JSON], ids=["text", "json"])
def test_a_neighbour_counts_if_it_answered_once(text):
    assert is_neighbours(text)
    found = read_neighbours(text, "n")
    assert told(found) == [("2001:db8:1::7",), ("2001:db8:1::8",), ("neighbour fe80::7",)]
    assert [one.ipv4 for one in found.entries if one.is_link] == [("10.1.0.7",)]
    assert {one.mac for one in found.entries} == {CARD, "00:11:22:33:44:56"}
    assert found.taken_at is None


KEA6 = f"""\
address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id
2001:db8:1::10,00:03:00:01:00:11:22:33:44:55,4000,{T0 + 4000},1,3000,0,7,128,1,1,Edge-1.Example.VN.,,0,,1,0,0
2001:db8:1::11,00:01:00:01:1a:2b:3c:4d:00:11:22:33:44:56,4000,{T0 + 4000},1,3000,0,7,128,0,0,,,0,,1,0,0
2001:db8:1::11,00:01:00:01:1a:2b:3c:4d:00:11:22:33:44:56,0,{T0 + 10},1,3000,0,7,128,0,0,,,0,,1,0,0
2001:db8:1::12,01:02:03,4000,{T0 + 4000},1,3000,0,7,128,0,0,declined,,1,,1,0,0
2001:db8:1::13,01:02:03,400,{T0 - 4000},1,300,0,7,128,0,0,long-gone,,0,,1,0,0
2001:db8:100::,01:02:03,4000,{T0 + 4000},1,3000,2,7,56,0,0,cpe,,0,,1,0,0
"""
KEA4 = f"""\
address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id
10.1.0.7,{CARD},01:{CARD},3600,{T0 + 3600},1,0,0,printer-7,0,,0
"""


def test_of_kea_leases_those_in_force_count_each_as_it_was_last():
    assert is_kea(KEA6)
    found = read_kea(KEA6, "k")
    assert told(found) == [("2001:db8:1::10",), ("prefix 2001:db8:100::/56 delegated",)]
    first = found.entries[0]
    assert (first.names, first.mac, first.seen_at) == (("edge-1.example.vn",), CARD, T0)
    assert found.taken_at == T0 + 10


def test_kea_leases_of_ipv4_link_cards_to_names_and_show_no_ipv6():
    assert is_kea(KEA4)
    [only] = read_kea(KEA4, "k").entries
    assert only.is_link
    assert (only.mac, only.ipv4, only.names) == (CARD, ("10.1.0.7",), ("printer-7",))


ISC = r"""
# The format of this file is documented in the dhcpd.leases(5) manual page.
server-duid "\000\001\000\001\033\243\246\347\000\021\042\063\104\125";

ia-na "\001\000\000\000\000\003\000\001\000\021\042\063\104\125" {
  cltt 0 2026/11/22 10:00:00;
  iaaddr 2001:db8:1::20 {
    binding state active;
    preferred-life 225;
    max-life 360;
    ends 0 2026/11/22 22:00:00;
  }
}
ia-na "\002\000\000\000\000\003\000\001\000\021\042\063\104\126" {
  cltt 0 2026/11/22 10:00:00;
  iaaddr 2001:db8:1::21 {
    binding state expired;
    ends 0 2026/11/22 22:00:00;
  }
  iaaddr 2001:db8:1::22 {
    binding state active;
    ends 0 2026/11/22 09:00:00;
  }
}
ia-pd "\003\000\000\000ab{}\"" {
  cltt epoch 1795341600;
  iaprefix 2001:db8:200::/56 {
    binding state active;
    ends never;
  }
}
"""


def test_of_isc_leases_the_active_ones_count_with_the_card_of_their_duid():
    assert is_isc(ISC)
    found = read_isc(ISC, "i")
    assert told(found) == [("2001:db8:1::20",), ("prefix 2001:db8:200::/56 delegated",)]
    assert found.entries[0].mac == CARD
    assert found.entries[0].seen_at == 1_795_341_600
    assert found.taken_at == 1_795_341_600


NETBOX = """\
IP Address,VRF,Status,Role,Tenant,Assigned,DNS name,Description
2001:db8:1::30/64,,Active,,Dept,True,Edge-1.example.vn,
2001:db8:1::31/64,,Reserved,,,False,,
10.0.0.1/24,,Active,,,True,a.example.vn,
fe80::1/64,,Active,,,True,b.example.vn,
2001:db8:1::32/64,,SLAAC,,,True,,
"""


def test_netbox_shows_ipv6_addresses_that_are_in_use():
    assert is_netbox(NETBOX)
    found = read_netbox(NETBOX, "x")
    assert [(one.addresses, one.names) for one in found.entries] == [
        (("2001:db8:1::30",), ("edge-1.example.vn",)),
        (("2001:db8:1::32",), ()),
    ]


IOS = """\
! Last configuration change at 14:05:10 UTC
hostname Edge-1
!
ipv6 unicast-routing
no ipv6 source-route
interface GigabitEthernet0/0
 description ipv6 address 2001:db8:bad::1/64
 ipv6 address 2001:DB8:1::1/64
 ipv6 address FE80::1 link-local
 no shutdown
interface GigabitEthernet0/1
 ipv6 address 2001:db8:bad::2/64
 shutdown
interface GigabitEthernet0/2
 ipv6 address 2001:db8:2::/64 eui-64
 no ipv6 address 2001:db8:bad::3/64
interface Vlan7
 ip address 10.0.0.1 255.255.255.0
 ipv6 enable
"""
JUNOS_SET = """\
set system host-name edge-2
set interfaces ge-0/0/0 unit 0 family inet6 address 2001:db8:1::2/64
set interfaces ge-0/0/1 disable
set interfaces ge-0/0/1 unit 0 family inet6 address 2001:db8:bad::1/64
set interfaces ge-0/0/2 unit 0 family inet6 address 2001:db8:bad::2/64
deactivate interfaces ge-0/0/2 unit 0
set interfaces ge-0/0/3 unit 0 family inet6
set interfaces ge-0/0/4 unit 0 family inet address 10.0.0.1/24
"""
JUNOS = """\
## Last commit: 2026-11-02 10:00:00 UTC by admin
system {
    host-name edge-3;
}
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet6 {
                address 2001:db8:1::3/64;
            }
        }
    }
    ge-0/0/1 {
        disable;
        unit 0 {
            family inet6 {
                address 2001:db8:bad::1/64;
            }
        }
    }
    inactive: ge-0/0/2 {
        unit 0 {
            family inet6 {
                address 2001:db8:bad::2/64;
            }
        }
    }
}
"""


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        (
            IOS,
            "edge-1",
            [
                ("ipv6 unicast-routing",),
                ("2001:db8:1::1",),
                ("ipv6 address FE80::1 link-local",),
                ("ipv6 address 2001:db8:2::/64 eui-64",),
                ("ipv6 enable",),
            ],
        ),
        (JUNOS_SET, "edge-2", [("2001:db8:1::2",), ("interfaces ge-0/0/3 unit 0 family inet6",)]),
        (JUNOS, "edge-3", [("2001:db8:1::3",)]),
    ],
    ids=["ios", "junos-set", "junos"],
)
def test_a_configuration_says_what_is_certain(text, name, says):
    assert is_configuration(text)
    found = read_configuration(text, "c")
    assert found.subject == name
    assert told(found) == says
    assert all(one.names == (name,) for one in found.entries)
    assert found.doubts == ()


def test_a_configuration_without_a_word_about_ipv6_leaves_it_open():
    found = read_configuration("hostname old\ninterface Gi0/0\n ip address 10.0.0.1 255.255.255.0\n", "c")
    assert found.entries == ()
    assert "proves nothing" in found.doubts[0]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_neighbours, "[{]"),
        (read_neighbours, '[{"dst": 5, "state": []}]'),
        (read_neighbours, "2001:db8::1 dev eth0 lladdr 00:11:22:33:44:55 STALE\n=cmd|' /C calc'!A0\n"),
        (read_kea, KEA6.splitlines()[0] + "\n2001:db8::1,x,soon,later\n"),
        (read_kea, KEA6.splitlines()[0] + '\n"2001:db8::1\n'),
        (read_isc, ISC.rstrip().rstrip("}")),
        (read_isc, ISC.replace("2001:db8:1::20", "nowhere")),
        (read_netbox, NETBOX + "not-an-address,,Active\n"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(read, text):
    with pytest.raises(Refused, match=r"^file\.txt"):
        read(text, "file.txt")


@pytest.mark.parametrize("text", ["", "   \n", "hello", '{"a": 1}', "<html>", "a,b,c\n1,2,3\n", "\0\0\0"])
def test_what_is_none_of_them_is_not_taken_for_one(text):
    for recognises in (is_neighbours, is_kea, is_isc, is_netbox, is_configuration):
        assert not recognises(text)


@pytest.mark.parametrize("text", ["0011.2233.4455", "00-11-22-33-44-55", "00:11:22:33:44:55", "001122334455"])
def test_a_card_is_written_in_many_ways(text):
    assert mac_of(text) == CARD


@pytest.mark.parametrize("text", ["", "00:00:00:00:00:00", "fe80::1", "00:11:22:33:44", "zz:11:22:33:44:55"])
def test_what_is_no_card_is_empty(text):
    assert mac_of(text) == ""
