"""The report as a workbook an office works with: summary, agencies, assets, findings, fix list, progress, changes,
method. Native charts, filters, conditional formats; nothing of a scan becomes a formula, a link or a macro."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from ipv6check.model.standing import Standing
from ipv6check.reports.figures import day
from ipv6check.reports.messages import Messages
from ipv6check.reports.view import View, view_of
from ipv6check.reports.workbook.book import Book, Sheet
from ipv6check.reports.workbook.lists import assets, findings, fixes
from ipv6check.reports.workbook.summary import agencies, changes, charts, classes, method, progress, summary

Fill = Callable[[Sheet, Standing, View, Messages], None]

SHEETS: dict[str, Fill] = {
    "summary": summary,
    "charts": charts,
    "agencies": agencies,
    "classes": classes,
    "assets": assets,
    "findings": findings,
    "fixes": fixes,
    "progress": progress,
    "changes": changes,
    "method": method,
}
"""By the word that names the sheet, in their order."""

_UPRIGHT = ("charts", "method")


def render(standing: Standing, language: str, file: BinaryIO) -> None:
    """Write the workbook. Raises MissingExtra without XlsxWriter."""
    messages = Messages(language)
    view = view_of(standing, messages, findings=False)
    scan = standing.scan
    book = Book(file, messages.language, title=view.title, created=scan.ended or scan.started)
    footer = f"ipv6check · {scan.id} · {day(standing.today, messages.language)}"
    for word, fill in SHEETS.items():
        sheet = book.sheet(messages.word("sheet", word), landscape=word not in _UPRIGHT, footer=footer)
        fill(sheet, standing, view, messages)
    book.close()
