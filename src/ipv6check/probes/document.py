"""Documented facts of an asset, as evidence. No packet is sent."""

from datetime import UTC, datetime

from ipv6check.model.asset import Asset, View
from ipv6check.model.document import DocumentEvidence


def document(asset: Asset, *, observed_at: float) -> DocumentEvidence:
    """What the inventory says about ``asset``, on the UTC day of ``observed_at`` (seconds since 1970)."""
    return DocumentEvidence(
        observed_at=observed_at,
        today=datetime.fromtimestamp(observed_at, UTC).date(),
        attestation=asset.attestation,
        addresses=tuple(dict.fromkeys(target.host for target in asset.targets if target.is_literal)),
        prefix=asset.prefix,
        gateway=asset.gateway,
        internal=asset.view is View.INTERNAL,
    )
