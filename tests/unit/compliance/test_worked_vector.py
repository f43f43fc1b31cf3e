"""The worked example of the mandates guide, to the digit."""

from datetime import date
from fractions import Fraction

import pytest

from ipv6check.compliance.counting import floor_percent, floor_percent_of
from ipv6check.model.mandate import Counting, Exemption, Select
from tests.unit.compliance.worked import F, P, U, asset, mandate, stand, web

EXPIRES = date(2025, 5, 31)
TEN = [
    *((asset(f"pass-{n}"), web(P)) for n in range(6)),
    (asset("partial"), web(P, P, F, F, F)),
    (asset("fail"), web(F)),
    (asset("unknown"), web(U)),
    (asset("exempt"), web(F)),
]


def decided(exempt: str = "exclude"):
    exemption = Exemption(id="EX-1", select=Select(asset="exempt"), reason="old", expires=EXPIRES)
    return mandate(exemptions=(exemption,), counting=Counting(exempt=exempt))


def test_with_the_exemption_in_force() -> None:
    rate = stand(decided(), TEN, today=EXPIRES).whole.rate
    assert (rate.denominator, rate.ready, rate.partial, rate.not_ready, rate.unknown) == (9, 6, 1, 1, 1)
    assert rate.exempt == 1
    assert (rate.low, rate.high) == (Fraction(6, 9), Fraction(7, 9))
    assert (rate.progress, rate.coverage) == (Fraction(64, 90), Fraction(8, 9))
    shown = [floor_percent_of(share) for share in (rate.low, rate.high, rate.progress, rate.coverage)]
    assert shown == ["66.6", "77.7", "71.1", "88.8"]


def test_the_day_after_it_expires() -> None:
    rate = stand(decided(), TEN, today=date(2025, 6, 1)).whole.rate
    assert (rate.denominator, rate.exempt, rate.not_ready) == (10, 0, 2)
    shown = [floor_percent_of(share) for share in (rate.low, rate.high, rate.progress, rate.coverage)]
    assert shown == ["60.0", "70.0", "64.0", "90.0"]


@pytest.mark.parametrize("today", [EXPIRES, date(2025, 6, 1)])
def test_exempt_ones_kept_in_the_denominator(today: date) -> None:
    rate = stand(decided("in_denominator"), TEN, today=today).whole.rate
    assert rate.denominator == 10
    assert floor_percent_of(rate.low) == "60.0"
    assert floor_percent_of(rate.high) == "70.0"


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [(999, 1000, "99.9"), (1000, 1000, "100.0"), (9999, 10000, "99.9"), (2, 3, "66.6"), (0, 7, "0.0"), (0, 0, "–")],
)
def test_percentages_are_cut_and_never_rounded_up(numerator: int, denominator: int, text: str) -> None:
    assert floor_percent(numerator, denominator) == text


@pytest.mark.parametrize("pair", [(-1, 2), (1, -2)])
def test_negative_shares_are_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        floor_percent(*pair)


def test_a_mandate_may_give_partial_a_value() -> None:
    rate = stand(mandate(counting=Counting(partial=0.1)), TEN).whole.rate
    assert rate.low == Fraction(61, 100)
    assert rate.high == Fraction(71, 100)


def test_an_exemption_that_has_not_begun_does_not_count() -> None:
    later = Exemption(id="EX-1", select=Select(asset="exempt"), reason="o", starts=EXPIRES, expires=EXPIRES)
    assert stand(mandate(exemptions=(later,)), TEN, today=date(2025, 5, 30)).whole.rate.exempt == 0
    assert stand(mandate(exemptions=(later,)), TEN, today=EXPIRES).whole.rate.exempt == 1
