"""Which rung of the ladder imported evidence proves: addressed, capable, or none."""

from ipv6check.checks.paper import fault_of, ipv6_address
from ipv6check.model.imported import ImportedEvidence, Sighting, Source
from ipv6check.model.policy import Policy

DAY_S = 86_400


def fresh(evidence: ImportedEvidence, policy: Policy) -> tuple[Sighting, ...]:
    """The sightings that are not older than the policy allows on the day of the scan, the newest first."""
    oldest = evidence.observed_at - policy.thresholds.imported_days * DAY_S
    return tuple(sorted((one for one in evidence.sightings if one.seen_at >= oldest), key=lambda one: -one.seen_at))


def addressed(evidence: ImportedEvidence, policy: Policy, *, internal: bool) -> tuple[Sighting, str] | None:
    """The newest fresh sighting with an address that fits such an asset (``internal`` admits unique local ones), and
    that address; None if there is none. What NetBox lists is documented, not seen, and shows the asset capable only."""
    for one in fresh(evidence, policy):
        if one.provenance.source is Source.NETBOX:
            continue
        for text in one.addresses:
            address = ipv6_address(text)
            if address is not None and not fault_of(address, policy, internal=internal):
                return one, text
    return None


def capable(evidence: ImportedEvidence, policy: Policy) -> Sighting | None:
    """The newest fresh sighting that shows IPv6 spoken at all, with whatever address or by a line of configuration."""
    return next((one for one in fresh(evidence, policy) if one.addresses or one.proof), None)
