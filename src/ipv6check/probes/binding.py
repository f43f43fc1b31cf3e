"""The HTTPS record of a web name and its IPv6 hints (RFC 9460)."""

import asyncio

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.zone import BindingEvidence
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject

MOST_TARGETS = 4


class BindingProbe(OneTry):
    """One look-up, and AAAA of the targets where there are hints to compare with."""

    yields = BindingEvidence
    needs: tuple[type[Evidence], ...] = ()

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> BindingEvidence:
        """Nothing raised; a literal host has no record."""
        observed_at, host = net.clock.utc(), subject.target.host
        if subject.target.is_literal or not subject.target.protocol.is_web:
            return BindingEvidence(observed_at=observed_at, name=host, outcome=DnsOutcome.NOT_ASKED)
        name = host if subject.target.port in (0, 80, 443) else f"_{subject.target.port}._https.{host}"
        found = await net.resolver.lookup(name, "HTTPS", fresh=subject.fresh)
        owner = found.chain[-1] if found.chain else host
        hints: list[str] = []
        http3: list[str] = []
        for record in found.records:
            priority, target, *parameters = record.split(" ")
            if priority == "0":  # AliasMode has no parameters (section 2.4.2)
                continue
            where = owner if target == "." else target
            hints += [f"{where} {one}" for one in parameters if "=" not in one]
            there = "." if where in (owner, host) else where
            http3 += [f"{there} {one.removeprefix('h3=')}" for one in parameters if one.startswith("h3=")]
        targets = list(dict.fromkeys(hint.partition(" ")[0] for hint in hints))[:MOST_TARGETS]
        aaaa = await asyncio.gather(*(net.resolver.lookup(one, "AAAA", fresh=subject.fresh) for one in targets))
        return BindingEvidence(
            observed_at=observed_at,
            name=host,
            outcome=found.outcome,
            hints=tuple(sorted(hints)),
            aaaa=tuple(aaaa),
            http3=tuple(http3[:MOST_TARGETS]),
        )
