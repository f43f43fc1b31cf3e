"""One DNS server as we use it: paced, over UDP, over TCP where UDP will not do; every ending is a ``Reply``."""

import asyncio
import random

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.net.dns.message import read
from ipv6check.net.dns.querypace import QueryPace
from ipv6check.net.dns.server import Server
from ipv6check.net.dns.socket import (
    TCP_AT_ONCE,
    DnsTimeout,
    Forged,
    LocalFault,
    Tally,
    UdpPort,
    Unreachable,
    ask_tcp,
)
from ipv6check.net.dns.wire import Question, Reply

_SILENT = Reply(outcome=DnsOutcome.TIMEOUT)
_LOCAL = Reply(outcome=DnsOutcome.LOCAL_ERROR)
_FAILURES_TO_REST = 5
_REST_S = 10.0


class Upstream:
    """A server with its sockets, its pace, and how it did lately.

    ``recurse`` is the RD bit: set for a resolver, clear for an authoritative server.
    """

    def __init__(
        self, server: Server, policy: Policy, pace: QueryPace, rng: random.Random, *, recurse: bool = True
    ) -> None:
        self.server = server
        self._policy = policy
        self._pace = pace
        self._rng = rng
        self._recurse = recurse
        self._udp = UdpPort(server)
        self._tcp = asyncio.Semaphore(TCP_AT_ONCE)
        self._failures = 0
        self._rests_until = 0.0

    @property
    def is_resting(self) -> bool:
        """True for 10 s after five queries in a row went unanswered; others are asked first meanwhile."""
        return self._rests_until > 0 and asyncio.get_running_loop().time() < self._rests_until

    def close(self) -> None:
        """Close the sockets."""
        self._udp.close()

    async def ask(self, question: Question, timeout: float, tally: Tally, *, checking_off: bool = False) -> Reply:
        """One try: a UDP query, once more without EDNS after FORMERR, TCP after truncation or forgery signs."""
        reply = await self._ask(question, timeout, tally, checking_off, edns=True)
        if reply.outcome is DnsOutcome.FORMERR:
            reply = await self._ask(question, timeout, tally, checking_off, edns=False)
        if reply.outcome in (DnsOutcome.TIMEOUT, DnsOutcome.LOCAL_ERROR):
            self._failures += 1
            if self._failures >= _FAILURES_TO_REST:
                self._rests_until = asyncio.get_running_loop().time() + _REST_S
        else:
            self._failures, self._rests_until = 0, 0.0
        return reply

    async def _ask(self, question: Question, timeout: float, tally: Tally, checking_off: bool, *, edns: bool) -> Reply:
        body = question.body(recurse=self._recurse, checking_off=checking_off, edns=edns)
        if self._pace.is_limited:
            await self._pace.turn(urgent=tally.urgent)
        try:
            reply = read(await self._udp.ask(question, body, timeout, tally), question)
        except DnsTimeout:
            return _SILENT
        except Unreachable:
            # a resolver that restarts says so at once: spend the pause a silent one would have cost, or a part of it
            await asyncio.sleep(min(timeout, self._pause()))
            return _SILENT
        except LocalFault:
            return _LOCAL
        except Forged:
            return await self._over_tcp(question, body, tally, otherwise=_SILENT)
        if reply.outcome is DnsOutcome.TRUNCATED:
            return await self._over_tcp(question, body, tally, otherwise=reply)
        return reply

    async def _over_tcp(self, question: Question, body: bytes, tally: Tally, *, otherwise: Reply) -> Reply:
        """Up to two connections; ``otherwise`` if neither brought an answer."""
        for attempt in range(2):
            if attempt:
                await asyncio.sleep(self._pause())
            await self._pace.turn(urgent=tally.urgent)
            tally.queries += 1
            try:
                async with self._tcp:
                    wire = await ask_tcp(self.server, question, body, self._policy.timeouts.dns_tcp)
            except Forged:
                tally.ignored += 1
            except (DnsTimeout, Unreachable):
                continue
            except LocalFault:
                return _LOCAL
            else:
                tally.over_tcp = True
                reply = read(wire, question)
                if reply.outcome is not DnsOutcome.TRUNCATED:
                    return reply
        return otherwise

    def _pause(self) -> float:
        spacings = self._policy.retries.servfail
        return jittered(spacings[0] if spacings else 0.0, self._policy, self._rng)


def jittered(seconds: float, policy: Policy, rng: random.Random) -> float:
    """``seconds``, up to the policy's jitter longer or shorter."""
    return seconds * (1 + policy.retries.jitter * (2 * rng.random() - 1))
