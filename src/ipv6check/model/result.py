"""What a scan hands over for one asset."""

from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.record import Record
from ipv6check.model.verdict import Verdict


class TargetEvidence(Record, frozen=True, kw_only=True):
    """All evidence of one target; ``target`` is its ``evidence_key``, shared by every asset that lists it. What was
    imported about an asset as a whole goes under its ``asset_key``."""

    target: str
    evidence: tuple[AnyEvidence, ...]


class AssetResult(Record, frozen=True, kw_only=True):
    """One asset judged. ``pending``: a failure still waits for its second look, so some verdicts are
    ``awaiting-confirmation`` and will be replaced. ``at`` is UTC seconds since 1970. Document evidence is not
    carried: it follows from the stored asset and the day of the scan."""

    asset: str
    at: float
    verdicts: tuple[Verdict, ...]
    evidence: tuple[TargetEvidence, ...] = ()
    pending: bool = False
