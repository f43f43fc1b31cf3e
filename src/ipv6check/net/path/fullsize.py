"""Whether full-size packets reach this vantage at all: a black hole that swallows everybody's is near us."""

from ipv6check.model.prefixes import same_prefix_key
from ipv6check.net.connection import Connection
from ipv6check.net.stall import ALWAYS_FITS

SITES = 3
"""Sites (/48) whose large packets are lost, while none arrives from anywhere, before the vantage is blamed."""


class FullSize:
    """What a scan's connections over IPv6 have seen. Looking costs one system call a connection until the first large
    segment has arrived, and nothing afterwards."""

    __slots__ = ("_lost", "arrived")

    def __init__(self) -> None:
        self.arrived = False
        self._lost: set[int] = set()

    def look(self, connection: Connection, family: int) -> None:
        """Note whether a segment came that needs a packet of more than 1280 octets."""
        if not self.arrived and family == 6:
            self.arrived = connection.largest_segment() > ALWAYS_FITS

    def swallowed(self, address: str) -> bool:
        """Note that large packets from ``address`` are lost while small ones arrive. True if none has arrived from
        anybody and those of several sites are lost."""
        if not self.arrived:
            self._lost.add(same_prefix_key(address))
        return not self.arrived and len(self._lost) >= SITES
