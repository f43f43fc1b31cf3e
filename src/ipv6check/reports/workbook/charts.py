"""Native charts of the workbook, drawn by the spreadsheet from the cells beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ipv6check.reports.workbook.book import Book, Column

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

_FONT = {"size": 9, "color": "#1F2A37"}
_GRID = {"visible": True, "line": {"color": "#E3E7EB"}}
_AXIS = {"min": 0, "max": 1, "num_format": "0%", "num_font": _FONT, "major_gridlines": _GRID}
_LINES = ({"color": "#1F6FB2", "width": 2.25}, {"color": "#9AB7D0", "width": 1.25, "dash_type": "dash"},
          {"color": "#B3261E", "width": 1.5, "dash_type": "long_dash"})  # fmt: skip
_BAR_PIXELS = 22
WIDTH_PIXELS, LINE_PIXELS = 680, 360


def bar_chart(book: Book, sheet: str, title: str, rows: tuple[int, int], *, value: int) -> Chart:
    """Shares as bars from 0 to 100 %, the first row on top; names are in the first column of ``sheet``."""
    first, last = rows
    chart = book.workbook.add_chart({"type": "bar"})
    chart.add_series({
        "name": title,
        "categories": [sheet, first, 0, last, 0],
        "values": [sheet, first, value, last, value],
        "fill": {"color": "#1F6FB2"},
        "gap": 60,
        "data_labels": {"value": True, "num_format": "0.0%", "font": _FONT},
    })  # fmt: skip
    chart.set_title({"name": title, "overlay": False, "name_font": {"size": 11, "bold": True}})
    chart.set_legend({"none": True})
    chart.set_x_axis(_AXIS)
    chart.set_y_axis({"reverse": True, "num_font": _FONT, "major_gridlines": {"visible": False}})
    chart.set_size({"width": WIDTH_PIXELS, "height": bar_pixels(last - first + 1)})
    return chart


def bar_pixels(bars: int) -> int:
    """The height of a chart with so many bars."""
    return 110 + _BAR_PIXELS * bars


def line_chart(
    book: Book, sheet: str, title: str, rows: tuple[int, int], shown: Sequence[Column], months: int
) -> Chart:
    """Shares over time: days in the first column of ``sheet``, then what is proven, what is possible, and the goal."""
    first, last = rows
    chart = book.workbook.add_chart({"type": "line"})
    for value, line in enumerate(_LINES, start=1):
        chart.add_series({
            "name": shown[value].heading,
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, value, last, value],
            "line": line,
            "marker": {"type": "circle", "size": 4} if value == 1 else {"type": "none"},
        })  # fmt: skip
    chart.set_title({"name": title, "overlay": False, "name_font": {"size": 11, "bold": True}})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_y_axis(_AXIS)
    unit = {"major_unit": max(1, months // 12), "major_unit_type": "months"}
    font = _FONT | {"rotation": -45}
    chart.set_x_axis({"date_axis": True, "num_font": font, "num_format": "mm/yyyy", **unit})
    chart.set_size({"width": WIDTH_PIXELS, "height": LINE_PIXELS})
    return chart
