"""report, show and judge over a stored scan."""

import csv
import io
import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.acceptance.conftest import Run
from tests.stored import EARLIER, HOSTILE, SCAN_ID

ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


def lines_of(text: str, kind: str) -> dict[tuple[str, str], dict[str, object]]:
    found = [json.loads(line) for line in text.splitlines()]
    return {(one["asset"], one.get("rule", "")): one for one in found if one["type"] == kind}


def test_a_report_says_what_is_proven_and_what_is_possible(ask: Run) -> None:
    told = ask("report").stdout
    assert "2/5 = 40.0 %" in told
    assert "40.0–60.0 %" in told
    assert "Coverage: 80.0 %" in told
    assert "Not conclusive" in told
    assert SCAN_ID in told
    assert "never" not in told.split("What to fix")[1]


def test_failures_come_before_what_is_undecided_and_each_has_a_remedy(ask: Run) -> None:
    told = ask("report").stdout.split("What to fix")[1]
    assert "dead.example.vn (Sample province): HTTP001" in told
    assert "refused" in told
    assert told.count("→") >= 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--gate"], 1),  # at most 60 %
        (["--goal", "60"], 3),  # possible, not proven
        (["--goal", "40 %"], 3),  # proven, but of less than 95 % coverage
        (["--goal", "60.1"], 1),
        (["--gate", "--agency", "so"], 0),
        (["--gate", "--agency", "Test Department"], 0),
        (["--gate", "--mandate", "vn-ben-tre-2025"], 3),  # nothing in scope is not a goal met
        ([], 0),
    ],
)
def test_the_gate(ask: Run, arguments: list[str], code: int) -> None:
    assert ask("report", *arguments).returncode == code


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--scan", "nope"], "nope"),
        (["--agency", "nobody"], "nobody"),
        (["--format", "odt"], "odt"),
        (["--lang", "fr"], "fr"),
        (["--mandate", "missing.yaml"], "missing.yaml"),
        (["--goal", "many"], "many"),
        (["--goal", "101"], "101"),
        (["-f", "csv", "--csv-delimiter", "ab"], "ab"),
        (["--output", "no/such/folder"], "no/such/folder"),
        (["--output", "."], "."),
    ],
)
def test_a_wrong_option_is_named_in_one_sentence(ask: Run, arguments: list[str], named: str) -> None:
    done = ask("report", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_day_is_the_one_asked_for(ask: Run) -> None:
    whole = json.loads(ask("report", "-f", "json", "--mandate", "vn-ben-tre-2025", "--today", "2025-12-01").stdout)
    assert (whole["today"], whole["days_left"]) == ("2025-12-01", 30)
    assert "30 days left" in ask("report", "--mandate", "vn-ben-tre-2025", "--today", "2025-12-01").stdout


def test_an_earlier_scan_is_counted_as_it_was(ask: Run) -> None:
    assert "1/5" in ask("report", "--scan", EARLIER).stdout


def test_what_machines_read_is_valid_and_complete(ask: Run) -> None:
    text = files("ipv6check").joinpath("data/schema/report-1.json").read_text(encoding="utf-8")
    schema = jsonschema.Draft202012Validator(json.loads(text))
    whole = json.loads(ask("report", "-f", "json").stdout)
    schema.validate(whole)
    lines = ask("report", "-f", "jsonl").stdout
    for line in lines.splitlines():
        schema.validate(json.loads(line))
    by_asset = {one["asset"]: one for one in whole["assets"]}
    assert by_asset["never"]["verdicts"] == []
    told = {one["rule"]: one for one in by_asset["dead"]["verdicts"]}
    assert told["TCP001"] == lines_of(lines, "verdict")["dead", "TCP001"]
    assert (told["TCP001"]["status"], told["TCP001"]["level"]) == ("fail", "required")
    assert by_asset["bad"]["name"] == HOSTILE


def test_a_file_for_spreadsheets(ask: Run, place: Path) -> None:
    assert ask("report", "-f", "csv", "--csv-delimiter", ";", "-o", "a.csv").stdout == ""
    written = (place / "a.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfagency;asset")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))
    assert {row["asset"] for row in rows} == {"good", "bad", "dead", "slow", "never"}
    assert next(row for row in rows if row["asset"] == "bad")["name"].startswith("'=cmd")
    assert {row["vantage"] for row in rows} == {"lab"}


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["report"],
        ["report", "-f", "markdown"],
        ["report", "-f", "csv"],
        ["report", "-f", "jsonl"],
        ["show", "bad"],
        ["show", "bad", "--json"],
    ],
    ids=" ".join,
)
def test_foreign_text_acts_on_nothing(ask: Run, arguments: list[str], lang: str) -> None:
    told = ask(*arguments, "--lang", lang).stdout
    assert not ACTIVE.search(told)
    assert not any(line.startswith("::error::") for line in told.splitlines())
    assert "cmd" in told


@pytest.mark.parametrize(
    ("arguments", "shell", "code"),
    [
        *((["report"], shell, 0) for shell in (">&-", "2>&-", ">&- 2>&-", "<&-", "| head -1")),
        *((["rule"], shell, 0) for shell in (">&-", "| head -1")),
        *((command, ">/dev/full", 2) for command in (["report"], ["show", "dead"], ["rule"], ["scans"], ["--help"])),
    ],
)
def test_closed_and_full_outputs_are_no_fault_of_the_program(
    ask: Run, arguments: list[str], shell: str, code: int
) -> None:
    done = ask(*arguments, shell=shell)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == (1 if code else 0)


