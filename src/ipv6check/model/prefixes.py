"""Addresses as numbers, and sets of prefixes that answer quickly."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple


class Number(NamedTuple):
    """An address as family (4 or 6) and integer."""

    family: int
    value: int


@lru_cache(maxsize=2048)
def number(address: str) -> Number:
    """Family and integer of a literal; a zone id (``%eth0``) is left out. ``ipaddress`` only parses here: what it
    calls global changed between patch releases of Python, so nobody may ask it. Raises ValueError."""
    parsed = ip_address(address)
    return Number(parsed.version, int(parsed))


class Prefixes:
    """A set of IPv6 and IPv4 prefixes; ``address in prefixes`` takes one bisection."""

    __slots__ = ("_starts", "_stops", "texts")

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """``texts`` are prefixes or addresses (a whole /128 or /32). Raises ValueError, also for host bits."""
        self.texts = tuple(texts)
        self._starts: dict[int, list[int]] = {4: [], 6: []}
        self._stops: dict[int, list[int]] = {4: [], 6: []}
        networks = [ip_network(text) for text in self.texts]
        for network in sorted(networks, key=lambda n: (n.version, int(n.network_address), n.prefixlen)):
            starts, stops = self._starts[network.version], self._stops[network.version]
            first, last = int(network.network_address), int(network.broadcast_address)
            if not stops or last > stops[-1]:  # prefixes nest or are apart; a nested one adds nothing
                starts.append(first)
                stops.append(last)

    def __bool__(self) -> bool:
        return bool(self.texts)

    def __contains__(self, address: str) -> bool:
        """True if a prefix covers ``address``; False also for what is no address."""
        if not self.texts:
            return False
        try:
            family, value = number(address)
        except ValueError:
            return False
        index = bisect_right(self._starts[family], value) - 1
        return index >= 0 and value <= self._stops[family][index]


NO_PREFIXES = Prefixes()


@lru_cache(maxsize=16)
def prefixes(texts: tuple[str, ...]) -> Prefixes:
    """The set of ``texts``, built once per content. Raises ValueError."""
    return Prefixes(texts) if texts else NO_PREFIXES


def same_prefix_key(address: str) -> int:
    """One number per /48 of IPv6 and /24 of IPv4 (negative), by which pacing groups. Raises ValueError."""
    family, value = number(address)
    return value >> 80 if family == 6 else ~(value >> 8)
