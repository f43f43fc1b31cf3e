"""Standing: how far a conversion is under one mandate on one day. What every report is made of."""

from datetime import date
from enum import StrEnum

from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, AssetClass
from ipv6check.model.mandate import Level, Mandate
from ipv6check.model.record import Record
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Verdict


class Readiness(StrEnum):
    """What an asset's verdicts amount to under a mandate."""

    READY = "ready"
    PARTIAL = "partial"
    NOT_READY = "not-ready"
    UNKNOWN = "unknown"
    NEEDS_ATTESTATION = "needs-attestation"
    NOT_APPLICABLE = "not-applicable"
    EXEMPT = "exempt"


class RatedVerdict(Record, frozen=True, kw_only=True):
    """A verdict with the level the mandate gives its rule for this asset."""

    verdict: Verdict
    level: Level


class AssetStanding(Record, frozen=True, kw_only=True):
    """One asset under the mandate. ``credit`` (numerator, denominator) is the progress it earns; ``attested`` is
    True if paper, not measurement, made it ready; ``exemption`` is the id of the one in force, else empty."""

    asset: Asset
    readiness: Readiness
    verdicts: tuple[RatedVerdict, ...] = ()
    credit: tuple[int, int] = (0, 1)
    attested: bool = False
    exemption: str = ""


class Rate(Record, frozen=True, kw_only=True):
    """Counted assets as integers; no share is stored rounded.

    ``denominator`` D = in scope - not applicable - exempt (unless the mandate keeps exempt ones).
    ``ready`` includes ``attested``. Progress is ``progress_num / progress_den / D``. D = 0 is not measurable.
    """

    denominator: int
    ready: int
    partial: int
    not_ready: int
    unknown: int
    needs_attestation: int
    not_applicable: int
    exempt: int
    attested: int = 0
    progress_num: int = 0
    progress_den: int = 1


class Group(Record, frozen=True, kw_only=True):
    """The rate of one slice: the whole, an agency, a class, or an indicator. ``meets`` is None if not measurable."""

    kind: str
    key: str
    title: dict[str, str]
    rate: Rate
    goal: float = 1.0
    meets: bool | None = None


class Standing(Record, frozen=True, kw_only=True):
    """The outcome of counting. ``days_left`` is negative after the deadline; ``unlisted`` counts assets of the
    scan that are out of the mandate's scope."""

    mandate: Mandate
    scan: Scan
    today: date
    days_left: int
    whole: Group
    agencies: tuple[Group, ...] = ()
    classes: tuple[Group, ...] = ()
    indicators: tuple[Group, ...] = ()
    composite_met: bool | None = None
    assets: tuple[AssetStanding, ...] = ()
    agency_names: dict[str, Agency] = {}
    unlisted: int = 0
    warnings: tuple[str, ...] = ()


CLASS_ORDER = (
    AssetClass.NETWORK,
    AssetClass.SERVICE,
    AssetClass.APPLICATION,
    AssetClass.SOFTWARE,
    AssetClass.DEVICE,
)
