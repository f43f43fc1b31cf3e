"""Rows of a workbook's long tables as the octets of its sheets: ten times as fast as a call for each cell.

XlsxWriter keeps the sheet, its styles, filters and charts; in its constant memory mode it appends each finished row to
a file, and that file is what is written to here. The names with an underscore are its own: a release that changes
them is noticed by the tests of the workbook. Every text is an escaped inline string: no formula, no link, no markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_EPOCH = date(1899, 12, 30).toordinal()
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Styled(NamedTuple):
    """What a cell holds (text, number or day, None for nothing) and the number of its style."""

    value: str | int | float | date | None
    style: int


def append_rows(sheet: Worksheet, first: int, rows: Iterable[tuple[float, Sequence[Styled]]], *, columns: int) -> int:
    """Append rows, each a height in points and its cells, from row ``first`` (counted from 0) on; how many they are.

    Nothing may have been written to these rows. Rows are taken one at a time.
    """
    raw: Any = sheet
    raw._write_single_row(first)
    letters = [column_letters(number) for number in range(columns)]
    write: Callable[[str], object] = raw.row_data_fh.write
    number = first
    for number, (height, cells) in enumerate(rows, start=first + 1):
        parts = [f'<row r="{number}" ht="{height:g}" customHeight="1">']
        for letter, (value, style) in zip(letters, cells, strict=False):
            if value is None:
                continue
            if isinstance(value, str):
                keep = ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else ""
                text = inline(value)
                parts.append(f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t{keep}>{text}</t></is></c>')
            else:
                figure = value.toordinal() - _EPOCH if isinstance(value, date) else value
                parts.append(f'<c r="{letter}{number}" s="{style}"><v>{figure!r}</v></c>')
        parts.append("</row>")
        write("".join(parts))
    if number > first:
        raw._check_dimensions(first, 0)
        raw._check_dimensions(number - 1, columns - 1)
        raw.previous_row = number
    return number - first


def column_letters(number: int) -> str:
    """The name of a column counted from 0: A, Z, AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def inline(text: str) -> str:
    """A text as the content of an element of the sheet."""
    if "_x" in text:
        text = _ESCAPE_LIKE.sub("_x005F_", text)
    if not text.isprintable():
        text = _SURROGATE.sub("\ufffd", text)
        text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text
