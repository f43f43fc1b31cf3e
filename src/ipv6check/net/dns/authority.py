"""Straight to an authoritative server: A and then AAAA of one name, without recursion (RFC 4074)."""

from ipv6check.model.dns import DnsOutcome, ServerAnswer
from ipv6check.net.dns.socket import Tally
from ipv6check.net.dns.tries import Asker
from ipv6check.net.dns.upstream import Upstream
from ipv6check.net.dns.wire import Question, Reply

_ABOUT_THE_NAME = (DnsOutcome.ANSWER, DnsOutcome.NODATA, DnsOutcome.NXDOMAIN, DnsOutcome.CHAIN_LOOP)


async def ask_pair(server: str, upstream: Upstream, name: str, asker: Asker) -> ServerAnswer:
    """Both questions; AAAA is not asked of a server that was silent to A, since nothing could follow from it."""
    address = upstream.server.address
    a = await _ask(upstream, name, "A", asker)
    aaaa = DnsOutcome.NOT_ASKED
    if a not in (DnsOutcome.TIMEOUT, DnsOutcome.LOCAL_ERROR, DnsOutcome.NOT_ASKED):
        aaaa = await _ask(upstream, name, "AAAA", asker)
    return ServerAnswer(server=server, address=address, a=a, aaaa=aaaa)


async def _ask(upstream: Upstream, name: str, rdtype: str, asker: Asker) -> DnsOutcome:
    try:
        question = Question(name, rdtype)
    except ValueError:
        return DnsOutcome.NOT_ASKED
    told = await asker.ask(question, [upstream], Tally(), validates=False)
    return outcome_of(told.reply)


def outcome_of(reply: Reply) -> DnsOutcome:
    """An alias that leads out of the zone is an answer; what is said without authority (AA=0) is lame."""
    if reply.outcome in _ABOUT_THE_NAME and not reply.authoritative:
        return DnsOutcome.LAME
    return DnsOutcome.ANSWER if reply.unfinished else reply.outcome
