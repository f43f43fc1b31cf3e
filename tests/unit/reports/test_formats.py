"""Every format of a report: right figures, honest notices, valid against the schemas, and inert to hostile text."""

import csv
import io
import json
import re
from datetime import date
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS, RULES
from ipv6check.compliance.standing import take_standing
from ipv6check.mandates.load import load_mandate
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Kind, Origin
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.target import Protocol, Target
from ipv6check.model.vantage import SelfTest, Vantage
from ipv6check.reports.inert import inert
from ipv6check.reports.machine.as_json import as_line
from ipv6check.reports.registry import FORMATS
from tests.factories import AT, judged, name, no

MANDATE = load_mandate("dual-stack", known_rules=RULES)
AGENCY = Agency(id="so", names={"vi": "Sở Thử nghiệm", "en": "Test Department"}, level="province")
SCAN = Scan(
    id="20260101T000000Z-00000000",
    started=AT,
    ended=AT + 60,
    state=ScanState.COMPLETE,
    tool_version="0.1.0",
    ruleset="1.abc",
    policy="default",
    policy_digest="0" * 64,
    inventory="a.yaml",
    inventory_digest="1" * 64,
    seed=1,
    vantage=Vantage(name="lab", resolvers=("[::1]:53",), selftests=(SelfTest(at=AT, ipv6=True, dns=True, ipv4=True),)),
    mandate="dual-stack",
)
WEB = [check for check in CHECKS if Kind.APPLICATION in check.kinds and check.rule.family != "OFF"]


def app(asset_id: str, text: str = "Portal") -> Asset:
    target = Target(host=f"{asset_id}.example.vn", port=443, protocol=Protocol.HTTPS)
    return Asset(
        id=asset_id,
        kind=Kind.APPLICATION,
        name=text,
        agency="so",
        targets=(target,),
        origin=Origin(file="a.yaml", line=7),
    )


def standing(*, text: str = "Portal", scan: Scan = SCAN, agency: Agency = AGENCY):
    good = tuple(judged(check) for check in WEB)
    bad = tuple(judged(check, name(aaaa=no(DnsOutcome.NODATA))) for check in WEB)
    results = [(app("good", text), good), (app("bad", text), bad), (app("never", text), ())]
    return take_standing(MANDATE, scan, [agency], results, date(2026, 1, 2), checks=CHECKS, keep_assets=True)


def rendered(fmt: str, language: str = "en", **options) -> str:
    return "\n".join(FORMATS[fmt](standing(**options), language))


