"""Standing: how far a conversion is under one mandate on one day. What every report is made of."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

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
    """Counted assets (or organisations) as integers; no share is stored rounded.

    ``denominator`` D = in scope - not applicable - exempt (unless the mandate keeps exempt ones).
    ``ready`` includes ``attested``; ``over_cap`` are attested passes above the mandate's cap, counted as nothing yet.
    Progress is ``progress_num / progress_den / D``; a partial one adds ``partial_num / partial_den`` to the compliance
    rate (0 unless the mandate says otherwise). All shares are None if D = 0: not measurable, never met.
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
    over_cap: int = 0
    partial_num: int = 0
    partial_den: int = 1

    @property
    def undecided(self) -> int:
        """Those that stay in D and may yet turn out ready: unknown, without paper, or with paper beyond the cap."""
        return self.unknown + self.needs_attestation + self.over_cap

    @property
    def low(self) -> Fraction | None:
        """The compliance rate: what is proven to be converted. Only this meets a goal."""
        return self._of(self.ready + self.partial * Fraction(self.partial_num, self.partial_den))

    @property
    def high(self) -> Fraction | None:
        """What the rate would be if everything undecided were converted."""
        return self._of(self.ready + self.partial * Fraction(self.partial_num, self.partial_den) + self.undecided)

    @property
    def coverage(self) -> Fraction | None:
        """The share of D that could be decided."""
        return self._of(Fraction(self.denominator - self.undecided))

    @property
    def progress(self) -> Fraction | None:
        """The mean credit: ready counts 1, partial its share of required rules."""
        return self._of(Fraction(self.progress_num, self.progress_den))

    @property
    def measured(self) -> Fraction | None:
        """The compliance rate without what paper alone made ready."""
        return self._of(self.ready - self.attested + self.partial * Fraction(self.partial_num, self.partial_den))

    def _of(self, count: Fraction) -> Fraction | None:
        return count / self.denominator if self.denominator else None


class Group(Record, frozen=True, kw_only=True):
    """The rate of one slice: ``kind`` is whole, agency, class or indicator.

    ``meets`` is True if the proven rate reaches the goal, False if it cannot, None if neither is proven (also D = 0).
    """

    kind: str
    key: str
    title: dict[str, str]
    rate: Rate
    goal: float = 1.0
    meets: bool | None = None


class Standing(Record, frozen=True, kw_only=True):
    """The outcome of counting. ``days_left`` is negative after the deadline and None without one; ``unlisted`` counts
    assets of the scan that are out of the mandate's scope; ``assets`` come by agency and name. A warning is a word and
    its arguments, parted by blanks (``compliance/warning.py``)."""

    mandate: Mandate
    scan: Scan
    today: date
    days_left: int | None
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
