"""What a pipeline is told: a proven failure decides, an unknown is no pass, and nothing is nothing."""

from datetime import date

import pytest

from ipv6check.checks.registry import CHECKS, RULES
from ipv6check.compliance.pipeline import Answer, answer, keeping, requiring
from ipv6check.compliance.standing import take_standing
from ipv6check.mandates.load import load_mandate
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.rating import Readiness
from ipv6check.wiring.pipelines.checking import judged_by_dns
from tests.factories import judged, name, no
from tests.unit.reports.test_formats import AGENCY, SCAN, WEB, app

MANDATE = load_mandate("dual-stack", known_rules=RULES)
READY, BAD, PARTIAL, OPEN, PAPER = (
    Readiness.READY,
    Readiness.NOT_READY,
    Readiness.PARTIAL,
    Readiness.UNKNOWN,
    Readiness.NEEDS_ATTESTATION,
)


@pytest.mark.parametrize(
    ("readiness", "expected"),
    [
        ([], Answer.NOTHING),
        ([Readiness.NOT_APPLICABLE], Answer.NOTHING),
        ([READY], Answer.PASSED),
        ([READY, Readiness.NOT_APPLICABLE], Answer.PASSED),
        ([Readiness.EXEMPT], Answer.PASSED),
        ([READY, OPEN], Answer.UNDECIDED),
        ([PAPER], Answer.UNDECIDED),
        ([OPEN, BAD], Answer.FAILED),
        ([READY, PARTIAL], Answer.FAILED),
    ],
)
def test_the_answer(readiness, expected):
    assert answer(readiness) is expected


def readiness_of(mandate, verdicts, asset: Asset | None = None):
    results = [(asset or app("x"), verdicts)]
    taken = take_standing(mandate, SCAN, [AGENCY], results, date(2026, 1, 2), checks=CHECKS, keep_assets=True)
    return taken.assets[0].readiness


MISSING = tuple(judged(check, name(aaaa=no(DnsOutcome.NODATA))) for check in WEB)
BY_DNS = frozenset(check.rule.code for check in CHECKS if judged_by_dns(check))


def test_required_rules_replace_the_mandates_own():
    assert readiness_of(MANDATE, MISSING) is BAD
    assert readiness_of(requiring(MANDATE, ["DNS002"]), MISSING) is READY
    assert readiness_of(requiring(MANDATE, ["DNS"]), MISSING) is BAD
    assert readiness_of(requiring(MANDATE, ["SVC001"]), MISSING) is Readiness.NOT_APPLICABLE


def test_by_dns_alone_a_healthy_name_passes_on_what_was_judged_and_a_missing_record_fails():
    judged_only = tuple(judged(check) for check in WEB if judged_by_dns(check))
    narrowed = keeping(MANDATE, BY_DNS)
    assert readiness_of(MANDATE, judged_only) is OPEN  # against the whole mandate it is not proven
    assert readiness_of(narrowed, judged_only) is READY
    failed = tuple(verdict for verdict in MISSING if verdict.rule in BY_DNS)
    assert readiness_of(narrowed, failed) is BAD


def test_rules_that_connect_are_not_judged_by_dns():
    assert {"DNS001", "ADR001"} <= BY_DNS
    assert BY_DNS.isdisjoint({"TCP001", "TLS001", "HTTP001", "ICM001", "LAT001", "SVC001", "DEV001", "ATT001"})
    assert all(Kind.DOMAIN in check.kinds for check in CHECKS if check.rule.code in ("DNS001", "ADR001"))
