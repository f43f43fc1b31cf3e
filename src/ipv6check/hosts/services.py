"""Sockets of a host grouped into services, and what each service hears."""

from collections.abc import Iterable
from typing import NamedTuple

from ipv6check.checks.listening import Hearing, hearing
from ipv6check.model.host import HostAddress, HostDocument, HostProcess, HostSocket
from ipv6check.model.imported import Socket

_NOT_REACHED = frozenset({"tentative", "dadfailed"})


class Service(NamedTuple):
    """What one owner has on one port: the sockets, and from whom they hear together."""

    transport: str
    port: int
    owner: str
    unit: str
    sockets: tuple[HostSocket, ...]
    hearing: Hearing


def services(document: HostDocument) -> list[Service]:
    """The services of a host, by transport, port and owner."""
    grouped: dict[tuple[str, int, str], list[HostSocket]] = {}
    for one in document.sockets:
        grouped.setdefault((one.transport, one.port, owner_of(one)), []).append(one)
    found = []
    for (transport, port, owner), sockets in sorted(grouped.items()):
        unit = next((main.unit for one in sockets if (main := main_process(one)) is not None), "")
        heard = hearing(map(as_socket, sockets))
        found.append(Service(transport, port, owner, unit, tuple(sockets), heard))
    return found


def main_process(socket: HostSocket) -> HostProcess | None:
    """The process a socket is known by: the oldest that is not the service manager, which hands sockets over."""
    own = [one for one in socket.processes if one.pid != 1] or list(socket.processes)
    return min(own, key=lambda one: one.pid) if own else None


def owner_of(socket: HostSocket) -> str:
    """The name of the socket's process; ``uid N`` where none was visible."""
    process = main_process(socket)
    return process.name if process is not None else f"uid {socket.uid}"


def as_socket(socket: HostSocket) -> Socket:
    """The socket as evidence keeps it."""
    return Socket(
        transport=socket.transport,
        address=f"{socket.address}%{socket.interface}" if _is_scoped(socket) else socket.address,
        port=socket.port,
        v6only=socket.v6only,
        owner=owner_of(socket),
    )


def _is_scoped(socket: HostSocket) -> bool:
    return bool(socket.interface) and socket.address.startswith("fe80:")


def usable_ipv6(addresses: Iterable[HostAddress]) -> list[str]:
    """The IPv6 addresses that others may reach: neither loopback nor link-local, and not still being tested."""
    return [
        one.address
        for one in addresses
        if ":" in one.address
        and not one.address.startswith("fe80:")
        and one.address != "::1"
        and _NOT_REACHED.isdisjoint(one.flags)
    ]
