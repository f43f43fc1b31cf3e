"""The confirmed state: losing it takes several scans, gaining it one, and old results do not stand for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.compliance.confirmed import ABSENT, Confirmation, letter_of, readiness_of
from ipv6check.model.mandate import Counting
from ipv6check.model.rating import Readiness

DAY = 86_400.0
WEEKLY = [week * 7 * DAY for week in range(12)]


def state(letters: str, *, times: list[float] = WEEKLY, after: int = 3, spacing: float = 20, stale: int = 30):
    counting = Counting(fail_after=after, fail_spacing_hours=spacing, stale_after_days=stale)
    return Confirmation(times, counting).of(letters)


@pytest.mark.parametrize(
    ("letters", "letter", "basis", "failures"),
    [
        ("N", "N", 0, 0),  # a first result counts at once
        ("P", "P", 0, 0),
        ("U", "U", 0, 0),
        ("NR", "R", 1, 0),  # so does getting better
        ("PR", "R", 1, 0),
        ("RN", "R", 0, 1),
        ("RNN", "R", 0, 2),
        ("RNNN", "N", 3, 0),
        ("RNP", "R", 0, 2),  # partly is not ready either
        ("RNNP", "P", 3, 0),
        ("RNNRN", "R", 3, 1),  # a good scan starts the count again
        ("RNNNP", "P", 4, 0),  # what was never ready since changes at once
        ("RNUN", "R", 0, 2),  # not knowing neither counts nor forgives
        ("RU", "R", 0, 0),
        ("RUUUU", "R", 0, 0),  # 28 days
        ("RUUUUU", "U", 5, 0),  # 35 days
        ("NUUUU", "N", 0, 0),
        ("NUUUUU", "U", 5, 0),
        ("RNUUU", "R", 0, 1),
        ("RNUUUU", "N", 1, 0),  # the good result is stale, the bad one is not
        ("RUUUUN", "N", 5, 0),  # nothing stands any more, so the first result counts at once
        ("RUUUUUR", "R", 6, 0),
        ("REN", "N", 2, 0),  # an exemption, and what was not there at all, starts afresh
        (f"R{ABSENT}N", "N", 2, 0),
        ("RXN", "N", 2, 0),
        ("RA", "A", 1, 0),  # a paper that has gone is no failed measurement
        (f"R{ABSENT}", ABSENT, 1, 0),
    ],
)
def test_a_series_of_weekly_scans(letters: str, letter: str, basis: int, failures: int) -> None:
    found = state(letters)
    assert (found.letter, found.basis, found.failures) == (letter, basis, failures)


def test_three_scans_in_an_hour_do_not_count_as_three() -> None:
    hourly = [0.0, DAY, DAY + 1200, DAY + 2400, DAY + 3600]
    assert (state("RNNNN", times=hourly).letter, state("RNNNN", times=hourly).failures) == ("R", 1)
    assert state("RNNNN", times=hourly, spacing=0).letter == "N"


def test_a_daily_scan_counts_even_if_it_ends_a_little_earlier_each_day() -> None:
    assert state("RNNN", times=[0, DAY, 2 * DAY - 3600, 3 * DAY - 7200]).letter == "N"


def test_with_one_failure_to_confirm_the_state_is_what_was_observed() -> None:
    assert (state("RN", after=1).letter, state("RN", after=1).basis) == ("N", 1)


def test_a_series_of_nothing_has_no_state() -> None:
    with pytest.raises(ValueError, match="no scans"):
        state("")


def test_letters_and_readiness_are_one_to_one() -> None:
    assert {readiness_of(letter_of(one)) for one in Readiness} == set(Readiness)
    assert readiness_of(ABSENT) is None


series = st.text(alphabet="RPNUAXE.", min_size=1, max_size=12)


@given(series, st.integers(1, 5))
def test_ready_is_shown_only_where_a_scan_saw_it_within_the_time_it_stands(letters: str, after: int) -> None:
    found = state(letters, after=after)
    assert letters[found.basis] == found.letter
    age = WEEKLY[len(letters) - 1] - WEEKLY[found.basis]
    assert age <= 30 * DAY
    assert found.failures < after
    assert not found.failures or found.letter == "R"


@given(series)
def test_what_the_last_scan_saw_ready_is_ready(letters: str) -> None:
    assert (state(letters + "R" if len(letters) < 12 else letters[:11] + "R").letter) == "R"


@given(series, st.integers(1, 5), st.integers(0, 11))
def test_scans_that_were_stale_by_then_do_not_matter(letters: str, after: int, cut: int) -> None:
    start = min(cut, max(0, len(letters) - 5))  # the last five weekly scans are within 30 days
    whole = state(letters, after=after)
    window = state(letters[start:], times=WEEKLY[start:], after=after)
    assert (whole.letter, whole.basis, whole.failures) == (window.letter, window.basis + start, window.failures)
