"""Addresses as NetBox exports them to CSV ("All data" of IP addresses, or the current view).

What NetBox documents is somebody's word and not a sighting; it shows an address as assigned, in the states active, dhcp
and slaac.
"""

from ipv6check.hosts.reading import MOST_ENTRIES, Contents, Entry, Refused, ipv4_of, ipv6_of, is_addressed, rows_of
from ipv6check.model.imported import Source

_IN_USE = frozenset({"active", "dhcp", "slaac"})
_NAMES = ("device", "virtual_machine", "virtual machine", "parent", "dns_name", "dns name")


def is_netbox(text: str) -> bool:
    """True if the heading is one of NetBox's for addresses."""
    heading = text.lstrip("\ufeff").partition("\n")[0].lower().replace('"', "")
    columns = {column.strip() for column in heading.split(",")}
    return bool({"address", "ip address"} & columns) and "status" in columns and "vrf" in columns


def read_netbox(text: str, file: str) -> Contents:
    """The IPv6 addresses in use. Raises Refused."""
    entries: list[Entry] = []
    for line, cells in rows_of(text.lstrip("\ufeff"), file):
        if len(entries) >= MOST_ENTRIES:
            raise Refused(f"{file}: more than {MOST_ENTRIES} addresses")
        shown = (cells.get("address") or cells.get("ip address") or "").strip()
        six = ipv6_of(shown)
        if six is None and ipv4_of(shown) is None:
            raise Refused(f"{file}:{line}: {shown[:60]!r} is no address")
        if six is None or not is_addressed(six) or cells.get("status", "").strip().lower() not in _IN_USE:
            continue
        names = [cells.get(column, "").strip().rstrip(".").lower() for column in _NAMES]
        entries.append(Entry(line=line, names=tuple(dict.fromkeys(filter(None, names))), addresses=(str(six),)))
    return Contents(Source.NETBOX, tuple(entries))
