"""Goals by date, the headline, the gate, days and warnings."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from ipv6check.compliance.deadline import days_left, goal_on, today_in
from ipv6check.compliance.gate import Gate, gate
from ipv6check.model.asset import AssetClass, Kind
from ipv6check.model.mandate import (
    Composite,
    Exemption,
    Indicator,
    Milestone,
    Period,
    Scope,
    Select,
)
from tests.unit.compliance.worked import AGENCIES, OWNED, TODAY, WEB, F, P, U, asset, mandate, stand, web

BOTH = {"service": WEB, "application": WEB}


def indicator(**fields: object) -> Indicator:
    return Indicator(id="i", **fields)


def goals() -> tuple[Milestone, ...]:
    return (
        Milestone(date=date(2022, 12, 31), indicator="i", at_least=0.5),
        Milestone(date=date(2022, 12, 31), indicator="i", at_least=0.75),
        Milestone(date=date(2025, 12, 31), indicator="i", at_least=1.0),
        Milestone(date=date(2025, 12, 31), indicator="other", at_least=0.1),
    )


@pytest.mark.parametrize(
    ("day", "goal"),
    [
        (date(2022, 1, 1), 0.75),
        (date(2022, 12, 31), 0.75),
        (date(2025, 12, 30), 0.75),
        (date(2025, 12, 31), 1.0),
        (date(2030, 1, 1), 1.0),
    ],
)
def test_the_goal_of_a_day_is_the_strictest_of_the_latest_date_that_has_come(day: date, goal: float) -> None:
    assert goal_on(mandate(milestones=goals()), "i", day) == goal


def test_without_milestones_the_goal_is_everything() -> None:
    assert goal_on(mandate(), "i", TODAY) == 1.0


def rows_of(passed: int, failed: int, unknown: int):
    statuses = [P] * passed + [F] * failed + [U] * unknown
    return [(asset(f"a{n}"), web(status)) for n, status in enumerate(statuses)]


@pytest.mark.parametrize(
    ("counts", "meets", "answer"),
    [
        ((80, 20, 0), True, Gate.MET),
        ((80, 15, 5), True, Gate.MET),
        ((80, 14, 6), True, Gate.NO_VERDICT),  # coverage 94 %
        ((79, 19, 2), None, Gate.NO_VERDICT),
        ((79, 20, 1), None, Gate.NO_VERDICT),  # high is 80 %: still possible
        ((79, 21, 0), False, Gate.MISSED),
        ((0, 21, 79), False, Gate.MISSED),
        ((0, 0, 100), None, Gate.NO_VERDICT),
    ],
)
def test_gate(counts, meets, answer: Gate) -> None:
    under = mandate(indicators=(indicator(),), milestones=(Milestone(date=TODAY, indicator="i", at_least=0.8),))
    standing = stand(under, rows_of(*counts))
    assert standing.indicators[0].meets is meets
    assert standing.composite_met is meets
    assert standing.whole.goal == 0.8
    assert gate(standing) is answer


def two(rule: str, first, second, **weights: float):
    indicators = (
        Indicator(id="s", select=Select(classes=(AssetClass.SERVICE,)), weight=weights.get("s", 1)),
        Indicator(id="a", select=Select(classes=(AssetClass.APPLICATION,)), weight=weights.get("a", 1)),
    )
    under = mandate(BOTH, indicators=indicators, composite=Composite(rule=rule, of=("s", "a")))
    rows = [(asset("x"), web(first))] if first else []
    rows += [(asset("y", Kind.APPLICATION), web(second))] if second else []
    standing = stand(under, rows)
    return standing.composite_met, gate(standing)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (P, P, (True, Gate.MET)),
        (P, F, (False, Gate.MISSED)),
        (U, F, (False, Gate.MISSED)),
        (P, U, (None, Gate.NO_VERDICT)),
        (P, None, (None, Gate.NO_VERDICT)),  # a class without assets is never met
        (F, None, (False, Gate.MISSED)),
    ],
)
def test_all_means_each(first, second, expected) -> None:
    assert two("all", first, second) == expected


@pytest.mark.parametrize(
    ("first", "second", "weights", "expected"),
    [
        (P, P, {}, (True, Gate.MET)),
        (P, F, {}, (False, Gate.MISSED)),
        (P, F, {"a": 0}, (True, Gate.MET)),
        (P, None, {"a": 0}, (True, Gate.MET)),
        (P, None, {}, (None, Gate.NO_VERDICT)),
        (P, U, {}, (None, Gate.NO_VERDICT)),
    ],
)
def test_weighted_means_the_mean(first, second, weights, expected) -> None:
    assert two("weighted", first, second, **weights) == expected


def test_days_to_and_past_the_deadline() -> None:
    period = Period(deadline=date(2025, 12, 31))
    assert [days_left(period, day) for day in (date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1))] == [1, 0, -1]
    assert days_left(Period(), TODAY) is None
    assert stand(mandate(period=Period()), OWNED).days_left is None
    assert stand(mandate(), OWNED).days_left == 213


def test_the_day_is_the_mandates_and_not_the_machines() -> None:
    late = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)
    assert today_in(Period(timezone="Asia/Ho_Chi_Minh"), late) == date(2026, 1, 1)
    assert today_in(Period(timezone="America/New_York"), late) == date(2025, 12, 31)
    with pytest.raises(ValueError, match="no time zone"):
        today_in(Period(), datetime(2025, 1, 1))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2025, 1, 1), None),
        (date(2025, 6, 3), "exemption-expires-soon E 2025-09-01"),
        (date(2025, 9, 1), "exemption-expires-soon E 2025-09-01"),
        (date(2025, 9, 2), "exemption-expired E 2025-09-01"),
    ],
)
def test_exemptions_are_warned_of_90_days_before_their_end(today: date, expected: str | None) -> None:
    exemption = Exemption(id="E", select=Select(asset="zz"), reason="x", expires=date(2025, 9, 1))
    told = [one for one in stand(mandate(exemptions=(exemption,)), [], today=today).warnings if "exemption" in one]
    assert told == ([expected] if expected else [])


def test_a_stale_scan_and_an_unlisted_agency_are_warned_of() -> None:
    under = mandate(scope=Scope(under=("zz",)))
    fresh = stand(under, [], today=date(2025, 7, 1))
    assert fresh.warnings == ("scope-agency-unlisted zz",)
    assert "scan-stale 31" in stand(under, [], today=date(2025, 7, 2)).warnings


def test_a_standing_can_be_stored() -> None:
    standing = stand(mandate(), OWNED, agencies=AGENCIES)
    assert msgspec.json.decode(msgspec.json.encode(standing), type=type(standing)) == standing
