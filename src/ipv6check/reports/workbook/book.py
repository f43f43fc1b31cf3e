"""Writing a workbook row by row: formats, cells that nothing takes for a formula, tables that filter and print well.

XlsxWriter's constant memory keeps one row at a time, so rows must come in order. Every text goes through
``write_string``: no formula, no link, no number made of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from ipv6check.model.trouble import MissingExtra
from ipv6check.reports.workbook.stream import Styled, append_rows

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_000
"""Characters that a cell takes; the format allows 32,767."""

MOST_ROWS = 1_048_000
"""Rows of a table on one sheet; the format ends at 1,048,576."""

DAY_FORMATS = {"en": "d mmm yyyy", "vi": "dd/mm/yyyy"}
_A4 = 9
_LINE = 14.5
_FIT = 1.05
"""Characters that a column takes for each unit of its width."""

_BOLD = 0.85
"""Of a column's characters, how many of a heading fit."""

_MOST_LINES = 20
GREEN, AMBER, RED, GREY = "#C8E6C9", "#FFE8B3", "#F9CFCB", "#E6E8EB"
INK, HEAD = "#1F2A37", "#DCE6F2"


class Share(NamedTuple):
    """A percentage that was floored to one decimal, as ``66.6``; a dash or nothing where there is none."""

    text: str


class Points(NamedTuple):
    """Percentage points, shown with one decimal."""

    value: float


class Column(NamedTuple):
    """A column: its heading, its width in characters, and whether its text wraps."""

    heading: str
    width: float = 12
    wrap: bool = False


Cell = str | int | float | date | Share | Points | None


class Book:
    """An open workbook with the formats all sheets share."""

    def __init__(self, file: BinaryIO, language: str, *, title: str, created: float) -> None:
        try:
            from xlsxwriter import Workbook
        except ImportError:
            raise MissingExtra("--format xlsx", "xlsx") from None
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        }
        self.workbook = Workbook(file, options)
        stamp = datetime.fromtimestamp(created, UTC).replace(tzinfo=None, microsecond=0)
        self.workbook.set_properties({"title": title[:250], "created": stamp})
        self._base = {"font_name": "Calibri", "font_size": 10.5, "valign": "top", "font_color": INK}
        self.plain = self.format(indent=1)
        self.wrapped = self.format(text_wrap=True, indent=1)
        self.share = self.format(num_format="0.0%")
        self.points = self.format(num_format="0.0")
        self.dash = self.format(align="right")
        self.count = self.format(num_format="#,##0")
        self.day = self.format(num_format=DAY_FORMATS.get(language, DAY_FORMATS["en"]), align="left")
        self.heading = self.format(bold=True, bg_color=HEAD, border=1, border_color="#B8C4D0", text_wrap=True)
        self.title = self.format(bold=True, font_size=16)
        self.section = self.format(bold=True, font_size=12.5)
        self.notice = self.format(bold=True, font_color="#9C1C13")
        self.faint = self.format(font_size=6, font_color="#7A8490", text_wrap=True)
        self.strong = self.format(bold=True)
        self.styles = Styles(self)

    def format(self, **changes: object) -> Format:
        """A format like the others but for ``changes``."""
        return self.workbook.add_format(self._base | changes)

    def fill(self, colour: str) -> Format:
        """A format for conditions."""
        return self.workbook.add_format({"bg_color": colour})

    def sheet(self, name: str, *, landscape: bool = True, footer: str = "") -> Sheet:
        """A new sheet, set up for A4."""
        made = self.workbook.add_worksheet(name)
        made.set_paper(_A4)
        if landscape:
            made.set_landscape()
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        made.set_footer(f"&L&8{footer.replace('&', '&&')}&C&8&A&R&8&P / &N")
        made.hide_gridlines(2)
        return Sheet(self, made)

    def close(self) -> None:
        """Write everything."""
        self.workbook.close()


