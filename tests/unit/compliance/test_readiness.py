"""The fold as truth tables."""

from datetime import date

import pytest

from ipv6check.model.asset import Attestation, Kind
from ipv6check.model.mandate import Attested, Counting, Predicate, Requirement
from ipv6check.model.target import Protocol
from tests.unit.compliance.worked import PAPER, F, N, P, U, asset, mandate, readiness, stand, verdicts, web


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((P, P, P, P, P), "ready"),
        ((P, P, P, P, N), "ready"),
        ((N, N, N, N, N), "not-applicable"),
        ((P, P, P, P, U), "unknown"),
        ((N, N, N, N, U), "unknown"),
        ((P, P, F, P, U), "partial"),
        ((F, P, P, P, P), "not-ready"),
        ((U, P, F, P, P), "not-ready"),
        ((N, P, F, P, P), "not-ready"),
        ((F, U, U, U, U), "not-ready"),
    ],
)
def test_required_rules(statuses, expected: str) -> None:
    assert readiness(mandate(), asset("a"), web(*statuses)) == expected


@pytest.mark.parametrize(
    ("partial_if", "expected"),
    [
        (("DNS001",), "partial"),
        (("DNS001", "ADR001"), "partial"),
        (("DNS001", "TLS001"), "not-ready"),  # unknown has not passed
        (("DNS001", "HTTP001"), "not-ready"),  # not applicable has not passed
        (("DNS001", "DEV001"), "not-ready"),  # does not speak about a service
        ((), "not-ready"),
    ],
)
def test_partial_needs_every_rule_of_its_list_to_pass(partial_if, expected: str) -> None:
    under = mandate({"service": Requirement(require=("DNS001", "TCP001"), partial_if=partial_if)})
    assert readiness(under, asset("a"), web(P, P, F, U, N)) == expected


def test_a_partial_asset_earns_the_share_of_required_rules_it_passed() -> None:
    [standing] = stand(mandate(), [(asset("a"), web(P, P, F, N, F))]).assets
    assert standing.credit == (2, 4)
    [standing] = stand(mandate(), [(asset("a"), web(F, P, P, P, P))]).assets
    assert standing.credit[0] == 0


ANY = Requirement(require=("DEV002",), any_of=("ICM001", "DEV001", "ATT001"), evidence=("measured", "attested"))


@pytest.mark.parametrize(
    ("echo", "ports", "paper", "expected", "attested"),
    [
        (P, F, None, "ready", False),
        (F, P, None, "ready", False),
        (F, U, None, "unknown", False),
        (F, F, None, "not-ready", False),
        (N, N, None, "ready", False),  # the group drops out; the address is documented
        (U, N, None, "unknown", False),
        (U, N, PAPER, "ready", True),
        (N, N, PAPER, "ready", True),
        (P, N, PAPER, "ready", False),  # measurement is the stronger reason
        (N, F, PAPER, "not-ready", False),  # a measured failure beats any attestation
        (U, F, PAPER, "unknown", False),
    ],
)
def test_any_of(echo, ports, paper, expected: str, attested: bool) -> None:
    found = verdicts(DEV002=P, ICM001=echo, DEV001=ports, ATT001=P if paper else F)
    one = asset("d", Kind.DEVICE, paper=paper)
    [standing] = stand(mandate({"device": ANY}), [(one, found)]).assets
    assert (standing.readiness, standing.attested) == (expected, attested)


def test_a_paper_that_expired_fails_its_group_and_a_missing_one_does_not() -> None:
    found = verdicts(DEV002=P, ICM001=N, DEV001=N, ATT001=F)
    expired = Attestation(document="A", signer="B", date=date(2020, 1, 1))
    assert readiness(mandate({"device": ANY}), asset("d", Kind.DEVICE, paper=expired), found) == "not-ready"
    assert readiness(mandate({"device": ANY}), asset("d", Kind.DEVICE), found) == "ready"


def test_a_group_of_one_attestation_rule_without_paper_is_not_applicable() -> None:
    under = mandate({"device": Requirement(any_of=("ATT001",), evidence=("measured", "attested"))})
    assert readiness(under, asset("d", Kind.DEVICE), verdicts(ATT001=F)) == "not-applicable"


SOFTWARE = {"software": Requirement(require=("ATT001",), evidence=("attested",))}


@pytest.mark.parametrize(
    ("paper", "status", "today", "expected"),
    [
        (PAPER, P, date(2025, 6, 1), "ready"),
        (None, F, date(2025, 6, 1), "needs-attestation"),
        (PAPER, F, date(2025, 6, 1), "needs-attestation"),
        (PAPER, P, date(2026, 3, 1), "ready"),  # 365 days after its date
        (PAPER, P, date(2026, 3, 2), "needs-attestation"),  # valid on the day of the scan, not any more
        (PAPER, P, date(2025, 2, 28), "needs-attestation"),  # not yet signed
    ],
)
def test_software_needs_a_paper_that_holds_today(paper, status, today: date, expected: str) -> None:
    one = asset("s", Kind.SOFTWARE, paper=paper, protocol=None)
    assert readiness(mandate(SOFTWARE), one, verdicts(ATT001=status), today=today) == expected


