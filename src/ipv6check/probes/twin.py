"""The www or apex twin of a web name."""

import asyncio

from ipv6check.model.dns import TwinEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject
from ipv6check.probes.suffixes import is_registrable
from ipv6check.probes.tries import lookup_wants_second_look


def twin_of(host: str, is_apex: bool) -> str:
    """``www.`` added to the apex of an organisation's domain, or taken away from a ``www`` name; else empty."""
    if host.startswith("www."):
        return host[4:] if host.count(".") >= 2 else ""
    return f"www.{host}" if is_apex else ""


class TwinProbe(OneTry):
    """Looks up the twin's A and AAAA."""

    yields = TwinEvidence
    needs: tuple[type[Evidence], ...] = ()

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> TwinEvidence:
        """Two look-ups, or none where no twin is to be expected."""
        host = subject.target.host
        observed_at = net.clock.utc()
        twin = ""
        if not subject.target.is_literal:
            twin = twin_of(host, is_apex=is_registrable(host))
        if not twin or subject.is_opted_out(twin):
            return TwinEvidence(observed_at=observed_at, name=host, twin="")
        aaaa, a = await asyncio.gather(
            net.resolver.lookup(twin, "AAAA", fresh=subject.fresh), net.resolver.lookup(twin, "A", fresh=subject.fresh)
        )
        return TwinEvidence(observed_at=observed_at, name=host, twin=twin, aaaa=aaaa, a=a)

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True if a look-up ended without an answer in a way that may pass."""
        assert isinstance(evidence, TwinEvidence)
        return lookup_wants_second_look(evidence.aaaa) or lookup_wants_second_look(evidence.a)
