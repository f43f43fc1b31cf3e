"""What paper and inventory say about an asset: evidence without a packet."""

from datetime import date
from typing import ClassVar

from ipv6check.model.asset import Attestation
from ipv6check.model.evidence_base import Evidence


class DocumentEvidence(Evidence, tag="document/1", frozen=True, kw_only=True):
    """Documented facts of one asset on the day of the scan (``today``, in UTC)."""

    of_asset: ClassVar[bool] = True

    today: date
    attestation: Attestation | None = None
    addresses: tuple[str, ...] = ()
    prefix: str = ""
    gateway: str = ""
    internal: bool = False
