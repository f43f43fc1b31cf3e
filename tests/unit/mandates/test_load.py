"""Mandate files: what they become, and every fault with its line."""

from datetime import date
from pathlib import Path

import pytest

from ipv6check.checks.registry import CHECKS, RULES
from ipv6check.files.problem import Problems
from ipv6check.files.yamlfile import parse_yaml
from ipv6check.mandates.load import SHIPPED, load_mandate, parse_mandate
from ipv6check.mandates.schema import json_schema
from ipv6check.model.asset import AssetClass
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.mandate import Mandate, Predicate, Requirement, Select, evidence_source

KNOWN = frozenset(RULES)
EXAMPLES = Path(__file__).parents[2] / "data" / "mandates"

# One field a line, so that a test can replace a line and name its number.
WHOLE = """\
schema: ipv6check.mandate/1
id: small
title: {en: Small}
instruments:
  - {key: one, number: "1"}
period: {start: 2024-01-01, deadline: 2025-12-31, timezone: Asia/Ho_Chi_Minh}
scope: {assets: {classes: [service]}}
checks:
  service: {require: [DNS001, HTTP], partial_if: [DNS001], advise: [LAT001]}
indicators:
  - {id: services, select: {class: service}}
milestones:
  - {date: 2025-12-31, indicator: services, at_least: 1.0, instrument: one}
exemptions:
  - {id: EX-1, select: {asset: old}, reason: x, approved_by: B, document: D, from: 2024-02-01, expires: 2024-12-31}
composite: {rule: all, of: [services]}
policy: {}
"""


def parse(text: str) -> Mandate:
    return parse_mandate(parse_yaml(text.encode(), file="m.yaml"), known_rules=KNOWN)


