"""Files of ``/proc`` and ``/etc`` as values. What cannot be read is told to the caller, never guessed."""

import os
import struct
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import NamedTuple

from ipv6check.model.host import HostProcess, HostRoute

PROC = Path("/proc")
_STATES = {"tcp": "0A", "udp": "07"}
_UP, _REJECT = 0x0001, 0x0200


class Entry(NamedTuple):
    """A line of ``/proc/net/tcp6`` and its like: a socket that waits for peers."""

    address: str
    port: int
    uid: int
    inode: int


class Holders(NamedTuple):
    """Who holds which socket, by inode; how many processes kept their files to themselves, and how many network
    namespaces besides our own were met."""

    by_inode: dict[int, tuple[HostProcess, ...]]
    denied: int
    namespaces: int


def entries(text: str, transport: str) -> list[Entry]:
    """The waiting sockets in a file such as ``/proc/net/tcp6``. A line of another shape is left out."""
    found = []
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 10 or fields[3] != _STATES[transport]:
            continue
        host, _, port = fields[1].partition(":")
        found.append(Entry(_literal(host), int(port, 16), int(fields[7]), int(fields[9])))
    return [one for one in found if one.port]


def _literal(digits: str) -> str:
    """An address as the kernel prints it: words of 32 bits, each in the machine's own order of octets."""
    words = [int(digits[start : start + 8], 16) for start in range(0, len(digits), 8)]
    return str(ip_address(struct.pack(f"={len(words)}I", *words)))


def routes(text6: str, text4: str) -> tuple[HostRoute, ...]:
    """Default routes of ``/proc/net/ipv6_route`` and ``/proc/net/route`` that are up and lead somewhere."""
    found = []
    for line in text6.splitlines():
        fields = line.split()
        if len(fields) < 10 or fields[:2] != ["0" * 32, "00"] or fields[9] == "lo":
            continue
        if int(fields[8], 16) & _UP and not int(fields[8], 16) & _REJECT:
            gateway = ip_address(bytes.fromhex(fields[4]))
            shown = "" if gateway.is_unspecified else str(gateway)
            found.append(HostRoute(family=6, interface=fields[9], gateway=shown, metric=int(fields[5], 16)))
    for line in text4.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 8 or fields[1] != "0" * 8 or fields[7] != "0" * 8 or not int(fields[3], 16) & _UP:
            continue
        via = IPv4Address(struct.pack("=I", int(fields[2], 16)))
        shown = "" if via.is_unspecified else str(via)
        found.append(HostRoute(family=4, interface=fields[0], gateway=shown, metric=int(fields[6])))
    return tuple(found)


def holders(wanted: Iterable[int], proc: Path = PROC) -> Holders:
    """The processes that hold the sockets in ``wanted``."""
    inodes = frozenset(wanted)
    found: dict[int, list[HostProcess]] = defaultdict(list)
    denied = 0
    spaces: set[str] = set()
    for pid in sorted(int(name) for name in os.listdir(proc) if name.isdigit()):
        folder = proc / str(pid)
        try:
            held = sorted(inodes.intersection(_sockets(folder / "fd")))
            spaces.add(os.readlink(folder / "ns" / "net"))
        except PermissionError:
            denied += 1
            continue
        except OSError:  # it has ended
            continue
        if held:
            process = _process(folder, pid)
            for inode in held:
                found[inode].append(process)
    own = len(spaces) and 1
    return Holders({inode: tuple(some) for inode, some in found.items()}, denied, len(spaces) - own)


def _sockets(folder: Path) -> Iterator[int]:
    """The inodes of a process's sockets."""
    for name in os.listdir(folder):
        try:
            link = os.readlink(folder / name)
        except FileNotFoundError:  # closed meanwhile
            continue
        if link.startswith("socket:["):
            yield int(link[8:-1])


def _process(folder: Path, pid: int) -> HostProcess:
    name = text_of(folder / "comm").strip()
    try:
        executable = os.path.basename(os.readlink(folder / "exe")).removesuffix(" (deleted)")
    except OSError:
        executable = ""
    return HostProcess(pid=pid, name=name, executable=executable, unit=_unit(text_of(folder / "cgroup")))


def _unit(text: str) -> str:
    """The innermost ``.service`` or ``.socket`` of a control group; empty if there is none."""
    for part in reversed(text.replace("\n", "/").split("/")):
        if part.endswith((".service", ".socket")):
            return part
    return ""


def text_of(path: Path) -> str:
    """A small file's text; empty if there is none or it may not be read."""
    try:
        return path.read_bytes()[:4_000_000].decode("utf-8", "replace")
    except OSError:
        return ""


def full_name(name: str, hosts: str) -> str:
    """The dotted name that ``/etc/hosts`` gives the machine; empty if it gives none. The DNS is not asked."""
    if "." in name:
        return name
    for line in hosts.splitlines():
        _, *aliases = line.partition("#")[0].split() or [""]
        if name in aliases:
            dotted = [alias for alias in aliases if alias.startswith(f"{name}.")]
            if dotted:
                return dotted[0]
    return ""


def resolvers(text: str) -> tuple[str, ...]:
    """The servers of ``/etc/resolv.conf``."""
    lines = (line.split() for line in text.splitlines())
    return tuple(fields[1] for fields in lines if len(fields) > 1 and fields[0] == "nameserver")


def is_linux() -> bool:
    """True where there is a ``/proc`` of the kind that is read here."""
    return sys.platform.startswith("linux")
