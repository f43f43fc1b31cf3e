"""What the readers of imported files have in common: an entry, a file's contents, and the faults they refuse."""

import csv
import io
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from ipv6check.model.imported import Source
from ipv6check.model.trouble import Trouble

MOST_OCTETS = 64_000_000
LONGEST = 256
"""Characters of a name, a process, a line that proves something."""

MOST_ENTRIES = 1_000_000


class Refused(Trouble):
    """A file that is broken, hostile, or of no known kind; nothing of it is stored."""


class Entry(NamedTuple):
    """One thing that a file says about somebody.

    ``names`` and ``mac`` and the addresses tell who; ``addresses`` are IPv6 addresses in use, ``proof`` a line that
    shows IPv6 without an address. An entry with neither links a ``mac`` to ``ipv4`` addresses and names.
    ``seen_at`` is UTC seconds, None where the file does not say.
    """

    line: int
    seen_at: float | None = None
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    ipv4: tuple[str, ...] = ()
    mac: str = ""
    proof: str = ""

    @property
    def is_link(self) -> bool:
        """True if it only ties a card to other identities."""
        return not self.addresses and not self.proof

    @property
    def shown(self) -> str:
        """The entry in a line of a report."""
        return " ".join(filter(None, (*self.names, *self.addresses, *self.ipv4, self.mac, self.proof)))


class Contents(NamedTuple):
    """A file read. ``subject`` is the one device that the whole file is about, ``doubts`` are sentences about what it
    leaves open, ``taken_at`` when it was taken if it says so itself."""

    source: Source
    entries: tuple[Entry, ...]
    subject: str = ""
    doubts: tuple[str, ...] = ()
    taken_at: float | None = None


def ipv6_of(text: str) -> IPv6Address | None:
    """The IPv6 address in ``text``, without prefix length and zone; None if there is none."""
    try:
        return IPv6Address(text.strip().partition("/")[0].partition("%")[0])
    except ValueError:
        return None


def ipv4_of(text: str) -> IPv4Address | None:
    """The IPv4 address in ``text``, without prefix length; None if there is none."""
    try:
        return IPv4Address(text.strip().partition("/")[0])
    except ValueError:
        return None


def is_addressed(address: IPv6Address) -> bool:
    """True for an address that others beyond the link may use; what is mapped or for many hosts is none."""
    return not (
        address.is_link_local
        or address.is_loopback
        or address.is_multicast
        or address.is_unspecified
        or address.ipv4_mapped is not None
    )


def mac_of(text: str) -> str:
    """A card's address as six pairs with colons, lower case; empty if ``text`` is none."""
    digits = "".join(character for character in text.lower() if character not in ":-. ")
    if len(digits) != 12 or any(character not in "0123456789abcdef" for character in digits) or digits == "0" * 12:
        return ""
    return ":".join(digits[start : start + 2] for start in range(0, 12, 2))


def rows_of(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column name of a CSV file with a heading. Raises Refused."""
    reader = csv.reader(io.StringIO(text), strict=False)
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        for cells in reader:
            if cells:
                yield reader.line_num, dict(zip(heading, cells, strict=False))
    except csv.Error as error:
        raise Refused(f"{file}:{reader.line_num}: is no CSV: {error}") from None