class Sheet:
    """A sheet that is filled from the top."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self.book, self.raw, self.row = book, sheet, 0

    def widths(self, columns: Sequence[Column]) -> None:
        """Column widths, before anything is written."""
        for at, column in enumerate(columns):
            self.raw.set_column(at, at, column.width, self.book.wrapped if column.wrap else self.book.plain)

    def line(self, *cells: Cell, format: Format | None = None) -> None:
        """One row; without cells an empty one."""
        for at, cell in enumerate(cells):
            self.put(at, cell, format)
        self.row += 1

    def put(self, column: int, cell: Cell, format: Format | None = None) -> None:
        """One cell of the present row: numbers as numbers, days as days, text as text and nothing else."""
        book, raw, row = self.book, self.raw, self.row
        if cell is None or cell == "":
            if format is not None:
                raw.write_blank(row, column, None, format)
        elif isinstance(cell, Share):
            tenths = cell.text.replace(".", "", 1)
            if tenths.isdigit():
                raw.write_number(row, column, int(tenths) / 1000, format or book.share)
            else:
                raw.write_string(row, column, cell.text, format or book.dash)
        elif isinstance(cell, Points):
            raw.write_number(row, column, cell.value, format or book.points)
        elif isinstance(cell, str):
            raw.write_string(row, column, _no_markup(cell[:LONGEST_CELL]), format or book.plain)
        elif isinstance(cell, date):
            raw.write_datetime(row, column, datetime.combine(cell, time()), format or book.day)
        else:
            raw.write_number(row, column, cell, format or book.count)

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, main: bool = False
    ) -> tuple[int, int]:
        """Headings and rows; the ``main`` table of a sheet gets filters, a frozen heading that repeats on every printed
        page, and column widths. The first and the last row of figures; the last is before the first if there are none.
        """
        start = self.row
        if main:
            self.raw.freeze_panes(start + 1, 1)
            self.raw.repeat_rows(start)
        bold = [one._replace(wrap=True, width=one.width * _BOLD) for one in columns]
        self.raw.set_row(self.row, max(height_of([one], [one.heading]) for one in bold))
        self.line(*(column.heading for column in columns), format=self.book.heading)
        first = self.row
        self.row += append_rows(self.raw, first, self._styled(columns, islice(rows, MOST_ROWS)), columns=len(columns))
        if self.row - first >= MOST_ROWS:
            self.line("…")
        if main:
            self.raw.autofilter(start, 0, max(self.row - 1, start), len(columns) - 1)
            self.raw.print_area(start, 0, max(self.row, start + 1), len(columns) - 1)
        return first, self.row - 1

    def _styled(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
    ) -> Iterator[tuple[float, Sequence[Styled]]]:
        """Rows with their heights, every cell with the number of its style."""
        styles = self.book.styles
        texts = [styles.wrapped if column.wrap else styles.plain for column in columns]
        wrapping = [(at, int(column.width * _FIT)) for at, column in enumerate(columns) if column.wrap]
        for cells in rows:
            lines = 1
            for at, room in wrapping:
                cell = cells[at]
                if isinstance(cell, str) and len(cell) > room:
                    lines = max(lines, min(_MOST_LINES, -(-len(cell) // room)))
            yield _LINE * lines, [styles.of(cell, text) for cell, text in zip(cells, texts, strict=True)]

    def head(self, text: str) -> None:
        """The title of a sheet."""
        self.raw.set_row(self.row, 24)
        self.line(text, format=self.book.title)

    def paragraph(self, text: str, *, columns: int, characters: int, format: Format | None = None) -> None:
        """A text over the first columns of a row, which are ``characters`` wide together."""
        self.raw.set_row(self.row, _LINE * _lines(text, characters))
        self.raw.merge_range(self.row, 0, self.row, columns - 1, "", format or self.book.wrapped)
        self.put(0, text, format or self.book.wrapped)
        self.row += 1

    def colour(self, first: int, last: int, column: int, words: dict[str, str]) -> None:
        """Cells of a column coloured by their text."""
        for word, fill in words.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": self.book.fill(fill)}
            if last >= first:
                self.raw.conditional_format(first, column, last, column, rule)

    def scale(self, first: int, last: int, left: int, right: int) -> None:
        """Shares coloured from red over amber to green; empty cells stay white."""
        rule = {
            "type": "3_color_scale", "min_type": "num", "min_value": 0, "mid_type": "num", "mid_value": 0.5,
            "max_type": "num", "max_value": 1, "min_color": RED, "mid_color": AMBER, "max_color": GREEN,
        }  # fmt: skip
        if last >= first:
            self.raw.conditional_format(first, left, last, right, rule)

    def bars(self, first: int, last: int, column: int) -> None:
        """Shares of a column as bars from 0 to 100 %."""
        rule = {
            "type": "data_bar", "bar_solid": True, "bar_color": "#9CC3E6",
            "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1,
        }  # fmt: skip
        if last >= first:
            self.raw.conditional_format(first, column, last, column, rule)


class Styles:
    """The numbers of the styles that cells of a table have."""

    def __init__(self, book: Book) -> None:
        every = (book.plain, book.wrapped, book.share, book.points, book.dash, book.count, book.day)
        numbers = [one._get_xf_index() for one in every]
        self.plain, self.wrapped, self.share, self.points, self.dash, self.count, self.day = numbers

    def of(self, cell: Cell, text: int) -> Styled:
        """A cell with its style, which for a text is that of its column."""
        if cell is None or cell == "":
            return _EMPTY
        if isinstance(cell, str):
            return Styled(cell if len(cell) <= _SURELY_FITS else _cut(cell), text)
        if isinstance(cell, Share):
            tenths = cell.text.replace(".", "", 1)
            return Styled(int(tenths) / 1000, self.share) if tenths.isdigit() else Styled(cell.text, self.dash)
        if isinstance(cell, Points):
            return Styled(cell.value, self.points)
        return Styled(cell, self.day if isinstance(cell, date) else self.count)


_EMPTY = Styled(None, 0)
_SURELY_FITS = LONGEST_CELL // 2


def _cut(text: str) -> str:
    """A text that a cell takes, which counts characters beyond the basic plane twice."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")


def _no_markup(text: str) -> str:
    """A text that XlsxWriter does not take for the markup of a rich string, which it would write as it is."""
    return f" {text}" if text.startswith("<r>") and text.endswith("</r>") else text


def height_of(columns: Sequence[Column], cells: Sequence[Cell]) -> float:
    """The height of a row in points that shows every wrapped text: programs do not all work it out themselves."""
    texts = zip(columns, cells, strict=False)
    return _LINE * max(_lines(cell, one.width) if one.wrap and isinstance(cell, str) else 1 for one, cell in texts)


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column, at most so many that a row stays readable."""
    return min(_MOST_LINES, -(-len(text) // max(1, int(width * _FIT))) or 1)
