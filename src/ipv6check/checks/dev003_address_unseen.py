"""Nobody has seen the device use an IPv6 address.

What it looks at:
    Neighbour tables, DHCPv6 leases, host documents and configurations of devices that `ipv6check import evidence`
    brought in, and what devices told `ipv6check import snmp`, as far as they are about the device. No packet is sent.

Why it matters:
    A device behind a firewall cannot be asked from outside. An address that a router, a DHCP server or its own
    configuration shows is the second rung of the ladder: serving, addressed, capable, none.

Passes when:
    The newest evidence that is not older than the policy allows shows a global address, or a unique local one for a
    device of the view `internal`. A pass says that the device has an address, not that anything answers on it.

Fails when:
    Never: that nobody saw an address proves nothing.

Cannot tell when:
    IPv6 was seen without an address that fits (link-local only, or a line of configuration), the address stands in
    NetBox alone, which is paper, or everything that was brought in is too old. Where nothing was brought in, the rule
    is not applicable.

How to fix:
    Give the device a global or unique local address, then bring in the neighbour table of its router, or its own
    configuration, again.

References:
    RFC 4861 section 5.1, RFC 8415 section 12, RFC 4193, RFC 9099 section 2.1.

Policy settings:
    `thresholds.imported_days`, `treat_as_global`, and the view of the asset.
"""

from datetime import UTC, datetime

from ipv6check.checks.sightings import addressed, capable
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.imported import ImportedEvidence, Sighting
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Arg, Verdict

RULE = Rule(
    code="DEV003",
    name="address-unseen",
    since="0.2",
    tags=frozenset({"address-seen", "seen-without-address", "sightings-stale", "nothing-imported"}),
)


def judge(document: DocumentEvidence, imported: ImportedEvidence, policy: Policy) -> Verdict:
    """Whether somebody saw the device with an address that fits it. The absence of a sighting is never a fail."""
    if not imported.sightings:
        return RULE.not_applicable("nothing-imported")
    found = addressed(imported, policy, internal=document.internal)
    if found is not None:
        return RULE.passed("address-seen", address=found[1], **_origin(found[0]))
    hint = capable(imported, policy)
    if hint is not None:
        return RULE.unknown("seen-without-address", **_origin(hint))
    return RULE.unknown("sightings-stale", days=policy.thresholds.imported_days)


def _origin(sighting: Sighting) -> dict[str, Arg]:
    """Who saw it, in which file, and on which day."""
    return {
        "vantage": sighting.provenance.vantage,
        "file": sighting.provenance.file,
        "date": datetime.fromtimestamp(sighting.seen_at, UTC).date().isoformat(),
    }


CHECK = Check(rule=RULE, needs=(DocumentEvidence, ImportedEvidence), kinds=frozenset({Kind.DEVICE}), judge=judge)
