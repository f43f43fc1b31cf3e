"""Figures over assets and over organisations."""

from datetime import date

import pytest
from msgspec.structs import replace

from ipv6check.model.agency import Agency, AgencyDocument
from ipv6check.model.asset import AssetClass, Attestation, Kind
from ipv6check.model.mandate import (
    Counting,
    Exemption,
    Indicator,
    Predicate,
    Requirement,
    Scope,
    Select,
)
from tests.unit.compliance.worked import AGENCIES, OWNED, TODAY, WEB, F, P, U, asset, mandate, stand, verdicts, web

BOTH = {"service": WEB, "application": WEB}


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


def issued(day: date, **more: date) -> tuple[AgencyDocument, ...]:
    paper = Attestation(document="12/KH-UBND", signer="B", date=day, **more)
    return (AgencyDocument(kind="plan-issued", paper=paper),)


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        (issued(date(2021, 3, 1)), "ready"),  # a plan that was issued stays issued
        (issued(TODAY), "ready"),
        (issued(date(2025, 6, 2)), "needs_attestation"),  # not yet
        (issued(date(2021, 3, 1), expires=TODAY), "ready"),
        (issued(date(2021, 3, 1), expires=date(2025, 5, 31)), "needs_attestation"),
        ((), "needs_attestation"),
    ],
)
@pytest.mark.parametrize("unit", ["organisation", "document"])
def test_an_organisation_shows_its_documents(unit: str, documents, expected: str) -> None:
    one = indicator(unit=unit, evidence="plan-issued")
    body = Agency(id="p", names={}, documents=documents)
    rate = stand(mandate(indicators=(one,)), [], agencies=(body,)).indicators[0].rate
    assert (rate.denominator, getattr(rate, expected)) == (1, 1)
    assert rate.attested == rate.ready


def test_a_document_of_another_kind_proves_nothing_and_is_told() -> None:
    one = indicator(unit="document", evidence="own-prefix-asn")
    standing = stand(mandate(indicators=(one,)), [], agencies=(Agency(id="p", names={}, documents=issued(TODAY)),))
    assert (standing.indicators[0].rate.low, standing.indicators[0].rate.high) == (0, 1)
    assert "evidence-not-measurable i own-prefix-asn" in standing.warnings
    told = stand(
        mandate(indicators=(indicator(unit="document", evidence="plan-issued"),)), [],
        agencies=(Agency(id="p", names={}, documents=issued(TODAY)),),
    )  # fmt: skip
    assert told.warnings == ()


def test_assets_are_selected_by_their_day_of_deployment() -> None:
    first = date(2022, 10, 1)
    days = {"old": date(2022, 9, 30), "new": first, "unsaid": None}
    rows = [(replace(asset(name), deployed=day), web(P)) for name, day in days.items()]
    standing = stand(mandate(indicators=(indicator(select=Select(deployed_from=first)),)), rows)
    assert standing.indicators[0].rate.denominator == 1
    assert standing.warnings == ()
    unsaid = stand(mandate(indicators=(indicator(select=Select(deployed_from=first)),)), rows[2:])
    assert "selection-not-measurable i deployed_from" in unsaid.warnings


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
    assert "predicate-not-measurable i ipv6_only" in standing.warnings  # software could be selected
