"""Rows that are appended to a sheet: read back they are what was put in, and no text of them is markup."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from ipv6check.reports.workbook.book import Book, Column, Points, Share
from ipv6check.reports.workbook.stream import column_letters, inline

TEXTS = ("Sở Y tế", " a & <b> ", "<r><t>x</t></r>", "_x0041_", "=1+1", "line\nline", "𝔘" * 20_000, "\ufffe", "\x07")


def rows(*cells: tuple[object, ...]) -> list[list[object]]:
    file = io.BytesIO()
    book = Book(file, "en", title="t", created=0.0)
    sheet = book.sheet("S")
    sheet.head("<r>head</r>")
    columns = tuple(Column(str(number), 20, number == 0) for number in range(len(cells[0])))
    first, last = sheet.table(columns, cells, main=True)  # type: ignore[arg-type]
    sheet.line("below")
    book.close()
    read = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_name("S").to_python()
    assert read[0][0] == " <r>head</r>"
    assert read[last + 1][0] == "below"
    return read[first : last + 1]


def test_numbers_days_shares_and_points_keep_their_kind():
    (row,) = rows(("a", 7, date(2026, 6, 30), Share("66.6"), Share("–"), Points(-1.2), None, ""))
    assert row == ["a", 7.0, date(2026, 6, 30), 0.666, "–", -1.2, "", ""]


def test_a_text_is_read_as_it_was_written_and_acts_nowhere():
    read = [row[0] for row in rows(*((text,) for text in TEXTS))]
    assert read[:6] == list(TEXTS[:6])
    assert str(read[6]) == "𝔘" * 16_000
    assert inline("\x07\ufffe\ud800") == "_x0007__xFFFE_\ufffd"


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_names_of_a_spreadsheet(number: int, letters: str):
    assert column_letters(number) == letters
