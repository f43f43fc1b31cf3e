"""One alert for each transition each way, from proven facts only, and none twice."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import pytest
from msgspec.structs import replace

from ipv6check.compliance.alerts import alerts_of_silence, alerts_of_standing, alerts_of_vantage
from ipv6check.model.alert import Alert, AlertRules, Ledger, Topic
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.history import Change, MilestoneOutcome, MilestoneState, Past, Turn
from ipv6check.model.mandate import Level, Mandate, Milestone, Period
from ipv6check.model.rating import Rate, Readiness
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.standing import AssetStanding, Group, RatedVerdict, Standing
from ipv6check.model.vantage import SelfTest
from ipv6check.model.verdict import Status, Verdict
from tests.stored import scan

R, P, N, U = Readiness.READY, Readiness.PARTIAL, Readiness.NOT_READY, Readiness.UNKNOWN
ASSET = Asset(id="web", kind=Kind.APPLICATION, name="www.example.vn", agency="so")
MANDATE = Mandate(id="m", title={"en": "M"}, period=Period(), checks={})
TODAY = date(2026, 6, 1)
RULES = AlertRules(certificate_days=14, silence_s=3600.0)
RATE = Rate(denominator=2, ready=1, partial=0, not_ready=1, unknown=0, needs_attestation=0, not_applicable=0, exempt=0)


def group(key: str, meets: bool | None) -> Group:
    return Group(kind="agency" if key else "whole", key=key, title={}, rate=RATE, meets=meets)


def standing(
    number: int = 1, *, agency: bool | None = None, milestone: MilestoneState | None = None, expires: str = ""
) -> Standing:
    args = {"expires": expires} if expires else {}
    verdict = Verdict(rule="TLS001", status=Status.PASS, tag="certificate-valid", args=args)
    stone = Milestone(date=date(2026, 12, 31), indicator="portals")
    outcomes = (MilestoneOutcome(milestone=stone, state=milestone, days=30),) if milestone else ()
    return Standing(
        mandate=MANDATE,
        scan=replace(scan(f"scan-{number}"), ended=1000.0 * number),
        today=TODAY,
        days_left=None,
        whole=group("", None),
        agencies=(group("so", agency),),
        assets=(
            AssetStanding(asset=ASSET, readiness=R, verdicts=(RatedVerdict(verdict=verdict, level=Level.REQUIRED),)),
        ),
        past=Past(milestones=outcomes),
    )


def change(before: Readiness | None, after: Readiness | None) -> Change:
    return Change(asset=ASSET, turn=Turn.SAME, before=before, after=after, at=0.0, scan="")


@dataclass
class Desk:
    """Scans one after the other over one ledger."""

    ledger: Ledger = field(default_factory=Ledger)
    number: int = 0

    def see(self, *changes: Change, **facts: object) -> list[str]:
        self.number += 1
        self.ledger, alerts = alerts_of_standing(self.ledger, standing(self.number, **facts), changes, RULES)
        return [told(one) for one in alerts]


def told(alert: Alert) -> str:
    return f"{alert.topic.value} {'good' if alert.good else 'bad'}"


@pytest.fixture
def desk() -> Desk:
    started = Desk()
    started.see()
    return started


BAD, GOOD = ["asset bad"], ["asset good"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ([R, N, R], [BAD, GOOD]),
        ([R, N, N, N, R, N], [BAD, [], [], GOOD, BAD]),
        ([R, U, R], [[], []]),
        ([R, U, N], [[], BAD]),
        ([R, N, U, N, R], [BAD, [], [], GOOD]),
        ([R, N, U, R], [BAD, [], GOOD]),
        ([R, P, N, P, R], [BAD, BAD, [], GOOD]),
        ([P, N, P], [BAD, GOOD]),
        ([P, R, P], [[], BAD]),
        ([N, U, N], [[], []]),
        ([N, R], [[]]),
        ([U, N], [[]]),
        ([R, U, P, R], [[], BAD, GOOD]),
        ([R, Readiness.EXEMPT, N], [[], []]),
        ([R, N, Readiness.EXEMPT], [BAD, []]),
        ([R, N, None, N, R], [BAD, [], [], []]),
    ],
)
def test_each_transition_of_an_asset_is_told_once(
    desk: Desk, path: list[Readiness | None], expected: list[list[str]]
) -> None:
    steps = pairwise(path)
    assert [desk.see(*([change(a, b)] if a is not b else [])) for a, b in steps] == expected


def test_the_first_standing_is_the_ground_to_start_from() -> None:
    desk = Desk()
    assert desk.see(change(R, N), agency=False, milestone=MilestoneState.AT_RISK) == []
    assert desk.see(agency=False, milestone=MilestoneState.MISSED) == []
    assert desk.see(agency=True, milestone=MilestoneState.MET) == ["agency good", "milestone good"]


def test_an_agency_moves_only_on_what_is_proven(desk: Desk) -> None:
    path = [True, None, False, None, False, None, True, True]
    assert [desk.see(agency=one) for one in path] == [
        [], [], ["agency bad"], [], [], [], ["agency good"], [],
    ]  # fmt: skip


def test_everything_and_what_has_no_agency_are_told_apart() -> None:
    """Both have an empty key; one that is met beside one that is missed must not flip to and fro."""
    ledger, seen = Ledger(), []
    for number, (whole, nobody) in enumerate([(True, True), (False, True), (False, True), (True, False)], 1):
        found = standing(number)
        nobodys = Group(kind="agency", key="", title={}, rate=RATE, meets=nobody)
        found = replace(found, whole=group("", whole), agencies=(nobodys,))
        ledger, alerts = alerts_of_standing(ledger, found, (), RULES)
        seen.append([(one.key, one.good) for one in alerts])
    assert seen == [[], [("whole:", False)], [], [("whole:", True), ("agency:", False)]]


def test_a_milestone_at_risk(desk: Desk) -> None:
    state = MilestoneState
    path = [state.ON_TRACK, state.AT_RISK, state.NOT_MEASURABLE, state.MISSED, state.MET_LATE]
    assert [desk.see(milestone=one) for one in path] == [[], ["milestone bad"], [], [], ["milestone good"]]


def test_a_certificate_is_told_when_it_is_time_and_when_it_was_renewed(desk: Desk) -> None:
    days = ["2026-06-16", "2026-06-15", "2026-06-15", "", "2026-09-01"]
    assert [desk.see(expires=one) for one in days] == [[], ["certificate bad"], [], [], ["certificate good"]]


def test_a_certificate_about_to_end_is_told_from_the_first_scan_on() -> None:
    assert Desk().see(expires="2026-06-02") == ["certificate bad"]


def test_the_same_scan_looked_at_twice_tells_nothing_new(desk: Desk) -> None:
    facts = {"agency": False, "expires": "2026-06-02"}
    assert desk.see(change(R, N), **facts) == ["asset bad", "agency bad", "certificate bad"]
    again, alerts = alerts_of_standing(desk.ledger, standing(desk.number, **facts), (), RULES)
    assert alerts == ()
    assert again == desk.ledger


def test_what_left_the_inventory_is_forgotten_without_a_word(desk: Desk) -> None:
    desk.see(change(R, N), expires="2026-06-02")
    ledger, alerts = alerts_of_standing(desk.ledger, replace(standing(9), assets=()), (), RULES)
    assert alerts == ()
    assert ledger.open == {}


def unfit(**changes: object) -> Scan:
    return scan("s", **{"trustworthy": False} | changes)


def test_a_sick_vantage_is_told_once_and_its_recovery_too() -> None:
    ledger, seen = Ledger(), []
    for one in (unfit(), unfit(), scan("s"), scan("s"), unfit()):
        ledger, alerts = alerts_of_vantage(ledger, one)
        seen.append([told(alert) for alert in alerts])
    assert seen == [["vantage bad"], [], ["vantage good"], [], ["vantage bad"]]


def test_a_scan_that_was_stopped_says_nothing_about_its_vantage() -> None:
    ledger, _ = alerts_of_vantage(Ledger(), unfit())
    ledger, alerts = alerts_of_vantage(ledger, scan("s", state=ScanState.INTERRUPTED))
    assert alerts == ()
    assert "vantage:lab" in ledger.open
    assert ledger.last_good == 0.0


def test_the_reason_of_a_sick_vantage_is_told() -> None:
    test = SelfTest(at=0.0, ipv6=False, dns=True, ipv4=True)
    sick = unfit()
    _, alerts = alerts_of_vantage(Ledger(), replace(sick, vantage=replace(sick.vantage, selftests=(test,))))
    assert alerts[0].args["fitness"] == "no_ipv6"


def test_silence_is_told_once_and_ends_with_a_good_scan() -> None:
    ledger, alerts = alerts_of_silence(Ledger(), 10_000.0, RULES)
    assert alerts == ()
    ledger, alerts = alerts_of_silence(ledger, 13_600.0, RULES)
    assert alerts == ()
    ledger, alerts = alerts_of_silence(ledger, 17_201.0, RULES)
    assert [told(one) for one in alerts] == ["silence bad"]
    assert alerts[0].args["hours"] == 2
    ledger, alerts = alerts_of_silence(ledger, 20_000.0, RULES)
    assert alerts == ()
    ledger, _ = alerts_of_vantage(ledger, scan("s", ended=20_500.0))
    ledger, alerts = alerts_of_silence(ledger, 20_600.0, RULES)
    assert [told(one) for one in alerts] == ["silence good"]


def test_silence_can_be_switched_off() -> None:
    ledger = Ledger(last_good=1.0)
    assert alerts_of_silence(ledger, 1e9, replace(RULES, silence_s=None)) == (ledger, ())


def test_topics_have_stable_names() -> None:
    assert [topic.value for topic in Topic] == ["asset", "agency", "milestone", "certificate", "vantage", "silence"]
