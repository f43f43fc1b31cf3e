"""``report --gate``: whether the goal is met, missed, or cannot be told."""

from enum import StrEnum
from fractions import Fraction

from ipv6check.compliance.composite import composite_met, parts, weighted
from ipv6check.model.standing import Group, Standing

LEAST_COVERAGE = Fraction(95, 100)


class Gate(StrEnum):
    """The answer; the command line turns it into exit codes 0, 1 and 3."""

    MET = "met"
    MISSED = "missed"
    NO_VERDICT = "no-verdict"


def gate(standing: Standing) -> Gate:
    """The mandate's headline: missed if the highest possible rate is below the goal, met if the proven one reaches it
    and at least 95 % could be decided, else no verdict. A part with nothing to count is never met.

    With ``all``, one part that is missed misses, and every part must be met.
    """
    mandate = standing.mandate
    groups = parts(mandate, standing.indicators, standing.whole)
    if mandate.composite.rule == "weighted":
        return _answer(composite_met(mandate, groups), weighted(mandate, groups, "coverage"))
    answers = {gate_of(group) for group in groups}
    if Gate.MISSED in answers:
        return Gate.MISSED
    return Gate.MET if answers == {Gate.MET} else Gate.NO_VERDICT


def gate_of(group: Group) -> Gate:
    """The answer for one group and its own goal."""
    return _answer(group.meets, group.rate.coverage)


def _answer(met: bool | None, coverage: Fraction | None) -> Gate:
    if met is False:
        return Gate.MISSED
    return Gate.MET if met and coverage is not None and coverage >= LEAST_COVERAGE else Gate.NO_VERDICT
