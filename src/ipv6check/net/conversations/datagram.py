"""One question over UDP to one literal address, from a port of its own, sent twice if nothing comes."""

import asyncio
import socket
from collections.abc import Callable

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import Broken, connect_failure
from ipv6check.net.conversations.question import Question
from ipv6check.net.conversations.talk import Told
from ipv6check.net.journey import Limits

SENDS = 2
MOST_STRAYS = 64


async def ask(endpoint: Endpoint, make: Callable[[str, str], Question], limits: Limits) -> Told:
    """What the service tells. Raises ``Broken``: TIMEOUT for silence, which over UDP proves nothing by itself, REFUSED
    for an ICMP port unreachable. Datagrams that are no answer to the question are passed over."""
    loop = asyncio.get_running_loop()
    host = f"{endpoint.address}%{endpoint.zone}" if endpoint.zone else endpoint.address
    source = (limits.source, 0) if limits.source and endpoint.family == 6 else None
    try:
        transport, peer = await loop.create_datagram_endpoint(
            lambda: _Peer(loop),
            remote_addr=(host, endpoint.port),
            local_addr=source,
            family=socket.AF_INET6 if endpoint.family == 6 else socket.AF_INET,
        )
    except OSError as error:
        raise _broken(error, endpoint) from None
    try:
        here = str(transport.get_extra_info("sockname")[0])
        question = make(endpoint.name or endpoint.address, here.partition("%")[0])
        peer.answer = question.answer
        for _ in range(SENDS):
            transport.sendto(question.octets)
            try:
                async with asyncio.timeout(limits.http_s / SENDS):
                    return await asyncio.shield(peer.told)
            except TimeoutError:
                continue
            except OSError as error:
                raise _broken(error, endpoint) from None
        raise Broken(Failure.TIMEOUT, Phase.EXCHANGE)
    finally:
        transport.abort()


def _broken(error: OSError, endpoint: Endpoint) -> Broken:
    found = connect_failure(error, endpoint)
    return Broken(found.failure, Phase.EXCHANGE, found.detail)


class _Peer(asyncio.DatagramProtocol):
    """Hears until an answer is one. Only octets from the connected address and port reach it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.told: asyncio.Future[Told] = loop.create_future()
        self.told.add_done_callback(_retrieved)
        self.answer: Callable[[bytes], Told | None] = lambda _: None
        self._strays = 0

    def datagram_received(self, data: bytes, addr: object) -> None:
        if self.told.done() or self._strays > MOST_STRAYS:
            return
        try:
            told = self.answer(data)
        except Broken as broken:
            self.told.set_exception(broken)
            return
        if told is None:
            self._strays += 1
        else:
            self.told.set_result(told)

    def error_received(self, exc: Exception) -> None:
        if not self.told.done():
            self.told.set_exception(exc)


def _retrieved(told: "asyncio.Future[Told]") -> None:
    """An error that came when nobody waited any more is no news."""
    if not told.cancelled():
        told.exception()
