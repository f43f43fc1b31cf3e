"""A and AAAA of a target's name."""

from ipv6check.model.dns import DnsOutcome, Lookup, NameEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject
from ipv6check.probes.together import together
from ipv6check.probes.tries import lookup_wants_second_look


class NameProbe(OneTry):
    """Asks the vantage's resolvers once per family; a literal host is its own answer and asks nobody."""

    yields = NameEvidence
    needs: tuple[type[Evidence], ...] = ()

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> NameEvidence:
        """AAAA, and A if the scan looks at IPv4; nothing raised."""
        host = subject.target.host
        started = net.clock.monotonic()
        observed_at = net.clock.utc()
        if subject.target.is_literal:
            return NameEvidence(observed_at=observed_at, name=host, aaaa=_literal(host, "AAAA"), a=_literal(host, "A"))
        if 4 in subject.families:
            aaaa, a = await together([net.resolver.lookup(host, kind, fresh=subject.fresh) for kind in ("AAAA", "A")])
        else:
            aaaa = await net.resolver.lookup(host, "AAAA", fresh=subject.fresh)
            a = Lookup(name=host, rdtype="A", outcome=DnsOutcome.NOT_ASKED)
        return NameEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            name=host,
            aaaa=aaaa,
            a=a,
        )

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True if a look-up ended without an answer in a way that may pass."""
        assert isinstance(evidence, NameEvidence)
        return lookup_wants_second_look(evidence.aaaa) or lookup_wants_second_look(evidence.a)


def _literal(host: str, rdtype: str) -> Lookup:
    """A look-up that nobody made: the target is an address, which answers for its own family."""
    records = (host,) if (":" in host) == (rdtype == "AAAA") else ()
    return Lookup(name=host, rdtype=rdtype, outcome=DnsOutcome.NOT_ASKED, records=records)
