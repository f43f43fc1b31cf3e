"""Rating: what an asset's verdicts amount to, and counted assets as exact integers."""

from enum import StrEnum
from fractions import Fraction

from ipv6check.model.record import Record


class Readiness(StrEnum):
    """What an asset's verdicts amount to under a mandate."""

    READY = "ready"
    PARTIAL = "partial"
    NOT_READY = "not-ready"
    UNKNOWN = "unknown"
    NEEDS_ATTESTATION = "needs-attestation"
    NOT_APPLICABLE = "not-applicable"
    EXEMPT = "exempt"


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
