"""Every shipped mandate is counted, on a ready inventory and on an empty one."""

from datetime import date

import pytest
from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS, RULES
from ipv6check.compliance.applicability import Applicability
from ipv6check.compliance.deadline import goal_on
from ipv6check.compliance.standing import take_standing
from ipv6check.mandates.load import SHIPPED, load_mandate
from ipv6check.model.agency import Agency, AgencyDocument
from ipv6check.model.asset import Attestation, Kind
from ipv6check.model.mandate import Scope
from ipv6check.model.verdict import Status, Verdict
from tests.unit.compliance.worked import SCAN, asset

PAPER = Attestation(document="A", signer="B", date=date(2021, 1, 1), expires=date(2040, 1, 1))
PAPERS = tuple(AgencyDocument(kind=kind, paper=PAPER) for kind in ("plan-issued", "own-prefix-asn"))
PROVINCE = Agency(id="p", names={}, level="province", documents=PAPERS)
TAGS = {Kind.APPLICATION: ("portal", "web", "public"), Kind.SERVICE: ("mail", "public")}


def mandate_of(name: str):
    mandate = load_mandate(name, known_rules=frozenset(RULES))
    return replace(mandate, scope=Scope(classes=mandate.scope.classes, levels=mandate.scope.levels))


def counted(name: str, status: Status):
    speaking = Applicability(CHECKS)
    rows = []
    for kind in Kind:
        one = replace(
            asset(kind.value, kind, agency="p", tags=TAGS.get(kind, ()), paper=PAPER), deployed=date(2024, 1, 1)
        )
        found = tuple(Verdict(rule=code, status=status, tag="t") for code in sorted(speaking.codes(one)))
        rows.append((one, found))
    return take_standing(mandate_of(name), SCAN, [PROVINCE], rows, date(2026, 1, 1), checks=CHECKS)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_passes_everything_meets_every_goal(name: str) -> None:
    standing = counted(name, Status.PASS)
    assert standing.composite_met is True
    for group in standing.indicators:
        if group.key not in ("unconvertible", "over-ipv6"):  # nothing is exempt; software over IPv6 is by paper
            assert (group.rate.denominator > 0, group.rate.low) == (True, 1), group.key


@pytest.mark.parametrize("name", SHIPPED)
def test_what_fails_everything_meets_none(name: str) -> None:
    standing = counted(name, Status.FAIL)
    assert standing.composite_met is False
    assert standing.whole.rate.ready == 0
    assert standing.blockers


@pytest.mark.parametrize("name", SHIPPED)
def test_what_nobody_could_tell_is_neither(name: str) -> None:
    standing = counted(name, Status.UNKNOWN)
    assert standing.composite_met is None
    assert standing.whole.rate.low == 0


def test_the_stricter_of_two_instruments_decides_on_their_common_day() -> None:
    mandate = mandate_of("vn-ipv6-for-gov")
    assert [goal_on(mandate, one, date(2022, 12, 31)) for one in ("plan", "portals")] == [0.5, 1.0]


def test_working_over_ipv6_is_not_ipv6_only() -> None:
    row = asset("a", Kind.APPLICATION, agency="p")
    found = tuple(
        Verdict(rule=code, status=Status.FAIL if code == "OFF001" else Status.PASS, tag="t")
        for code in sorted(Applicability(CHECKS).codes(row))
    )
    standing = take_standing(
        mandate_of("vn-ipv6-only-2030"), SCAN, [PROVINCE], [(row, found)], date(2026, 1, 1), checks=CHECKS
    )
    ready = {group.key: group.rate.ready for group in standing.indicators}
    assert ready == {"agencies": 0, "ipv6-only": 0, "over-ipv6": 1, "ipv4-off": 0}
