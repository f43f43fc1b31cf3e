"""Baselines: what was there before gates nothing, what is new does, what is mended is told, what is unknown stays."""

from datetime import date

import pytest

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.standing import take_standing
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.rating import Readiness
from ipv6check.model.trouble import Trouble
from ipv6check.wiring.pipelines.baseline import (
    Baseline,
    accepting,
    baseline_lines,
    baseline_of,
    forgiven,
    mended_of,
    read_baseline,
)
from tests.factories import judged, name, no
from tests.unit.reports.test_formats import AGENCY, MANDATE, SCAN, WEB, app

GOOD = tuple(judged(check) for check in WEB)
BAD = tuple(judged(check, name(aaaa=no(DnsOutcome.NODATA))) for check in WEB)
SILENT = tuple(judged(check, name(aaaa=no(DnsOutcome.SERVFAIL), a=no(DnsOutcome.SERVFAIL, "A"))) for check in WEB)


def standing(**verdicts):
    return counted([(app(one), found) for one, found in verdicts.items()])


def counted(results):
    return take_standing(MANDATE, SCAN, [AGENCY], results, date(2026, 1, 2), checks=CHECKS, keep_assets=True)


def rules(baseline):
    return [(entry.asset, entry.rule) for entry in baseline.findings]


def test_a_baseline_is_read_back_as_it_was_written(tmp_path):
    made = baseline_of(standing(bad=BAD, good=GOOD), Baseline())
    assert rules(made) == [("bad", "DNS001")]
    path = tmp_path / "baseline.json"
    path.write_text("\n".join(baseline_lines(made)) + "\n", encoding="utf-8")
    assert read_baseline(path) == made
    path.write_text("\n".join(baseline_lines(Baseline())), encoding="utf-8")
    assert read_baseline(path) == Baseline()


def test_what_is_in_it_counts_as_passed_and_is_still_reported_as_failed():
    before = baseline_of(standing(bad=BAD), Baseline())
    now = standing(bad=BAD, new=BAD)
    assets = [one.asset for one in now.assets]
    found = {one.asset.id: one.readiness for one in counted(forgiven(assets, {"bad": BAD, "new": BAD}, before)).assets}
    assert found == {"bad": Readiness.READY, "new": Readiness.NOT_READY}
    shown = {one.asset.id: one for one in accepting(now, before).assets}
    assert shown["bad"].readiness is Readiness.NOT_READY
    assert [one.verdict.rule for one in shown["bad"].verdicts if one.accepted] == ["DNS001"]
    assert not any(one.accepted for one in shown["new"].verdicts)


def test_only_a_proven_pass_is_mended_and_leaves_the_baseline():
    before = baseline_of(standing(mended=BAD, silent=BAD, elsewhere=BAD), Baseline())
    now = standing(mended=GOOD, silent=SILENT)
    assert [entry.asset for entry in mended_of(now, before)] == ["mended"]
    assert rules(baseline_of(now, before)) == [("elsewhere", "DNS001"), ("silent", "DNS001")]


def test_an_unknown_is_never_forgiven():
    before = baseline_of(standing(a=BAD), Baseline())
    now = standing(a=SILENT)
    assert counted(forgiven([now.assets[0].asset], {"a": SILENT}, before)).assets[0].readiness is Readiness.UNKNOWN


@pytest.mark.parametrize("text", ["", "[]", "{}x", '{"schema": "other/1", "findings": []}', '{"findings": [{}]}'])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=r"baseline\.json"):
        read_baseline(path)
    with pytest.raises(Trouble, match="--write-baseline"):
        read_baseline(tmp_path / "missing.json")
