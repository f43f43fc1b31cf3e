"""The root servers by literal IPv6 address: where the walk over IPv6 alone begins (root-servers.org, 2024)."""

from collections.abc import Sequence

from ipv6check.net.dns.server import parse_server

DEFAULT_ROOTS = (
    "2001:503:ba3e::2:30",  # a
    "2801:1b8:10::b",  # b
    "2001:500:2::c",
    "2001:500:2d::d",
    "2001:500:a8::e",
    "2001:500:2f::f",
    "2001:500:12::d0d",  # g
    "2001:500:1::53",  # h
    "2001:7fe::53",  # i
    "2001:503:c27::2:30",  # j
    "2001:7fd::1",  # k
    "2001:500:9f::42",  # l
    "2001:dc3::35",  # m
)


def choose_roots(roots: Sequence[str], anchors: Sequence[str]) -> tuple[str, ...]:
    """The given root servers; else the Internet's, but none at all beside anchors of one's own: who names those lives
    in a network or a lab of his own, from which the Internet's root is not to be asked. Raises ValueError."""
    if not roots:
        return () if anchors else DEFAULT_ROOTS
    found = []
    for text in roots:
        server = parse_server(text)
        if ":" not in server.address or server.port != 53:
            raise ValueError(f"{text!r} is no root server: write an IPv6 address, without a port")
        found.append(server.address)
    return tuple(dict.fromkeys(found))
