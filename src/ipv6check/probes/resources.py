"""The hosts that a page loads from, looked up."""

import asyncio

from ipv6check.model.contact import EndpointEvidence, HttpReply, PageLink
from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import HopOutcome, RedirectEvidence
from ipv6check.model.resources import Resource, ResourceEvidence
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject, contactable
from ipv6check.probes.redirect import ipv4_of
from ipv6check.probes.suffixes import registrable
from ipv6check.probes.tries import lookup_wants_second_look

MOST_HOSTS = 50
"""Hosts of one page that are looked up; as many as the page reader names."""


class ResourceProbe(OneTry):
    """One look-up a host, which all pages of a scan share; a page that was not read costs nothing."""

    yields = ResourceEvidence
    needs: tuple[type[Evidence], ...] = (EndpointEvidence, RedirectEvidence)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> ResourceEvidence:
        """The page is the one that the redirects lead to, else the target's own."""
        observed_at, started = net.clock.utc(), net.clock.monotonic()
        url, reply = _page(seen)
        if reply is None:
            return ResourceEvidence(observed_at=observed_at)
        own = registrable(subject.target.host)
        literals = tuple(link.url for link in reply.links if ipv4_of(link.host))
        named = [link for link in reply.links if not ipv4_of(link.host)]
        found = await asyncio.gather(*(_resource(link, own, subject, net) for link in named))
        return ResourceEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            page=url,
            resources=tuple(found),
            literals=literals,
            cut=reply.truncated or len(reply.links) >= MOST_HOSTS,
        )

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True if a look-up ended without an answer in a way that may pass."""
        assert isinstance(evidence, ResourceEvidence)
        return any(lookup_wants_second_look(one.aaaa) for one in evidence.resources)


def _page(seen: Seen) -> tuple[str, HttpReply | None]:
    """The URL and reply of the page that a visitor over IPv6 ends at; None if there is none or it is no page."""
    redirect, endpoint = seen[RedirectEvidence], seen[EndpointEvidence]
    assert isinstance(redirect, RedirectEvidence)
    assert isinstance(endpoint, EndpointEvidence)
    if not redirect.hops or redirect.hops[-1].outcome is not HopOutcome.FINAL:
        return "", None
    own = next((contact.http for contact in endpoint.v6 if contact.http), None)
    reply = redirect.landed if len(redirect.hops) > 1 else own
    if reply is None or reply.status >= 300 or "html" not in reply.content_type.lower():
        return "", None
    return redirect.hops[-1].url, reply


async def _resource(link: PageLink, own: str, subject: Subject, net: Net) -> Resource:
    if subject.is_opted_out(link.host):
        lookup, barred = Lookup(name=link.host, rdtype="AAAA", outcome=DnsOutcome.NOT_ASKED), "opted_out"
    elif ":" in link.host:
        lookup = Lookup(name=link.host, rdtype="AAAA", outcome=DnsOutcome.NOT_ASKED, records=(link.host,))
        barred = net.dialer.bar(link.host, internal=subject.internal)
    else:
        lookup = await net.resolver.lookup(link.host, "AAAA", fresh=subject.fresh)
        allowed, kept_out = contactable(lookup, Subject(target=subject.target, view=subject.view), net)
        barred = kept_out[0].reason if kept_out and not allowed else ""
    return Resource(
        host=link.host,
        kinds=link.kinds,
        url=link.url,
        own=bool(own) and registrable(link.host) == own,
        aaaa=lookup,
        barred=barred,
    )
