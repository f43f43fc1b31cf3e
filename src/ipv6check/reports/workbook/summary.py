"""The short sheets of the workbook: summary, agencies, progress, changes and method, with their charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ipv6check.compliance.counting import floor_percent_of
from ipv6check.model.history import Point
from ipv6check.model.mandate import Instrument
from ipv6check.model.standing import Standing
from ipv6check.reports.figures import day, day_of, month_or_day, number
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.outlook import TOO_FEW, ExemptionRow
from ipv6check.reports.rows import Row
from ipv6check.reports.signature import block_of, sealed, shown
from ipv6check.reports.view import View, definitions
from ipv6check.reports.workbook.book import (
    AMBER,
    GREEN,
    LONGEST_CELL,
    RED,
    Cell,
    Column,
    Points,
    Share,
    Sheet,
    height_of,
)
from ipv6check.reports.workbook.charts import LINE_PIXELS, bar_chart, bar_pixels, line_chart

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

MOST_BARS = 40
_FIGURES = (
    ("name", 34, True), ("total", 10, False), ("ready", 10, False), ("partial", 10, False), ("not-ready", 10, False),
    ("undecided", 10, False), ("exempt", 10, False), ("rate", 11, False), ("high", 11, False), ("coverage", 11, False),
    ("progress", 11, False), ("goal", 10, False), ("answer", 20, True),
)  # fmt: skip
_POINTS = (
    ("day", 13, False), ("rate", 11, False), ("high", 11, False), ("goal", 11, False), ("total", 10, False),
    ("ready", 10, False), ("undecided", 10, False), ("scan", 34, False),
)  # fmt: skip
_ROW_PIXELS = 20
_MONTH_S = 30 * 86_400
_METHOD = (Column("", 40, True), Column("", 88, True))
_RATE, _ANSWER = 7, 12


def summary(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """Title, what limits the figures, the headline, and the figures by class, level and indicator."""
    say, book = messages.word, sheet.book
    sheet.widths(_columns(messages, _FIGURES))
    sheet.head(view.title)
    if view.part:
        sheet.line(view.part, format=book.section)
    for notice in view.notices:
        sheet.paragraph(f"! {notice}", columns=len(_FIGURES), characters=160, format=book.notice)
    sheet.line()
    whole = view.whole
    if whole.total:
        sheet.line(say("report", "rate"), Share(whole.low), view.answer, format=None)
        for word, value in (
            ("total", whole.total), ("ready", whole.ready), ("partial", whole.partial), ("not-ready", whole.not_ready),
            ("undecided", whole.unknown), ("exempt", whole.exempt), ("attested", whole.attested),
        ):  # fmt: skip
            sheet.line(say("column", word), value)
        for word, share in (
            ("high", whole.high), ("measured", whole.measured), ("coverage", whole.coverage),
            ("progress", whole.progress), ("goal", whole.goal),
        ):  # fmt: skip
            sheet.line(say("column", word), _share(share))
    else:
        sheet.line(say("report", "not-measurable"), format=book.strong)
    for label, fact in view.facts:
        sheet.line(label, fact)
    for word, rows in _tables(view):
        _slices(sheet, say("report", word), rows, messages)
    _ladder(sheet, view, messages)
    _milestones(sheet, view, messages)
    _blockers(sheet, view, messages)
    sheet.raw.print_area(0, 0, sheet.row, len(_FIGURES) - 1)


def _tables(view: View) -> Sequence[tuple[str, tuple[Row, ...]]]:
    found = (("by-indicator", view.indicators), ("by-class", view.classes), ("by-level", view.levels))
    return [(word, rows) for word, rows in found if rows]


def _slices(
    sheet: Sheet, heading: str, rows: Sequence[Row], messages: Messages, *, main: bool = False
) -> tuple[int, int]:
    """A table of slices; the first and the last row of its figures."""
    if not main:
        sheet.line()
        sheet.line(heading, format=sheet.book.section)
    first, last = sheet.table(_columns(messages, _FIGURES), (_figures(row) for row in rows), main=main)
    sheet.bars(first, last, _RATE)
    say = messages.word
    words = {say("report", "met"): GREEN, say("report", "missed"): RED, say("report", "open"): AMBER}
    sheet.colour(first, last, _ANSWER, words)
    return first, last


def _figures(row: Row) -> Sequence[Cell]:
    shares = (Share(row.low), Share(row.high), Share(row.coverage), Share(row.progress))
    counts = (row.total, row.ready, row.partial, row.not_ready, row.unknown, row.exempt)
    return (row.name, *counts, *shares, _share(row.goal), row.met)


def _share(text: str) -> Cell:
    """A goal as ``80`` or ``33.333``: exact, unlike a share."""
    whole, _, parts = text.partition(".")
    return Share(f"{whole}.{parts or '0'}") if len(parts) <= 1 else f"{text} %"


def _ladder(sheet: Sheet, view: View, messages: Messages) -> None:
    """How many devices stand on which rung."""
    if not view.ladder:
        return
    sheet.line()
    sheet.line(messages.word("ladder", "title"), format=sheet.book.section)
    columns = (*_columns(messages, (("name", 34, True), ("assets-held", 10, False))),
               Column(messages.word("ladder", "open"), 10, True))  # fmt: skip
    sheet.table(columns, view.ladder)


def _milestones(sheet: Sheet, view: View, messages: Messages) -> None:
    """Milestones and forecasts, where earlier scans were asked about."""
    columns = (("name", 34, True), ("due", 12, False), ("goal", 10, False), ("rate", 10, False), ("ready", 10, False),
               ("total", 10, False), ("instrument", 12, False), ("state", 20, False))  # fmt: skip
    if view.milestones:
        sheet.line()
        sheet.line(messages.word("sheet", "milestones"), format=sheet.book.section)
        rows = [
            (
                one.title,
                one.day,
                _share(one.goal),
                Share(one.rate.low if one.rate else "–"),
                one.rate.ready if one.rate else None,
                one.rate.total if one.rate else None,
                one.instrument,
                one.said,
            )
            for one in view.milestones
        ]
        sheet.table(_columns(messages, columns), rows)
    forecasts = [one for one in view.forecasts if one.code != TOO_FEW]
    if forecasts:
        sheet.line()
        sheet.line(messages.word("sheet", "forecasts"), format=sheet.book.section)
        words = ("name", "goal", "pace", "needed", "expected", "earliest", "latest", "method")
        headings = tuple((word, 10, word in ("name", "expected", "earliest", "latest")) for word in words)
        never = messages.word("sheet", "never")
        sheet.table(
            _columns(messages, headings),
            [
                (one.title, _share(one.goal), _points_of(one.pace), _points_of(one.needed), one.expected or never,
                 one.earliest or never, one.latest or never, one.method)
                for one in forecasts
            ],
        )  # fmt: skip


def _points_of(text: str) -> Cell:
    """Percentage points as a number with one decimal; a dash where there is none."""
    return Points(int(text.replace(".", "")) / 10) if text else "–"


def _blockers(sheet: Sheet, view: View, messages: Messages) -> None:
    if not view.blockers:
        return
    sheet.line()
    sheet.line(messages.word("sheet", "blockers"), format=sheet.book.section)
    headings = (("cause", 34, True), ("assets-held", 10, False), ("rules", 10, False), ("owner", 30, False))
    rows = [(one.title, one.assets, one.code, ", ".join(one.owners)) for one in view.blockers]
    sheet.table(_columns(messages, headings), rows)


def charts(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """The rate by class, by agency and over time, drawn from the cells of the other sheets."""
    say = messages.word
    sheet.head(say("sheet", "charts"))
    sheet.line()
    points = _points(standing)
    if len(points) > 1:
        columns = _columns(messages, _POINTS)
        place = say("sheet", "progress")
        months = int((points[-1].at - points[0].at) / _MONTH_S)
        drawn = line_chart(sheet.book, place, say("sheet", "progress-chart"), (1, len(points)), columns, months)
        _insert(sheet, drawn, LINE_PIXELS)
    for title, rows, place, start in (
        (say("report", "by-class"), view.classes, say("sheet", "classes"), 1),
        (say("report", "by-agency"), view.agencies[:MOST_BARS], say("sheet", "agencies"), 1),
    ):
        if rows:
            drawn = bar_chart(sheet.book, place, title, (start, start + len(rows) - 1), value=_RATE)
            _insert(sheet, drawn, bar_pixels(len(rows)))
    if len(view.agencies) > MOST_BARS:
        sheet.line(f"{say('sheet', 'first-agencies')}: {MOST_BARS}")
    sheet.raw.print_area(0, 0, sheet.row, 10)


def _insert(sheet: Sheet, chart: Chart, pixels: int) -> None:
    """A chart at the present row, and the cursor below it."""
    sheet.raw.insert_chart(sheet.row, 0, chart)
    sheet.row += -(-pixels // _ROW_PIXELS) + 1


def agencies(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """Every agency with all below it."""
    sheet.widths(_columns(messages, _FIGURES))
    _slices(sheet, "", view.agencies, messages, main=True)


def classes(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """The five classes, and below them the heat map of agency and class."""
    say = messages.word
    sheet.widths(_columns(messages, _FIGURES))
    _slices(sheet, "", view.classes, messages, main=True)
    if not view.heat:
        return
    sheet.line()
    sheet.line(say("sheet", "heat"), format=sheet.book.section)
    keys = [row.key for row in view.classes]
    headings = (Column(say("column", "agency"), 34, True), *(Column(row.name) for row in view.classes))
    names = {row.key: row.name for row in view.agencies}
    rows = []
    for agency, cells in view.heat:
        by = {cell.key: cell for cell in cells}
        name = names.get(agency, agency) or say("report", "no-agency")
        rows.append((name, *(Share(by[key].low) if key in by else "" for key in keys)))
    first, last = sheet.table(headings, rows)
    sheet.scale(first, last, 1, len(keys))
    sheet.raw.print_area(0, 0, sheet.row, len(_FIGURES) - 1)


def progress(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """The rate of the whole, scan by scan, against the goal."""
    say = messages.word
    columns = _columns(messages, _POINTS)
    sheet.widths(columns)
    points = _points(standing)
    sheet.table(columns, [_point(point, standing) for point in points], main=True)
    if not points:
        sheet.line(say("sheet", "no-history"))


def _points(standing: Standing) -> Sequence[Point]:
    series = standing.past.series if standing.past else ()
    return [point for one in series if one.kind == "whole" for point in one.points if point.rate.denominator]


def _point(point: Point, standing: Standing) -> Sequence[Cell]:
    rate = point.rate
    return (
        day_of(point.at, standing.mandate.period.timezone),
        Share(floor_percent_of(rate.low)),
        Share(floor_percent_of(rate.high)),
        _share(f"{standing.whole.goal * 100:g}"),
        rate.denominator,
        rate.ready,
        rate.undecided,
        inert(point.scan),
    )


def changes(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """What became better, worse, new or gone since the scan compared with."""
    say = messages.word
    headings = (("asset", 34, True), ("agency", 30, True), ("turn", 12, False), ("before", 16, False),
                ("after", 16, False), ("day", 13, False), ("finding", 60, True), ("rules", 14, True))  # fmt: skip
    columns = _columns(messages, headings)
    sheet.widths(columns)
    rows = (
        (one.asset, one.agency, say("turn", one.turn), say("readiness", one.before) if one.before else "",
         say("readiness", one.after) if one.after else "", one.day, one.cause, ", ".join(one.codes))
        for one in view.changes
    )  # fmt: skip
    first, last = sheet.table(columns, rows, main=True)
    sheet.colour(first, last, 2, {say("turn", "better"): GREEN, say("turn", "worse"): RED})
    if not view.changes:
        sheet.line(say("sheet", "no-changes" if standing.past and standing.past.compared else "no-history"))


def method(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """How it was counted: definitions, instruments, exemptions, assumptions, and the signature block."""
    say, book = messages.word, sheet.book
    sheet.widths(_METHOD)
    sheet.head(say("sheet", "method"))
    _pairs(sheet, "", definitions(messages))
    _pairs(sheet, say("sheet", "instruments"), [
        (inert(one.number), _instrument(one, messages)) for one in standing.mandate.instruments
    ])  # fmt: skip
    _pairs(sheet, say("sheet", "exemptions"), [
        (f"{one.id}: {one.about}", _exemption(one, messages)) for one in view.exemptions
    ])  # fmt: skip
    if view.assumptions:
        sheet.line()
        sheet.line(say("report", "assumptions"), format=book.section)
        for text in view.assumptions:
            sheet.paragraph(f"– {text}", columns=2, characters=120)
    block = block_of(standing, messages.language, "xlsx")
    _pairs(sheet, say("signature", "heading"), shown(block, messages))
    sheet.line(say("signature", "how"))
    seal = sealed(block)
    for start in range(0, len(seal), LONGEST_CELL):
        sheet.raw.set_row(sheet.row, 11)
        sheet.line(seal[start : start + LONGEST_CELL], format=book.faint)
    sheet.raw.print_area(0, 0, sheet.row, 1)


def _instrument(one: Instrument, messages: Messages) -> str:
    """When an instrument was issued, where its text is, and how far it was read there."""
    issued = month_or_day(inert(one.issued), messages.language)
    return "; ".join(filter(None, (issued, inert(one.source), confirmed(one, messages))))


def _exemption(one: ExemptionRow, messages: Messages) -> str:
    """An exemption as labels and values."""
    say = messages.word
    told = (
        (say("page", "reason"), one.reason),
        (say("page", "approved-by"), one.approved_by),
        (say("page", "document"), one.document),
        (say("page", "expires"), f"{day(one.expires, messages.language)} ({say('exemption', one.state)})"),
        (say("column", "assets-held"), number(one.assets, messages.language)),
    )
    return "; ".join(f"{label}: {value}" for label, value in told if value)


def confirmed(one: Instrument, messages: Messages) -> str:
    """How far the text of an instrument was read at its source."""
    return messages.word("confirmed", one.confirmed)


def _pairs(sheet: Sheet, heading: str, pairs: Sequence[tuple[str, str]]) -> None:
    if pairs:
        sheet.line()
        if heading:
            sheet.line(heading, format=sheet.book.section)
        for label, value in pairs:
            sheet.raw.set_row(sheet.row, height_of(_METHOD, (label, value)))
            sheet.line(label, value, format=sheet.book.wrapped)


def _columns(messages: Messages, columns: Sequence[tuple[str, float, bool]]) -> tuple[Column, ...]:
    return tuple(Column(messages.word("column", word), width, wrap) for word, width, wrap in columns)
