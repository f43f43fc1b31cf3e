"""One inventory under two trees: merged, split, renamed and abolished bodies."""

from datetime import date

import pytest

from ipv6check.compliance.standing import take_standing
from ipv6check.compliance.succession import Roster
from ipv6check.model.agency import Agency
from ipv6check.model.mandate import Counting, Indicator, Scope, Select
from tests.unit.compliance.worked import CHECKS, SCAN, TODAY, F, P, asset, mandate, web

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)


def old(agency: str, parent: str | None = None, into: tuple[str, ...] = (), level: str = "") -> Agency:
    return Agency(id=agency, names={"en": agency}, parent=parent, valid_to=LAST, succeeded_by=into, level=level)


def new(agency: str, parent: str | None = None, level: str = "") -> Agency:
    return Agency(id=agency, names={"en": agency}, parent=parent, valid_from=FIRST, level=level)


AGENCIES = (
    old("P", into=("N",), level="province"),
    old("Q", into=("N",), level="province"),
    old("P/d", parent="P", level="district"),  # the level was abolished
    old("P/d/1", parent="P/d", into=("N/1",), level="commune"),
    old("P/d/2", parent="P/d", into=("N/1",), level="commune"),
    old("P/d/3", parent="P/d", into=("N/1", "N/2"), level="commune"),  # split
    old("Q/4", parent="Q", into=("N/2",), level="commune"),  # renamed
    Agency(id="P/s", names={}, parent="P", level="department"),  # nobody said that it ended
    new("N", level="province"),
    new("N/1", parent="N", level="commune"),
    new("N/2", parent="N", level="commune"),
)
LISTED = ("P", "P/d", "P/d/1", "P/d/2", "P/d/3", "P/s", "Q/4", "N/2")


def counted(tree: date | None, under=None, listed=LISTED, agencies=AGENCIES):
    rows = [(asset(f"a{n}", agency=agency), web(P)) for n, agency in enumerate(listed)]
    return take_standing(
        under or mandate(), SCAN, agencies, rows, date(2026, 1, 1), checks=CHECKS, keep_assets=True, tree=tree
    )


def ready(standing) -> dict[str, int]:
    return {group.key: group.rate.ready for group in standing.agencies if group.rate.denominator}


def test_as_listed_bodies_that_ended_keep_what_they_had() -> None:
    standing = counted(None)
    assert ready(standing) == {
        "P": 6, "P/d": 4, "P/d/1": 1, "P/d/2": 1, "P/d/3": 1, "P/s": 1, "Q": 1, "Q/4": 1, "N": 1, "N/2": 1,
    }  # fmt: skip
    assert (standing.rollup.day, standing.rollup.assets) == (None, 0)


def test_after_the_merger_successors_hold_everything_once() -> None:
    standing = counted(FIRST)
    # N: P itself, its abolished district, the split commune (nobody knows which half), and all below.
    assert ready(standing) == {"P/s": 1, "N": 8, "N/1": 2, "N/2": 2}
    assert standing.whole.rate.denominator == len(LISTED)
    assert [group.key for group in standing.agencies] == ["N", "P/s", "N/1", "N/2"]
    rollup = standing.rollup
    assert (rollup.day, rollup.assets, rollup.agencies, rollup.undecided) == (FIRST, 6, 6, ("P/d/3",))
    shown = {one.asset.id: (one.asset.agency, one.listed) for one in standing.assets}
    assert shown["a2"] == ("N/1", "P/d/1")
    assert shown["a7"] == ("N/2", "")


def test_before_the_merger_what_is_listed_for_a_successor_goes_back_if_one_body_had_it() -> None:
    standing = counted(LAST, listed=("P/d/1", "N/1", "N"))
    shown = {one.asset.id: one.asset.agency for one in standing.assets}
    # N/1 came from three communes of one district; N from two provinces under nobody, so it stays.
    assert shown == {"a0": "P/d/1", "a1": "P/d", "a2": "N"}
    assert standing.rollup.undecided == ("N", "N/1")


