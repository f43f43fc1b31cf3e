"""Things a reader of a standing must know, as words with arguments parted by blanks; reports put them into sentences.

``exemption-expires-soon ID DAY``, ``exemption-expired ID DAY``, ``scope-agency-unlisted ID``, ``scan-stale DAYS``,
``predicate-not-measurable INDICATOR PREDICATE``, ``selection-not-measurable INDICATOR FIELD``,
``evidence-not-measurable INDICATOR CODE``, ``attested-over-cap COUNT``.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from ipv6check.compliance.exemption import expires_soon
from ipv6check.compliance.scope import AgencyTree
from ipv6check.model.asset import AssetClass
from ipv6check.model.mandate import Indicator, Mandate
from ipv6check.model.rating import Rate
from ipv6check.model.scan import Scan


def warnings(mandate: Mandate, scan: Scan, tree: AgencyTree, whole: Rate, today: date, dated: bool) -> Iterator[str]:
    """What is doubtful about a standing on ``today``; ``dated`` if any asset has a day of deployment."""
    age = (today - datetime.fromtimestamp(scan.ended or scan.started, UTC).date()).days
    if age > mandate.counting.stale_after_days:
        yield f"scan-stale {age}"
    for agency in mandate.scope.under:
        if agency not in tree.by_id:
            yield f"scope-agency-unlisted {agency}"
    for exemption in mandate.exemptions:
        if exemption.expires < today:
            yield f"exemption-expired {exemption.id} {exemption.expires}"
        elif expires_soon(exemption, today):
            yield f"exemption-expires-soon {exemption.id} {exemption.expires}"
    for indicator in mandate.indicators:
        predicate = indicator.predicate or mandate.predicate
        if predicate.forbids_ipv4 and not indicator.evidence and AssetClass.SOFTWARE in _classes(mandate, indicator):
            # No rule can show that software does without IPv4; its assets stay unknown.
            yield f"predicate-not-measurable {indicator.id} {predicate}"
        if indicator.select.deployed_from is not None and not dated:
            yield f"selection-not-measurable {indicator.id} deployed_from"
        kinds = {document.kind for agency in tree.by_id.values() for document in agency.documents}
        if indicator.evidence and indicator.unit != "asset" and indicator.evidence not in kinds:
            yield f"evidence-not-measurable {indicator.id} {indicator.evidence}"
    if whole.over_cap:
        yield f"attested-over-cap {whole.over_cap}"


def _classes(mandate: Mandate, indicator: Indicator) -> tuple[AssetClass, ...]:
    return indicator.select.classes or mandate.scope.classes or tuple(AssetClass)
