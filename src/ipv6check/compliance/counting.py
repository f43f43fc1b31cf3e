"""Adding up outcomes, exactly, and saying shares without flattering."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from ipv6check.compliance.readiness import Outcome
from ipv6check.model.mandate import Counting
from ipv6check.model.rating import Rate, Readiness

NOTHING_TO_COUNT = "–"


@dataclass(slots=True)
class Tally:
    """Outcomes of one slice, still open. ``credits`` are numerators by denominator, so that a million assets add up
    as whole numbers."""

    readiness: Counter[Readiness] = field(default_factory=Counter)
    credits: Counter[int] = field(default_factory=Counter)
    attested: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        numerator, denominator = outcome.credit
        self.readiness[outcome.readiness] += 1
        self.credits[denominator] += numerator
        self.attested += outcome.attested

    def merge(self, other: "Tally") -> None:
        """Count everything ``other`` has counted."""
        self.readiness.update(other.readiness)
        self.credits.update(other.credits)
        self.attested += other.attested

    @property
    def counted(self) -> int:
        """How many outcomes there are."""
        return self.readiness.total()

    def rate(self, counting: Counting) -> Rate:
        """The rate under a mandate's rules.

        With a cap on attested passes (``max_share`` of D) the surplus leaves ``ready``; then the parts of a whole no
        longer add up to it, since each has a cap of its own.
        """
        by = self.readiness
        denominator = self.counted - by[Readiness.NOT_APPLICABLE]
        if counting.exempt == "exclude":
            denominator -= by[Readiness.EXEMPT]
        most = int(Fraction(str(counting.attested.max_share)) * denominator)
        over_cap = max(0, self.attested - most)
        progress = sum((Fraction(count, per) for per, count in self.credits.items()), Fraction(-over_cap))
        each_partial = Fraction(str(counting.partial))
        return Rate(
            denominator=denominator,
            ready=by[Readiness.READY] - over_cap,
            partial=by[Readiness.PARTIAL],
            not_ready=by[Readiness.NOT_READY],
            unknown=by[Readiness.UNKNOWN],
            needs_attestation=by[Readiness.NEEDS_ATTESTATION],
            not_applicable=by[Readiness.NOT_APPLICABLE],
            exempt=by[Readiness.EXEMPT],
            attested=self.attested - over_cap,
            progress_num=progress.numerator,
            progress_den=progress.denominator,
            over_cap=over_cap,
            partial_num=each_partial.numerator,
            partial_den=each_partial.denominator,
        )


def merged(tallies: Iterable[Tally]) -> Tally:
    """Everything that several tallies have counted."""
    whole = Tally()
    for tally in tallies:
        whole.merge(tally)
    return whole


def meets(rate: Rate, goal: float) -> bool | None:
    """True if the proven rate reaches ``goal``, False if even the highest possible one does not, else None."""
    low, high, wanted = rate.low, rate.high, Fraction(str(goal))
    if low is None or high is None:
        return None
    if low >= wanted:
        return True
    return False if high < wanted else None


def floor_percent(numerator: int, denominator: int) -> str:
    """``numerator / denominator`` as a percentage, cut (never rounded up) to one decimal: 999/1000 is ``99.9``.

    A dash if the denominator is 0. ValueError for negative numbers.
    """
    if numerator < 0 or denominator < 0:
        raise ValueError("a share has no negative parts")
    if denominator == 0:
        return NOTHING_TO_COUNT
    thousandths = numerator * 1000 // denominator
    return f"{thousandths // 10}.{thousandths % 10}"


def floor_percent_of(share: Fraction | None) -> str:
    """``floor_percent`` of a share of a rate; a dash for None."""
    return NOTHING_TO_COUNT if share is None else floor_percent(share.numerator, share.denominator)
