"""A mandate as people read it: what it asks, by when, on whose word, and what is assumed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ipv6check.model.mandate import Indicator, Mandate, Requirement, Select
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.text.as_markdown import escaped
from ipv6check.reports.text.as_table import hanging

WIDEST = 120
"""Columns of a table that is told as one where nothing says how wide the terminal is."""


@dataclass(frozen=True, slots=True)
class Table:
    """One section; every row has a cell for each column."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about a mandate, inert and in one language."""

    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    assumptions_heading: str
    assumptions: tuple[str, ...]


def sheet_of(mandate: Mandate, messages: Messages) -> Sheet:
    """The sheet in the language of ``messages``."""
    writer = _Writer(mandate, messages)
    tables = (writer.instruments(), writer.indicators(), writer.milestones(), writer.rules(), writer.exemptions())
    return Sheet(
        title=writer.text(mandate.title) or mandate.id,
        facts=tuple((label, inert(value)) for label, value in writer.facts() if value),
        tables=tuple(table for table in (*tables, writer.handovers()) if table.rows),
        assumptions_heading=messages.word("report", "assumptions"),
        assumptions=tuple(inert(text) for text in mandate.assumptions),
    )


class _Writer:
    def __init__(self, mandate: Mandate, messages: Messages) -> None:
        self._mandate, self._messages = mandate, messages

    def say(self, word: str) -> str:
        return self._messages.word("mandate", word)

    def text(self, texts: dict[str, str]) -> str:
        return inert(texts.get(self._messages.language) or texts.get("en") or next(iter(texts.values()), ""))

    def facts(self) -> Iterator[tuple[str, str]]:
        mandate, period, counting, scope = (
            self._mandate,
            self._mandate.period,
            self._mandate.counting,
            self._mandate.scope,
        )
        yield self.say("id"), mandate.id
        yield self.say("start"), period.start.isoformat() if period.start else ""
        yield self.say("deadline"), self._deadline()
        yield self.say("timezone"), period.timezone
        yield self.say("fiscal-year-end"), "" if period.fiscal_year_end == "12-31" else period.fiscal_year_end
        yield self.say("predicate"), self.say(mandate.predicate.value)
        yield self.say("under"), ", ".join(scope.under)
        yield self.say("levels"), "; ".join(self._messages.word("agency-level", one) for one in scope.levels)
        yield self.say("classes"), ", ".join(self._class(one.value) for one in scope.classes)
        yield self.say("exclude-roles"), ", ".join(scope.exclude_roles)
        yield self.say("composite"), f"{self.say(mandate.composite.rule)}: {self._parts() or '–'}"
        yield self.say("exempt"), self.say(counting.exempt)
        yield self.say("empty-org"), self.say(f"empty-{counting.empty_org}")
        yield self.say("fail-after"), str(counting.fail_after)
        yield self.say("stale-after"), str(counting.stale_after_days)
        yield self.say("attested"), self._attested()
        yield self.say("next"), str(mandate.succession.get("next") or "")
        yield "SHA-256", mandate.digest

    def _parts(self) -> str:
        titles = {one.id: self.text(one.title) for one in self._mandate.indicators}
        return ", ".join(titles.get(one) or one for one in self._mandate.composite.of)

    def _deadline(self) -> str:
        period = self._mandate.period
        if period.deadline is None:
            return self._messages.word("report", "no-deadline")
        stated = [one for one in (period.fiscal_year, f"“{period.stated_as}”" if period.stated_as else "") if one]
        return period.deadline.isoformat() + (f" ({', '.join(stated)})" if stated else "")

    def _attested(self) -> str:
        attested = self._mandate.counting.attested
        if not attested.count:
            return self.say("not-counted")
        return f"{self.say('at-most')} {_percent(attested.max_share)}, {attested.valid_days} {self.say('days')}"

    def _class(self, key: str) -> str:
        name, _, tag = key.partition("/")
        word = self._messages.word("class", name)
        return f"{word} / {inert(tag)}" if tag else word

    def _table(self, heading: str, columns: str, rows: Sequence[tuple[str, ...]]) -> Table:
        """Columns nobody fills are left out."""
        words = columns.split()
        kept = [n for n in range(len(words)) if any(row[n] for row in rows)]
        return Table(
            heading=self.say(heading),
            columns=tuple(self.say(words[n]) for n in kept),
            rows=tuple(tuple(inert(row[n]) or "–" for n in kept) for row in rows),
        )

    def instruments(self) -> Table:
        rows = [
            (one.key, one.number, one.issued, self.text(one.issuer), self.say(f"confirmed-{one.confirmed}"), one.source)
            for one in self._mandate.instruments
        ]
        return self._table("instruments", "key number issued issuer confirmed source", rows)

    def indicators(self) -> Table:
        rows = [
            (
                one.id,
                self.text(one.title),
                self.say(f"unit-{one.unit}"),
                self._select(one.select),
                self.say(one.predicate.value) if one.predicate else "",
                self._evidence(one),
                f"{one.weight:g}",
            )
            for one in self._mandate.indicators
        ]
        return self._table("indicators", "id title unit select predicate asks weight", rows)

    def _evidence(self, one: Indicator) -> str:
        if one.evidence or one.unit == "asset":
            return one.evidence
        return self.say("all-assets") if one.org_rule == "all" else f"≥ {_percent(float(one.org_rule))}"

    def _select(self, select: Select) -> str:
        parts = [
            ", ".join(self._class(one.value) for one in select.classes),
            " | ".join(select.any_tag),
            select.agency,
            select.asset,
            select.status and self._messages.word("readiness", select.status),
            f"≥ {select.deployed_from.isoformat()}" if select.deployed_from else "",
        ]
        return "; ".join(part for part in parts if part)

    def milestones(self) -> Table:
        rows = [
            (
                one.date.isoformat() + (f" ({one.fiscal_year})" if one.fiscal_year else ""),
                one.indicator,
                _percent(one.at_least),
                one.instrument,
            )
            for one in sorted(self._mandate.milestones, key=lambda one: one.date)
        ]
        return self._table("milestones", "date indicator at-least instrument", rows)

    def rules(self) -> Table:
        rows = [
            (self._class(key), *_codes(one), ", ".join(self.say(f"evidence-{source}") for source in one.evidence))
            for key, one in self._mandate.checks.items()
        ]
        return self._table("rules", "class required any-of partial-if advised evidence", rows)

    def exemptions(self) -> Table:
        rows = [
            (
                one.id,
                self._select(one.select),
                one.reason,
                one.approved_by,
                one.document,
                one.starts.isoformat() if one.starts else "",
                one.expires.isoformat(),
                one.replace_by.isoformat() if one.replace_by else "",
            )
            for one in self._mandate.exemptions
        ]
        return self._table("exemptions", "id select reason approved-by document from expires replace-by", rows)

    def handovers(self) -> Table:
        told = self._mandate.succession.get("organisations") or {}
        rows = [
            (agency, entry["from"].isoformat() if entry["from"] else "", ", ".join(entry["into"]))
            for agency, entry in told.items()
        ]
        return self._table("handovers", "agency from into", rows)


