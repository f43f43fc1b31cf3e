"""Whether this vantage gets out on port 25, which providers close to keep spam in.

A connection that fails there says nothing about the target unless somebody has answered us on that port over the same
family: another target, or an anchor that a person named for it.
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
        self._open: set[int] = set()
        self._asked: dict[int, asyncio.Task[None]] = {}

    def answered(self, endpoint: Endpoint) -> None:
        """Note that TCP came about."""
        if endpoint.port == PORT:
            self._open.add(endpoint.family)

    async def explain(self, broken: Broken, endpoint: Endpoint) -> Broken:
        """``broken``, or LOCAL_PORT_BLOCKED if it may be ours."""
        if endpoint.port != PORT or broken.failure.is_ours or endpoint.family in self._open:
            return broken
        asked = self._asked.get(endpoint.family)
        if asked is None:
            asked = self._asked[endpoint.family] = asyncio.create_task(self._ask(endpoint.family))
        await asyncio.shield(asked)
        if endpoint.family in self._open:
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
            self._open.add(family)
            return
