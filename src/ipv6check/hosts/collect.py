"""A host as it is now, from its kernel. Nothing is sent, and nothing needs privileges; what they would add is told."""

import hashlib
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from ipv6check import __version__
from ipv6check.hosts.proc import PROC, entries, full_name, holders, is_linux, resolvers, routes, text_of
from ipv6check.model.host import HOST_SCHEMA, HostAddress, HostDocument, HostProcess, HostSocket, Unseen
from ipv6check.model.trouble import Trouble
from ipv6check.net.vantage.netlink import Assigned, Waiting, assigned_addresses, interface_name, waiting_sockets

_SYSCTL = PROC / "sys" / "net" / "ipv6"
_ETC = Path("/etc")


def collect(*, vantage: str = "", names: Sequence[str] = ()) -> HostDocument:
    """Everything that can be seen of this machine. ``names`` are names it serves besides its own; ``vantage`` is who
    speaks, the machine's name unless given. Raises Trouble where there is no ``/proc``."""
    if not is_linux() or not (PROC / "net" / "tcp").exists():
        raise Trouble("ipv6check host reads /proc of Linux, which this machine does not have")
    name = platform.node() or "localhost"
    given = [full_name(name, text_of(_ETC / "hosts")), *names]
    listed, v6only_unseen = _waiting()
    held = holders([one.inode for one in listed])
    sockets = tuple(_socket(one, held.by_inode.get(one.inode, ())) for one in listed)
    bindv6only = text_of(_SYSCTL / "bindv6only").strip()
    return HostDocument(
        schema=HOST_SCHEMA,
        tool=f"ipv6check {__version__}",
        taken_at=datetime.now(UTC).replace(microsecond=0),
        vantage=vantage or name,
        name=name,
        names=tuple(dict.fromkeys(one.rstrip(".").lower() for one in given if one and one != name)),
        machine=_machine(),
        ipv6=(PROC / "net" / "if_inet6").exists(),
        bindv6only=bindv6only == "1" if bindv6only else None,
        disabled=_disabled(),
        addresses=tuple(HostAddress(**one._asdict()) for one in _addresses()),
        routes=routes(text_of(PROC / "net" / "ipv6_route"), text_of(PROC / "net" / "route")),
        resolvers=resolvers(text_of(_ETC / "resolv.conf")),
        sockets=tuple(sorted(_merged(sockets), key=lambda one: (one.transport, one.port, one.address))),
        unseen=Unseen(
            processes=held.denied,
            sockets=sum(not one.processes for one in sockets),
            namespaces=held.namespaces,
            v6only=v6only_unseen,
        ),
    )


def _waiting() -> tuple[list[Waiting], bool]:
    """Every waiting socket; True if IPV6_V6ONLY could not be told of some, since ``/proc`` had to do."""
    found: list[Waiting] = []
    unseen = False
    for transport in ("tcp", "udp"):
        for family, suffix in ((4, ""), (6, "6")):
            try:
                found += waiting_sockets(transport, family)
            except OSError:  # a kernel without the module tcp_diag or udp_diag, or a sandbox
                rows = entries(text_of(PROC / "net" / f"{transport}{suffix}"), transport)
                found += [Waiting(transport, row.address, row.port, None, 0, row.uid, row.inode) for row in rows]
                unseen = unseen or (family == 6 and bool(rows))
    return found, unseen


def _socket(one: Waiting, processes: tuple[HostProcess, ...]) -> HostSocket:
    return HostSocket(
        transport="udp" if one.transport == "udp" else "tcp",
        address=one.address,
        port=one.port,
        uid=one.uid,
        v6only=one.v6only,
        interface=interface_name(one.interface),
        processes=processes,
    )


def _merged(sockets: Iterable[HostSocket]) -> Iterable[HostSocket]:
    """Sockets that differ in their processes alone (SO_REUSEPORT) as one."""
    found: dict[HostSocket, tuple[HostProcess, ...]] = {}
    for one in sockets:
        bare = replace(one, processes=())
        found[bare] = tuple(dict.fromkeys((*found.get(bare, ()), *one.processes)))
    return [replace(bare, processes=processes) for bare, processes in found.items()]


def _addresses() -> list[Assigned]:
    try:
        return assigned_addresses()
    except OSError as error:
        raise Trouble(f"the addresses of this machine cannot be read: {error.strerror}") from None


def _disabled() -> tuple[str, ...]:
    """Interfaces (and the words ``all`` and ``default``) whose ``disable_ipv6`` is set."""
    found = sorted((_SYSCTL / "conf").glob("*/disable_ipv6"))
    return tuple(path.parent.name for path in found if text_of(path).strip() == "1")


def _machine() -> str:
    """A digest of the machine's id, which itself should not leave it (machine-id(5)); empty if it has none."""
    text = text_of(_ETC / "machine-id").strip()
    return hashlib.sha256(f"ipv6check {text}".encode()).hexdigest()[:16] if text else ""