@pytest.mark.parametrize("environment", [{"COLUMNS": "20"}, {"COLUMNS": "20", "LANG": "C", "TERM": "dumb"}], ids=str)
def test_twenty_columns_are_enough(ask: Run, environment: dict[str, str]) -> None:
    done = ask("report", **environment)
    assert done.returncode == 0
    too_long = [line for line in done.stdout.splitlines() if len(line) > 20 and " " in line.strip()]
    assert too_long == []


def test_ascii_output_loses_characters_but_not_the_report(ask: Run) -> None:
    done = ask("report", "--lang", "vi", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "2/5 = 40,0 %" in done.stdout


def test_the_language_follows_the_system_unless_asked_for(ask: Run) -> None:
    assert "Tỷ lệ chuyển đổi" in ask("report", LANG="vi_VN.UTF-8").stdout
    assert "Tỷ lệ chuyển đổi" not in ask("report", LANG="vi_VN.UTF-8", LC_ALL="en_US.UTF-8").stdout
    assert "Tỷ lệ chuyển đổi" in ask("report", "--lang", "vi", LANG="C").stdout


def test_show_tells_every_attempt_the_cause_and_the_remedy(ask: Run) -> None:
    told = ask("show", "dead").stdout
    assert told.count("✗ TCP: connection refused") == 3
    assert "AAAA www.example.vn: 2a00:1450::80" in told
    assert re.search(r"^fail +TCP001", told, re.MULTILINE)
    assert "→" in told
    assert "a.yaml:7" in told
    assert "not ready  (Mandate: dual-stack)" in told
    required, _, rest = told.partition("── required")[2].partition("── ")
    assert "TCP001" in required
    assert "TCP001" not in rest


def test_show_fits_a_narrow_terminal(ask: Run) -> None:
    lines = ask("show", "dead", COLUMNS="60").stdout.splitlines()
    assert all(len(line) <= 60 or " " not in line.strip() for line in lines)


def test_a_gate_says_its_answer_even_where_no_report_is_wanted(ask: Run) -> None:
    done = ask("report", "--gate", "-f", "none")
    assert done.returncode == 1
    assert done.stderr.startswith("The goal is missed")


def test_an_option_that_no_report_would_heed_is_refused(ask: Run) -> None:
    done = ask("report", "-f", "markdown", "--field", "number=1")
    assert done.returncode == 2
    assert "--field" in done.stderr


def test_show_tells_earlier_scans(ask: Run) -> None:
    told = ask("show", "good").stdout
    assert SCAN_ID in told
    assert EARLIER in told


def test_show_for_machines(ask: Run) -> None:
    whole = json.loads(ask("show", "dead.example.vn", "--json").stdout)
    assert whole["asset"]["id"] == "dead"
    assert whole["scan"] == SCAN_ID
    assert (whole["mandate"], whole["readiness"]) == ("dual-stack", "not-ready")
    assert [one["scan"] for one in whole["history"]] == [SCAN_ID]


def test_show_of_a_part_of_a_name_shows_all_it_may_mean(ask: Run) -> None:
    found = [json.loads(line)["asset"]["id"] for line in ask("show", "example.vn", "--json").stdout.splitlines()]
    assert found == ["bad", "dead", "good", "never", "slow"]
    done = ask("show", "no-such-asset")
    assert done.returncode == 2
    assert "no-such-asset" in done.stderr


def test_judging_again_under_the_same_policy_changes_nothing(ask: Run, place: Path) -> None:
    ask("report")  # counts the scan for good
    before = (place / "ipv6check.db").read_bytes()
    again, then = ask("judge", "-f", "jsonl").stdout, ask("report", "-f", "jsonl").stdout
    assert lines_of(again, "verdict") == lines_of(then, "verdict")
    assert lines_of(again, "asset") == lines_of(then, "asset")
    assert (place / "ipv6check.db").read_bytes() == before


def test_judging_again_under_another_policy_says_so(ask: Run, place: Path) -> None:
    (place / "patient.yaml").write_text(
        "schema: ipv6check.policy/1\nid: patient\nthresholds: {latency_gap_ms: 1000}\n", encoding="utf-8"
    )
    then = lines_of(ask("report", "-f", "jsonl").stdout, "verdict")
    told = ask("judge", "--policy", "patient.yaml", "-f", "jsonl").stdout
    again = lines_of(told, "verdict")
    changed = {key for key in again if again[key]["status"] != then[key]["status"]}
    assert changed == {("slow", "LAT001")}
    assert json.loads(told.splitlines()[0])["scan"]["policy"] == "patient"
    assert "Policy: patient" in ask("judge", "--policy", "patient.yaml").stdout


def test_judging_again_needs_no_network(ask: Run) -> None:
    """What could send is not even loaded."""
    told = ask("judge", PYTHONPROFILEIMPORTTIME="1").stderr
    loaded = {line.rsplit("|", 1)[-1].strip() for line in told.splitlines()}
    assert "ipv6check.engine.judge" in loaded
    assert loaded.isdisjoint(
        {"ipv6check.net.dialer", "ipv6check.net.dns.resolver", "ipv6check.net.path.ping", "httpx", "dns"}
    )


def test_a_device_as_output_is_written_to_and_stays(ask: Run, place: Path) -> None:
    (place / "out").symlink_to("/dev/stdout")
    assert "2/5" in ask("report", "-o", "out", shell="| cat").stdout
    assert (place / "out").is_symlink()


def test_the_tree_of_a_day_is_named_and_a_wrong_day_refused(ask: Run) -> None:
    told = ask("report", "-f", "json", "--tree", "2025-07-01").stdout
    assert json.loads(told)["rollup"] == {"day": "2025-07-01", "assets": 0, "agencies": 0, "undecided": []}
    assert "as of 1 Jul 2025" in ask("report", "--tree", "2025-07-01").stdout
    done = ask("report", "--tree", "July")
    assert (done.returncode, "--tree July" in done.stderr) == (2, True)
