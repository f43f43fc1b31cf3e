"""The headline: several indicators as one answer."""

from collections.abc import Sequence
from fractions import Fraction

from ipv6check.model.mandate import Mandate
from ipv6check.model.rating import Rate
from ipv6check.model.standing import Group


def parts(mandate: Mandate, indicators: Sequence[Group], whole: Group) -> tuple[Group, ...]:
    """The groups the headline is made of: those named, else those with a weight, else the whole."""
    named = [group for group in indicators if group.key in mandate.composite.of]
    weighted = [group for group in indicators if weight_of(mandate, group) > 0]
    return tuple(named or weighted or [whole])


def weight_of(mandate: Mandate, group: Group) -> Fraction:
    """The weight of an indicator's group; 1 for any other group."""
    if group.kind != "indicator":
        return Fraction(1)
    return next((Fraction(str(one.weight)) for one in mandate.indicators if one.id == group.key), Fraction(0))


def weighted(mandate: Mandate, groups: Sequence[Group], share: str) -> Fraction | None:
    """The weighted mean of a share of rates (low, high, coverage, progress); None if a part has none."""
    total, weights = Fraction(0), Fraction(0)
    for group in groups:
        weight = weight_of(mandate, group)
        value = _share(group.rate, share)
        if weight and value is None:
            return None
        total += weight * (value or 0)
        weights += weight
    return total / weights if weights else None


def weighted_goal(mandate: Mandate, groups: Sequence[Group]) -> Fraction:
    """The weighted mean of the goals."""
    weights = sum((weight_of(mandate, group) for group in groups), Fraction(0))
    total = sum((weight_of(mandate, group) * Fraction(str(group.goal)) for group in groups), Fraction(0))
    return total / weights if weights else Fraction(1)


def composite_met(mandate: Mandate, groups: Sequence[Group]) -> bool | None:
    """True if the headline is proven, False if it cannot be reached with what is known, else None.

    ``all``: every part meets its goal. ``weighted``: the mean of the rates meets the mean of the goals.
    """
    if mandate.composite.rule == "weighted":
        low, high = weighted(mandate, groups, "low"), weighted(mandate, groups, "high")
        if low is None or high is None:
            return None
        goal = weighted_goal(mandate, groups)
        return True if low >= goal else False if high < goal else None
    answers = {group.meets for group in groups}
    if False in answers:
        return False
    return None if None in answers else True


def _share(rate: Rate, name: str) -> Fraction | None:
    match name:
        case "low":
            return rate.low
        case "high":
            return rate.high
        case "coverage":
            return rate.coverage
        case "progress":
            return rate.progress
    raise ValueError(f"a rate has no share {name!r}")
