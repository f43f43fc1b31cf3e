"""From columns of SNMP tables to a device's addresses and neighbours (RFC 4293, RFC 2863). No socket here."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

from ipv6check.model.device import DeviceAddress, DeviceNeighbour, DeviceTables

Oid = tuple[int, ...]
Value = int | bytes | None
"""What a device sent: an integer, octets, or something that no column read here has."""

Columns = dict[str, dict[Oid, Value]]
"""Value by index, by the column's name."""

_IP = (1, 3, 6, 1, 2, 1, 4)
COLUMNS: Mapping[str, Oid] = {
    "ipv6IpForwarding": (*_IP, 25),
    "ipAddressIfIndex": (*_IP, 34, 1, 3),
    "ipAddressType": (*_IP, 34, 1, 4),
    "ipAddressOrigin": (*_IP, 34, 1, 6),
    "ipAddressStatus": (*_IP, 34, 1, 7),
    "ipNetToPhysicalPhysAddress": (*_IP, 35, 1, 4),
    "ipNetToPhysicalType": (*_IP, 35, 1, 6),
    "ipNetToPhysicalState": (*_IP, 35, 1, 7),
    "ifOperStatus": (1, 3, 6, 1, 2, 1, 2, 2, 1, 8),
    "ifName": (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1),
}
_STATUS = {
    1: "preferred", 2: "deprecated", 3: "invalid", 4: "inaccessible", 5: "unknown", 6: "tentative", 7: "duplicate",
    8: "optimistic",
}  # fmt: skip
_ORIGIN = {1: "other", 2: "manual", 4: "dhcp", 5: "linklayer", 6: "random"}
_UNICAST, _DOWN, _DYNAMIC, _FORWARDING, _NOT_FORWARDING = 1, frozenset({2, 6, 7}), 3, 1, 2
_ANSWERED = frozenset({1, 2, 3, 4})  # reachable, stale, delay, probe
_TYPES = {1: 4, 2: 16, 3: 8, 4: 20}
"""Octets of each InetAddressType: ipv4, ipv6, and both with a zone."""


def tables_of(columns: Columns, cut: tuple[str, ...]) -> DeviceTables:
    """What the columns say. Rows that contradict the MIB are left out."""
    return DeviceTables(
        addresses=tuple(_addresses(columns, unsure={0} if "ifOperStatus" in cut else set())),
        neighbours=tuple(_neighbours(columns)),
        forwards={_FORWARDING: True, _NOT_FORWARDING: False}.get(_number(columns["ipv6IpForwarding"].get((0,)))),
        cut=cut,
    )


def _addresses(columns: Columns, *, unsure: set[int]) -> list[DeviceAddress]:
    """The unicast ones. ``unsure`` are states of an interface that are not known to be up."""
    found = []
    for index, value in columns["ipAddressIfIndex"].items():
        address = _address(index)
        if not isinstance(address, IPv6Address) or _number(columns["ipAddressType"].get(index)) not in (_UNICAST, 0):
            continue
        interface = (_number(value),)
        if interface[0] <= 0:
            continue
        found.append(
            DeviceAddress(
                address=str(address),
                status=_STATUS.get(_number(columns["ipAddressStatus"].get(index)), ""),
                origin=_ORIGIN.get(_number(columns["ipAddressOrigin"].get(index)), ""),
                interface=_name(columns["ifName"].get(interface)) or str(interface[0]),
                is_up=_number(columns["ifOperStatus"].get(interface)) not in _DOWN | unsure,
            )
        )
    return found


def _neighbours(columns: Columns) -> list[DeviceNeighbour]:
    """Learnt ones that have answered: who is static or incomplete was never seen."""
    found = []
    for index, value in columns["ipNetToPhysicalPhysAddress"].items():
        address, octets = _address(index[1:]), _octets(value)
        learnt = _number(columns["ipNetToPhysicalType"].get(index)) == _DYNAMIC
        if (
            address is not None
            and learnt
            and len(octets) == 6
            and any(octets)
            and _number(columns["ipNetToPhysicalState"].get(index)) in _ANSWERED
        ):
            found.append(DeviceNeighbour(address=str(address), mac=octets.hex(":")))
    return found


def _address(index: Oid) -> IPv4Address | IPv6Address | None:
    """An InetAddressType, a length and so many octets (RFC 4001); the zone is dropped."""
    if len(index) < 2 or _TYPES.get(index[0]) != index[1] or len(index) != 2 + index[1]:
        return None
    if any(not 0 <= one <= 255 for one in index[2:]):
        return None
    octets = bytes(index[2:])
    return IPv6Address(octets[:16]) if index[1] >= 16 else IPv4Address(octets[:4])


def _number(value: Value) -> int:
    """An integer, 0 for everything else: no column read here has that value."""
    return value if isinstance(value, int) else 0


def _octets(value: Value) -> bytes:
    return value if isinstance(value, bytes) else b""


def _name(value: Value) -> str:
    return _octets(value)[:64].decode("utf-8", "replace")
