"""Configurations of routers and switches: Cisco IOS and its kin, FRR, and Junos in both of its forms.

Only what is certain is taken: an address that stands in full on an interface that is not switched off, and commands
that make the device speak IPv6. A line that is not understood says nothing; if no line says anything, nothing follows,
since IPv6 may be configured in words that are not known here.
"""

import re
from collections.abc import Iterator

from ipv6check.hosts.reading import LONGEST, Contents, Entry, ipv6_of, is_addressed
from ipv6check.model.imported import Source

_IOS = re.compile(r"^(?:interface\s+\S|hostname\s+\S|ipv6 unicast-routing|ip routing)", re.MULTILINE)
_JUNOS_SET = re.compile(r"^set (?:system|interfaces|version)\b", re.MULTILINE)
_JUNOS = re.compile(r"^(?:system|interfaces|groups)\s*\{", re.MULTILINE)
_CAPABLE = frozenset({"ipv6 unicast-routing", "ipv6 enable", "ipv6 forwarding"})
_NOTHING = "no line of it is certain about IPv6, which proves nothing"


def is_configuration(text: str) -> bool:
    """True if ``text`` looks like a device's configuration."""
    return any(pattern.search(text) for pattern in (_IOS, _JUNOS_SET, _JUNOS))


def read_configuration(text: str, file: str) -> Contents:
    """The device that the file is about, and what is certain of it; total."""
    if _JUNOS_SET.search(text):
        name, entries = _junos(_set_lines(text))
    elif _JUNOS.search(text):
        name, entries = _junos(_brace_lines(text))
    else:
        name, entries = _ios(text)
    doubts = () if entries else (f"{file}: {_NOTHING}",)
    named = tuple(one._replace(names=(name,) if name else ()) for one in entries)
    return Contents(Source.CONFIGURATION, named, subject=name, doubts=doubts)


def _ios(text: str) -> tuple[str, list[Entry]]:
    """Commands under an interface are indented; its ``shutdown`` may follow the addresses."""
    name, entries = "", list[Entry]()
    block: list[Entry] = []
    inside = is_off = False
    for number, line in enumerate(text.splitlines(), 1):
        command = " ".join(line.split())
        if line[:1] not in (" ", "\t") and command and not command.startswith("!"):
            entries += [] if is_off else block
            block, is_off = [], False
            inside = command.startswith("interface ")
            if command.startswith("hostname "):
                name = command.split()[1].strip('"').lower()
        if inside:
            is_off = is_off or command == "shutdown"
            block += _ios_entry(number, command)
        elif command in _CAPABLE:
            entries.append(Entry(line=number, proof=command))
    return name, entries + ([] if is_off else block)


def _ios_entry(number: int, command: str) -> Iterator[Entry]:
    """``ipv6 address 2001:db8::1/64``; one made of a prefix, a name or autoconfiguration is not known in full."""
    words = command.split()
    if command in _CAPABLE:
        yield Entry(line=number, proof=command)
    elif words[:2] == ["ipv6", "address"] and len(words) > 2:
        address = ipv6_of(words[2])
        if address is not None and is_addressed(address) and len(words) == 3:
            yield Entry(line=number, addresses=(str(address),))
        else:
            yield Entry(line=number, proof=command[:LONGEST])


def _set_lines(text: str) -> Iterator[tuple[int, list[str], bool]]:
    """Line, words and whether it is switched off, of the form with ``set``."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if words[:1] in (["set"], ["deactivate"]):
            yield number, words[1:], words[0] == "deactivate"


def _brace_lines(text: str) -> Iterator[tuple[int, list[str], bool]]:
    """The same of the form with braces: each statement with the words of the blocks around it."""
    path: list[list[str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r"/\*.*?\*/|##.*$", "", line).strip()
        if bare.endswith("{"):
            path.append(bare[:-1].split())
        elif bare.startswith("}"):
            path = path[:-1]
        elif bare.endswith(";"):
            path.append(bare[:-1].split())
            yield number, [word for part in path for word in part if word != "inactive:"], _is_inactive(path)
            path.pop()


def _is_inactive(path: list[list[str]]) -> bool:
    return any(part[:1] == ["inactive:"] for part in path)


def _junos(lines: Iterator[tuple[int, list[str], bool]]) -> tuple[str, list[Entry]]:
    """``interfaces NAME unit N family inet6 address A``, but for interfaces that are disabled or deactivated."""
    name, found = "", list[tuple[tuple[str, ...], Entry]]()
    off: list[tuple[str, ...]] = []
    for number, words, is_off in lines:
        if words[:2] == ["system", "host-name"] and len(words) > 2 and not is_off:
            name = words[2].strip('"').lower()
        if words[:1] != ["interfaces"]:
            continue
        if is_off:
            off.append(tuple(words))
            continue
        if words[-1] == "disable":
            off.append(tuple(words[:-1]))
        if "inet6" in words and words[words.index("inet6") - 1] == "family":
            found.append((tuple(words), _junos_entry(number, words)))
    return name, [entry for words, entry in found if not any(words[: len(prefix)] == prefix for prefix in off)]


def _junos_entry(number: int, words: list[str]) -> Entry:
    rest = words[words.index("inet6") + 1 :]
    address = ipv6_of(rest[1]) if rest[:1] == ["address"] and len(rest) > 1 else None
    if address is not None and is_addressed(address) and "eui-64" not in rest:
        return Entry(line=number, addresses=(str(address),))
    return Entry(line=number, proof=" ".join(words)[:LONGEST])
