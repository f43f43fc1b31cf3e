"""IPv6-only and IPv4 off: what has to be proven besides working IPv6."""

import pytest

from ipv6check.model.asset import AssetClass, Kind
from ipv6check.model.mandate import Indicator, Level, Predicate, Requirement, Select
from tests.unit.compliance.worked import PAPER, F, N, P, U, asset, mandate, readiness, stand, verdicts, web

ONLY, OFF = Predicate.IPV6_ONLY, Predicate.IPV4_OFF
NETWORK = {"network": Requirement(require=("NET001",), evidence=("inventory",))}


@pytest.mark.parametrize(
    ("predicate", "named", "documented", "expected"),
    [
        (ONLY, P, N, "ready"),
        (ONLY, P, P, "ready"),
        (ONLY, N, P, "ready"),
        (ONLY, F, N, "partial"),
        (ONLY, P, F, "partial"),  # a documented IPv4 address remains
        (ONLY, U, P, "unknown"),
        (ONLY, N, N, "unknown"),  # neither rule had anything to say
        (OFF, P, F, "ready"),  # nobody is led to the address any more
        (OFF, N, F, "partial"),
        (OFF, N, P, "ready"),
        (OFF, F, P, "partial"),
        (OFF, U, P, "unknown"),
        (OFF, N, N, "unknown"),
    ],
)
def test_truth_table(predicate, named, documented, expected: str) -> None:
    found = (*web(P), *verdicts(OFF001=named, OFF002=documented))
    assert readiness(mandate(predicate=predicate), asset("a"), found) == expected


@pytest.mark.parametrize("predicate", [ONLY, OFF])
def test_no_ipv4_is_not_enough_without_ipv6(predicate) -> None:
    found = (*web(F, P, P, P, P), *verdicts(OFF001=P, OFF002=P))
    assert readiness(mandate(predicate=predicate), asset("a"), found) == "not-ready"


def test_a_scan_from_before_the_rules_proves_nothing() -> None:
    assert readiness(mandate(NETWORK, predicate=ONLY), asset("n", Kind.NETWORK), verdicts(NET001=P)) == "unknown"


def test_software_stays_unknown_with_a_paper_and_wants_one_without() -> None:
    under = mandate({"software": Requirement(require=("ATT001",), evidence=("attested",))}, predicate=ONLY)
    signed = asset("s", Kind.SOFTWARE, paper=PAPER, protocol=None)
    assert readiness(under, signed, verdicts(ATT001=P)) == "unknown"
    assert readiness(under, asset("s", Kind.SOFTWARE, protocol=None), verdicts(ATT001=F)) == "needs-attestation"


def test_what_has_no_rule_about_ipv6_is_not_made_countable_by_those_about_ipv4() -> None:
    found = (*web(N), *verdicts(OFF001=P, OFF002=P))
    assert readiness(mandate(predicate=ONLY), asset("a"), found) == "not-applicable"


def test_each_indicator_is_counted_under_its_own_predicate() -> None:
    both = (Indicator(id="works"), Indicator(id="only", predicate=ONLY), Indicator(id="off", predicate=OFF))
    rows = [(asset("a"), (*web(P), *verdicts(OFF001=P, OFF002=F))), (asset("b"), (*web(P), *verdicts(OFF001=F)))]
    found = stand(mandate(indicators=both), rows)
    assert {one.key: one.rate.ready for one in found.indicators} == {"works": 2, "only": 0, "off": 1}
    assert found.whole.rate.ready == 2


def test_ipv4_is_nobodys_finding_where_the_mandate_does_not_ask() -> None:
    row = (asset("a"), (*web(P), *verdicts(OFF001=F)))
    [dual] = stand(mandate(), [row]).assets
    assert "OFF001" not in {one.verdict.rule for one in dual.verdicts}
    strict = stand(mandate(predicate=OFF), [row])
    levels = {one.verdict.rule: one.level for one in strict.assets[0].verdicts}
    assert levels["OFF001"] is Level.REQUIRED
    assert [blocker.rule for blocker in strict.blockers] == ["OFF001"]


def test_only_figures_that_may_hold_software_are_warned_about() -> None:
    only = Indicator(id="i", predicate=ONLY, select=Select(classes=(AssetClass.SERVICE,)))
    assert stand(mandate(indicators=(only,)), []).warnings == ()


def test_a_missing_paper_does_not_hide_ipv4_that_is_proven_to_be_there() -> None:
    under = mandate({"device": Requirement(require=("ATT001",), evidence=("attested",))}, predicate=ONLY)
    for paper, status in ((None, F), (PAPER, P)):
        one = asset("d", Kind.DEVICE, paper=paper)
        assert readiness(under, one, verdicts(ATT001=status, OFF001=F)) == "not-ready"
