"""The report as Markdown, for a pull request, a wiki or a mail."""

from collections.abc import Iterator
from functools import partial

from ipv6check.model.standing import Standing
from ipv6check.reports.figures import decimal
from ipv6check.reports.messages import Messages
from ipv6check.reports.retrospect import sections
from ipv6check.reports.rows import Row, share_of
from ipv6check.reports.signature import block_of, sealed, shown
from ipv6check.reports.view import View, view_of

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>#+!|~"})


def render(standing: Standing, language: str) -> Iterator[str]:
    """Lines of Markdown; foreign text is escaped, so that nothing of it becomes a link or markup."""
    messages = Messages(language)
    view = view_of(standing, messages)
    say = messages.word
    yield f"# {escaped(view.title)}"
    yield ""
    for notice in view.notices:
        yield f"> **{escaped(notice)}**"
        yield ">"
    yield ""
    for line in _headline(view, messages):
        yield line
        yield ""
    for label, value in view.facts:
        yield f"- {escaped(label)}: {escaped(value)}"
    for heading, rows in (("by-agency", view.agencies), ("by-class", view.classes), ("by-indicator", view.indicators)):
        if rows:
            yield ""
            yield f"## {say('report', heading)}"
            yield ""
            yield from _table(rows, messages)
    yield from _ladder(view, messages)
    for section in sections(standing, messages):
        yield ""
        yield f"## {escaped(section.heading)}"
        yield ""
        for line in section.lines:
            yield f"- {escaped(line)}"
        if section.left:
            yield f"- … {section.left} {say('history', 'more')}"
    if view.findings:
        yield ""
        yield f"## {say('report', 'findings')}"
        yield ""
        columns = ("column-asset", "column-agency", "column-rule", "column-status", "column-finding", "column-fix")
        yield "| " + " | ".join(say("report", column) for column in columns) + " |"
        yield "|---" * len(columns) + "|"
        for finding in view.findings:
            codes = ", ".join(finding.codes)
            cells = (finding.asset, finding.agency, codes, finding.status, finding.text, finding.fix)
            yield "| " + " | ".join(map(escaped, cells)) + " |"
    if view.assumptions:
        yield ""
        yield f"## {say('report', 'assumptions')}"
        yield ""
        for assumption in view.assumptions:
            yield f"- {escaped(assumption)}"
    yield from _signature(standing, messages)


def _signature(standing: Standing, messages: Messages) -> Iterator[str]:
    """The signature block: a list for people, and a comment for ``ipv6check verify``."""
    block = block_of(standing, messages.language, "markdown")
    yield ""
    yield f"## {messages.word('signature', 'heading')}"
    yield ""
    for label, value in shown(block, messages):
        yield f"- {escaped(label)}: {escaped(value)}"
    yield ""
    yield escaped(messages.word("signature", "how"))
    yield ""
    yield f"<!-- {sealed(block)} -->"


def _headline(view: View, messages: Messages) -> Iterator[str]:
    """The rate with everything that must stand beside it, a paragraph each."""
    say, row = messages.word, view.whole
    if not row.total:
        yield f"**{say('report', 'not-measurable')}**"
        return
    spell = partial(decimal, language=messages.language)
    yield (
        f"**{spell(row.low)} %** ({row.ready}/{row.total}; "
        f"{say('report', 'interval')} {spell(row.low)}–{spell(row.high)} %, "
        f"{say('report', 'goal')} {spell(row.goal)} %): {view.answer}"
    )
    counts = (("partial", row.partial), ("not-ready", row.not_ready), ("unknown", row.unknown), ("exempt", row.exempt))
    yield (
        f"{say('report', 'progress')}: {spell(row.progress)} %. {say('report', 'coverage')}: {spell(row.coverage)} %. "
        + ", ".join(f"{say('readiness', word)}: {count}" for word, count in counts)
    )


def _table(rows: tuple[Row, ...], messages: Messages) -> Iterator[str]:
    say = messages.word
    columns = ("name", "total", "ready", "partial", "not-ready", "undecided", "rate", "progress")
    yield "| " + " | ".join(say("column", column) for column in columns) + " |"
    yield "|---" + "|--:" * (len(columns) - 1) + "|"
    language = messages.language
    for row in rows:
        progress = f"{decimal(row.progress, language)} %" if row.total else row.progress
        counts = " | ".join(map(str, (row.total, row.ready, row.partial, row.not_ready, row.unknown)))
        yield f"| {escaped(row.name)} | {counts} | {share_of(row, language)} | {progress} |"


def _ladder(view: View, messages: Messages) -> Iterator[str]:
    """How many devices stand on which rung."""
    if not view.ladder:
        return
    yield ""
    yield f"## {messages.word('ladder', 'title')}"
    yield ""
    total = sum(count for _, count, _ in view.ladder)
    for name, count, higher in view.ladder:
        more = f"; {messages.word('ladder', 'open')}: {higher}" if higher and count != 0 else ""
        yield f"- {escaped(name)}: {count}/{total}{more}"


def escaped(text: str) -> str:
    """Text that is no markup."""
    return text.translate(_SPECIAL)
