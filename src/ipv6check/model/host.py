"""The evidence document of one host, as ``ipv6check host --out`` writes it and ``import evidence`` reads it.

Its JSON schema is ``data/schema/host-1.json``. A change that an old reader would misread takes a new version.
"""

from datetime import datetime
from typing import Literal

from ipv6check.model.record import Record

HOST_SCHEMA: Literal["ipv6check.host/1"] = "ipv6check.host/1"


class HostProcess(Record, frozen=True, kw_only=True):
    """A process that holds a socket. ``executable`` is its file's name, ``unit`` the service manager's name for it."""

    pid: int
    name: str
    executable: str = ""
    unit: str = ""


class HostSocket(Record, frozen=True, kw_only=True):
    """A socket that waits for peers: TCP that listens, UDP without a peer.

    ``v6only`` tells of an IPv6 socket whether it refuses IPv4 peers; None if the kernel did not tell, or for IPv4.
    ``interface`` is set where the socket is bound to one. ``processes`` is empty where none was visible.
    """

    transport: Literal["tcp", "udp"]
    address: str
    port: int
    uid: int
    v6only: bool | None = None
    interface: str = ""
    processes: tuple[HostProcess, ...] = ()


class HostAddress(Record, frozen=True, kw_only=True):
    """An address of an interface. ``flags`` are words such as ``tentative``, ``deprecated``, ``temporary``."""

    interface: str
    address: str
    prefix_length: int
    flags: tuple[str, ...] = ()


class HostRoute(Record, frozen=True, kw_only=True):
    """A default route; ``gateway`` is empty where the link itself is the way."""

    family: Literal[4, 6]
    interface: str
    gateway: str = ""
    metric: int = 0


class Unseen(Record, frozen=True, kw_only=True):
    """What the run could not see: processes of others, sockets without a visible owner, network namespaces besides its
    own, and whether the kernel kept ``IPV6_V6ONLY`` to itself (``v6only``)."""

    processes: int = 0
    sockets: int = 0
    namespaces: int = 0
    v6only: bool = False

    @property
    def is_blind(self) -> bool:
        """True if a process that does not appear may still listen."""
        return self.processes > 0 and self.sockets > 0


class HostDocument(Record, frozen=True, kw_only=True):
    """Everything seen of one host at one moment.

    ``name`` is the machine's, ``names`` further names that it serves, ``machine`` a digest that tells machines of one
    name apart, ``vantage`` who speaks. ``ipv6`` is False on a kernel without IPv6; ``disabled`` are interfaces whose
    ``disable_ipv6`` is set (``all`` and ``default`` are the kernel's own words); ``bindv6only`` is what a socket on
    ``::`` refuses unless it says otherwise, None if unreadable.
    """

    schema: Literal["ipv6check.host/1"]
    tool: str
    taken_at: datetime
    vantage: str
    name: str
    names: tuple[str, ...] = ()
    machine: str = ""
    ipv6: bool = True
    bindv6only: bool | None = None
    disabled: tuple[str, ...] = ()
    addresses: tuple[HostAddress, ...] = ()
    routes: tuple[HostRoute, ...] = ()
    resolvers: tuple[str, ...] = ()
    sockets: tuple[HostSocket, ...] = ()
    unseen: Unseen = Unseen()
