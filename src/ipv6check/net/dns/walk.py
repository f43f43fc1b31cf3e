"""Following a CNAME chain to its end, where one answer does not hold it all."""

from collections.abc import Awaitable, Callable

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.dns.tries import Told
from ipv6check.net.dns.wire import MAX_TTL, Question


class Walk:
    """The end of a chain: what the last reply said, all targets on the way, and the least TTL."""

    __slots__ = ("chain", "outcome", "told", "ttl")

    def __init__(self, outcome: DnsOutcome, chain: tuple[str, ...], ttl: int, told: Told) -> None:
        self.outcome = outcome
        self.chain = chain
        self.ttl = ttl
        self.told = told

    @property
    def records(self) -> tuple[str, ...]:
        """The records of the name at the end."""
        return self.told.reply.records if self.outcome is DnsOutcome.ANSWER else ()


async def follow(question: Question, ask: Callable[[Question], Awaitable[Told]], max_chain: int) -> Walk:
    """Ask, and ask again at the end of an unfinished chain; a chain may have ``max_chain`` links."""
    told = await ask(question)
    reply = told.reply
    chain, ttl = reply.chain, reply.ttl
    while True:
        if reply.outcome is DnsOutcome.CHAIN_LOOP or len(set(chain) | {question.name}) <= len(chain):
            return Walk(DnsOutcome.CHAIN_LOOP, chain, ttl, told)
        if len(chain) > max_chain:
            return Walk(DnsOutcome.CHAIN_TOO_LONG, chain[: max_chain + 1], ttl, told)
        if not reply.unfinished:
            return Walk(reply.outcome, chain, ttl, told)
        try:
            target = Question(chain[-1], question.rdtype)
        except ValueError:  # no host can have this name, and we do not send it
            return Walk(DnsOutcome.MALFORMED, chain, ttl, told)
        told = await ask(target)
        reply = told.reply
        chain += reply.chain
        ttl = min(ttl, reply.ttl if reply.ttl else MAX_TTL)
