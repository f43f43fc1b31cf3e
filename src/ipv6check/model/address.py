"""What an address is good for, by our own dated table and not by ``ipaddress.is_global``, whose answers changed
between patch releases of Python."""

from bisect import bisect_right
from functools import cache, lru_cache
from importlib.resources import files
from ipaddress import ip_network

from ipv6check.model.prefixes import NO_PREFIXES, Prefixes, number, same_prefix_key
from ipv6check.model.record import Record

__all__ = ["AddressClass", "bar", "classify", "registry_rows", "registry_updated", "same_prefix_key"]

MALFORMED = "malformed"
_INTERNAL = frozenset({"ula", "private"})
_FILES = {6: "special-purpose-v6.csv", 4: "special-purpose-v4.csv"}


class AddressClass(Record, frozen=True, kw_only=True):
    """The smallest block of the table that covers an address.

    ``word`` is ``global``, ``unusual`` (the registry calls it global, and no service should live there) or the word
    of a block nobody else can reach. ``globally`` is what the registry says, None where it says nothing.
    ``source`` is ``iana``, ``rfc`` or ``cloud``.
    """

    block: str
    word: str
    globally: bool | None = None
    source: str = ""
    note: str = ""

    @property
    def reachable(self) -> bool:
        """True if the whole Internet can reach such an address."""
        return self.word in ("global", "unusual")

    @property
    def good(self) -> bool:
        """True for ordinary global unicast, the only place for a public service."""
        return self.word == "global"


class _Table:
    """One family: bounds where the class changes, sorted, and the class from each bound on."""

    __slots__ = ("bounds", "classes", "rows", "updated")

    def __init__(self, text: str) -> None:
        self.updated = ""
        self.rows: list[AddressClass] = []
        lines = text.splitlines()
        for line in lines:
            if line.startswith("# registry_updated:"):
                self.updated = line.partition(":")[2].strip()
        for line in [line for line in lines if not line.startswith("#")][1:]:
            block, word, globally, source, note = line.split(",", 4)
            said = {"true": True, "false": False}.get(globally)
            self.rows.append(AddressClass(block=block, word=word, globally=said, source=source, note=note))
        self.bounds: list[int] = []
        self.classes: list[AddressClass] = []
        self._flatten()

    def _flatten(self) -> None:
        """Nested blocks become adjacent stretches; rows are sorted, the outer block before the inner ones."""
        open_blocks: list[tuple[int, AddressClass]] = []
        for row in self.rows:
            network = ip_network(row.block)
            first, last = int(network.network_address), int(network.broadcast_address)
            self._close(open_blocks, first)
            self._turn(first, row)
            open_blocks.append((last, row))
        self._close(open_blocks, 1 << 128)

    def _close(self, open_blocks: list[tuple[int, AddressClass]], before: int) -> None:
        while open_blocks and open_blocks[-1][0] < before:
            last, _ = open_blocks.pop()
            if open_blocks and open_blocks[-1][0] > last:
                self._turn(last + 1, open_blocks[-1][1])

    def _turn(self, bound: int, row: AddressClass) -> None:
        if self.bounds and self.bounds[-1] == bound:
            self.classes[-1] = row
        else:
            self.bounds.append(bound)
            self.classes.append(row)


@cache
def _table(family: int) -> _Table:
    return _Table((files("ipv6check") / "data" / "iana" / _FILES[family]).read_text(encoding="utf-8"))


def registry_updated(family: int = 6) -> str:
    """The day (ISO 8601) of the registry state the table follows."""
    return _table(family).updated


def registry_rows(family: int = 6) -> tuple[AddressClass, ...]:
    """Every row of a family's table, by first address."""
    return tuple(_table(family).rows)


@lru_cache(maxsize=2048)  # an address is asked about some five times in short succession
def classify(address: str) -> AddressClass:
    """The class of an IPv6 or IPv4 literal; a zone id is ignored. An IPv4-mapped address is judged as mapped, not by
    the IPv4 address inside. Raises ValueError for what is no literal."""
    family, value = number(address)
    table = _table(family)
    return table.classes[bisect_right(table.bounds, value) - 1]


def bar(address: str, *, internal: bool, zone: str = "", treat_as_global: Prefixes = NO_PREFIXES) -> str:
    """Why ``address`` must not be contacted: the word of its block, ``malformed``, or empty if it may be.

    ``internal`` (the asset's view) admits ULA and RFC 1918. ``zone`` admits IPv6 link-local; it comes from the
    inventory, so a zone id inside ``address``, which a redirect could bring, admits nothing.
    """
    try:
        known = classify(address)
    except ValueError:
        return MALFORMED
    if known.reachable or address in treat_as_global:
        return ""
    if internal and known.word in _INTERNAL:
        return ""
    if zone and known.word == "link_local" and ":" in address:
        return ""
    return known.word
