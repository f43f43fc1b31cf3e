"""SMTP to the mail exchangers of a name over both families, each host once a scan whatever the number of names it
serves. No mail is sent: greeting, EHLO, STARTTLS with its handshake, QUIT."""

import asyncio
from functools import partial

from msgspec.structs import replace

from ipv6check.model.contact import Attempt, Contact
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.mail import ExchangerTest, MailEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.model.zone import Exchanger, ZonesEvidence
from ipv6check.net.api import Net
from ipv6check.probes.blackhole import with_touch
from ipv6check.probes.probe import Seen, Subject, contactable
from ipv6check.probes.shared import Shared
from ipv6check.probes.tries import spent_s, wait_before_next, wants_second_look
from ipv6check.probes.zones import MOST_EXCHANGERS

PORT = 25
MOST_HOSTS = 4096  # rounds of connections remembered at once
MOST_IPV4 = 2
"""IPv4 addresses of one exchanger: they are compared with, not judged."""


class MailProbe:
    """One round of connections for each undecided exchanger and call. A round is made for whoever comes first: names
    with the same exchanger are told the same, and wait for the same next round."""

    yields = MailEvidence
    needs: tuple[type[Evidence], ...] = (ZonesEvidence,)

    def __init__(self) -> None:
        self._rounds: Shared[ExchangerTest] = Shared(MOST_HOSTS)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> MailEvidence:
        """Nothing raised. A name that takes no mail costs nothing."""
        zones, earlier = seen[ZonesEvidence], seen.get(MailEvidence)
        assert isinstance(zones, ZonesEvidence)
        started, observed_at = net.clock.monotonic(), net.clock.utc()
        known = {one.host: one for one in earlier.exchangers} if isinstance(earlier, MailEvidence) else {}
        asked = zones.exchangers[:MOST_EXCHANGERS]
        tests = await asyncio.gather(*(self._test(one, known.get(one.host), subject, net, policy) for one in asked))
        return MailEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            name=zones.name,
            found=zones.mail_found,
            exchangers=tuple(tests),
            total=len(zones.exchangers),
        )

    def wait_s(self, evidence: MailEvidence, policy: Policy, families: tuple[int, ...]) -> float | None:
        """The shortest wait until an address of an exchanger is due."""
        waits = [_wait(contact, policy, families) for test in evidence.exchangers for contact in test.v6 + test.v4]
        return min((wait for wait in waits if wait is not None), default=None)

    def is_doubtful(self, evidence: MailEvidence) -> bool:
        """True if an address failed for a reason that must be confirmed, or that may be near us: by a second look
        somebody else may have answered on port 25."""
        return any(_is_doubtful(contact) for test in evidence.exchangers for contact in test.v6 + test.v4)

    async def _test(
        self, exchanger: Exchanger, known: ExchangerTest | None, subject: Subject, net: Net, policy: Policy
    ) -> ExchangerTest:
        """The exchanger after one more round, or as it was if nothing is due."""
        host = exchanger.host
        if exchanger.aaaa is DnsOutcome.NOT_ASKED and not exchanger.implicit:  # it opted out
            return ExchangerTest(host=host, preference=exchanger.preference)
        first = known is None or not known.v6
        if not first and not _due(known, subject, policy):
            assert known is not None
            return known
        key = (host, subject.internal, subject.families, subject.fresh, 0 if known is None else known.tries)
        test = await self._rounds.get(key, partial(_round, host, None if first else known, subject, net, policy))
        return replace(test, preference=exchanger.preference, implicit=exchanger.implicit)


async def _round(host: str, known: ExchangerTest | None, subject: Subject, net: Net, policy: Policy) -> ExchangerTest:
    """The addresses if they are not known, and one try of each that is due."""
    test = known or await _untried(host, subject, net, policy)
    contacts = test.v6 + test.v4
    due = _due(test, subject, policy)
    target = Target(host=host, port=PORT, protocol=Protocol.SMTP)
    tried = await asyncio.gather(
        *(_try(one, target, net, policy) if index in due else _kept(one) for index, one in enumerate(contacts))
    )
    split = len(test.v6)
    return replace(test, v6=tuple(tried[:split]), v4=tuple(tried[split:]), tries=test.tries + 1)


async def _untried(host: str, subject: Subject, net: Net, policy: Policy) -> ExchangerTest:
    """Contacts without an attempt. Where there is nothing over IPv6, IPv4 has nothing to be compared with."""
    aaaa = await net.resolver.lookup(host, "AAAA", fresh=subject.fresh)
    v6, barred = contactable(aaaa, subject, net)
    v4: tuple[str, ...] = ()
    a = DnsOutcome.NOT_ASKED
    if v6 and len(subject.families) == 2:
        lookup = await net.resolver.lookup(host, "A", fresh=subject.fresh)
        a, v4 = lookup.outcome, contactable(lookup, subject, net)[0]
    most = policy.thresholds.max_addresses
    made_up = aaaa.outcome is DnsOutcome.ANSWER and aaaa.synthesised
    return ExchangerTest(
        host=host,
        preference=0,
        aaaa=DnsOutcome.NODATA if made_up else aaaa.outcome,
        a=a,
        v6=tuple(Contact(address=address, port=PORT) for address in v6[:most]),
        v4=tuple(Contact(address=address, port=PORT) for address in v4[:MOST_IPV4]),
        barred=barred,
        sampled=len(v6) > most,
    )


def _due(test: ExchangerTest | None, subject: Subject, policy: Policy) -> set[int]:
    """The places of the contacts that get a try in this round: those with the shortest wait, which is over by now."""
    contacts = test.v6 + test.v4 if test is not None else ()
    if subject.second_look and any(one.attempts for one in contacts):
        return {index for index, one in enumerate(contacts) if _is_doubtful(one) and one.family in subject.families}
    waits = [_wait(one, policy, subject.families) for one in contacts]
    shortest = min((wait for wait in waits if wait is not None), default=0.0)
    return {index for index, wait in enumerate(waits) if wait is not None and wait <= shortest}


def _wait(contact: Contact, policy: Policy, families: tuple[int, ...]) -> float | None:
    """Where port 25 is closed to us a try soon after is lost: only a second look may find that others have answered."""
    if contact.family not in families or _is_near_us(contact):
        return None
    return wait_before_next(contact, policy)


def _is_doubtful(contact: Contact) -> bool:
    return wants_second_look(contact) or _is_near_us(contact)


def _is_near_us(contact: Contact) -> bool:
    return bool(contact.attempts) and contact.attempts[-1].failure is Failure.LOCAL_PORT_BLOCKED


async def _try(contact: Contact, target: Target, net: Net, policy: Policy) -> Contact:
    """One connection to one address; none once its budget is spent."""
    if spent_s(contact, policy) >= policy.retries.budget_s:
        spent = Attempt(at=net.clock.utc(), phase=Phase.ROUTE, failure=Failure.BUDGET)
        return replace(contact, attempts=(*contact.attempts, spent))
    endpoint = Endpoint(name=target.host, address=contact.address, port=contact.port)
    return with_touch(contact, await net.dialer.touch(endpoint, target))


async def _kept(contact: Contact) -> Contact:
    return contact