def _codes(one: Requirement) -> tuple[str, ...]:
    return tuple(" ".join(codes) for codes in (one.require, one.any_of, one.partial_if, one.advise))


def _percent(share: float) -> str:
    return f"{share * 100:.6g} %"


def as_text(sheet: Sheet, *, width: int = 0) -> Iterator[str]:
    """Lines for a terminal of ``width`` columns; 0 breaks no line. A table that is too wide is told row by row."""
    for line in _text(sheet, width or WIDEST):
        yield from hanging(line, width)


def _text(sheet: Sheet, widest: int) -> Iterator[str]:
    yield sheet.title
    yield ""
    labels = max((len(label) for label, _ in sheet.facts), default=0)
    for label, value in sheet.facts:
        yield f"{label:<{labels}}  {value}" if labels < widest // 2 else f"{label}: {value}"
    for table in sheet.tables:
        yield ""
        yield table.heading
        rows = [table.columns, *table.rows]
        widths = [max(len(row[n]) for row in rows) for n in range(len(table.columns))]
        if sum(widths) + 2 * len(widths) <= widest:
            for row in rows:
                yield "  " + "  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True)).rstrip()
            continue
        for row in table.rows:
            yield f"  {row[0]}"
            told = zip(table.columns[1:], row[1:], strict=True)
            yield from (f"      {column}: {cell}" for column, cell in told if cell != "–")
    if sheet.assumptions:
        yield ""
        yield sheet.assumptions_heading
        for text in sheet.assumptions:
            yield f"  - {text}"


def as_markdown(sheet: Sheet) -> Iterator[str]:
    """Lines of Markdown; foreign text is escaped."""
    yield f"# {escaped(sheet.title)}"
    yield ""
    for label, value in sheet.facts:
        yield f"- {escaped(label)}: {escaped(value)}"
    for table in sheet.tables:
        yield ""
        yield f"## {escaped(table.heading)}"
        yield ""
        yield "| " + " | ".join(map(escaped, table.columns)) + " |"
        yield "|---" * len(table.columns) + "|"
        for row in table.rows:
            yield "| " + " | ".join(map(escaped, row)) + " |"
    if sheet.assumptions:
        yield ""
        yield f"## {escaped(sheet.assumptions_heading)}"
        yield ""
        for text in sheet.assumptions:
            yield f"- {escaped(text)}"
