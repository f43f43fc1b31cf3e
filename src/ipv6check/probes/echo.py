"""ICMPv6 and ICMP echo at one address of each family."""

from ipv6check.model.contact import EchoEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.net.api import Net
from ipv6check.probes.probe import OneTry, Seen, Subject, contactable
from ipv6check.probes.together import together
from ipv6check.probes.tries import echo_wants_second_look


class EchoProbe(OneTry):
    """One echo per family, to the first address that may be contacted. Echo is information: filters are common."""

    yields = EchoEvidence
    needs: tuple[type[Evidence], ...] = (NameEvidence,)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> EchoEvidence:
        """Both families at once; an address that may not be contacted is not."""
        name = seen[NameEvidence]
        assert isinstance(name, NameEvidence)
        started = net.clock.monotonic()
        observed_at = net.clock.utc()
        addresses: list[str] = []
        for family, lookup in ((6, name.aaaa), (4, name.a)):
            if family in subject.families and (allowed := contactable(lookup, subject, net)[0]):
                addresses.append(allowed[0])
            elif family == 6:
                break  # IPv4 has nothing to be compared with
        replies = await together([net.ping.echo(address, zone=subject.target.zone) for address in addresses])
        return EchoEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            host=subject.target.host,
            replies=tuple(replies),
            means=net.ping.means,
        )

    def is_doubtful(self, evidence: Evidence) -> bool:
        """True if no echo came back over IPv6: a lost vantage looks the same."""
        assert isinstance(evidence, EchoEvidence)
        return echo_wants_second_look(evidence)
