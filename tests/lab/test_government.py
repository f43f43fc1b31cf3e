"""A real inventory, thousands of rows with the dirt it was published with, to a stored scan and a rate per agency."""

import json
import shutil
from collections import Counter
from pathlib import Path

from tests.lab.lab import ROOT, Lab
from tests.lab.runs import Bench, short_policy
from tests.lab.scanning import COMMAND
from tests.lab.truth import PASS

SOURCE = ROOT / "tests" / "data" / "government" / "us-federal-websites.csv"

_MANDATE = """\
schema: ipv6check.mandate/1
id: reachable
title: {en: "Names with IPv6 that accept connections"}
instruments: []
period: {deadline: null, timezone: UTC}
scope: {organisations: {levels: [], under: []}, assets: {classes: [service, application]}}
predicate: dual_stack
checks:
  service: {require: [DNS001, ADR001, TCP001], evidence: [measured]}
  application: {require: [DNS001, ADR001, TCP001], evidence: [measured]}
counting: {partial: 0, unknown: in_denominator, exempt: exclude, empty_org: fail, fail_after: 1, stale_after_days: 30}
indicators: [{id: assets, title: {en: "Assets"}, unit: asset, weight: 1}]
milestones: []
composite: {rule: all, of: [assets]}
exemptions: []
"""


def test_thousands_of_government_names_get_a_rate_per_agency(lab: Lab, tmp_path: Path) -> None:
    """Here gov. is dual-stack and mil. does not exist, so a rate follows from the ends of an agency's names."""
    inventory = tmp_path / SOURCE.name
    shutil.copy(SOURCE, inventory)
    mandate = tmp_path / "reachable.yaml"
    mandate.write_text(_MANDATE, encoding="utf-8")
    bench = Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=inventory,
        policy=short_policy(tmp_path),
    )
    wanted = ("--rules", "DNS001,DNS002,ADR001,TCP001", "--mandate", mandate, "--skip-invalid")
    ended = bench.run(*wanted)
    assert ended.code == 0, ended.stderr
    assert len(bench.states()) >= 2000
    names = {asset for asset, _ in ended.verdicts}
    assert len(names) == len(bench.states())
    report = tmp_path / "report.json"
    options = ["--db", bench.db, "--mandate", mandate, "--format", "json", "-o", report]
    done = lab.run([*COMMAND, "report", *(str(option) for option in options)], cwd=ROOT, timeout=50)
    assert done.returncode == 0, done.stderr
    standing = json.loads(report.read_text(encoding="utf-8"))
    _assert_rates(standing)


def _assert_rates(standing: dict) -> None:  # type: ignore[type-arg]
    """Every asset stands as its name's end says, and every agency's numbers are those of its assets."""
    assert standing["scan"]["state"] == "complete"
    assert standing["scan"]["trustworthy"]
    ready: Counter[str] = Counter()
    for asset in standing["assets"]:
        status = {verdict["rule"]: verdict["status"] for verdict in asset["verdicts"]}
        is_gov = asset["name"].strip().lower().endswith(".gov")
        assert (status["DNS001"] == PASS) is is_gov, asset["name"]
        assert status.get("TCP001") == (PASS if is_gov else "not-applicable"), asset["name"]
        ready[asset["agency"]] += is_gov
    whole = standing["whole"]
    assert whole["denominator"] == len(standing["assets"])
    assert whole["ready"] == sum(ready.values()) > 0
    assert whole["unknown"] == 0
    assert len(standing["agencies"]) > 10
    leaves = [group for group in standing["agencies"] if group["denominator"] and group["key"] in ready]
    assert leaves
    assert all(0 <= group["ready"] <= group["denominator"] for group in standing["agencies"])
    assert all(group["ready"] >= ready[group["key"]] for group in leaves)
