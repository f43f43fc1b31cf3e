"""Anchors: what the self-test connects to, so that our own fault is told from a target's."""

import asyncio
import re
import socket
import time
from ipaddress import ip_address

from ipv6check.model.failure import Failure
from ipv6check.model.target import Endpoint
from ipv6check.model.vantage import AnchorResult
from ipv6check.net.classify import connect_failure, scope_of

DEFAULT_ANCHORS = (
    "[2001:503:ba3e::2:30]:53",  # a.root-servers.net
    "[2001:7fd::1]:53",  # k.root-servers.net
    "[2001:dc3::35]:53",  # m.root-servers.net
    "198.41.0.4:53",
    "193.0.14.129:53",
    "202.12.27.33:53",
)
"""Three operators, each anycast from many networks; TCP 53 is answered by all of them (RFC 7766)."""
DEFAULT_PORT = 53
_SHAPE = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<v4>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?")


def parse_anchor(text: str) -> Endpoint:
    """``[address]:port`` or ``192.0.2.1:port``; the port may be left out, IPv6 may carry a zone id. Raises ValueError:
    an anchor is a literal, since a name would test the resolver too."""
    bare = f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
    match = _SHAPE.fullmatch(bare)
    if match is None:
        raise ValueError(f"{text!r} is no anchor: write [address]:port")
    literal, _, zone = (match["v6"] or match["v4"]).partition("%")
    address = ip_address(literal)
    if address.version != (6 if match["v6"] else 4):
        raise ValueError(f"{text!r} is no anchor: brackets are for IPv6")
    port = int(match["port"] or DEFAULT_PORT)
    if not 0 < port < 65536:
        raise ValueError(f"{text!r} is no anchor: ports run from 1 to 65535")
    return Endpoint(name="", address=str(address), port=port, zone=zone)


def anchor_text(anchor: Endpoint) -> str:
    """The form ``parse_anchor`` reads."""
    zone = f"%{anchor.zone}" if anchor.zone else ""
    return f"[{anchor.address}{zone}]:{anchor.port}" if anchor.family == 6 else f"{anchor.address}:{anchor.port}"


async def try_anchor(anchor: Endpoint, timeout_s: float) -> AnchorResult:
    """One TCP connection, closed at once."""
    started = time.perf_counter()
    failure: Failure | None = None
    try:
        with socket.socket(socket.AF_INET6 if anchor.family == 6 else socket.AF_INET, socket.SOCK_STREAM) as opened:
            opened.setblocking(False)
            async with asyncio.timeout(timeout_s):
                await asyncio.get_running_loop().sock_connect(opened, _socket_address(anchor))
    except OSError as error:  # TimeoutError is one
        failure = connect_failure(error, anchor).failure
    took_ms = round((time.perf_counter() - started) * 1000, 2)
    return AnchorResult(anchor=anchor_text(anchor), failure=failure.value if failure else "", took_ms=took_ms)


def source_towards(anchor: Endpoint) -> str:
    """The source address our routing table picks towards ``anchor``; empty without a route. Sends nothing: connecting
    a UDP socket is a look-up."""
    try:
        with socket.socket(socket.AF_INET6 if anchor.family == 6 else socket.AF_INET, socket.SOCK_DGRAM) as opened:
            opened.connect(_socket_address(anchor))
            return str(opened.getsockname()[0]).partition("%")[0]
    except OSError:
        return ""


def _socket_address(anchor: Endpoint) -> tuple[str, int, int, int] | tuple[str, int]:
    if anchor.family == 6:
        return (anchor.address, anchor.port, 0, scope_of(anchor.zone))
    return (anchor.address, anchor.port)
