"""The workbook: figures as numbers, floored; filters, panes, charts and print set-up; and nothing of it acts."""

import io
import re
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from ipv6check.reports.messages import Messages
from ipv6check.reports.signature import block_of, unsealed
from ipv6check.reports.workbook.as_xlsx import SHEETS, render
from tests.unit.reports.rich import TODAY, rich
from tests.unit.reports.test_formats import standing

HOSTILE = '=HYPERLINK("http://evil")\x1b[31m\u202e</t><script>\''


def octets(what, language="en") -> bytes:
    file = io.BytesIO()
    render(what, language, file)
    return file.getvalue()


@pytest.fixture(scope="module")
def written() -> bytes:
    return octets(rich())


def opened(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_sheet_is_there_in_both_languages_and_no_raw_word_is_shown(language):
    sheets = opened(octets(rich(), language))
    assert list(sheets) == [Messages(language).word("sheet", word) for word in SHEETS]
    texts = [cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)]
    for raw in ("not-ready", "required-failed", "days-left", "no-history", "theil-sen-", "in-force"):
        assert raw not in texts
    headings = [row[0] for row in opened(octets(rich(), language))[next(iter(sheets))] if isinstance(row[0], str)]
    assert not [text for text in headings if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)]


def test_figures_are_numbers_days_are_days_and_shares_are_floored(written):
    sheets = opened(written)
    whole = rich().whole.rate
    heading, row, *_ = sheets["Agencies"]
    told = dict(zip(heading, row, strict=True))
    assert (told["Total"], told["Ready"], told["Unknown"]) == (whole.denominator, whole.ready, whole.undecided)
    assert told["Conversion rate"] == whole.ready * 1000 // whole.denominator / 1000
    assert told["Conversion rate"] < whole.ready / whole.denominator  # 12/47 is 25.53… %, cut to 25.5
    assert {type(one[3]) for one in sheets["To fix"][1:]} == {date}
    assert [one[0] for one in sheets["Progress"][1:]][-1] == date(2025, 10, 2)  # the scan ended at night in UTC
    assert date(2025, 10, 2) == TODAY


def test_the_lists_hold_every_asset_and_what_is_to_be_fixed_with_owner_and_day(written):
    sheets, whole = opened(written), rich()
    assert len(sheets["Assets"]) == 1 + len(whole.assets)
    heading, *rows = sheets["To fix"]
    assert heading[2:5] == ["Owner", "Due", "Days left"]
    assert {row[2] for row in rows} == {"Phòng Công nghệ thông tin"}
    assert {row[4] for row in rows} == {90}
    failed = {row[0] for row in sheets["Findings"][1:] if row[3] == "fail"}
    assert {row[0] for row in rows} <= failed
    assert [row[2] for row in sheets["Changes"][1:]] == ["better", "worse", "new", "gone"]


def test_filters_panes_charts_conditions_and_printing(written):
    files = parts(written)
    sheets = [files[f"xl/worksheets/sheet{number}.xml"] for number in range(1, len(SHEETS) + 1)]
    at = {word: sheets[index] for index, word in enumerate(SHEETS)}
    for word in ("agencies", "classes", "assets", "findings", "fixes", "progress", "changes"):
        assert "<autoFilter " in at[word], word
        assert 'state="frozen"' in at[word], word
    for word in ("assets", "findings", "fixes", "agencies"):
        assert "<conditionalFormatting" in at[word], word
    assert all('paperSize="9"' in sheet for sheet in sheets)
    assert files["xl/workbook.xml"].count("_xlnm.Print_Titles") == 7
    charts = [text for name, text in files.items() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(charts) == 3
    assert sum("lineChart" in chart for chart in charts) == 1
    line = next(chart for chart in charts if "lineChart" in chart)
    assert line.count("<c:ser>") == 3  # proven, at most, and the goal line


def test_nothing_from_a_scan_becomes_a_formula_a_link_a_macro_or_an_act():
    content = octets(rich(text=HOSTILE))
    for name, text in parts(content).items():
        assert "<f>" not in text or "worksheets" not in name
        assert "<hyperlink " not in text
        assert "relationships/hyperlink" not in text
        assert "vba" not in name
        assert "External" not in text
    names = {row[0] for row in opened(content)["Assets"][1:]}
    assert names == {'=HYPERLINK("http://evil")\\x1b[31m\\u{202e}</t><script>\''}


def test_a_bare_standing_without_past_levels_or_assets_says_so():
    sheets = opened(octets(standing()))
    assert sheets["Progress"][1][0] == "No earlier scan is known for this report."
    assert sheets["Changes"][1][0] == "No earlier scan is known for this report."


def test_the_block_is_in_the_file_and_two_writings_are_equal(written):
    cells = [row[0] for row in opened(written)["Method"]]
    assert unsealed("".join(map(str, cells))) == block_of(rich(), "en", "xlsx")
    assert octets(rich()) == written


def test_a_cell_too_long_for_the_format_is_cut():
    content = octets(rich(text="x" * 40_000))
    assert max(len(str(cell)) for rows in opened(content).values() for row in rows for cell in row) <= 32_767
