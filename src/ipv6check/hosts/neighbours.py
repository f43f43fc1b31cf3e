"""Neighbour tables: ``ip neigh`` as text and as JSON, either family.

An entry counts if the neighbour answered once: it has a card's address and a state that says so. FAILED and INCOMPLETE
never answered, PERMANENT and NOARP were written by hand.
"""

from collections.abc import Iterator

import msgspec

from ipv6check.hosts.reading import MOST_ENTRIES, Contents, Entry, Refused, ipv4_of, ipv6_of, is_addressed, mac_of
from ipv6check.model.imported import Source

ANSWERED = frozenset({"REACHABLE", "STALE", "DELAY", "PROBE"})
STATES = ANSWERED | {"FAILED", "INCOMPLETE", "PERMANENT", "NOARP", "NONE"}


class _Neighbour(msgspec.Struct):
    """What ``ip -j neigh`` writes, as far as it matters."""

    dst: str
    dev: str = ""
    lladdr: str = ""
    state: list[str] = []


def is_neighbours(text: str) -> bool:
    """True if ``text`` looks like a neighbour table."""
    head = text.lstrip()[:4000]
    if head.startswith("["):
        return '"dst"' in head and '"state"' in head
    line = next((one for one in head.splitlines() if one.strip()), "").split()
    return len(line) >= 4 and line[1] == "dev" and line[-1] in STATES


def read_neighbours(text: str, file: str) -> Contents:
    """The neighbours that answered. Raises Refused."""
    found = _from_json(text, file) if text.lstrip().startswith("[") else _from_text(text, file)
    return Contents(Source.NEIGHBOURS, tuple(found))


def _from_json(text: str, file: str) -> Iterator[Entry]:
    try:
        listed = msgspec.json.decode(text, type=list[_Neighbour])
    except msgspec.DecodeError as error:
        raise Refused(f"{file}: is no output of `ip -j neigh`: {error}") from None
    for number, one in enumerate(listed[:MOST_ENTRIES], 1):
        yield from _entry(number, one.dst, one.lladdr, one.state, file)


def _from_text(text: str, file: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines()[:MOST_ENTRIES], 1):
        fields = line.split()
        if not fields:
            continue
        card = fields[fields.index("lladdr") + 1] if "lladdr" in fields[:-1] else ""
        yield from _entry(number, fields[0], card, fields[-1:], file)


def _entry(line: int, to: str, card: str, states: list[str], file: str) -> Iterator[Entry]:
    six, four = ipv6_of(to), ipv4_of(to)
    if six is None and four is None:
        raise Refused(f"{file}:{line}: {to[:60]!r} is no address, so this is no neighbour table")
    mac = mac_of(card)
    if not mac or ANSWERED.isdisjoint(states):
        return
    if four is not None:
        yield Entry(line=line, ipv4=(str(four),), mac=mac)
    elif six is not None and is_addressed(six):
        yield Entry(line=line, addresses=(str(six),), mac=mac)
    elif six is not None and six.is_link_local:
        yield Entry(line=line, mac=mac, proof=f"neighbour {six}")
