"""A mandate as people read it, in both languages and as Markdown."""

from datetime import date

import pytest
from msgspec.structs import replace

from ipv6check.checks.registry import RULES
from ipv6check.mandates.load import SHIPPED, load_mandate
from ipv6check.model.mandate import Exemption, Indicator, Select
from ipv6check.reports.messages import Messages
from ipv6check.reports.text.mandate_sheet import as_markdown, as_text, sheet_of


def mandate_of(name: str):
    return load_mandate(name, known_rules=frozenset(RULES))


def text_of(mandate, language: str = "en") -> str:
    return "\n".join(as_text(sheet_of(mandate, Messages(language))))


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_nothing_of_a_shipped_mandate_is_left_out(name: str, language: str) -> None:
    mandate, text = mandate_of(name), text_of(mandate_of(name), language)
    ids = [*(one.id for one in mandate.indicators), *(one.number for one in mandate.instruments), mandate.digest]
    days = [one.date.isoformat() for one in mandate.milestones]
    codes = [code for one in mandate.checks.values() for code in (*one.require, *one.any_of, *one.advise)]
    for expected in (*ids, *days, *codes, *mandate.assumptions, mandate.title[language]):
        assert expected in text


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_word_is_missing_from_the_catalogue(name: str, language: str) -> None:
    sheet = sheet_of(mandate_of(name), Messages(language))
    labels = [label for label, _ in sheet.facts] + [word for table in sheet.tables for word in table.columns]
    raw = {
        "fiscal-year-end",
        "exclude-roles",
        "empty-org",
        "fail-after",
        "stale-after",
        "any-of",
        "partial-if",
        "at-least",
    }
    assert raw.isdisjoint(labels)
    assert all(label for label in labels)


def test_fiscal_years_stand_beside_their_days() -> None:
    text = text_of(mandate_of("us-omb-m-21-07"))
    assert "2025-09-30 (FY2025, “end of FY 2025”)" in text
    assert "2023-09-30 (FY2023)" in text


def test_an_exemption_says_why_who_where_and_until_when() -> None:
    one = Exemption(
        id="EX-1", select=Select(asset="old"), reason="no firmware", approved_by="CIO", document="12/TB",
        starts=date(2026, 1, 1), expires=date(2026, 12, 31), replace_by=date(2027, 1, 1),
    )  # fmt: skip
    text = text_of(replace(mandate_of("dual-stack"), exemptions=(one,)))
    for expected in ("EX-1", "old", "no firmware", "CIO", "12/TB", "2026-01-01", "2026-12-31", "2027-01-01"):
        assert expected in text


def test_foreign_text_does_nothing() -> None:
    evil = replace(
        mandate_of("template"),
        title={"en": "\x1b[31mred"},
        indicators=(Indicator(id="i", title={"en": "a | b <script>"}),),
        assumptions=("[x](http://y)\u202e",),
    )
    assert "\x1b" not in text_of(evil)
    assert "\u202e" not in text_of(evil)
    markdown = "\n".join(as_markdown(sheet_of(evil, Messages("en"))))
    assert "<script>" not in markdown
    assert "[x](" not in markdown


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_narrow_terminal_gets_no_line_that_is_too_long(language):
    mandate = mandate_of("vn-ben-tre-2025")
    lines = list(as_text(sheet_of(mandate, Messages(language)), width=60))
    assert [line for line in lines if len(line) > 60 and " " in line.strip()] == []
    assert any("DNS001 ADR001 ADR002" in line for line in lines)
