"""Addresses that a DNS64 resolver made up from A records (RFC 6147), recognised by its NAT64 prefix (RFC 7050)."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address, IPv6Network

WELL_KNOWN_NAME = "ipv4only.arpa"
_WELL_KNOWN_V4 = (IPv4Address("192.0.0.170"), IPv4Address("192.0.0.171"))
# RFC 6052 section 2.1: recognised even where the resolver did not answer for ipv4only.arpa
WELL_KNOWN_PREFIX = IPv6Network("64:ff9b::/96")
PREFIX_LENGTHS = (32, 40, 48, 56, 64, 96)


def embedded(address: IPv6Address, length: int) -> IPv4Address | None:
    """The IPv4 address in ``address`` behind a prefix of ``length`` bits (RFC 6052 section 2.2).

    Octet 8 (bits 64 to 71) is skipped; None if it is not zero where it has to be, or if the suffix is not.
    """
    octets = address.packed
    if length == 96:
        return IPv4Address(octets[12:])
    if octets[8]:
        return None
    rest = octets[length // 8 : 8] + octets[9:]
    return None if any(rest[4:]) else IPv4Address(rest[:4])


def prefixes_from(addresses: tuple[str, ...]) -> tuple[IPv6Network, ...]:
    """The NAT64 prefixes behind the AAAA records a resolver gave for ``ipv4only.arpa``; none without DNS64."""
    found: list[IPv6Network] = []
    for text in addresses:
        address = IPv6Address(text)
        for length in PREFIX_LENGTHS:
            if embedded(address, length) in _WELL_KNOWN_V4:
                found.append(ipaddress.IPv6Network((address, length), strict=False))
                break
    return tuple(dict.fromkeys(found))


def sources(records: tuple[str, ...], prefixes: tuple[IPv6Network, ...]) -> tuple[frozenset[str], ...]:
    """The IPv4 addresses each AAAA record may have been made from; empty if one of them lies in no NAT64 prefix.

    A resolver synthesises only where there is no AAAA at all, so one address outside proves the others real.
    """
    if not prefixes and not all(text.startswith("64:ff9b::") for text in records):
        return ()  # nearly every answer: not worth parsing
    found: list[frozenset[str]] = []
    for text in records:
        address = IPv6Address(text)
        candidates = {
            str(source)
            for prefix in (*prefixes, WELL_KNOWN_PREFIX)
            if address in prefix and (source := embedded(address, prefix.prefixlen)) is not None
        }
        if not candidates:
            return ()
        found.append(frozenset(candidates))
    return tuple(found)


def all_within(records: tuple[str, ...], prefixes: tuple[IPv6Network, ...]) -> bool:
    """True if every address lies in a prefix the resolver itself told us: RFC 7050 needs no comparison then."""
    return all(any(IPv6Address(text) in prefix for prefix in prefixes) for text in records)
