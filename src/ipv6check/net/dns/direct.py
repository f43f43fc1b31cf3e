"""Straight to one authoritative server: a question without recursion, over UDP or TCP, and everything it tells.

The recursive resolver is never in between, so what is seen is the server's own. Read by dnspython: few such questions
are asked, each once a server and zone.
"""

import asyncio
import random
from collections.abc import Callable

import dns.flags
import dns.message
import dns.rdatatype
from msgspec.structs import replace

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.zone import Direct
from ipv6check.net.dns.message import UNREADABLE, is_costly, text_of, value_of, word_of
from ipv6check.net.dns.querypace import QueryPace
from ipv6check.net.dns.server import Server
from ipv6check.net.dns.socket import DnsTimeout, Forged, LocalFault, Tally, UdpPort, Unreachable, ask_tcp
from ipv6check.net.dns.upstream import jittered
from ipv6check.net.dns.wire import Question, is_within

_TCP_TRIES = 2


class DirectAsker:
    """Asks within the policy's tries and each server's pace; every ending is a ``Direct``."""

    def __init__(self, policy: Policy, rng: random.Random, port: int, pace_of: Callable[[str], QueryPace]) -> None:
        self._policy = policy
        self._rng = rng
        self._port = port
        self._pace_of = pace_of
        self._heard: set[tuple[int, bool]] = set()

    def hears(self, family: int, *, tcp: bool = False) -> bool:
        """True if any server at all has answered over that family and transport."""
        return (family, tcp) in self._heard

    async def ask(self, address: str, name: str, rdtype: str, *, tcp: bool = False, edns: bool = True) -> Direct:
        """UDP: one try per entry of ``dns_udp``; what comes truncated is asked again over TCP. TCP: two tries."""
        try:
            server, question = Server(address, self._port), Question(name, rdtype)
        except (ValueError, KeyError):
            return Direct(outcome=DnsOutcome.NOT_ASKED)
        if tcp:
            return await self._over_tcp(server, question, edns=edns)
        found = await self._over_udp(server, question, edns=edns)
        if not found.truncated:
            return found
        whole = await self._over_tcp(server, question, edns=edns)
        return replace(whole, truncated=True, queries=whole.queries + found.queries)

    async def _over_udp(self, server: Server, question: Question, *, edns: bool) -> Direct:
        body = question.body(recurse=False, edns=edns)
        tally, port = Tally(), UdpPort(server)
        outcome = DnsOutcome.TIMEOUT
        try:
            for number, limit in enumerate(self._policy.timeouts.dns_udp):
                if number and outcome is DnsOutcome.LOCAL_ERROR:
                    await self._pause()
                await self._pace_of(server.address).turn()
                started = asyncio.get_running_loop().time()
                outcome = DnsOutcome.TIMEOUT
                try:
                    wire = await port.ask(question, body, limit, tally)
                except DnsTimeout:
                    continue
                except Unreachable:  # an ICMP error may be about the moment: spend the time a silent server would
                    await asyncio.sleep(max(0.0, limit - (asyncio.get_running_loop().time() - started)))
                except LocalFault:
                    outcome = DnsOutcome.LOCAL_ERROR
                except Forged:
                    return await self._over_tcp(server, question, edns=edns)
                else:
                    self._heard.add((_family(server), False))
                    return read_direct(wire, question, queries=tally.queries)
            return Direct(outcome=outcome, queries=tally.queries)
        finally:
            port.close()

    async def _over_tcp(self, server: Server, question: Question, *, edns: bool) -> Direct:
        body = question.body(recurse=False, edns=edns)
        outcome = DnsOutcome.TIMEOUT
        for number in range(_TCP_TRIES):
            if number:
                await self._pause()
            await self._pace_of(server.address).turn()
            try:
                wire = await ask_tcp(server, question, body, self._policy.timeouts.dns_tcp)
            except LocalFault:
                outcome = DnsOutcome.LOCAL_ERROR
            except (DnsTimeout, Unreachable, Forged):
                outcome = DnsOutcome.TIMEOUT
            else:
                self._heard.add((_family(server), True))
                return read_direct(wire, question, queries=number + 1)
        return Direct(outcome=outcome, queries=_TCP_TRIES)

    async def _pause(self) -> None:
        spacings = self._policy.retries.servfail
        await asyncio.sleep(jittered(spacings[0] if spacings else 0.0, self._policy, self._rng))


def _family(server: Server) -> int:
    return 6 if ":" in server.address else 4


def read_direct(wire: bytes, question: Question, *, queries: int = 1) -> Direct:
    """What ``wire`` says; the caller has matched the question."""
    if wire[2] & 2:
        return Direct(outcome=DnsOutcome.TRUNCATED, truncated=True, queries=queries)
    try:
        if is_costly(wire):
            return Direct(outcome=DnsOutcome.MALFORMED, queries=queries)
        message = dns.message.from_wire(wire)
        rcode, edns = int(message.rcode()), message.edns >= 0
        if rcode not in (0, 3):
            return Direct(outcome=word_of(rcode), edns=edns, queries=queries)
        if not message.question:
            return Direct(outcome=DnsOutcome.MALFORMED, queries=queries)
        return _told(message, question, edns=edns, queries=queries)
    except UNREADABLE:
        return Direct(outcome=DnsOutcome.MALFORMED, queries=queries)


def _told(message: dns.message.Message, question: Question, *, edns: bool, queries: int) -> Direct:
    records: list[str] = []
    alias = soa = referral = ""
    servers: list[str] = []
    for rrset in message.answer:
        if text_of(rrset.name) != question.name:
            continue
        if rrset.rdtype == question.rdtype_code:
            records += [value_of(rdata) for rdata in rrset]
        elif rrset.rdtype == dns.rdatatype.CNAME:
            alias = text_of(rrset[0].target)
    for rrset in (*message.answer, *message.authority):
        owner = text_of(rrset.name)
        if rrset.rdtype == dns.rdatatype.SOA and not soa and is_within(question.name, owner):
            soa = f"{owner or '.'} {value_of(rrset[0])} {rrset[0].serial}"
    for rrset in message.authority:
        if rrset.rdtype == dns.rdatatype.NS and not soa and is_within(question.name, text_of(rrset.name)):
            referral = text_of(rrset.name)
            servers += [text_of(rdata.target) for rdata in rrset]
    known = set(servers)
    glue = [
        f"{text_of(rrset.name)} {rdata.to_text()}"
        for rrset in message.additional
        if rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA) and text_of(rrset.name) in known
        for rdata in rrset
    ]
    authoritative = bool(message.flags & dns.flags.AA)
    outcome = DnsOutcome.LAME
    if message.flags & dns.flags.RA and (records or alias or soa or int(message.rcode()) == 3):
        outcome = DnsOutcome.RECURSED
    if authoritative:
        outcome = DnsOutcome.ANSWER if records or alias else DnsOutcome.NODATA
        if int(message.rcode()) == 3:
            outcome = DnsOutcome.NXDOMAIN
    return Direct(
        outcome=outcome,
        records=tuple(dict.fromkeys(records)),
        alias=alias,
        soa=soa,
        referral="" if authoritative else referral,
        servers=() if authoritative else tuple(dict.fromkeys(servers)),
        glue=() if authoritative else tuple(dict.fromkeys(glue)),
        edns=edns,
        queries=queries,
    )