def faults(text: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def with_line(number: int, line: str) -> str:
    lines = WHOLE.splitlines()
    lines[number - 1] = line
    return "\n".join(lines) + "\n"


def test_a_file_becomes_a_mandate() -> None:
    mandate = parse(WHOLE)
    assert mandate.scope.classes == (AssetClass.SERVICE,)
    assert mandate.checks["service"].require == ("DNS001", "HTTP")
    assert mandate.indicators[0].select == Select(classes=(AssetClass.SERVICE,))
    assert mandate.exemptions[0].starts == date(2024, 2, 1)
    assert mandate.period.deadline == date(2025, 12, 31)
    assert mandate.policy == {}
    assert len(mandate.digest) == 64
    assert mandate.digest != parse(WHOLE + "# a comment\n").digest


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_mandates_load_under_their_own_id(name: str) -> None:
    mandate = load_mandate(name, known_rules=KNOWN)
    assert mandate.id == name
    assert {"en", "vi"} <= mandate.title.keys()
    assert all({"en", "vi"} <= indicator.title.keys() for indicator in mandate.indicators)
    assert mandate.assumptions
    assert set(mandate.checks) >= {one.value for one in mandate.scope.classes}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_mandates_require_what_the_design_says(name: str) -> None:
    mandate = load_mandate(name, known_rules=KNOWN)
    if name != "template":
        assert {"service", "application"} <= set(mandate.checks)
    for key in ("service", "application") if name != "template" else ():
        assert {"TCP002", "ADR002", "HTTP004", "TLS001"} <= set(mandate.checks[key].require)
        assert mandate.checks[key].partial_if == ("DNS001", "ADR001", "TCP001")
        assert "HTTP003" in mandate.checks[key].advise
    # Paper alone never converts a device.
    device = mandate.checks.get("device", Requirement())
    assert "ATT001" not in {*device.require, *device.any_of}


def test_ben_tre_is_honest_about_its_instrument() -> None:
    mandate = load_mandate("vn-ben-tre-2025", known_rules=KNOWN)
    assert (mandate.instruments[0].number, mandate.instruments[0].confirmed) == ("34", "partly")
    assert mandate.period.deadline == date(2025, 12, 31)
    assert {milestone.at_least for milestone in mandate.milestones} == {1.0}


def test_dual_stack_invents_no_deadline() -> None:
    assert load_mandate("dual-stack", known_rules=KNOWN).period.deadline is None


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_of_the_design_load(path: Path) -> None:
    mandate = load_mandate(path, known_rules=KNOWN)
    assert mandate.indicators
    assert mandate.milestones


def test_the_us_example_keeps_its_meaning() -> None:
    mandate = load_mandate(EXAMPLES / "us-omb-m-21-07.yaml", known_rules=KNOWN)
    assert mandate.predicate is Predicate.IPV6_ONLY
    assert mandate.counting.exempt == "in_denominator"
    assert mandate.indicators[2].select.deployed_from == date(2022, 10, 1)
    assert mandate.indicators[4].select.status == "exempt"
    assert mandate.exemptions[0].replace_by == date(2026, 9, 30)


def test_the_file_alone_says_what_a_rule_rests_on_and_the_checks_agree() -> None:
    for check in CHECKS:
        on_paper = check.needs == (DocumentEvidence,)
        assert (evidence_source(check.rule.code) != "measured") == on_paper, check.rule.code


WHY, END = "reason: x, approved_by: B, document: D", "expires: 2024-12-31"
NOBODY, NOWHERE = WHY.replace("approved_by: B, ", ""), WHY.replace(", document: D", "")
ONE_FAULT = [
    (1, "schema: ipv6check.mandate/2", "schema must be 'ipv6check.mandate/1'"),
    (2, "id: Two Words", "id: string should match pattern"),
    (3, "title: {}", "title: "),
    (5, "  - {key: one}", "instruments[1].number is missing"),
    (5, '  - {key: one, number: "1", confirmed: maybe}', "confirmed must be 'yes', 'partly' or 'no'"),
    (5, '  - {key: one, number: "1", issued: 1/2021}', "instruments[1].issued: is written as 2021"),
    (6, "period: {start: 2024-01-01}", "period.deadline is missing"),
    (6, "period: {start: 2026-01-01, deadline: 2025-12-31}", "period.deadline 2025-12-31 is before period.start"),
    (6, "period: {deadline: 31.12.2025}", "period.deadline: a date is written as"),
    (6, "period: {deadline: 2025-02-30}", "period.deadline: "),
    (6, "period: {deadline: 2025-12-31, timezone: Asia/Bến_Tre}", "period.timezone: is not a time zone"),
    (6, "period: {deadline: 2025-12-31, fiscal_year_end: 13-01}", "period.fiscal_year_end: a year's end"),
    (7, "scope: {assets: {classes: [service, device]}}", "the class 'device' is in the scope"),
    (7, "scope: {assets: {classes: [services]}}", "scope.assets.classes[1] must be"),
    (9, "  service: {require: [DNS999]}", "'DNS999' is not a rule or a family of rules; did you mean 'DNS"),
    (9, "  service: {require: [DNS001], any_of: [SMTP]}", "'SMTP' is not a rule or a family"),
    (9, "  service: {require: [DNS001], advise: [x]}", "'x' is not a rule or a family"),
    (9, "  service: {require: [DNS001], partial_if: [dns.aaaa]}", "'dns.aaaa' is not a rule"),
    (9, "  service: {partial_if: [DNS001]}", "checks.service requires nothing"),
    (9, "  service: {require: [DNS001], evidence: [seen]}", "checks.service.evidence[1] must be"),
    (9, "  service: {require: [ATT001]}", "ATT001 rests on attested evidence, which checks.service.evidence"),
    (9, "  service: {require: [DNS001], reqire: [DNS001]}", "checks.service.reqire is not a known field"),
    (11, "  - {id: services, unit: person}", "indicators[1].unit must be"),
    (11, "  - {id: services, unit: document}", "indicators[1]: the unit document needs evidence"),
    (11, "  - {id: services, evidence: DNS001}", "indicators[1]: 'DNS001' is not a rule about attestations"),
    (11, "  - {id: services, org_rule: most}", "indicators[1].org_rule: must be all, or a share"),
    (11, "  - {id: services, select: {class: web}}", "select.class[1] must be"),
    (13, "  - {date: 2025-12-31, indicator: services}", "milestones[1].instrument is missing"),
    (13, "  - {date: 2025-12-31, indicator: services, instrument: two}", "'two' is not an instrument"),
    (13, "  - {date: 2025-12-31, indicator: service, instrument: one}", "did you mean 'services'?"),
    (13, "  - {date: 2026-01-01, indicator: services, instrument: one}", "is after the deadline 2025-12-31"),
    (13, "  - {date: 2023-01-01, indicator: services, instrument: one}", "is before the period starts"),
    (13, "  - {date: 2025-12-31, indicator: services, at_least: 80, instrument: one}", "milestones[1].at_least: "),
    (15, f"  - {{id: EX-1, select: {{asset: old}}, {WHY}}}", "exemptions[1].expires is missing"),
    (
        15,
        f"  - {{id: EX-1, select: {{asset: a}}, {NOBODY}, {END}}}",
        "approved_by is missing",
    ),
    (15, f"  - {{id: EX-1, select: {{asset: a}}, {NOWHERE}, {END}}}", "document is missing"),
    (15, f"  - {{id: EX-1, select: {{}}, {WHY}, {END}}}", "so every asset would be exempt"),
    (15, f"  - {{id: E, select: {{asset: a, status: unknown}}, {WHY}, {END}}}", "cannot select by status"),
    (15, f"  - {{id: E, select: {{asset: a}}, {WHY}, from: 2025-01-01, {END}}}", "before it begins"),
    (16, "composite: {rule: all, of: [networks]}", "composite.of: 'networks' is not an indicator"),
    (16, "composite: {rule: mean, of: [services]}", "composite.rule must be"),
    (17, "counting: {unknown: exclude}", "counting.unknown must be"),
    (17, "counting: {attested: {max_share: 1.5}}", "counting.attested.max_share: "),
    (17, "policy: {thresholds: {max_redirect: 3}}", "thresholds.max_redirect is not a known policy value"),
    (17, "policy: {thresholds.content_similarity: 2}", "must be a share from 0 to 1"),
    (17, "policy: {pacing: {per_address: 0}}", "policy.pacing: a mandate sets thresholds only"),
    (6, "period: {deadline: FY25}", "period.deadline: a date is written as 2025-12-31, a fiscal year as FY2025"),
    (6, "period: {start: 2026-01-01, deadline: FY2025}", "period.deadline 2025-12-31 is before period.start"),
    (11, "  - {id: services, unit: document, evidence: ATT001}", "'ATT001' is not the kind of an agency's document"),
    (11, "  - {id: services, select: {class: device}}", "device is not in scope.assets.classes"),
    (13, "  - {date: FY2026, indicator: services, instrument: one}", "2026-12-31 is after the deadline 2025-12-31"),
    (17, "succession: {next: small}", "a mandate cannot follow itself"),
    (17, "succession: {next: other, until: 2030}", "succession.until is not a known field"),
    (17, "succession: {organisations: {a: {into: [a]}}}", "'a' cannot go into itself"),
    (17, "succession: {organisations: {a: {into: []}}}", "succession.organisations.a.into: "),
    (17, "colour: red", "colour is not a known field"),
]


@pytest.mark.parametrize(("line", "text", "message"), ONE_FAULT, ids=[message for _, _, message in ONE_FAULT])
def test_each_fault_is_told_once_with_its_line(line: int, text: str, message: str) -> None:
    told = faults(with_line(line, text))
    assert len(told) == 1, told
    assert told[0].startswith(f"m.yaml:{line}: ")
    assert message in told[0]


def test_an_unknown_class_is_told_with_the_class_that_lost_its_rules() -> None:
    told = faults(with_line(9, "  servce: {require: [DNS001]}"))
    assert told == [
        "m.yaml:7: the class 'service' is in the scope, but checks has no rules for it",
        "m.yaml:9: checks.servce: 'servce' is not an asset class; did you mean 'service'?",
    ]


def test_rules_for_a_tag_alone_leave_the_class_without() -> None:
    assert faults(with_line(9, "  service/mail: {require: [TCP001]}")) == [
        "m.yaml:7: the class 'service' is in the scope, but checks has no rules for it"
    ]


def test_names_given_twice_are_told() -> None:
    twice = with_line(11, "  - {id: services}\n  - {id: services}")
    assert faults(twice) == ["m.yaml:12: indicators[2]: id 'services' is given twice"]


def test_weights_of_nothing_are_told() -> None:
    text = with_line(16, "composite: {rule: weighted, of: [services]}").replace(
        "id: services, select", "id: services, weight: 0, select"
    )
    assert faults(text) == ["m.yaml:16: composite.rule is weighted, but no indicator has a weight above 0"]


def test_faults_of_shape_and_of_sense_come_together_in_the_order_of_the_file() -> None:
    text = with_line(13, "  - {date: soon, indicator: nothing, instrument: two}")
    text = text.replace("require: [DNS001, HTTP]", "require: [DNS999]").replace("expires: 2024-12-31", "expired: x")
    lines = [int(fault.split(":")[1]) for fault in faults(text)]
    assert lines == [9, 13, 13, 13, 15, 15]


@pytest.mark.parametrize("text", ["", "[]", "text", "checks: []\nscope: 3\nindicators: {}\nmilestones: [1]\n"])
def test_a_file_of_another_shape_is_refused_and_not_stumbled_over(text: str) -> None:
    assert faults(text)


def test_an_unknown_id_lists_the_shipped_ones() -> None:
    with pytest.raises(Problems, match=r"dual: is neither a shipped mandate \(dual-stack, .*template\) nor a file"):
        load_mandate("dual", known_rules=KNOWN)


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert load_mandate(str(path), known_rules=KNOWN) == parse(WHOLE)


def test_the_schema_for_editors_names_every_field() -> None:
    schema = json_schema()
    assert {"schema", "checks", "milestones", "policy"} <= set(schema["properties"])


def test_a_fiscal_year_is_its_last_day_and_is_remembered_as_written() -> None:
    text = with_line(6, "period: {deadline: FY 2025, fiscal_year_end: 09-30}").replace(
        "date: 2025-12-31", "date: FY2024"
    )
    mandate = parse(text)
    assert (mandate.period.deadline, mandate.period.fiscal_year) == (date(2025, 9, 30), "FY2025")
    assert (mandate.milestones[0].date, mandate.milestones[0].fiscal_year) == (date(2024, 9, 30), "FY2024")
    assert parse(WHOLE).period.fiscal_year == ""


def test_two_instruments_may_set_different_values_for_one_date_but_one_only_once() -> None:
    lines = WHOLE.replace('  - {key: one, number: "1"}', '  - {key: one, number: "1"}\n  - {key: two, number: "2"}')
    first = "  - {date: 2025-12-31, indicator: services, at_least: 1.0, instrument: one}"
    second = first.replace("1.0", "0.5").replace("instrument: one", "instrument: two")
    mandate = parse(lines.replace(first, f"{first}\n{second}"))
    assert [(one.at_least, one.instrument) for one in mandate.milestones] == [(1.0, "one"), (0.5, "two")]
    assert faults(lines.replace(first, f"{first}\n{first}")) == [
        "m.yaml:15: milestones[2]: 'one' sets 'services' for that date twice"
    ]


def test_what_became_of_agencies_is_read_with_days() -> None:
    text = with_line(17, 'succession: {next: later, organisations: {"p": {from: 2025-07-01, into: n}}}')
    assert parse(text).succession == {
        "next": "later",
        "organisations": {"p": {"from": date(2025, 7, 1), "into": ["n"]}},
    }
