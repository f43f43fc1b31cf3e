"""Lease files: Kea's memfile (CSV, DHCPv6 and DHCPv4) and ISC's ``dhcpd6.leases``.

Both files are journals: the last entry of an address is the one that holds. A lease that was released, declined or is
over on the file's own clock is left out, and so is a delegated prefix as an address, though it shows that the client
speaks IPv6.
"""

import re
from calendar import timegm
from collections.abc import Iterator
from datetime import datetime

from ipv6check.hosts.reading import (
    MOST_ENTRIES,
    Contents,
    Entry,
    Refused,
    ipv4_of,
    ipv6_of,
    is_addressed,
    mac_of,
    rows_of,
)
from ipv6check.model.imported import Source

_PREFIX = "2"
_FOREVER = 0xFFFFFFFF


def is_kea(text: str) -> bool:
    """True if ``text`` begins as Kea's lease files do."""
    heading = text.lstrip("\ufeff").partition("\n")[0].strip().lower()
    return heading.startswith(("address,duid,valid_lifetime,expire", "address,hwaddr,client_id,valid_lifetime"))


def read_kea(text: str, file: str) -> Contents:
    """The leases in force at the newest entry's time. Raises Refused."""
    last: dict[str, tuple[float, float, Entry | None]] = {}
    newest = 0.0
    for line, cells in rows_of(text.lstrip("\ufeff"), file):
        if len(last) > MOST_ENTRIES:
            raise Refused(f"{file}: more than {MOST_ENTRIES} leases")
        address = cells.get("address", "").strip()
        try:
            lifetime, ends = int(cells["valid_lifetime"]), float(cells["expire"])
            in_force = int(cells.get("state") or 0) == 0
        except (KeyError, ValueError):
            raise Refused(f"{file}:{line}: is no lease as Kea writes it") from None
        begun = ends - lifetime if lifetime != _FOREVER else ends
        newest = max(newest, begun)
        last[address] = (begun, ends, _kea_entry(line, address, begun, cells) if in_force and lifetime else None)
    entries = [entry for _, ends, entry in last.values() if entry is not None and ends >= newest]
    return Contents(Source.KEA_LEASES, tuple(entries), taken_at=newest or None)


def _kea_entry(line: int, address: str, begun: float, cells: dict[str, str]) -> Entry | None:
    name = cells.get("hostname", "").strip().rstrip(".").lower()
    names = (name,) if name else ()
    mac = mac_of(cells.get("hwaddr", "")) or _mac_in_duid(cells.get("duid", ""))
    four, six = ipv4_of(address), ipv6_of(address)
    if four is not None:
        return Entry(line=line, seen_at=begun, names=names, ipv4=(str(four),), mac=mac)
    if cells.get("lease_type", "").strip() == _PREFIX and six is not None:
        length = cells.get("prefix_len", "").strip()
        return Entry(line=line, seen_at=begun, names=names, mac=mac, proof=f"prefix {six}/{length} delegated")
    if six is None or not is_addressed(six):
        return None
    return Entry(line=line, seen_at=begun, names=names, addresses=(str(six),), mac=mac)


def _mac_in_duid(text: str) -> str:
    """The card's address in a DUID of Ethernet, with or without time (RFC 8415 sections 11.2 and 11.4)."""
    octets = text.lower().replace(":", "").replace("-", "")
    if octets.startswith("00010001") and len(octets) == 28:
        return mac_of(octets[16:])
    return mac_of(octets[8:]) if octets.startswith("00030001") and len(octets) == 20 else ""


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"]+')
_ASSOCIATIONS = ("ia-na", "ia-ta", "ia-pd")


def is_isc(text: str) -> bool:
    """True if ``text`` is a DHCPv6 lease file of ISC's server."""
    return re.search(r"^\s*ia-(?:na|ta|pd)\s+\"", text[:MOST_SCANNED], re.MULTILINE) is not None


MOST_SCANNED = 1_000_000


def read_isc(text: str, file: str) -> Contents:
    """The active leases. Raises Refused for a file that ends in the middle of one."""
    last: dict[str, tuple[float, Entry | None]] = {}
    newest = 0.0
    for line, mac, kind, address, said in _isc_leases(text, file):
        seen = said.get("cltt", said.get("starts", 0.0))
        newest = max(newest, seen)
        six = ipv6_of(address)
        if six is None:
            raise Refused(f"{file}:{line}: {address[:60]!r} is no IPv6 address")
        entry: Entry | None = None
        if said.get("active") and kind == "ia-pd":
            entry = Entry(line=line, seen_at=seen or None, mac=mac, proof=f"prefix {address} delegated")
        elif said.get("active") and is_addressed(six):
            entry = Entry(line=line, seen_at=seen or None, addresses=(str(six),), mac=mac)
        last[address] = (said.get("ends", float("inf")), entry)
    entries = [entry for ends, entry in last.values() if entry is not None and ends >= newest]
    return Contents(Source.ISC_LEASES, tuple(entries), taken_at=newest or None)


def _isc_leases(text: str, file: str) -> Iterator[tuple[int, str, str, str, dict[str, float]]]:
    """Line, card, kind of association, address and what was said of it, of every ``iaaddr`` and ``iaprefix``."""
    depth, kind, mac, address, began = 0, "", "", "", 0
    client = 0.0
    said: dict[str, float] = {}
    for line, words, mark in _statements(text):
        if mark == "{":
            depth += 1
            if depth == 1:
                kind = words[0] if words and words[0] in _ASSOCIATIONS else ""
                mac, client = _mac_in_ia(words[1]) if kind and len(words) > 1 else "", 0.0
            elif depth == 2 and kind and words and words[0] in ("iaaddr", "iaprefix") and len(words) == 2:
                address, began, said = words[1], line, {"cltt": client} if client else {}
        elif mark == "}":
            if depth == 2 and address:
                yield began, mac, kind, address, said
                address = ""
            depth -= 1
        elif words and words[0] == "cltt" and depth == 1:
            client = _moment(words[1:])
        elif words and depth == 2:
            if words[:3] == ["binding", "state", "active"]:
                said["active"] = 1.0
            elif words[0] in ("cltt", "starts", "ends") and words[1:] != ["never"]:
                said[words[0]] = _moment(words[1:])
    if depth:
        raise Refused(f"{file}: ends in the middle of a lease")


def _statements(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Line, words and the mark that ends them: ``;``, ``{`` or ``}``."""
    words: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        for token in _TOKEN.findall(line.partition("#")[0] if not line.count('"') else line):
            if token in "{};":
                yield number, words, token
                words = []
            else:
                words.append(token)


def _moment(words: list[str]) -> float:
    """``4 2026/11/05 10:11:12`` or ``epoch 1795000000`` as UTC seconds; 0 if it is neither."""
    try:
        if words[:1] == ["epoch"]:
            return float(words[1])
        return float(timegm(datetime.strptime(" ".join(words[1:3]), "%Y/%m/%d %H:%M:%S").timetuple()))
    except (IndexError, ValueError):
        return 0.0


def _mac_in_ia(quoted: str) -> str:
    """The card in an association's id: four octets of IAID, then the DUID, printed as a string with octal escapes."""
    octets = bytearray()
    text = quoted[1:-1]
    for found in re.finditer(r"\\([0-7]{3})|\\(.)|(.)", text, re.DOTALL):
        if found[1]:
            octets.append(int(found[1], 8) & 0xFF)
        else:
            octets += (found[2] or found[3]).encode("latin-1", "replace")
    return _mac_in_duid(bytes(octets[4:]).hex())
