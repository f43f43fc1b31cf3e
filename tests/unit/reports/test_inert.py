"""Foreign text in outputs acts on nothing."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.reports.inert import csv_cell, inert


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Cổng thông tin điện tử", "Cổng thông tin điện tử"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\r\nb", "a\\x0d\\x0ab"),
        ("\x9b2J", "\\x9b2J"),
        ("\x7f", "\\x7f"),
        ("\u202egpj.exe", "\\u{202e}gpj.exe"),
        ("pay\u200bpal", "pay\\u{200b}pal"),
        ("\ufeffx", "\\u{feff}x"),
        ("a\u2028b", "a\\u{2028}b"),
        ("\U000e0041", "\\u{e0041}"),
        ("\ud800", "\\u{d800}"),
        ("\u00a0 \u3000", "\u00a0 \u3000"),
    ],
)
def test_what_acts_is_written_out(text, shown):
    assert inert(text) == shown


@given(st.text())
def test_nothing_active_remains_and_nothing_else_changes(text):
    shown = inert(text)
    assert all(character.isprintable() or character.isspace() for character in shown)
    assert not set(shown) & set("\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029\u200b\u202e")
    assert inert(shown) == shown
    if text.isprintable():
        assert shown == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "＝1+1", "＋1a", "－x", "＠x", "-1+1|x", "=5"],
)
def test_a_formula_gets_an_apostrophe(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-5", "+3", "-1.5", "-1,5", "1e-3", "", " ", "a=b", "2001:db8::1", -5, 2.5, True])
def test_numbers_and_harmless_texts_stay(value):
    assert csv_cell(value) is value


@given(st.text(alphabet="=+-@\t\r\n ＝＋－＠15ax.,", max_size=8))
def test_no_cell_starts_a_formula(text):
    written = io.StringIO()
    csv.writer(written).writerow([csv_cell(text)])
    cell = next(csv.reader(io.StringIO(written.getvalue(), newline="")), [""])[0]
    start = cell.lstrip(" ")[:1]
    assert start not in tuple("=@\t\r\n＝＋－＠")
    if start in ("+", "-"):
        float(cell.replace(",", "").replace(".", "") or "x")
