"""The report for a terminal: plain text, one line a slice, as wide as its longest name and no wider than it must be."""

from collections.abc import Iterator

from ipv6check.model.standing import Standing
from ipv6check.reports.messages import Messages
from ipv6check.reports.view import Row, View, view_of

MOST_FINDINGS = 40
_BAR = 20


def render(standing: Standing, language: str, *, width: int = 100) -> Iterator[str]:
    """Lines of text; ``width`` is the terminal's, in columns."""
    messages = Messages(language)
    view = view_of(standing, messages)
    say = messages.word
    yield view.title
    yield "=" * min(len(view.title), width)
    for notice in view.notices:
        yield f"! {notice}"
    yield ""
    yield from _headline(view, messages)
    yield ""
    for label, value in view.facts:
        yield f"{label}: {value}"
    for heading, rows in (("by-agency", view.agencies), ("by-class", view.classes)):
        if rows:
            yield ""
            yield from _table(say("report", heading), rows, messages, width)
    yield from _findings(view, messages)


def _findings(view: View, messages: Messages) -> Iterator[str]:
    """What the mandate requires and is not proven, up to a screenful or two; the rest as a count."""
    required = [finding for finding in view.findings if finding.required]
    shown = required[:MOST_FINDINGS]
    if shown:
        yield ""
        yield messages.word("report", "findings")
    status = max((len(finding.status) for finding in shown), default=0)
    for finding in shown:
        yield f"  {finding.status:<{status}} {finding.code:<8} {finding.asset}  ({finding.agency})"
        yield f"  {'':<{status}}          {finding.text}"
        if finding.fix:
            yield f"  {'':<{status}}          → {finding.fix}"
    if len(view.findings) > len(shown):
        yield ""
        yield f"  … {len(view.findings) - len(shown)} {messages.word('report', 'more-findings')}"


def _headline(view: View, messages: Messages) -> Iterator[str]:
    """The rate with everything that must stand beside it."""
    say, row = messages.word, view.whole
    if row.low == "–":
        yield say("report", "not-measurable")
        return
    filled = int(float(row.low) / 100 * _BAR)
    possible = int(float(row.high) / 100 * _BAR) - filled
    yield f"{'█' * filled}{'▒' * possible}{'░' * (_BAR - filled - possible)}  {row.low} %  {row.met}"
    yield (
        f"{say('report', 'rate')}: {row.ready}/{row.total} = {row.low} %"
        f"  ({say('report', 'interval')} {row.low}–{row.high} %, {say('report', 'goal')} {row.goal} %)"
    )
    yield (
        f"{say('report', 'progress')}: {row.progress} %   {say('report', 'coverage')}: {row.coverage} %   "
        f"{say('readiness', 'partial')}: {row.partial}   {say('readiness', 'not-ready')}: {row.not_ready}   "
        f"{say('readiness', 'unknown')}: {row.unknown}   {say('readiness', 'exempt')}: {row.exempt}"
    )


def _table(heading: str, rows: tuple[Row, ...], messages: Messages, width: int) -> Iterator[str]:
    say = messages.word
    longest = max(len(heading), *(len(row.name) for row in rows))
    name = min(longest, max(16, width - 44))
    yield (
        f"{heading:<{name}}  {say('report', 'column-total'):>6} {say('report', 'column-ready'):>6} "
        f"{say('report', 'column-unknown'):>8}  {say('report', 'column-rate'):>14}"
    )
    for row in rows:
        shown = row.name if len(row.name) <= name else row.name[: name - 1] + "…"
        share = row.low if row.low == row.high else f"{row.low}–{row.high}"
        share = f"{share} %" if row.total else "–"
        yield f"{shown:<{name}}  {row.total:>6} {row.ready:>6} {row.unknown:>8}  {share:>14}"