def test_the_scope_holds_for_what_the_mandate_named_under_either_tree() -> None:
    of_the_old = mandate(scope=Scope(under=("P",)))
    assert counted(None, of_the_old).whole.rate.denominator == 6
    moved = counted(FIRST, of_the_old)
    assert (moved.whole.rate.denominator, ready(moved)["N"]) == (6, 6)
    of_the_new = mandate(scope=Scope(under=("N",)))
    assert counted(None, of_the_new).whole.rate.denominator == 1
    assert counted(FIRST, of_the_new).whole.rate.denominator == 8


def test_levels_follow_the_tree() -> None:
    levels = {group.key: group.rate.ready for group in counted(FIRST).levels}
    assert levels == {"province": 3, "commune": 4, "department": 1}


def test_organisations_are_those_of_the_tree() -> None:
    provinces = Indicator(id="i", unit="organisation", select=Select())
    under = mandate(scope=Scope(levels=("province",)), indicators=(provinces,), counting=Counting(empty_org="fail"))
    listed = counted(None, under, listed=("P", "Q")).indicators[0].rate
    # N took over from bodies that are counted themselves, and nothing is listed for it.
    assert (listed.ready, listed.denominator) == (2, 2)
    moved = counted(FIRST, under, listed=("P", "Q")).indicators[0].rate
    assert (moved.ready, moved.denominator) == (1, 1)
    assert counted(FIRST, under, listed=()).indicators[0].rate.not_ready == 1


def test_a_mandate_may_tell_a_succession_that_the_inventory_does_not() -> None:
    plain = (Agency(id="P", names={}), Agency(id="N", names={}))
    told = mandate(succession={"next": None, "organisations": {"P": {"from": FIRST, "into": ["N"]}}})
    assert ready(counted(FIRST, told, listed=("P",), agencies=plain)) == {"N": 1}
    assert ready(counted(LAST, told, listed=("P",), agencies=plain)) == {"P": 1}
    assert ready(counted(FIRST, listed=("P",), agencies=plain)) == {"P": 1}


def test_a_chain_of_successions_is_followed_to_its_end() -> None:
    first = Agency(id="a", names={}, valid_to=date(2000, 1, 1), succeeded_by=("b",))
    second = Agency(id="b", names={}, valid_from=date(2000, 1, 2), valid_to=LAST, succeeded_by=("c",))
    roster = Roster((first, second, new("c")), day=FIRST, today=TODAY)
    assert (roster.home("a"), roster.home("b"), roster.home("c"), roster.home("?")) == ("c", "c", "c", "?")


def test_an_end_without_a_day_is_the_first_day_of_the_successors() -> None:
    undated = Agency(id="a", names={}, succeeded_by=("c",))
    assert Roster((undated, new("c")), day=LAST, today=TODAY).home("a") == "a"
    assert Roster((undated, new("c")), day=FIRST, today=TODAY).home("a") == "c"


@pytest.mark.parametrize("day", [LAST, FIRST])
def test_bodies_that_follow_each_other_do_not_hang(day: date) -> None:
    ring = (old("x", into=("y",)), old("y", into=("x",)), old("z", parent="z"))
    standing = counted(day, listed=("x", "y", "z"), agencies=ring)
    assert standing.whole.rate.ready == 3
    assert sum(group.rate.ready for group in standing.agencies if group.key in ("x", "y", "z")) >= 3


def test_a_failed_asset_stays_failed_wherever_it_is_shown() -> None:
    rows = [(asset("a", agency="P/d/1"), web(F)), (asset("b", agency="Q/4"), web(P))]
    for tree in (None, LAST, FIRST):
        standing = take_standing(mandate(), SCAN, AGENCIES, rows, TODAY, checks=CHECKS, tree=tree)
        assert (standing.whole.rate.ready, standing.whole.rate.not_ready) == (1, 1)
