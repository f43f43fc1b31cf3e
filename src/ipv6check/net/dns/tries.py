"""How often a question is asked, and whom, until its outcome stands."""

import asyncio
import random
from collections.abc import Sequence

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.net.dns.socket import Tally
from ipv6check.net.dns.upstream import Upstream, jittered
from ipv6check.net.dns.wire import Question, Reply

MOST_QUERIES = 12  # retries of one look-up stop here, whatever the servers do
# a tuple: it compares by identity, where a set would call the hash function of an enum in Python
_FINAL = (DnsOutcome.ANSWER, DnsOutcome.NODATA, DnsOutcome.NXDOMAIN, DnsOutcome.CHAIN_LOOP)
_MOST_UNREADABLE = 2
_BRIEF_TRIES = 2


class Told:
    """A reply and who gave it. ``unchecked`` is the other one that came with validation switched off, where only
    DNSSEC stood in the way."""

    __slots__ = ("reply", "unchecked", "upstream")

    def __init__(self, reply: Reply, upstream: Upstream) -> None:
        self.reply = reply
        self.upstream = upstream
        self.unchecked: Reply | None = None

    @property
    def bogus(self) -> bool:
        """True if the resolver has an answer and refuses it (RFC 4035 section 5)."""
        return self.unchecked is not None


class Asker:
    """Asks servers in turn, within the policy's tries.

    ``validates`` is false for authoritative servers, which have no checking to switch off.
    ``brief``: two tries, no waiting for a server that fails: for a second opinion, where no answer is a fair answer.
    """

    def __init__(self, policy: Policy, rng: random.Random) -> None:
        self._policy = policy
        self._rng = rng

    async def ask(
        self,
        question: Question,
        order: Sequence[Upstream],
        tally: Tally,
        *,
        brief: bool = False,
        validates: bool = True,
    ) -> Told:
        """Time-outs: one try per entry of ``dns_udp``, at alternate servers. SERVFAIL: one more per entry of
        ``servfail``, then once with CD=1. REFUSED and the like: one per server. Malformed: two."""
        limits = self._policy.timeouts.dns_udp[: _BRIEF_TRIES if brief else None]
        upstream = order[0]
        reply = await upstream.ask(question, limits[0], tally)
        if reply.outcome in _FINAL:
            return Told(reply, upstream)
        return await self._go_on(
            question, list(order), tally, Told(reply, upstream), limits, brief=brief, validates=validates
        )

    async def _go_on(
        self,
        question: Question,
        left: list[Upstream],
        tally: Tally,
        told: Told,
        limits: Sequence[float],
        *,
        brief: bool,
        validates: bool,
    ) -> Told:
        retries = self._policy.retries
        failed, faulty = ([], []) if brief else (list(retries.servfail), list(retries.local))
        silent = unreadable = local = turn = 0
        while told.reply.outcome not in _FINAL:
            match told.reply.outcome:
                case DnsOutcome.TIMEOUT:
                    silent += 1
                    over = silent >= len(limits)
                case DnsOutcome.SERVFAIL:
                    over = not failed
                    if failed:
                        await self._pause(failed.pop(0))
                case DnsOutcome.MALFORMED:
                    unreadable += 1
                    over = unreadable >= _MOST_UNREADABLE
                case DnsOutcome.LOCAL_ERROR:
                    local += 1
                    over = local % len(left) == 0 and not faulty
                    if local % len(left) == 0 and faulty:  # none of the servers could be sent to
                        await self._pause(faulty.pop(0))
                case _:
                    left.remove(told.upstream)
                    turn -= 1
                    over = not left
            if over or tally.queries >= MOST_QUERIES:
                break
            turn += 1
            upstream = left[turn % len(left)]
            told = Told(await upstream.ask(question, limits[min(silent, len(limits) - 1)], tally), upstream)
        if told.reply.outcome is DnsOutcome.SERVFAIL and validates and not brief and tally.queries < MOST_QUERIES:
            unchecked = await told.upstream.ask(question, limits[0], tally, checking_off=True)
            told.unchecked = unchecked if unchecked.outcome in _FINAL else None
        return told

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(jittered(seconds, self._policy, self._rng))
