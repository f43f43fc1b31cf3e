"""How the authoritative servers of a name's zone answer A and AAAA (RFC 4074)."""

import asyncio

from ipv6check.model.dns import AuthorityEvidence, DnsOutcome, NameEvidence, ServerAnswer
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject
from ipv6check.probes.shared import Shared

MOST_SERVERS = 8  # of one zone; more than any well-run zone lists
MOST_ZONES = 4096  # remembered at once


class AuthorityProbe(OneTry):
    """One pair of questions per server and zone in a scan; per name only if the name's own AAAA went wrong.

    The pairs of a zone are shared by all its names, since a server that mishandles AAAA does so for the zone.
    """

    yields = AuthorityEvidence
    needs: tuple[type[Evidence], ...] = (NameEvidence,)

    def __init__(self) -> None:
        self._zones: Shared[AuthorityEvidence] = Shared(MOST_ZONES)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> AuthorityEvidence:
        """Find the zone of the name at the end of the CNAME chain, and ask its servers unless that was done."""
        name = seen[NameEvidence]
        assert isinstance(name, NameEvidence)
        if subject.target.is_literal:
            return AuthorityEvidence(observed_at=net.clock.utc(), name="", zone="", found=DnsOutcome.NOT_ASKED)
        asked = name.aaaa.chain[-1] if name.aaaa.chain else name.name
        lookup, zone = await net.resolver.zone_of(asked)
        if not zone:
            outcome = DnsOutcome.OTHER_RCODE if lookup.outcome is DnsOutcome.ANSWER else lookup.outcome
            return AuthorityEvidence(observed_at=net.clock.utc(), name=asked, zone="", found=outcome)
        if name.aaaa.outcome in (DnsOutcome.ANSWER, DnsOutcome.NODATA) and not subject.fresh:
            return await self._shared(zone, asked, subject, net)
        return await ask_zone(zone, asked, subject, net)

    async def _shared(self, zone: str, asked: str, subject: Subject, net: Net) -> AuthorityEvidence:
        """The zone's evidence, gathered by whoever came first."""
        key = (zone, subject.internal)  # the view decides which servers may be contacted
        return await self._zones.get(key, lambda: ask_zone(zone, asked, subject, net))


async def ask_zone(zone: str, asked: str, subject: Subject, net: Net) -> AuthorityEvidence:
    """A and AAAA of ``asked`` at one address of every server of ``zone``, IPv6 first where the scan may use it."""
    started = net.clock.monotonic()
    observed_at = net.clock.utc()
    servers = await net.resolver.lookup(zone, "NS")
    if servers.outcome is not DnsOutcome.ANSWER:
        return AuthorityEvidence(observed_at=observed_at, name=asked, zone=zone, found=servers.outcome)
    answers = await asyncio.gather(
        *(_ask_one(server, asked, subject, net) for server in sorted(servers.records)[:MOST_SERVERS])
    )
    return AuthorityEvidence(
        observed_at=observed_at,
        took_ms=round((net.clock.monotonic() - started) * 1000, 2),
        name=asked,
        zone=zone,
        found=DnsOutcome.ANSWER,
        servers=tuple(answers),
    )


async def _ask_one(server: str, asked: str, subject: Subject, net: Net) -> ServerAnswer:
    """The pair at the first of the server's addresses that may be contacted; NOT_ASKED if it has none."""
    for rdtype, family in (("AAAA", 6), ("A", 4)):
        if family not in subject.families:
            continue
        found = await net.resolver.lookup(server, rdtype)
        for address in found.records:
            if not found.synthesised and not net.dialer.bar(address, internal=subject.internal):
                return await net.resolver.ask_server(server, address, asked)
    return ServerAnswer(server=server, address="", a=DnsOutcome.NOT_ASKED, aaaa=DnsOutcome.NOT_ASKED)
