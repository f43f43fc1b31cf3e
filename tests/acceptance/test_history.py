"""report, diff and db prune over a year of stored scans."""

import asyncio
import csv
import io
import json
import shutil
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from ipv6check.store.open import open_store
from ipv6check.wiring.reporting.lineage import lineage_of
from tests.acceptance.conftest import Run
from tests.year import fill_year, scan

LAST = 51


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(_frozen_year(tmp_path_factory.mktemp("year")))


async def _frozen_year(directory: Path) -> Path:
    """A year whose scans were counted when they ended, as scans are."""
    stored = await fill_year(directory, evidence_every=17)
    async with await open_store(stored.url) as store:
        await lineage_of(store, stored.scans[LAST], stored.mandate)
    return stored.database


@pytest.fixture
def place(filled: Path, tmp_path: Path) -> Path:
    shutil.copy(filled, tmp_path / "ipv6check.db")
    shutil.copy(filled.parent / "year.yaml", tmp_path)
    return tmp_path


def test_a_report_says_which_state_it_shows_and_what_is_open(ask: Run) -> None:
    confirmed = ask("report", "--mandate", "year.yaml", "--today", "2026-01-02").stdout
    raw = ask("report", "--mandate", "year.yaml", "--today", "2026-01-02", "--scan", "latest").stdout
    assert "26/34 = 76.4 %" in confirmed
    assert "24/34 = 70.5 %" in raw
    assert "State: confirmed: an asset stays ready until 3 scans in a row have failed" in confirmed
    assert "State: what this scan alone saw" in raw
    assert "30 Jun 2025 Applications ≥ 75 % (01/KH): met late; 69.6 % (23/33); met on 22 Sep 2025" in confirmed
    assert "dead-2.tinh-mau.test (North and South): 2 of 3 failed scans, not ready. HTTP001:" in confirmed
    assert f"dark-1.tinh-mau.test (North and South): ready, 8 Dec 2025 ({scan(48).id})" in confirmed
    assert "Failing, not yet confirmed" not in raw


def test_the_json_of_a_report_has_its_past(ask: Run) -> None:
    found = ask("report", "--mandate", "year.yaml", "--today", "2026-01-02", "-f", "json")
    whole = json.loads(found.stdout)
    schema = json.loads(files("ipv6check").joinpath("data/schema/report-1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(whole)
    assert whole["state"] == "confirmed"
    assert [one["state"] for one in whole["past"]["milestones"]] == ["met", "met-late", "missed", "at-risk", "at-risk"]
    assert len(next(one for one in whole["past"]["series"] if one["kind"] == "whole")["points"]) == 52
    assert [one["asset"] for one in whole["past"]["unconfirmed"]] == ["dead-2"]
    assert {one["asset"]: one["basis"] for one in whole["assets"] if one["basis"]}.keys() == {"dead-2", "dark-1"}


def test_a_published_agency_has_its_own_milestones_by_either_tree(ask: Run, place: Path) -> None:
    day = ("--mandate", "year.yaml", "--today", "2026-01-02")
    assert ask("publish", "set", *day, "-f", "json", "--lang", "en").returncode == 0
    page = next((place / "set/en/agencies").glob("so-yte*.json"))
    alone = json.loads(ask("report", *day, "--agency", "so-yte", "-f", "json").stdout)
    assert json.loads(page.read_text())["past"]["milestones"] == alone["past"]["milestones"] != []
    assert ask("verify", str(page), "--mandate", "year.yaml").returncode == 0
    assert ask("publish", "set", *day, "-f", "json", "--lang", "en", "--tree", "2025-03-31").returncode == 0
    assert json.loads((place / "set/manifest.json").read_text())["tree"] == "2025-03-31"
    assert not list((place / "set/en/agencies").glob("bac-nam*"))
    whole = json.loads((place / "set/en/whole.json").read_text())
    assert {one["key"]: one["denominator"] for one in whole["agencies"]}["mau"] == 34
    page = next((place / "set/en/agencies").glob("bac*.json"))
    assert ask("verify", str(page), "--mandate", "year.yaml").returncode == 0
    assert ask("publish", "other", *day, "--tree", "yesterday").returncode == 2


def test_a_diff_says_what_is_worse_and_why_and_may_fail(ask: Run) -> None:
    told = ask("diff", "--mandate", "year.yaml", "--fail-on", "worse")
    assert told.returncode == 1
    assert "worse 1, better 1, new 0, gone 0, same 32" in told.stdout
    assert "dead-1.tinh-mau.test (North and South): ready → not ready\n      HTTP001:" in told.stdout
    found = json.loads(ask("diff", "2025-06-28", "2025-07-10", "--mandate", "year.yaml", "-f", "json").stdout)
    assert found["counts"] == {"worse": 0, "better": 0, "new": 1, "gone": 1, "sideways": 0, "same": 33}
    rows = list(csv.DictReader(io.StringIO(ask("diff", "--mandate", "year.yaml", "--raw", "-f", "csv").stdout)))
    assert [(row["asset"], row["turn"]) for row in rows] == [("late-11", "better")]
    vietnamese = ask("diff", "--mandate", "year.yaml", "--lang", "vi", "-f", "markdown").stdout
    assert "## kém hơn (1)" in vietnamese


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["latest", "2025-03-31"], "ended before"),
        (["2024-01-01"], "2024-01-01"),
        (["--format", "html"], "html"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(ask: Run, arguments: list[str], named: str) -> None:
    done = ask("diff", *arguments, "--mandate", "year.yaml")
    assert done.returncode == 2
    assert named in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_evidence_is_dropped_only_when_told_so(ask: Run) -> None:
    first = ask("db", "prune", "--keep-evidence", "1d").stdout
    assert f"drop  {scan(0).id}  68 pieces of evidence" in first
    assert "add --yes" in first
    assert ask("db", "prune", "--keep-evidence", "1d").stdout == first
    done = ask("db", "prune", "--keep-evidence", "1d", "--yes").stdout
    assert "evidence of 3 scans dropped" in done
    assert f"keep  {scan(LAST).id}  the last scan of its inventory" in done
    assert "nothing is older" in ask("db", "prune", "--keep-evidence", "1d", "--yes").stdout
    refused = ask("judge", "--scan", scan(0).id, "--mandate", "year.yaml")
    assert refused.returncode == 2
    assert "was dropped" in refused.stderr
    assert ask("db", "prune", "--keep-evidence", "soon").returncode == 2
