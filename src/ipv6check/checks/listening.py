"""What a set of listening sockets lets in: which families, and from where."""

from collections.abc import Iterable
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from ipv6check.model.imported import Socket


class Hearing(StrEnum):
    """From whom one service hears.

    ``dual``: one socket for both families. ``ipv6``: on ``::``, and the kernel did not tell whether for IPv4 too.
    The loopback and link-local words say that IPv6 ends there; where IPv4 is open besides, ``ipv6-loopback``.
    """

    DUAL = "dual"
    BOTH = "both"
    IPV6 = "ipv6"
    IPV6_ONLY = "ipv6-only"
    IPV4_ONLY = "ipv4-only"
    IPV6_LOOPBACK = "ipv6-loopback"
    IPV6_LINK_LOCAL = "ipv6-link-local"
    LOOPBACK = "loopback"
    NOTHING = "nothing"

    @property
    def has_ipv6(self) -> bool:
        """True if a peer elsewhere can come over IPv6."""
        return self in (Hearing.DUAL, Hearing.BOTH, Hearing.IPV6, Hearing.IPV6_ONLY)


class _Bound(StrEnum):
    V6 = "6"
    V6_LOOPBACK = "6 loopback"
    V6_LINK_LOCAL = "6 link-local"
    V4 = "4"
    V4_LOOPBACK = "4 loopback"


def _bound(address: str) -> _Bound:
    """Where a literal is; an IPv4-mapped one is IPv4, whatever the socket's family."""
    at = ip_address(address.partition("%")[0])
    if isinstance(at, IPv6Address) and at.ipv4_mapped is not None:
        at = at.ipv4_mapped
    if at.version == 4:
        return _Bound.V4_LOOPBACK if at.is_loopback else _Bound.V4
    if at.is_loopback:
        return _Bound.V6_LOOPBACK
    return _Bound.V6_LINK_LOCAL if at.is_link_local or at.is_multicast else _Bound.V6


def hears_ipv6(socket: Socket) -> bool:
    """True if peers elsewhere reach the socket over IPv6. Raises ValueError if it is bound to no literal."""
    return _bound(socket.address) is _Bound.V6


def hears_ipv4(socket: Socket) -> bool:
    """True if peers elsewhere reach the socket over IPv4; a socket on ``::`` only if it is known to take both."""
    return _bound(socket.address) is _Bound.V4 or (socket.address == "::" and socket.v6only is False)


def hearing(sockets: Iterable[Socket]) -> Hearing:
    """What the sockets of one service hear together. Raises ValueError if one is bound to no literal."""
    listed = list(sockets)
    bound = {_bound(one.address) for one in listed}
    if _Bound.V6 in bound:
        return _with_ipv6(listed, ipv4=_Bound.V4 in bound)
    if _Bound.V6_LINK_LOCAL in bound:
        return Hearing.IPV6_LINK_LOCAL
    if _Bound.V4 in bound:
        return Hearing.IPV6_LOOPBACK if _Bound.V6_LOOPBACK in bound else Hearing.IPV4_ONLY
    return Hearing.LOOPBACK if bound else Hearing.NOTHING


def _with_ipv6(sockets: list[Socket], *, ipv4: bool) -> Hearing:
    if any(one.address == "::" and one.v6only is False for one in sockets):
        return Hearing.DUAL
    if ipv4:
        return Hearing.BOTH
    untold = any(one.address == "::" and one.v6only is None for one in sockets)
    return Hearing.IPV6 if untold else Hearing.IPV6_ONLY
