"""The pace and where it leads, worked by hand and by properties."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.compliance.forecast import METHOD, TOO_FEW, forecast, in_window, pace_of

START = date(2025, 1, 6)


def weekly(*percent: int) -> list[tuple[date, Fraction]]:
    return [(START + timedelta(weeks=week), Fraction(one, 100)) for week, one in enumerate(percent)]


def look(*percent: int, goal: float = 1.0, by: date | None = None, today: date | None = None):
    points = weekly(*percent)
    return forecast("whole", "", points, goal=goal, by=by, today=today or points[-1][0])


def test_a_straight_line_is_followed_to_the_day() -> None:
    # 40, 50 … 80 %: ten points a week, two weeks to go
    found = look(40, 50, 60, 70, 80)
    assert found.method == METHOD
    assert found.points == 5
    assert found.pace == pytest.approx(0.1 / 7)
    assert found.expected == START + timedelta(weeks=6)
    assert (found.earliest, found.latest) == (found.expected, found.expected)


def test_the_median_of_the_slopes_and_sens_interval_worked_by_hand() -> None:
    # Five weekly rates have ten slopes; in points a week, from each of the first four on:
    found = pace_of(weekly(10, 20, 30, 20, 50))
    slopes = sorted([10, 10, 10 / 3, 10, *(10, 0, 10), *(-10, 10), 30])
    middle = (slopes[4] + slopes[5]) / 2
    assert found is not None
    assert found.middle == pytest.approx(middle / 700)
    # C = 1.645 * sqrt(5*4*15/18) = 6.72; rank (10 - 6.72) / 2 = 1.64, so the second and the last but one
    assert found.slow == pytest.approx(slopes[1] / 700)
    assert found.fast == pytest.approx(slopes[-2] / 700)


def test_one_odd_scan_does_not_bend_the_pace() -> None:
    steady, odd = look(40, 50, 60, 70, 80, 90), look(40, 50, 0, 70, 80, 90)
    assert odd.pace == pytest.approx(steady.pace)
    assert odd.expected == steady.expected


@pytest.mark.parametrize("percent", [(50,), (50, 60, 70)])
def test_too_few_scans_give_no_pace_and_no_day(percent: tuple[int, ...]) -> None:
    found = look(*percent)
    assert found.method == TOO_FEW
    assert (found.pace, found.expected, found.earliest, found.latest) == (None, None, None, None)


def test_less_than_a_fortnight_gives_no_pace() -> None:
    days = [(START + timedelta(days=4 * n), Fraction(n, 10)) for n in range(4)]
    assert pace_of(days) is None


def test_standing_still_or_falling_never_arrives() -> None:
    for percent in ((50, 50, 50, 50), (80, 70, 60, 50)):
        found = look(*percent)
        assert found.pace is not None
        assert found.pace <= 0
        assert found.expected is None


def test_few_scans_leave_the_interval_open() -> None:
    found = look(10, 20, 30, 40)  # six slopes: the interval of 90 % is wider than all of them
    assert found.expected is not None
    assert found.latest == found.expected
    assert pace_of(weekly(10, 20, 20, 40)).slow is not None


def test_what_is_needed_is_told_for_a_day_ahead_only() -> None:
    last = START + timedelta(weeks=4)
    ahead = look(40, 50, 60, 70, 80, by=last + timedelta(days=100))
    assert ahead.needed == pytest.approx(0.2 / 100)
    assert look(40, 50, 60, 70, 80, by=last).needed is None
    assert look(40, 50, 60, 70, 80).needed is None


def test_a_goal_that_is_reached_is_reached_on_the_last_scans_day() -> None:
    found = look(40, 50, 60, 70, 80, goal=0.8, by=START + timedelta(days=365))
    assert found.expected == found.earliest == found.latest == START + timedelta(weeks=4)
    assert found.needed == 0


def test_only_ninety_days_count_and_each_part_of_them_once() -> None:
    daily = [(START + timedelta(days=n), Fraction(n, 400)) for n in range(300)]
    used = in_window(daily, daily[-1][0])
    assert used[0][0] >= daily[-1][0] - timedelta(days=90)
    assert used[-1] == daily[-1]
    assert len(used) == 30
    assert pace_of(used).middle == pytest.approx(1 / 400)


def test_without_any_rate_there_is_no_forecast() -> None:
    assert forecast("whole", "", [], goal=1.0, by=None, today=START) is None


@given(st.lists(st.integers(0, 100), min_size=4, max_size=13))
def test_the_days_are_in_order(percent: list[int]) -> None:
    found = look(*percent)
    assert found.pace is not None
    days = [day if day else date.max for day in (found.earliest, found.expected, found.latest)]
    if found.earliest or found.latest:
        assert days == sorted(days)
    if found.expected:
        assert found.expected >= START + timedelta(weeks=len(percent) - 1)
