"""Nobody has seen an address of the network's prefix.

What it looks at:
    Neighbour tables, DHCPv6 leases, host documents and configurations of devices that `ipv6check import evidence`
    brought in, as far as their addresses lie in the network's prefix. No packet is sent.

Why it matters:
    A prefix in the inventory is a plan. An address of it in a router's neighbour table or among the leases of a DHCPv6
    server shows that hosts got one.

Passes when:
    Evidence that is not older than the policy allows shows an address in the prefix.

Fails when:
    Never: that nobody saw an address proves nothing.

Cannot tell when:
    What was brought in shows no address of the prefix, lists it in NetBox alone, which is paper, or is too old; or the
    prefix is none that fits (NET001 fails then). Where nothing was brought in, the rule is not applicable.

How to fix:
    Let the router advertise the prefix, or a DHCPv6 server assign from it, then bring in the neighbour table or the
    leases again.

References:
    RFC 4861 section 5.1, RFC 4862, RFC 8415 section 12.

Policy settings:
    `thresholds.imported_days`, `treat_as_global`, and the view of the asset.
"""

from datetime import UTC, datetime

from ipv6check.checks.paper import fault_of_prefix, ipv6_address, ipv6_prefix
from ipv6check.checks.sightings import fresh
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.imported import ImportedEvidence, Source
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="NET003",
    name="prefix-unseen",
    since="0.2",
    tags=frozenset({"prefix-seen", "prefix-unseen", "prefix-unfit", "sightings-stale", "nothing-imported"}),
)


def judge(document: DocumentEvidence, imported: ImportedEvidence, policy: Policy) -> Verdict:
    """Whether somebody saw an address of the prefix. The absence of a sighting is never a fail."""
    if not imported.sightings:
        return RULE.not_applicable("nothing-imported")
    prefix = ipv6_prefix(document.prefix)
    if prefix is None or fault_of_prefix(prefix, policy, internal=document.internal):
        return RULE.unknown("prefix-unfit")
    recent = fresh(imported, policy)
    if not recent:
        return RULE.unknown("sightings-stale", days=policy.thresholds.imported_days)
    for one in recent:
        if one.provenance.source is Source.NETBOX:
            continue
        for text in one.addresses:
            address = ipv6_address(text)
            if address is not None and address in prefix:
                seen = datetime.fromtimestamp(one.seen_at, UTC).date().isoformat()
                origin = one.provenance
                return RULE.passed("prefix-seen", address=text, vantage=origin.vantage, file=origin.file, date=seen)
    return RULE.unknown("prefix-unseen", prefix=str(prefix))


CHECK = Check(rule=RULE, needs=(DocumentEvidence, ImportedEvidence), kinds=frozenset({Kind.NETWORK}), judge=judge)
