"""What pipelines read: valid by their own schemas and limits, stable between runs, true to the standing."""

import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from junitparser import JUnitXml
from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.standing import take_standing
from ipv6check.model.dns import DnsOutcome
from ipv6check.reports.registry import FORMATS
from ipv6check.wiring.pipelines.baseline import Baseline, accepting, baseline_of
from tests.factories import judged, name, no
from tests.unit.reports.test_formats import AGENCY, MANDATE, SCAN, WEB, app, standing

SARIF = Path(__file__).parents[2] / "data" / "schemas" / "sarif-2.1.0-rtm.5.json"
BAD = tuple(judged(check, name(aaaa=no(DnsOutcome.NODATA))) for check in WEB)
SILENT = tuple(judged(check, name(aaaa=no(DnsOutcome.SERVFAIL), a=no(DnsOutcome.SERVFAIL, "A"))) for check in WEB)


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch, tmp_path):
    """A repository's root that nobody's pipeline names."""
    for root in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE"):
        monkeypatch.delenv(root, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def many(count, verdicts=BAD):
    results = [(app(f"a{number:04d}", f"Portal {number}"), verdicts) for number in range(count)]
    return take_standing(MANDATE, SCAN, [AGENCY], results, date(2026, 1, 2), checks=CHECKS, keep_assets=True)


def told(fmt, what=None, language="en"):
    return "\n".join(FORMATS[fmt](what or standing(), language))


def sarif(what=None):
    return json.loads(told("sarif", what))["runs"][0]


@pytest.mark.parametrize("what", [standing(), many(3), many(0), many(2, SILENT)], ids=["mix", "bad", "none", "unknown"])
def test_sarif_is_valid_by_the_published_schema(what):
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    schema.pop("id")  # it names itself by an address that nothing shall be fetched from
    jsonschema.Draft4Validator(schema).validate(json.loads(told("sarif", what)))


def test_sarif_lists_failures_only_at_the_line_of_the_inventory():
    run = sarif()
    assert [one["ruleId"] for one in run["results"]] == ["DNS001"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"]["startLine"] == 7
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "DNS001"


def test_an_unknown_is_no_sarif_result_and_is_counted():
    run = sarif(many(2, SILENT))
    assert run["results"] == []
    assert "unknown" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_stops_at_what_is_shown_and_says_so():
    run = sarif(many(5001))
    assert len(run["results"]) == 5000
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"].startswith("1 further")


def test_fingerprints_do_not_move_with_the_line_the_cause_or_the_language():
    def prints(what, language):
        return [one["partialFingerprints"] for one in json.loads(told("sarif", what, language))["runs"][0]["results"]]

    moved = replace(app("bad"), origin=replace(app("bad").origin, line=99, file="b.yaml"))
    other = tuple(judged(check, name(aaaa=no(DnsOutcome.NXDOMAIN))) for check in WEB if check.rule.code != "DNS002")
    later = take_standing(MANDATE, SCAN, [AGENCY], [(moved, other)], date(2027, 1, 2), checks=CHECKS, keep_assets=True)
    assert prints(standing(), "en") == prints(later, "vi")
    assert len({str(one) for one in prints(many(50), "en")}) == 50


def test_junit_has_a_suite_an_agency_and_tells_failed_from_not_measured():
    suites = list(JUnitXml.fromstring(told("junit").encode()))
    assert [suite.name for suite in suites] == ["so"]
    assert (suites[0].failures, suites[0].errors) == (1, 1)
    ends = {case.name: type(case.result[0]).__name__ for case in suites[0] if case.result}
    assert ends == {"DNS001 aaaa-missing - Portal (bad)": "Failure", "unjudged - Portal (never)": "Error"}


def test_junit_names_are_unique_and_hold_no_time_and_no_address():
    cases = list(ElementTree.fromstring(told("junit", standing(text="Cổng"))).iter("testcase"))
    names = [case.get("name") for case in cases]
    assert len(set(names)) == len(names) > 8
    assert not any(re.search(r"\d{4}-\d\d|:[0-9a-f]+:|\d+\.\d+", text) for text in names)
    assert {case.get("file") for case in cases} == {"a.yaml"}


def test_junit_without_any_asset_is_still_a_document():
    assert list(JUnitXml.fromstring(told("junit", many(0)).encode())) == []


@pytest.mark.parametrize("text", ["\x00\x1b[2J", "]]>", "<x a='1'>&", "￾", "\ud800"])
@pytest.mark.parametrize("fmt", ["junit", "sarif", "codeclimate"])
def test_hostile_names_leave_the_document_whole(fmt, text):
    whole = told(fmt, standing(text=text))
    if fmt == "junit":
        assert ElementTree.fromstring(whole.encode()).tag == "testsuites"
    else:
        assert json.loads(whole)


def test_github_writes_ten_of_a_kind_and_the_tenth_counts_the_rest():
    lines = told("github", many(25)).splitlines()
    errors = [line for line in lines if line.startswith("::error ")]
    assert len(errors) == 10
    assert errors[-1].startswith("::error title=ipv6check::16 ")
    assert len([line for line in told("github", many(10)).splitlines() if line.startswith("::error file=")]) == 10


def test_github_commands_cannot_be_forged_and_unknown_is_a_warning():
    lines = told("github", standing(text="a\r\n::error::b%0A::set-output name=x,y:z")).splitlines()
    assert all(line.startswith(("::error file=a.yaml,line=7,title=DNS001 ", "::warning", "::notice")) for line in lines)
    assert "%250A" in lines[0]
    assert {line.split(" ", 1)[0] for line in told("github", many(1, SILENT)).splitlines()} == {"::warning"}


def test_a_summary_is_never_larger_than_what_is_taken_and_says_what_is_cut():
    for fmt, most in (("summary", 1024 * 1024), ("comment", 65_536)):
        text = told(fmt, many(6000))
        assert len(text.encode()) < most
        assert re.search(r"… \+\d+ ", text.splitlines()[-1])
    assert told("comment").startswith("<!-- ipv6check -->\n")


def test_a_comment_calls_nobody():
    assert "@" not in told("comment", standing(text="@team portal"))


def test_a_dotenv_line_needs_no_quotes():
    for line in told("dotenv", many(0)).splitlines() + told("dotenv").splitlines():
        assert re.fullmatch(r"IPV6CHECK_[A-Z_]+=[0-9a-z.]*", line)
    assert "IPV6CHECK_RATE_LOW_PERCENT=33.3" in told("dotenv").splitlines()
    assert "IPV6CHECK_RATE_LOW_PERCENT=" in told("dotenv", many(0)).splitlines()


def test_code_climate_has_what_gitlab_asks_for():
    issues = json.loads(told("codeclimate"))
    assert [(one["check_name"], one["severity"]) for one in issues] == [("DNS001", "critical")]
    assert issues[0]["location"] == {"path": "a.yaml", "lines": {"begin": 7}}
    assert issues[0]["fingerprint"] == sarif()["results"][0]["partialFingerprints"]["ipv6checkFinding/v1"]


def test_paths_are_relative_to_the_repository(monkeypatch, at_the_root):
    inside = at_the_root / "inventories" / "in ventory.yaml"
    asset = app("bad")
    asset = replace(asset, origin=replace(asset.origin, file=str(inside)))
    what = take_standing(MANDATE, SCAN, [AGENCY], [(asset, BAD)], date(2026, 1, 2), checks=CHECKS, keep_assets=True)
    monkeypatch.setenv("CI_PROJECT_DIR", str(at_the_root))
    place = sarif(what)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "inventories/in%20ventory.yaml"
    assert json.loads(told("codeclimate", what))[0]["location"]["path"] == "inventories/in ventory.yaml"


def test_a_target_without_an_inventory_is_its_own_place():
    asset = replace(app("bad"), origin=None)
    what = take_standing(MANDATE, SCAN, [AGENCY], [(asset, BAD)], date(2026, 1, 2), checks=CHECKS, keep_assets=True)
    place = sarif(what)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "https://bad.example.vn:443/"}
    assert told("github", what).startswith("::error title=")


def test_what_the_baseline_accepts_gates_nowhere():
    what = standing()
    accepted = accepting(what, baseline_of(what, Baseline()))
    assert JUnitXml.fromstring(told("junit", accepted).encode()).failures == 0
    assert sarif(accepted)["results"][0]["suppressions"][0]["status"] == "accepted"
    assert "::error" not in told("github", accepted)
    assert json.loads(told("codeclimate", accepted))[0]["severity"] == "info"
