"""What a device tells about itself over SNMP: its addresses, whether it forwards, and whom it has seen on its links."""

from ipv6check.model.record import Record


class DeviceAddress(Record, frozen=True, kw_only=True):
    """A row of ipAddressTable (RFC 4293). ``status`` and ``origin`` are the words of the MIB, empty where the device
    did not say; ``interface`` is ifName or the index, ``is_up`` False only where ifOperStatus is down."""

    address: str
    status: str = ""
    origin: str = ""
    interface: str = ""
    is_up: bool = True


class DeviceNeighbour(Record, frozen=True, kw_only=True):
    """A row of ipNetToPhysicalTable that was learnt and has answered. ``mac`` is six pairs with colons."""

    address: str
    mac: str


class DeviceTables(Record, frozen=True, kw_only=True):
    """Everything read. ``forwards`` is ipv6IpForwarding, None where the device did not say; ``cut`` names the tables
    that were longer than is read."""

    addresses: tuple[DeviceAddress, ...] = ()
    neighbours: tuple[DeviceNeighbour, ...] = ()
    forwards: bool | None = None
    cut: tuple[str, ...] = ()
