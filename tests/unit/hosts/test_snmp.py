"""What a device told over SNMP, matched to the assets of an inventory."""

from ipv6check.hosts.ground import Ground
from ipv6check.hosts.snmp import match_device
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.device import DeviceAddress, DeviceNeighbour, DeviceTables
from ipv6check.model.imported import Provenance, Source
from ipv6check.model.target import Protocol, Target

ORIGIN = Provenance(source=Source.SNMP, vantage="192.0.2.1", file="snmp 192.0.2.1:161", sha256="", taken_at=1e9)


def device(name: str, *hosts: str) -> Asset:
    targets = tuple(Target(host=host, port=161, protocol=Protocol.SNMP) for host in hosts)
    return Asset(id=name, kind=Kind.DEVICE, agency="a", name=name, targets=targets)


ROUTER = device("router", "192.0.2.1")
SWITCH = device("switch", "2400:1::7")
OFFICE = Asset(id="office", kind=Kind.NETWORK, agency="a", name="office", prefix="2400:1::/64")


def claimed(*addresses: DeviceAddress, neighbours: tuple[DeviceNeighbour, ...] = (), forwards: bool | None = None):
    tables = DeviceTables(addresses=addresses, neighbours=neighbours, forwards=forwards)
    matched = match_device(tables, ROUTER, ORIGIN, Ground([ROUTER, SWITCH, OFFICE]))
    return {
        claim.asset: [(one.addresses, one.proof) for one in claim.sightings] for claim in matched.claims
    }, matched.unmatched


def address(text: str, status: str = "preferred", *, is_up: bool = True) -> DeviceAddress:
    return DeviceAddress(address=text, status=status, interface="ge-0/0/1", is_up=is_up)


def test_addresses_in_use_show_the_device_and_its_networks() -> None:
    claims, _ = claimed(address("2400:1::1"), address("fe80::1"), address("::1"), address("2400:2::1", "deprecated"))
    assert claims["router"] == [(("2400:1::1", "2400:2::1"), "")]
    assert claims["office"] == [(("2400:1::1",), "")]


def test_an_address_that_is_not_in_use_shows_ability_alone() -> None:
    claims, _ = claimed(
        address("2400:1::1", "tentative"), address("2400:1::2", "duplicate"), address("2400:1::3", is_up=False)
    )
    assert claims == {
        "router": [
            ((), "ipAddressTable: 2400:1::1 tentative on ge-0/0/1"),
            ((), "ipAddressTable: 2400:1::2 duplicate on ge-0/0/1"),
            ((), "ipAddressTable: 2400:1::3 preferred on ge-0/0/1, which is down"),
        ]
    }


def test_loopback_alone_shows_nothing_and_forwarding_shows_ability() -> None:
    assert claimed(address("::1"), forwards=False) == ({}, ())
    assert claimed(address("::1"), forwards=True)[0] == {"router": [((), "ipv6IpForwarding: forwarding")]}


def test_an_address_that_another_device_is_listed_at_says_nothing_about_that_device() -> None:
    assert set(claimed(address("2400:1::7"))[0]) == {"router", "office"}


def test_neighbours_show_other_devices_and_the_rest_is_told() -> None:
    claims, unmatched = claimed(
        neighbours=(
            DeviceNeighbour(address="2400:1::7", mac="02:00:00:00:00:07"),
            DeviceNeighbour(address="fe80::7", mac="02:00:00:00:00:08"),
            DeviceNeighbour(address="ff02::1", mac="02:00:00:00:00:09"),
        )
    )
    assert claims["switch"] == [(("2400:1::7",), "")]
    assert "router" not in claims
    assert len(unmatched) == 1
    assert "fe80::7" in unmatched[0]
