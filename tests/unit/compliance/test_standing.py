"""A standing as a whole: scope, agencies, classes, indicators, headline, gate, warnings."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from fractions import Fraction

import msgspec
import pytest

from ipv6check.compliance.deadline import days_left, goal_on, today_in
from ipv6check.compliance.gate import Gate, gate
from ipv6check.compliance.standing import take_standing, take_standing_from
from ipv6check.model.agency import Agency
from ipv6check.model.asset import AssetClass, Attestation, Kind
from ipv6check.model.mandate import (
    Attested,
    Composite,
    Counting,
    Exemption,
    Indicator,
    Level,
    Milestone,
    Period,
    Predicate,
    Requirement,
    Scope,
    Select,
)
from tests.unit.compliance.worked import CHECKS, SCAN, TODAY, WEB, F, P, U, asset, mandate, stand, verdicts, web

AGENCIES = (
    Agency(id="vn", names={"vi": "Việt Nam"}, level="state"),
    Agency(id="p", names={"vi": "Tỉnh"}, level="province", parent="vn"),
    Agency(id="q", names={"vi": "Tỉnh khác"}, level="province", parent="vn"),
    Agency(id="p/d", names={"vi": "Sở"}, parent="p"),
    Agency(id="p/h", names={"vi": "Huyện"}, level="district", parent="p"),
)
OWNED = [
    (asset("a", agency="p"), web(P)),
    (asset("b", agency="p/d"), web(F)),
    (asset("c", agency="p/h"), web(P)),
    (asset("d", agency="q"), web(U)),
    (asset("e"), web(P)),
]
SOFTWARE = Requirement(require=("ATT001",), evidence=("attested",))
BOTH = {"service": WEB, "application": WEB}


def by_key(groups) -> dict[str, tuple[int, int]]:
    return {group.key: (group.rate.ready, group.rate.denominator) for group in groups}


def test_an_asset_counts_once_for_every_agency_above_it() -> None:
    standing = stand(mandate(), OWNED, agencies=AGENCIES)
    assert by_key(standing.agencies) == {
        "vn": (2, 4),
        "p": (2, 3),
        "p/d": (0, 1),
        "p/h": (1, 1),
        "q": (0, 1),
        "": (1, 1),
    }
    assert [group.key for group in standing.agencies] == ["vn", "p", "p/d", "p/h", "q", ""]
    assert (standing.whole.rate.ready, standing.whole.rate.denominator) == (3, 5)


def test_agencies_that_go_round_in_a_circle_do_not_hang() -> None:
    ring = (Agency(id="x", names={}, parent="y"), Agency(id="y", names={}, parent="x"))
    standing = stand(mandate(), [(asset("a", agency="x"), web(P))], agencies=ring)
    assert standing.whole.rate.ready == 1


def test_an_agency_nobody_declared_is_shown_by_its_id() -> None:
    standing = stand(mandate(), [(asset("a", agency="lost"), web(P))], agencies=AGENCIES)
    assert by_key(standing.agencies)["lost"] == (1, 1)


def test_scope_by_agency_and_level_counts_the_rest_apart() -> None:
    standing = stand(mandate(scope=Scope(under=("p",), levels=("province",))), OWNED, agencies=AGENCIES)
    # The department has no level and takes its province's; the district is another level; q and nobody are outside.
    assert [one.asset.id for one in standing.assets] == ["a", "b"]
    assert standing.unlisted == 3
    assert by_key(standing.agencies) == {"p": (1, 2), "p/d": (0, 1), "p/h": (0, 0)}


def test_scope_by_class_and_role() -> None:
    under = mandate(BOTH, scope=Scope(classes=(AssetClass.SERVICE,), exclude_roles=("pdu",)))
    rows = [(asset("a"), web(P)), (asset("b", Kind.APPLICATION), web(P)), (asset("c", role="pdu"), web(F))]
    standing = stand(under, rows)
    assert (standing.whole.rate.denominator, standing.unlisted) == (1, 2)
    assert [group.key for group in standing.classes] == ["service"]


def test_nothing_to_count_is_not_measurable_and_never_met() -> None:
    standing = stand(mandate(), [])
    rate = standing.whole.rate
    assert (rate.low, rate.high, rate.coverage, rate.progress, rate.measured) == (None,) * 5
    assert standing.whole.meets is None
    assert standing.composite_met is None
    assert gate(standing) is Gate.NO_VERDICT


def test_exempting_everything_meets_nothing() -> None:
    exemption = Exemption(id="E", select=Select(classes=(AssetClass.SERVICE,)), reason="x", expires=date(2030, 1, 1))
    standing = stand(mandate(exemptions=(exemption,)), OWNED)
    assert (standing.whole.rate.denominator, standing.whole.meets) == (0, None)
    assert {one.exemption for one in standing.assets} == {"E"}


def test_verdicts_carry_the_level_the_mandate_gives_them() -> None:
    checks = {"service": Requirement(require=("DNS001",), advise=("TLS",))}
    [one] = stand(mandate(checks), [(asset("a"), web(P))]).assets
    levels = {rated.verdict.rule: rated.level for rated in one.verdicts}
    assert (levels["DNS001"], levels["TLS001"], levels["HTTP001"]) == (
        Level.REQUIRED,
        Level.ADVISED,
        Level.INFORMATIONAL,
    )


async def test_a_stream_gives_the_same_standing_and_keeps_nothing() -> None:
    async def stream() -> AsyncIterator:
        for row in OWNED:
            yield row

    under = mandate()
    streamed = await take_standing_from(under, SCAN, AGENCIES, stream(), TODAY, checks=CHECKS)
    assert streamed == take_standing(under, SCAN, AGENCIES, OWNED, TODAY, checks=CHECKS)
    assert streamed.assets == ()
    assert streamed.whole == stand(under, OWNED, agencies=AGENCIES).whole


# attestations in the rate


def software(count: int, papers: int):
    valid = Attestation(document="A", signer="B", date=date(2025, 1, 1))
    for n in range(count):
        paper = valid if n < papers else None
        yield asset(f"s{n}", Kind.SOFTWARE, paper=paper, protocol=None), verdicts(ATT001=P if paper else F)


def test_the_rate_is_told_with_and_without_paper() -> None:
    rows = [*software(4, 3), *((asset(f"w{n}"), web(P)) for n in range(4))]
    rate = stand(mandate({"service": WEB, "software": SOFTWARE}), rows).whole.rate
    assert (rate.ready, rate.attested, rate.needs_attestation, rate.denominator) == (7, 3, 1, 8)
    assert (rate.low, rate.measured, rate.high) == (Fraction(7, 8), Fraction(4, 8), 1)


def test_paper_beyond_its_cap_is_not_proof_and_not_failure() -> None:
    under = mandate({"software": SOFTWARE}, counting=Counting(attested=Attested(max_share=0.29)))
    standing = stand(under, software(10, 10))
    rate = standing.whole.rate
    assert (rate.ready, rate.attested, rate.over_cap, rate.denominator) == (2, 2, 8, 10)
    assert (rate.low, rate.high, rate.coverage, rate.progress) == (Fraction(2, 10), 1, Fraction(2, 10), Fraction(2, 10))
    assert "attested-over-cap 8" in standing.warnings


# indicators


def indicator(**fields: object) -> Indicator:
    return Indicator(id="i", **fields)


def rate_of(one: Indicator, rows=OWNED, **fields: object):
    standing = stand(mandate(BOTH, indicators=(one,), **fields), rows, agencies=AGENCIES)
    return standing.indicators[0].rate


def test_an_indicator_counts_what_it_selects() -> None:
    rows = [
        (asset("a", agency="p", tags=("portal",)), web(P)),
        (asset("b", Kind.APPLICATION, agency="p/d", tags=("portal", "old")), web(F)),
        (asset("c", agency="q"), web(P)),
    ]
    assert rate_of(indicator(), rows).denominator == 3
    assert rate_of(indicator(select=Select(any_tag=("old", "new"))), rows).denominator == 1
    assert rate_of(indicator(select=Select(classes=(AssetClass.SERVICE,))), rows).denominator == 2
    assert rate_of(indicator(select=Select(agency="p")), rows).denominator == 2
    assert rate_of(indicator(select=Select(asset="c")), rows).denominator == 1
    assert rate_of(indicator(select=Select(status="not-ready")), rows).not_ready == 1
    assert rate_of(indicator(select=Select(deployed_from=date(2022, 10, 1))), rows).denominator == 0


@pytest.mark.parametrize(
    ("rule", "province", "expected"),
    [
        ("all", (P, P), "ready"),
        ("all", (P, F), "not_ready"),
        ("all", (P, U), "unknown"),
        ("all", (F, U), "not_ready"),
        ("0.5", (P, F), "ready"),
        ("0.5", (F, U), "unknown"),
        ("0.5", (F, F), "not_ready"),
    ],
)
def test_an_organisation_is_done_when_its_rule_holds_over_all_below_it(rule: str, province, expected: str) -> None:
    first, second = province
    rows = [(asset("a", agency="p"), web(first)), (asset("b", agency="p/h"), web(second))]
    scope = Scope(under=("p",))
    one = indicator(unit="organisation", org_rule=rule)
    standing = stand(mandate(scope=scope, indicators=(one,)), rows, agencies=AGENCIES[:2] + AGENCIES[4:])
    province_alone = stand(
        mandate(scope=Scope(under=("p",), levels=("province",)), indicators=(one,)),
        [(asset("a", agency="p"), web(first)), (asset("b", agency="p"), web(second))],
        agencies=AGENCIES[:2],
    )
    assert standing.indicators[0].rate.denominator == 2
    assert getattr(province_alone.indicators[0].rate, expected) == 1


@pytest.mark.parametrize(("empty_org", "denominator"), [("fail", 3), ("exclude", 2)])
def test_an_organisation_without_assets_fails_unless_the_mandate_says_otherwise(empty_org, denominator: int) -> None:
    rows = [(asset("a", agency="p"), web(P)), (asset("d", agency="p/d"), web(P))]
    rate = rate_of(
        indicator(unit="organisation"), rows, scope=Scope(levels=("province",)), counting=Counting(empty_org=empty_org)
    )
    # p and its department count, q has nothing.
    assert (rate.ready, rate.denominator) == (2, denominator)
    assert rate.not_ready == denominator - 2


def test_an_organisation_whose_every_asset_is_exempt_cannot_be_measured() -> None:
    exemption = Exemption(id="E", select=Select(agency="p"), reason="x", expires=date(2030, 1, 1))
    rows = [(asset("a", agency="p"), web(F))]
    one = indicator(unit="organisation")
    standing = stand(mandate(indicators=(one,), exemptions=(exemption,)), rows, agencies=(AGENCIES[1],))
    assert (standing.indicators[0].rate.denominator, standing.indicators[0].meets) == (0, None)


def test_papers_of_organisations_cannot_be_proven_yet() -> None:
    one = indicator(unit="organisation", evidence="ATT001")
    standing = stand(mandate(scope=Scope(levels=("province",)), indicators=(one,)), OWNED, agencies=AGENCIES)
    rate = standing.indicators[0].rate
    assert (rate.needs_attestation, rate.low, rate.high) == (3, 0, 1)
    assert "evidence-not-measurable i ATT001" in standing.warnings


def test_evidence_of_assets_is_their_paper_whatever_was_measured() -> None:
    paper = Attestation(document="A", signer="B", date=date(2025, 1, 1))
    rows = [(asset("a", Kind.DEVICE, paper=paper), verdicts(ATT001=P, DEV001=F)), (asset("b", Kind.DEVICE), ())]
    one = indicator(evidence="ATT001")
    rate = stand(mandate({"device": Requirement(require=("DEV001",))}, indicators=(one,)), rows).indicators[0].rate
    assert (rate.ready, rate.attested, rate.needs_attestation) == (1, 1, 1)


def test_an_indicator_has_a_predicate_of_its_own() -> None:
    one = indicator(predicate=Predicate.IPV6_ONLY)
    standing = stand(mandate(indicators=(one,)), [(asset("a"), web(P))])
    assert (standing.whole.rate.ready, standing.indicators[0].rate.unknown) == (1, 1)
    assert "predicate-not-measurable i ipv6_only" in standing.warnings


# goals, headline, gate


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


# days


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