def schema(which: str) -> jsonschema.Draft202012Validator:
    text = files("ipv6check").joinpath(f"data/schema/{which}.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


@pytest.mark.parametrize("fmt", ["table", "markdown"])
@pytest.mark.parametrize(("language", "rate"), [("en", "IPv6 conversion rate"), ("vi", "Tỷ lệ chuyển đổi IPv6")])
def test_a_person_reads_rate_interval_coverage_and_vantage(fmt, language, rate):
    text = rendered(fmt, language)
    assert "1/3" in text
    sign = "," if language == "vi" else "."
    assert f"33{sign}3" in text  # floored, never 33.4
    assert f"66{sign}6" in text
    assert (
        "lab, –, DNS [::1]:53".replace("[", "\\[" if fmt == "markdown" else "[").replace(
            "]", "\\]" if fmt == "markdown" else "]"
        )
        in text
    )
    assert rate in text or fmt == "markdown"
    assert ("Not conclusive" in text) == (language == "en")
    assert SCAN.id in text


def test_no_raw_word_of_the_catalogue_is_shown():
    for fmt in ("table", "markdown"):
        for word in ("by-agency", "not-conclusive", "column-", "days-left", "no-deadline", "aaaa-nodata"):
            assert word not in rendered(fmt, "vi")


def test_json_is_valid_and_says_what_the_table_says():
    whole = json.loads(rendered("json"))
    schema("report-1").validate(whole)
    assert (whole["whole"]["ready"], whole["whole"]["denominator"], whole["whole"]["unknown"]) == (1, 3, 1)
    assert (whole["whole"]["low_percent"], whole["whole"]["high_percent"]) == ("33.3", "66.6")
    told = {asset["asset"]: asset["readiness"] for asset in whole["assets"]}
    assert told == {"good": "ready", "bad": "not-ready", "never": "unknown"}
    assert list(told) == sorted(told)  # the same scan gives the same file


def test_every_json_line_is_valid_by_itself_and_a_verdict_by_its_own_schema():
    lines = [json.loads(line) for line in rendered("jsonl").splitlines()]
    for line in lines:
        schema("report-1").validate(line)
    verdicts = [line for line in lines if line["type"] == "verdict"]
    for verdict in verdicts:
        schema("verdict-1").validate(verdict)
    missing = next(line for line in verdicts if line["asset"] == "bad" and line["rule"] == "DNS001")
    assert (missing["status"], missing["tag"], missing["level"]) == ("fail", "aaaa-nodata", "required")
    assert (missing["file"], missing["line"]) == ("a.yaml", 7)


def test_csv_has_a_row_for_each_verdict_and_one_for_what_was_never_probed():
    rows = list(csv.DictReader(io.StringIO(rendered("csv"))))
    assert {row["asset"] for row in rows} == {"good", "bad", "never"}
    assert [row["readiness"] for row in rows if row["asset"] == "never"] == ["unknown"]
    assert len([row for row in rows if row["asset"] == "bad"]) == len(WEB)


@pytest.mark.parametrize(
    "text",
    ["\x1b[31mred\x1b[0m", "a\r\n::error::b", "‮evil", "zero​width", "\x9b2J", "]8;;http://x\x07click", "\x00"],
)
@pytest.mark.parametrize("fmt", ["table", "markdown", "csv"])
def test_foreign_text_cannot_act_in_a_terminal_or_a_file(fmt, text):
    shown = rendered(fmt, text=text)
    for character in "\x1b\r\x00\x07\x9b‮​":
        assert character not in shown


@pytest.mark.parametrize("text", ["=1+1", "+1-1", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_no_cell_starts_a_formula(text):
    for row in csv.reader(io.StringIO(rendered("csv", text=text))):
        for cell in row:
            assert cell.lstrip()[:1] not in ("=", "+", "@", "＝")


def test_markdown_of_foreign_text_makes_no_link_and_no_table_cell():
    shown = rendered("markdown", text="[x](http://evil) | <script>")
    assert "[x](" not in shown
    assert "<script>" not in shown
    assert "| <" not in shown


def test_an_untrustworthy_or_partial_scan_says_so_first():
    blind = SelfTest(at=AT, ipv6=False, dns=True, ipv4=True)
    scan = replace(
        SCAN,
        trustworthy=False,
        state=ScanState.INTERRUPTED,
        selection="rules=DNS001",
        skipped_rows=3,
        vantage=Vantage(name="lab", selftests=(blind,), treat_as_global=("::1/128",)),
    )
    head = "\n".join(rendered("table", scan=scan).splitlines()[:9])
    for notice in ("not trustworthy", "not finished", "rules=DNS001", "::1/128", "left out: 3"):
        assert notice in head


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@settings(max_examples=30, deadline=None)
def test_no_text_acts_in_any_format(text):
    for fmt in FORMATS:
        for line in FORMATS[fmt](standing(text=text), "vi"):
            assert inert(line.replace("\n", "")) == line.replace("\n", ""), fmt


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_keeps_every_character_and_shows_none_that_acts(text):
    line = as_line({"a": text})
    assert json.loads(line) == {"a": text}
    assert inert(line) == line


def test_a_huge_name_is_cut_where_people_read_and_whole_where_machines_do():
    huge = "x" * 300_000
    assert len(rendered("table", text=huge)) < 10_000
    assert len(rendered("markdown", text=huge)) < 10_000
    assert json.loads(rendered("json", text=huge))["assets"][0]["name"] == huge


def test_one_cause_that_several_rules_name_is_told_once():
    silent = name(aaaa=no(DnsOutcome.SERVFAIL), a=no(DnsOutcome.SERVFAIL, "A"))
    verdicts = tuple(judged(check, silent) for check in WEB)
    one = take_standing(
        MANDATE, SCAN, [AGENCY], [(app("x"), verdicts)], date(2026, 1, 2), checks=CHECKS, keep_assets=True
    )
    told = "\n".join(FORMATS["table"](one, "en"))
    assert told.count("SERVFAIL") == 1
    assert re.search(r"Portal \(Test Department\): \w+(, \w+)+$", told, re.MULTILINE)