def test_the_expiry_day_of_a_paper_is_valid_and_wins_over_the_mandates_days() -> None:
    paper = Attestation(document="A", signer="B", date=date(2020, 1, 1), expires=date(2025, 6, 1))
    one = asset("s", Kind.SOFTWARE, paper=paper, protocol=None)
    assert readiness(mandate(SOFTWARE), one, verdicts(ATT001=P), today=date(2025, 6, 1)) == "ready"
    assert readiness(mandate(SOFTWARE), one, verdicts(ATT001=P), today=date(2025, 6, 2)) == "needs-attestation"


def test_a_mandate_that_does_not_count_paper_leaves_it_open() -> None:
    under = mandate(SOFTWARE, counting=Counting(attested=Attested(count=False)))
    one = asset("s", Kind.SOFTWARE, paper=PAPER, protocol=None)
    rate = stand(under, [(one, verdicts(ATT001=P))]).whole.rate
    assert (rate.ready, rate.needs_attestation, rate.denominator, rate.high) == (0, 1, 1, 1)


def test_a_required_paper_beside_measurement_fails_like_any_rule() -> None:
    under = mandate({"network": Requirement(require=("NET001", "ATT001"), evidence=("inventory", "attested"))})
    assert readiness(under, asset("n", Kind.NETWORK, protocol=None), verdicts(NET001=P, ATT001=F)) == "not-ready"


def test_an_asset_that_was_never_judged_is_unknown_and_stays_in_the_denominator() -> None:
    rate = stand(mandate(), [(asset("a"), ())]).whole.rate
    assert (rate.unknown, rate.denominator, rate.low, rate.high) == (1, 1, 0, 1)


def test_a_scan_narrowed_to_some_rules_proves_nothing_about_the_others() -> None:
    assert readiness(mandate(), asset("a"), verdicts(DNS001=P)) == "unknown"


def test_a_rule_that_does_not_speak_about_the_protocol_is_not_missed() -> None:
    found = verdicts(DNS001=P, ADR001=P, TCP001=P, TLS001=P)
    assert readiness(mandate(), asset("a", protocol=Protocol.TLS), found) == "ready"
    assert readiness(mandate(), asset("a", protocol=Protocol.HTTPS), found) == "unknown"


def test_an_asset_without_a_target_is_unknown_and_not_left_out() -> None:
    assert readiness(mandate(), asset("a", protocol=None), ()) == "unknown"


@pytest.mark.parametrize(
    ("predicate", "statuses", "expected"),
    [
        (Predicate.DUAL_STACK, (P,), "ready"),
        (Predicate.IPV6_ONLY, (P,), "unknown"),
        (Predicate.IPV4_OFF, (P,), "unknown"),
        (Predicate.IPV6_ONLY, (F,), "not-ready"),
        (Predicate.IPV6_CAPABLE, (F,), "not-ready"),
    ],
)
def test_without_a_verdict_about_ipv4_its_end_is_not_proven(predicate, statuses, expected: str) -> None:
    assert readiness(mandate(predicate=predicate), asset("a"), web(*statuses)) == expected


def test_capable_is_shown_by_paper() -> None:
    under = mandate({"device": Requirement(require=("DEV001",))}, predicate=Predicate.IPV6_CAPABLE)
    [standing] = stand(under, [(asset("d", Kind.DEVICE, paper=PAPER), verdicts(DEV001=F))]).assets
    assert (standing.readiness, standing.attested) == ("ready", True)


SOFTWARE = {"software": Requirement(require=("ATT001",), evidence=("attested",))}


@pytest.mark.parametrize(
    ("paper", "host", "expected", "blocked_by"),
    [
        (P, None, "ready", ()),
        (P, P, "ready", ()),
        (P, U, "ready", ()),
        (P, F, "not-ready", ("HST001",)),
        (F, F, "not-ready", ("ATT001", "HST001")),
        (F, P, "needs-attestation", ("ATT001",)),
        (F, None, "needs-attestation", ("ATT001",)),
    ],
)
def test_what_the_host_shows_beats_the_paper_of_software_only_where_it_fails(paper, host, expected, blocked_by) -> None:
    erp = asset("erp", Kind.SOFTWARE, paper=PAPER if paper is P else None, protocol=None)
    told = verdicts(ATT001=paper) if host is None else verdicts(ATT001=paper, HST001=host)
    [standing] = stand(mandate(SOFTWARE), [(erp, told)]).assets
    assert standing.readiness == expected
    assert standing.attested == (expected == "ready")
    assert sorted(one.verdict.rule for one in standing.verdicts if one.verdict.status is F) == sorted(blocked_by)
