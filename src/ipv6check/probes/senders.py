"""The SPF record of a name that takes mail: whom it passes over IPv6, and the reverse names of those it names."""

from collections.abc import Generator, Sequence
from ipaddress import ip_address

from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.mail import SendersEvidence, SpfHost, SpfSaid
from ipv6check.model.policy import Policy
from ipv6check.model.spf import SpfResult
from ipv6check.model.zone import Exchanger, ZonesEvidence
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject, contactable
from ipv6check.probes.reverse import reverse_of
from ipv6check.probes.spf import Question, Told, evaluate
from ipv6check.probes.zones import MOST_EXCHANGERS

MOST_QUESTIONS = 60
"""Of one evaluation. RFC 7208 allows more than a hundred to who fills every ``mx``."""
MOST_COVERS = 16
MOST_ADDRESSES = 2  # of one exchanger and family
_AGAIN = frozenset({DnsOutcome.SERVFAIL, DnsOutcome.TIMEOUT, DnsOutcome.LOCAL_ERROR})


class SendersProbe(OneTry):
    """Asks for names with MX records only: a record of a name that takes no mail says nothing about its senders."""

    yields = SendersEvidence
    needs: tuple[type[Evidence], ...] = (ZonesEvidence,)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> SendersEvidence:
        """Nothing raised. The resolver's cache sees to it that a provider's records are asked for once."""
        zones = seen[ZonesEvidence]
        assert isinstance(zones, ZonesEvidence)
        started, observed_at = net.clock.monotonic(), net.clock.utc()
        exchangers = [one for one in zones.exchangers[:MOST_EXCHANGERS] if not one.implicit]
        if not exchangers:
            return SendersEvidence(observed_at=observed_at, name=zones.name, mail=zones.mail_found)
        record = await net.resolver.lookup(zones.name, "TXT", fresh=subject.fresh)
        told = await _drive(evaluate(zones.name), subject, net)
        hosts: Sequence[SpfHost] = ()
        if told.result is not SpfResult.NONE:
            hosts = [host for one in exchangers if (host := await _host(zones.name, one, subject, net)) is not None]
        passing = [said.address for host in hosts for said in host.v6 if said.result == SpfResult.PASS]
        named = [one for one in dict.fromkeys((*told.senders, *passing)) if not _bar(one, subject, net)]
        return SendersEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            name=zones.name,
            mail=zones.mail_found,
            found=record.outcome,
            result=told.result.value,
            cause=told.cause,
            lookups=told.lookups,
            voids=told.voids,
            covers=tuple(dict.fromkeys(told.covers))[:MOST_COVERS],
            names_v4=told.names_v4,
            depends=told.depends,
            hosts=tuple(hosts),
            senders=tuple([await reverse_of(one, subject, net) for one in named[: policy.thresholds.max_addresses]]),
        )

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True if a look-up ended without an answer in a way that may pass."""
        assert isinstance(evidence, SendersEvidence)
        again = {outcome.value for outcome in _AGAIN}
        said = [said for host in evidence.hosts for said in (*host.v6, *host.v4)]
        return (
            evidence.found in _AGAIN
            or evidence.cause in again
            or any(one.cause in again for one in said)
            or any(one.outcome in _AGAIN or one.forward in _AGAIN for one in evidence.senders)
        )


async def _host(name: str, exchanger: Exchanger, subject: Subject, net: Net) -> SpfHost | None:
    """What the record says of an exchanger's addresses; None for one without IPv6."""
    usable = [one for one in exchanger.addresses if not _bar(one, subject, net)][:MOST_ADDRESSES]
    if not usable:
        return None
    v6 = [await _said(name, address, subject, net) for address in usable]
    v4: list[SpfSaid] = []
    if any(said.result != SpfResult.PASS for said in v6):
        lookup = await net.resolver.lookup(exchanger.host, "A", fresh=subject.fresh)
        v4 = [await _said(name, one, subject, net) for one in contactable(lookup, subject, net)[0][:MOST_ADDRESSES]]
        v4.sort(key=lambda said: said.result != SpfResult.PASS)
    return SpfHost(host=exchanger.host, v6=tuple(v6), v4=tuple(v4[:1]))


def _bar(address: str, subject: Subject, net: Net) -> str:
    return net.dialer.bar(address, internal=subject.internal)


async def _said(name: str, address: str, subject: Subject, net: Net) -> SpfSaid:
    told = await _drive(evaluate(name, ip_address(address)), subject, net)
    return SpfSaid(address=address, result=told.result.value, cause=told.cause)


async def _drive(asking: Generator[Question, Lookup, Told], subject: Subject, net: Net) -> Told:
    """The evaluation with the vantage's resolvers. A name that opted out is not asked for, which is an error."""
    questions = 0
    try:
        question = next(asking)
        while True:
            name, rdtype = question
            questions += 1
            if questions > MOST_QUESTIONS or subject.is_opted_out(name):
                found = Lookup(name=name, rdtype=rdtype, outcome=DnsOutcome.NOT_ASKED)
            else:
                found = await net.resolver.lookup(name, rdtype, fresh=subject.fresh)
            question = asking.send(found)
    except StopIteration as stopped:
        told: Told = stopped.value
        return told
