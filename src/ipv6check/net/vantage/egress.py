"""Whether this vantage gets out: on port 25, which providers close to keep spam in, and over UDP, where a firewall near
us is as silent as a dead service.

What fails there says nothing about the target unless somebody has answered us on that port over the same family and
transport: another target, or for port 25 an anchor that a person named for it.
"""

import asyncio
from collections.abc import Sequence

from ipv6check.model.failure import Failure
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import Broken
from ipv6check.net.connection import Connection

PORT = 25


class Egress:
    """``anchors`` are addresses of mail servers of one's own, asked once and only if somebody else does not answer."""

    def __init__(self, anchors: Sequence[str], *, timeout_s: float, source: str = "") -> None:
        self._anchors, self._timeout_s, self._source = tuple(anchors), timeout_s, source
        self._heard: set[tuple[int, int, bool]] = set()
        self._asked: dict[int, asyncio.Task[None]] = {}

    def answered(self, endpoint: Endpoint, *, datagram: bool = False) -> None:
        """Note that TCP came about, or that an answer came over UDP."""
        if datagram or endpoint.port == PORT:
            self._heard.add((endpoint.family, endpoint.port, datagram))

    async def explain(self, broken: Broken, endpoint: Endpoint, *, datagram: bool = False) -> Broken:
        """``broken``, or LOCAL_PORT_BLOCKED if it may be ours."""
        doubtful = broken.failure is Failure.TIMEOUT if datagram else endpoint.port == PORT
        where = (endpoint.family, endpoint.port, datagram)
        if not doubtful or broken.failure.is_ours or where in self._heard:
            return broken
        if not datagram:
            asked = self._asked.get(endpoint.family)
            if asked is None:
                asked = self._asked[endpoint.family] = asyncio.create_task(self._ask(endpoint.family))
            await asyncio.shield(asked)
        if where in self._heard:
            return broken
        return Broken(Failure.LOCAL_PORT_BLOCKED, broken.phase, broken.failure.value)

    async def _ask(self, family: int) -> None:
        for address in self._anchors:
            anchor = Endpoint(name="", address=address, port=PORT)
            if anchor.family != family:
                continue
            try:
                connection = await Connection.open(anchor, timeout_s=self._timeout_s, source=self._source)
            except Broken:
                continue
            connection.abort()
            self.answered(anchor)
            return
