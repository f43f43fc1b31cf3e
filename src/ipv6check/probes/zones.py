"""The zones a name depends on: its own, those of its aliases, those of its mail exchangers; each surveyed once a scan.

However many names a zone has, the first of them pays: the rest are handed the same report.
"""

import asyncio
from collections.abc import Iterable

from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.zone import Exchanger, ZoneReport, ZonesEvidence
from ipv6check.net.api import Net
from ipv6check.probes.chain import ChainWalker
from ipv6check.probes.probe import OneTry, Seen, Subject
from ipv6check.probes.shared import Shared
from ipv6check.probes.survey import survey
from ipv6check.probes.tries import zones_want_second_look

MOST_ZONES = 4096  # remembered at once
MOST_EXCHANGERS = 8
MOST_NAMED = 64
"""Mail exchangers that are put on record; those beyond the first eight as not asked."""


class ZonesProbe(OneTry):
    """Finds the zones of a name and has each surveyed, once; a second look surveys once more, for all who ask."""

    yields = ZonesEvidence
    needs: tuple[type[Evidence], ...] = (NameEvidence,)

    def __init__(self) -> None:
        self._zones: Shared[ZoneReport] = Shared(MOST_ZONES)
        self._walkers: dict[tuple[bool, bool], ChainWalker] = {}

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> ZonesEvidence:
        """Nothing raised; an error while looking for a zone leaves it untold, and never leads to the zone above."""
        name = seen[NameEvidence]
        assert isinstance(name, NameEvidence)
        started, observed_at = net.clock.monotonic(), net.clock.utc()
        if subject.target.is_literal:
            return ZonesEvidence(observed_at=observed_at, name="", found=DnsOutcome.NOT_ASKED)
        mail = await net.resolver.lookup(name.name, "MX", fresh=subject.fresh)  # an absence tells the zone cut as well
        own, reports, _ = await self._reports((name.name,), subject, net)
        chain = tuple(dict.fromkeys((*name.aaaa.chain, *name.a.chain)))
        _, aliases, lost = await self._reports(chain, subject, net)
        hosts: dict[str, int] = {}
        mail_found = mail.outcome
        if mail.outcome is DnsOutcome.ANSWER and not mail.chain:
            hosts = _exchangers(mail.records)
            mail_found = mail.outcome if hosts else DnsOutcome.NODATA  # null MX (RFC 7505)
        elif mail.chain:
            mail_found = DnsOutcome.NODATA  # mail goes to the alias's target, which is another name
        asked, unasked = list(hosts)[:MOST_EXCHANGERS], list(hosts)[MOST_EXCHANGERS:]
        _, of_mail, mail_lost = await self._reports(asked, subject, net)
        exchangers = await asyncio.gather(
            *(_exchanger(host, preference, host in asked, subject, net) for host, preference in hosts.items())
        )
        if mail.outcome is DnsOutcome.NODATA and not mail.chain and reports and reports[0].zone == name.name:
            exchangers = _implicit(name)
        return ZonesEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            name=name.name,
            found=own,
            zone=reports[0] if reports else None,
            aliases=aliases,
            lost=lost,
            mail_found=mail_found,
            mail=of_mail,
            mail_lost=(*mail_lost, *unasked),
            exchangers=tuple(exchangers),
        )

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True if a server was silent, a look-up failed, or servers were out of step."""
        assert isinstance(evidence, ZonesEvidence)
        return zones_want_second_look(evidence)

    async def _reports(
        self, names: Iterable[str], subject: Subject, net: Net
    ) -> tuple[DnsOutcome, tuple[ZoneReport, ...], tuple[str, ...]]:
        """How the last search ended, the distinct zones of ``names``, and the names whose zone was not told."""
        outcome, zones, lost = DnsOutcome.NOT_ASKED, dict[str, str](), list[str]()
        for host in names:
            if subject.is_opted_out(host):
                lost.append(host)
                continue
            lookup, zone = await net.resolver.zone_of(host)
            outcome = DnsOutcome.ANSWER if zone else lookup.outcome
            if zone:
                zones.setdefault(zone, host)
            else:
                lost.append(host)
                outcome = DnsOutcome.OTHER_RCODE if lookup.outcome is DnsOutcome.ANSWER else lookup.outcome
        found = await asyncio.gather(*(self._report(zone, host, subject, net) for zone, host in zones.items()))
        return outcome, tuple(found), tuple(lost)

    async def _report(self, zone: str, sample: str, subject: Subject, net: Net) -> ZoneReport:
        key = (zone, subject.internal, subject.fresh, subject.families)
        walker = self._walkers.setdefault(
            (subject.internal, subject.fresh), ChainWalker(net, internal=subject.internal)
        )
        return await self._zones.get(key, lambda: survey(zone, sample, subject, net, walker))


def _exchangers(records: tuple[str, ...]) -> dict[str, int]:
    """Hosts of MX records with their preference, the preferred ones first; a null MX names none."""
    found: dict[str, int] = {}
    for preference, host in sorted((int(first), rest) for first, _, rest in (one.partition(" ") for one in records)):
        if host not in (".", ""):
            found.setdefault(host, preference)
    return dict(list(found.items())[:MOST_NAMED])


async def _exchanger(host: str, preference: int, is_asked: bool, subject: Subject, net: Net) -> Exchanger:
    if not is_asked or subject.is_opted_out(host):
        return Exchanger(host=host, preference=preference, aaaa=DnsOutcome.NOT_ASKED)
    if host.rpartition(".")[2].isdigit():  # an address where a name belongs: no such top-level domain (RFC 3696)
        return Exchanger(host=host, preference=preference, aaaa=DnsOutcome.NXDOMAIN)
    aaaa = await net.resolver.lookup(host, "AAAA", fresh=subject.fresh)
    if aaaa.outcome is DnsOutcome.ANSWER and aaaa.synthesised:  # by our own resolver's DNS64
        return Exchanger(host=host, preference=preference, aaaa=DnsOutcome.NODATA)
    return Exchanger(host=host, preference=preference, aaaa=aaaa.outcome, addresses=aaaa.records)


def _implicit(name: NameEvidence) -> list[Exchanger]:
    """The name itself, where it has no MX record but addresses. Only the top of a zone is taken for a mail domain: mail
    to the names below is rare, and each of them would be knocked at."""
    if name.aaaa.stated or name.a.stated:  # by hand, and not by the DNS
        return []
    own6 = name.aaaa.records if name.aaaa.outcome is DnsOutcome.ANSWER and not name.aaaa.synthesised else ()
    if not own6 and name.a.outcome is not DnsOutcome.ANSWER:
        return []
    outcome = name.aaaa.outcome
    if outcome is DnsOutcome.ANSWER and not own6:
        outcome = DnsOutcome.NODATA  # by our own resolver's DNS64
    return [Exchanger(host=name.name, preference=0, aaaa=outcome, addresses=own6, implicit=True)]
