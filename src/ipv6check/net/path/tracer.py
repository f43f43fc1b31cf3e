"""Where the way to an address ends: probes with growing hop limits, paced, bounded in number and in time."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from itertools import chain, repeat
from typing import Protocol

from ipv6check.model.failure import Failure
from ipv6check.model.path import HeaderReply, Hop, Path, PathEnd, SizedReply, Told
from ipv6check.model.target import Endpoint
from ipv6check.net.path.hopprobes import EchoProbes, NotSent, TcpProbes
from ipv6check.net.path.raw import options_echo
from ipv6check.net.path.sizedecho import FRAGMENTED, sized_echo

MOST_HOPS = 30
TOGETHER = 6  # hop limits under way at a time; as many silent ones in a row end the path
GAP_S = 0.1  # between probes: no more than ten a second towards one target
PATIENCE_S = 1.0  # for the answer to a probe; the kernel would repeat a SYN after a second
LONGEST_S = 25.0
_LOOKS_S = (0.002, 0.004, 0.008, 0.016, 0.02)
_RETURNS = 2


class Pacer(Protocol):
    """How soon and how often an address may be contacted."""

    def slot(self, address: str) -> AbstractAsyncContextManager[object]:
        """Waits until a connection to the address may start, and holds its place until it ended."""


class Gate(Protocol):
    """The address table and the opt-out list."""

    def __call__(self, address: str, *, internal: bool, zone: str) -> str:
        """Why the address must not be contacted; empty if it may."""


class PathTracer:
    """Implements ``net.api.Tracer``. Each trace holds one place of the pacing. Nothing raises but cancellation."""

    def __init__(self, *, pacing: Pacer, gate: Gate, source: str = "") -> None:
        """``source`` is the IPv6 address to send from."""
        self._pacing = pacing
        self._gate = gate
        self._source = source

    async def trace(self, endpoint: Endpoint, *, means: str = "tcp") -> Path:
        """The path to the literal, by SYNs to its port (``tcp``) or by echo requests (``echo``)."""
        if self._is_barred(endpoint):
            return _unmeasured(endpoint, means, Failure.NOT_CONTACTED)
        async with self._pacing.slot(endpoint.address):
            try:
                kind = TcpProbes if means == "tcp" else EchoProbes
                probes: TcpProbes | EchoProbes = kind(endpoint, source=self._source)
            except NotSent as reason:
                return _unmeasured(endpoint, means, reason.failure)
            try:
                return await walk(probes)
            finally:
                probes.close()

    async def sized(self, endpoint: Endpoint, octets: int) -> SizedReply:
        """One echo whose packet has so many octets and is not fragmented on our side."""
        if self._is_barred(endpoint):
            return SizedReply(octets=octets, failure=Failure.NOT_CONTACTED)
        async with self._pacing.slot(endpoint.address):
            return await sized_echo(endpoint.address, octets, zone=endpoint.zone, source=self._source)

    async def header(self, endpoint: Endpoint, header: str) -> HeaderReply:
        """One echo in fragments (``fragments``), or with a Destination Options header (``destination_options``, over
        IPv6 only), which takes the right to raw sockets."""
        if self._is_barred(endpoint):
            return HeaderReply(header=header, reply=SizedReply(octets=0, failure=Failure.NOT_CONTACTED))
        async with self._pacing.slot(endpoint.address):
            if header == "fragments":
                reply = await sized_echo(
                    endpoint.address, FRAGMENTED, zone=endpoint.zone, source=self._source, whole=False
                )
            else:
                reply = await options_echo(endpoint.address, zone=endpoint.zone, source=self._source)
        return HeaderReply(header=header, reply=reply)

    def _is_barred(self, endpoint: Endpoint) -> bool:
        """A last look before any packet, as the dialer takes one."""
        return bool(self._gate(endpoint.address, internal=True, zone=endpoint.zone))


def _unmeasured(endpoint: Endpoint, means: str, cause: Failure) -> Path:
    return Path(address=endpoint.address, means=means, port=endpoint.port, end=PathEnd.NOT_MEASURED, cause=cause)


async def walk(probes: TcpProbes | EchoProbes) -> Path:
    """Batches of hop limits until one ends the path, all of one batch are silent, or time is up."""
    known: dict[int, Hop] = {}
    cause: Failure | None = None
    try:
        async with asyncio.timeout(LONGEST_S):
            for first in range(1, MOST_HOPS + 1, TOGETHER):
                batch = range(first, min(first + TOGETHER, MOST_HOPS + 1))
                await _probe(probes, batch, known)
                await _probe(probes, _open(batch, known), known)  # routers limit their errors (RFC 4443 section 2.4 f)
                if _end(known) or _is_loop(known) or not any(limit in known for limit in batch):
                    break
    except TimeoutError:
        pass
    except NotSent as reason:
        cause = reason.failure
    return _path(probes, known, cause)


async def _probe(probes: TcpProbes | EchoProbes, limits: Sequence[int], known: dict[int, Hop]) -> None:
    """One probe for each limit, unless an answer makes the rest needless; then wait for what is open."""
    clock = asyncio.get_running_loop().time
    waiting: dict[int, float] = {}
    for limit in limits:
        if limit not in _open(limits, known):
            break
        probes.send(limit)
        waiting[limit] = clock()
        await _look(probes, known, waiting, until=clock() + GAP_S)
    while still := _open(tuple(waiting), known):
        await _look(probes, known, waiting, until=min(waiting[limit] for limit in still) + PATIENCE_S)
        for limit in [limit for limit, sent in waiting.items() if sent + PATIENCE_S <= clock()]:
            probes.drop(limit)
            del waiting[limit]
    for limit in waiting:
        probes.drop(limit)


async def _look(
    probes: TcpProbes | EchoProbes, known: dict[int, Hop], waiting: dict[int, float], *, until: float
) -> None:
    """Take in answers until the moment, or until the path has an end and nothing before it is open.

    The sockets are asked, not watched: an ICMP error makes a loop on libuv stop watching a socket (see ``net.ping``).
    """
    clock = asyncio.get_running_loop().time
    for pause in chain(_LOOKS_S, repeat(_LOOKS_S[-1])):
        for hop in probes.look():
            if hop.limit in waiting:
                known[hop.limit] = hop
                del waiting[hop.limit]
        left = until - clock()
        if left <= 0 or (_end(known) and not _open(tuple(waiting), known)):
            return
        await asyncio.sleep(min(left, pause))


def _end(known: dict[int, Hop]) -> int:
    """The least hop limit whose answer ends the path; 0 if there is none yet."""
    return min((limit for limit, hop in known.items() if hop.told.ends_path), default=0)


def _open(limits: Sequence[int], known: dict[int, Hop]) -> list[int]:
    """The limits without an answer that lie before the end, if there is one; none once routers come again."""
    if _is_loop(known):
        return []
    end = _end(known)
    return [limit for limit in limits if limit not in known and (not end or limit < end)]


def _is_loop(known: dict[int, Hop]) -> bool:
    """True if routers came again twice, with another one in between; one that answers several times on end is none."""
    seen: set[str] = set()
    before = ""
    returns = 0
    for _, hop in sorted(known.items()):
        if hop.told is not Told.HOP_LIMIT or not hop.address:
            continue
        returns += hop.address in seen and hop.address != before
        seen.add(hop.address)
        before = hop.address
    return returns >= _RETURNS


def _path(probes: TcpProbes | EchoProbes, known: dict[int, Hop], cause: Failure | None) -> Path:
    """The hops up to the one that ended the path, the silent ones among them filled in."""
    ends = [limit for limit, hop in known.items() if hop.told.ends_path]
    farthest = min(ends) if ends else max((limit for limit, hop in known.items() if hop.address), default=0)
    hops = tuple(known.get(limit, Hop(limit=limit)) for limit in range(1, farthest + 1))
    last = hops[-1] if hops else None
    if last is not None and last.address == probes.own != probes.endpoint.address:
        cause, hops = Failure.LOCAL_NO_ROUTE, ()  # our own kernel found nobody on our own link
    if cause is not None and not hops:
        end = PathEnd.NOT_MEASURED
    elif last is not None and last.told.ends_path:
        arrived = last.told is Told.ANSWER or (
            last.told is Told.PORT_UNREACHABLE and last.address == probes.endpoint.address
        )
        end = PathEnd.REACHED if arrived else PathEnd.REFUSED
    else:
        end = PathEnd.LOOP if _is_loop(known) else PathEnd.SILENT
    return Path(
        address=probes.endpoint.address,
        means=probes.means,
        port=probes.port,
        hops=hops,
        end=end,
        cause=cause if end is PathEnd.NOT_MEASURED else None,
    )
