"""The report for a terminal: plain text without colours or escapes, wrapped at the terminal's width."""

import textwrap
from collections.abc import Iterator
from functools import partial

from ipv6check.model.standing import Standing
from ipv6check.reports.figures import decimal
from ipv6check.reports.findings import Finding
from ipv6check.reports.messages import Messages
from ipv6check.reports.retrospect import sections
from ipv6check.reports.rows import Row, share_of
from ipv6check.reports.view import View, view_of

MOST_FINDINGS = 40
_BAR = 20
_FIGURES = 34
"""Columns that the figures of a table take beside the name and the count of what is unknown."""
_LEAST_UNKNOWN = 8
_LEAST_NAME = 16


def render(standing: Standing, language: str, *, width: int = 0) -> Iterator[str]:
    """Lines of text; ``width`` is the terminal's in columns, 0 for no wrapping."""
    messages = Messages(language)
    view = view_of(standing, messages)
    say = messages.word
    yield from wrapped(view.title, width)
    yield "=" * min(len(view.title), width or len(view.title))
    for notice in view.notices:
        yield from wrapped(f"! {notice}", width)
    yield ""
    for line in _headline(view, messages):
        yield from wrapped(line, width)
    yield ""
    for label, value in view.facts:
        yield from wrapped(f"{label}: {value}", width)
    for heading, rows in (("by-agency", view.agencies), ("by-class", view.classes), ("by-indicator", view.indicators)):
        if rows:
            yield ""
            yield from _table(say("report", heading), rows, messages, width)
    for section in sections(standing, messages):
        yield ""
        yield from wrapped(section.heading, width)
        for line in section.lines:
            yield from wrapped(line, width, indent="  ")
        if section.left:
            yield from wrapped(f"… {section.left} {say('history', 'more')}", width, indent="  ")
    yield from _findings(view, messages, width)


def _findings(view: View, messages: Messages, width: int) -> Iterator[str]:
    """What the mandate requires and is not proven, up to a screenful or two; the rest as a count."""
    shown = [finding for finding in view.findings if finding.required][:MOST_FINDINGS]
    if shown:
        yield ""
        yield from wrapped(messages.word("report", "findings"), width)
    status = max((len(finding.status) for finding in shown), default=0)
    for finding in shown:
        yield from _finding(finding, status, width)
    if len(view.findings) > len(shown):
        yield ""
        yield from wrapped(
            f"… {len(view.findings) - len(shown)} {messages.word('report', 'more-findings')}", width, indent="  "
        )


def _finding(finding: Finding, status: int, width: int) -> Iterator[str]:
    codes = ", ".join(finding.codes)
    head = f"{finding.status:<{status}}  {finding.asset} ({finding.agency}): {codes}"
    yield from wrapped(head, width, indent="  ")
    yield from wrapped(finding.text, width, indent="      ")
    if finding.fix:
        yield from wrapped(f"→ {finding.fix}", width, indent="      ")


def _headline(view: View, messages: Messages) -> Iterator[str]:
    """The rate with everything that must stand beside it."""
    say, row = messages.word, view.whole
    if not row.total:
        yield say("report", "not-measurable")
        return
    filled = int(float(row.low) / 100 * _BAR)
    possible = int(float(row.high) / 100 * _BAR) - filled
    spell = partial(decimal, language=messages.language)
    yield f"{'█' * filled}{'▒' * possible}{'░' * (_BAR - filled - possible)}  {spell(row.low)} %  {view.answer}"
    yield (
        f"{say('report', 'rate')}: {row.ready}/{row.total} = {spell(row.low)} %"
        f"  ({say('report', 'interval')} {spell(row.low)}–{spell(row.high)} %,"
        f" {say('report', 'goal')} {spell(row.goal)} %)"
    )
    yield (
        f"{say('report', 'progress')}: {spell(row.progress)} %   "
        f"{say('report', 'coverage')}: {spell(row.coverage)} %   "
        f"{say('readiness', 'partial')}: {row.partial}   {say('readiness', 'not-ready')}: {row.not_ready}   "
        f"{say('readiness', 'unknown')}: {row.unknown}   {say('readiness', 'exempt')}: {row.exempt}"
    )


def _table(heading: str, rows: tuple[Row, ...], messages: Messages, width: int) -> Iterator[str]:
    """One line a slice; where the terminal is too narrow for that, the name on a line of its own."""
    say = messages.word
    unknown = max(_LEAST_UNKNOWN, len(say("report", "column-unknown")))
    figures = _FIGURES + unknown
    longest = max(len(heading), *(len(row.name) for row in rows))
    if width and width < _LEAST_NAME + figures:
        yield from wrapped(heading, width)
        for row in rows:
            yield from wrapped(row.name, width, indent="  ")
            yield from wrapped(f"{row.ready}/{row.total}, {share_of(row, messages.language)}", width, indent="    ")
        return
    name = min(longest, width - figures) if width else longest
    yield (
        f"{heading[:name]:<{name}}  {say('report', 'column-total'):>6} {say('report', 'column-ready'):>6} "
        f"{say('report', 'column-unknown'):>{unknown}}  {say('report', 'column-rate'):>16}"
    )
    for row in rows:
        shown = row.name if len(row.name) <= name else row.name[: name - 1] + "…"
        share = share_of(row, messages.language)
        yield f"{shown:<{name}}  {row.total:>6} {row.ready:>6} {row.unknown:>{unknown}}  {share:>16}"


def wrapped(text: str, width: int, *, indent: str = "") -> Iterator[str]:
    """A text in lines of at most ``width`` columns (0: one line), but for words that are longer by themselves."""
    if not width or len(indent) + len(text) <= width:
        yield indent + text
        return
    yield from textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def hanging(line: str, width: int) -> Iterator[str]:
    """A line that may begin with blanks, wrapped so that what follows stands under it."""
    text = line.lstrip(" ")
    return wrapped(text, width, indent=" " * (len(line) - len(text)))
