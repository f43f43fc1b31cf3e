"""A part of a standing: counted as if there were nothing else, and the same whichever way it is made."""

from datetime import date

from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.part import Parts, narrowed, past_of
from ipv6check.compliance.scope import AgencyTree
from ipv6check.compliance.standing import take_standing
from ipv6check.model.agency import Agency
from ipv6check.model.asset import AssetClass
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.history import Change, Past, Series, Turn
from ipv6check.model.mandate import Composite, Indicator, Scope, Select
from tests.factories import judged, name, no
from tests.unit.reports.test_formats import MANDATE, SCAN, WEB, app

AGENCIES = (
    Agency(id="tinh", names={"en": "Province"}, level="province"),
    Agency(id="so", names={"en": "Department"}, level="department", parent="tinh"),
    Agency(id="xa", names={"en": "Commune"}, level="commune", parent="so"),
    Agency(id="khac", names={"en": "Other"}, level="province"),
)
TODAY = date(2026, 1, 2)
GOOD = tuple(judged(check) for check in WEB)
BAD = tuple(judged(check, name(aaaa=no(DnsOutcome.NODATA))) for check in WEB)
BY_ORGANISATION = replace(
    MANDATE,
    indicators=(
        Indicator(id="org", unit="organisation", select=Select(classes=(AssetClass.APPLICATION,))),
        Indicator(id="software", select=Select(classes=(AssetClass.SOFTWARE,))),
    ),
    composite=Composite(of=("org", "software")),
)


def results():
    places = (("a", "tinh", GOOD), ("b", "so", GOOD), ("c", "xa", BAD), ("d", "khac", BAD), ("e", "khac", ()))
    return [(replace(app(asset), agency=agency), verdicts) for asset, agency, verdicts in places]


def whole(mandate=MANDATE):
    return take_standing(mandate, SCAN, AGENCIES, results(), TODAY, checks=CHECKS, keep_assets=True)


def test_an_agency_counts_with_what_is_below_it_and_nothing_else():
    part = Parts(whole(), AGENCIES, checks=CHECKS).of("so")
    assert (part.whole.rate.ready, part.whole.rate.denominator) == (1, 2)
    assert [group.key for group in part.agencies] == ["so", "xa"]
    assert {item.asset.id for item in part.assets} == {"b", "c"}
    assert {cell.agency for cell in part.cells} == {"so", "xa"}
    assert part.only_agencies == ("so",)
    assert part.mandate == MANDATE


def test_every_part_says_what_the_whole_says_of_it():
    parts, standing = Parts(whole(), AGENCIES, checks=CHECKS), whole()
    for group in standing.agencies:
        assert parts.of(group.key).whole.rate == group.rate


def test_an_organisation_outside_the_part_is_not_held_against_it():
    part = Parts(whole(BY_ORGANISATION), AGENCIES, checks=CHECKS).of("tinh")
    by_id = {group.key: group for group in part.indicators}
    assert by_id["org"].rate.denominator == len([agency for agency in AGENCIES if agency.id != "khac"])


def test_an_agency_without_assets_is_not_measurable():
    lonely = (*AGENCIES, Agency(id="none", names={"en": "None"}))
    part = Parts(whole(), lonely, checks=CHECKS).of("none")
    assert (part.whole.rate.denominator, part.whole.meets) == (0, None)


def test_a_class_alone_is_asked_for_its_own_indicators_only():
    part = narrowed(BY_ORGANISATION, AgencyTree(AGENCIES), (), (AssetClass.SOFTWARE,))
    assert [one.id for one in part.indicators] == ["software"]
    assert part.composite.of == ("software",)
    assert part.scope.classes == (AssetClass.SOFTWARE,)


def test_a_part_never_reaches_beyond_the_mandate():
    tree = AgencyTree(AGENCIES)
    scoped = replace(MANDATE, scope=Scope(under=("so",)))
    assert narrowed(scoped, tree, ("tinh",)).scope.under == ("so",)
    assert narrowed(scoped, tree, ("xa",)).scope.under == ("xa",)
    assert narrowed(scoped, tree, ("khac",)).scope.under == ("so",)


def test_the_past_of_an_agency_is_its_own_series_and_changes():
    asset, other = (replace(app(one), agency=agency) for one, agency in (("a", "so"), ("b", "khac")))
    changes = tuple(
        Change(asset=one, turn=Turn.NEW, before=None, after=None, at=1.0, scan="s") for one in (asset, other)
    )
    past = Past(series=(Series(kind="whole", key=""), Series(kind="agency", key="so")), changes=changes, compared="s0")
    found = past_of(past, "so", {"so", "xa"})
    assert [(one.kind, one.key) for one in found.series] == [("whole", "")]
    assert [one.asset.id for one in found.changes] == ["a"]
    assert found.compared == "s0"
