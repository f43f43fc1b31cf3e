"""HTTP/3 at the addresses of a site that announces it, and at none of one that does not."""

import asyncio
import re
from collections.abc import Iterator, Sequence

from ipv6check.model.contact import Contact, EndpointEvidence, HttpReply
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure
from ipv6check.model.http3 import Announced, Http3Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Target
from ipv6check.model.zone import BindingEvidence
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject
from ipv6check.probes.tries import wants_second_look

MOST_ADDRESSES = 2
"""IPv6 addresses of one name at which HTTP/3 is tried; a handshake costs more CPU than all the rest of a target."""

_DEFAULT_PORT = 443
_ALTERNATIVE = re.compile(r'(?:^|,)\s*h3="([^"\\]{1,255})"', re.IGNORECASE)


class Http3Probe(OneTry):
    """One connection an address; over IPv4 only where IPv6 fails, or tells another status than TCP did."""

    yields = Http3Evidence
    needs: tuple[type[Evidence], ...] = (EndpointEvidence, BindingEvidence)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> Http3Evidence:
        """Nothing raised. Without a reply over IPv6 there is nothing that could be better over QUIC."""
        endpoint, binding = seen[EndpointEvidence], seen[BindingEvidence]
        assert isinstance(endpoint, EndpointEvidence)
        assert isinstance(binding, BindingEvidence)
        started, observed_at = net.clock.monotonic(), net.clock.utc()
        replied = [contact for contact in endpoint.v6 if _has_replied(contact)]
        if not replied or 6 not in subject.families:
            return Http3Evidence(observed_at=observed_at)
        others = [contact for contact in endpoint.v4 if _has_replied(contact) and 4 in subject.families]
        announced, port, elsewhere = _announcement([*replied, *others], binding, subject.target)
        v6: Sequence[Contact] = ()
        v4: Sequence[Contact] = ()
        if port:
            v6 = await asyncio.gather(*(_try(one, port, subject, net) for one in replied[:MOST_ADDRESSES]))
            if any(_is_odd(one, other) for one, other in zip(v6, replied, strict=False)):
                v4 = await asyncio.gather(*(_try(one, port, subject, net) for one in others[:1]))
        return Http3Evidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            announced=announced,
            port=port,
            elsewhere=elsewhere,
            v6=tuple(v6),
            v4=tuple(v4),
            sampled=bool(port) and len(replied) > MOST_ADDRESSES,
        )

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True for a failure of the network, also one that may be near us, since by a second look others may have
        answered; and for statuses that differ."""
        assert isinstance(evidence, Http3Evidence)
        statuses = {one.http.status for one in (*evidence.v6, *evidence.v4) if one.http is not None}
        return len(statuses) > 1 or any(
            wants_second_look(one) or one.attempts[-1].failure is Failure.LOCAL_PORT_BLOCKED for one in evidence.v6
        )


def _announcement(contacts: Sequence[Contact], binding: BindingEvidence, own: Target) -> tuple[Announced, int, str]:
    """Where HTTP/3 is announced, at which port of the site's own host, and what cannot be tried instead."""
    elsewhere = ""
    by = Announced.NOWHERE
    for source, host, port in _announced(contacts, binding):
        port = port or own.port
        if host.lower() in ("", own.host) and port in (_DEFAULT_PORT, own.port):
            return source, port, ""
        if not elsewhere:
            by, elsewhere = source, f"{host or own.host}:{port}"
    if by is Announced.NOWHERE and not (binding.outcome.is_known or binding.outcome is DnsOutcome.NOT_ASKED):
        return Announced.UNTOLD, 0, ""
    return by, 0, elsewhere


def _announced(contacts: Sequence[Contact], binding: BindingEvidence) -> Iterator[tuple[Announced, str, int]]:
    """Every announcement: where it stands, the host (empty for the site's own), the port (0 for the target's)."""
    for contact in contacts:
        assert contact.http is not None
        for host, port in alternatives(contact.http):
            yield Announced.ALT_SVC, host, port
    for one in binding.http3:
        target, _, text = one.partition(" ")
        yield Announced.HTTPS_RECORD, "" if target == "." else target, int(text)


def alternatives(reply: HttpReply) -> Iterator[tuple[str, int]]:
    """Host (empty for the same) and port of each HTTP/3 service that a response's Alt-Svc field names."""
    for authority in _ALTERNATIVE.findall(reply.alt_svc):
        host, colon, text = authority.rpartition(":")
        if colon and text.isascii() and text.isdigit() and 0 < int(text) < 65_536:
            yield host, int(text)


def _has_replied(contact: Contact) -> bool:
    """True for a reply that was let through: who limits our rate is not bothered over QUIC as well."""
    return contact.http is not None and contact.decisive is not None and contact.decisive.failure is None


def _is_odd(contact: Contact, over_tcp: Contact) -> bool:
    """True if HTTP/3 failed, or told another status than the same address did over TCP."""
    if contact.http is None or over_tcp.http is None:
        return True
    return contact.http.status != over_tcp.http.status


async def _try(contact: Contact, port: int, subject: Subject, net: Net) -> Contact:
    """One connection to the address of ``contact``."""
    target = subject.target
    endpoint = Endpoint(name=target.host, address=contact.address, port=port, zone=target.zone)
    touch = await net.quic.get(endpoint, target)
    return Contact(
        address=contact.address,
        port=port,
        attempts=(touch.attempt,),
        certificate=touch.certificate,
        tls_version=touch.tls_version,
        http=touch.http,
    )
