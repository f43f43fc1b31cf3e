"""Whose network an address lies in, by a table that somebody wrote down; nobody is asked."""

from collections.abc import Mapping
from ipaddress import ip_network

from ipv6check.model.prefixes import number


class Networks:
    """Prefixes with names; the longest one that covers an address tells."""

    __slots__ = ("_by_length",)

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        """``names`` maps prefixes (or single addresses) to names. Raises ValueError for what is no prefix."""
        found: dict[tuple[int, int], dict[int, str]] = {}
        for text, name in (names or {}).items():
            network = ip_network(text)
            bits = network.max_prefixlen - network.prefixlen
            found.setdefault((network.version, bits), {})[int(network.network_address) >> bits] = name
        self._by_length = sorted(found.items(), key=lambda item: item[0][1])

    def __bool__(self) -> bool:
        return bool(self._by_length)

    def name(self, address: str) -> str:
        """The name of the network; empty if no prefix covers the address, or it is none."""
        try:
            family, value = number(address)
        except ValueError:
            return ""
        for (version, bits), names in self._by_length:
            if version == family and (name := names.get(value >> bits)):
                return name
        return ""


NO_NETWORKS = Networks()
