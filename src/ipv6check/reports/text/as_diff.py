"""What changed between two scans, for a terminal, a wiki, a spreadsheet and machines."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ipv6check.model.history import Change, Difference, Turn
from ipv6check.model.rating import Readiness
from ipv6check.model.scan import Scan
from ipv6check.reports.inert import csv_cell, inert
from ipv6check.reports.machine.as_json import as_line
from ipv6check.reports.machine.past_json import change_object
from ipv6check.reports.messages import NOTHING, Messages
from ipv6check.reports.retrospect import turn_said
from ipv6check.reports.rows import brief, title_of
from ipv6check.reports.text.as_markdown import escaped

SCHEMA = "ipv6check.diff/1"
ORDER = (Turn.WORSE, Turn.BETTER, Turn.NEW, Turn.GONE, Turn.SAME)
COLUMNS = ("turn", "agency", "asset", "name", "before", "after", "ended", "scan", "rules", "cause")
_MOST_CAUSES = 3


def render_table(difference: Difference, language: str) -> Iterator[str]:
    """Lines of text: the worse first, each with why."""
    messages = Messages(language)
    yield title_of(difference.mandate.title, difference.mandate.id, messages)
    for label, text in _facts(difference, messages):
        yield f"{label}: {text}"
    for turn, changes in _by_turn(difference):
        yield ""
        yield f"{turn_said(turn.value, messages)} ({len(changes)})"
        for change in changes:
            name = f"{_name(change)} ({_agency(difference, change, messages)})"
            yield f"  {name}: {_step(change, messages)}"
            yield from (f"      {said}" for said in _causes(change, messages))


def render_markdown(difference: Difference, language: str) -> Iterator[str]:
    """Lines of Markdown; foreign text is escaped."""
    messages = Messages(language)
    yield f"# {escaped(title_of(difference.mandate.title, difference.mandate.id, messages))}"
    yield ""
    for label, text in _facts(difference, messages):
        yield f"- {escaped(label)}: {escaped(text)}"
    for turn, changes in _by_turn(difference):
        yield ""
        yield f"## {turn_said(turn.value, messages)} ({len(changes)})"
        yield ""
        columns = ("column-asset", "column-agency", "column-status", "column-finding")
        yield "| " + " | ".join(messages.word("report", column) for column in columns) + " |"
        yield "|---" * len(columns) + "|"
        for change in changes:
            cells = (
                _name(change),
                _agency(difference, change, messages),
                _step(change, messages),
                " ".join(_causes(change, messages)),
            )
            yield "| " + " | ".join(map(escaped, cells)) + " |"


def render_csv(difference: Difference, language: str) -> Iterator[str]:
    """A row for each change, the heading first; codes are English, the cause is in ``language``."""
    messages = Messages(language)
    yield ",".join(COLUMNS)
    for change in difference.changes:
        cells = (
            change.turn.value,
            _agency(difference, change, messages),
            change.asset.id,
            change.asset.name,
            change.before.value if change.before else "",
            change.after.value if change.after else "",
            _moment(change.at, "UTC"),
            change.scan,
            " ".join(verdict.rule for verdict in change.cause),
            " ".join(_causes(change, messages)),
        )
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow([csv_cell(inert(cell)) for cell in cells])
        yield line.getvalue()


def render_json(difference: Difference, language: str) -> Iterator[str]:
    """One JSON object."""
    whole = {
        "type": "diff",
        "schema": SCHEMA,
        "mandate": difference.mandate.id,
        "mandate_digest": difference.mandate.digest,
        "confirmed": difference.confirmed,
        "before": _scan_object(difference.before),
        "after": _scan_object(difference.after),
        "counts": _counts(difference),
        "changes": [change_object(change) for change in difference.changes],
    }
    yield msgspec.json.format(as_line(whole), indent=2)


FORMATS: dict[str, Callable[[Difference, str], Iterator[str]]] = {
    "table": render_table,
    "json": render_json,
    "csv": render_csv,
    "markdown": render_markdown,
}


def _counts(difference: Difference) -> dict[str, int]:
    """How many assets went which way; ``same`` those whose readiness did not change, ``sideways`` those whose did
    without being better or worse."""
    counted = Counter(change.turn for change in difference.changes)
    found = {turn.value: counted[turn] for turn in ORDER if turn is not Turn.SAME}
    return found | {"sideways": counted[Turn.SAME], "same": difference.same}


def _facts(difference: Difference, messages: Messages) -> list[tuple[str, str]]:
    say = messages.word
    zone = difference.mandate.period.timezone
    counts = _counts(difference)
    words = [f"{turn_said(turn.value, messages)} {counts[turn.value]}" for turn in ORDER if turn is not Turn.SAME]
    words += [f"{turn_said(Turn.SAME.value, messages)} {counts['sideways']}"] if counts["sideways"] else []
    words.append(f"{say('turn', 'same')} {counts['same']}")
    return [
        (say("history", "before"), f"{difference.before.id} ({_ended(difference.before, zone)})"),
        (say("history", "after"), f"{difference.after.id} ({_ended(difference.after, zone)})"),
        (say("history", "state"), say("history", "confirmed" if difference.confirmed else "observed")),
        (say("history", "changes"), ", ".join(words)),
    ]


def _by_turn(difference: Difference) -> Iterator[tuple[Turn, list[Change]]]:
    for turn in ORDER:
        found = [change for change in difference.changes if change.turn is turn]
        if found:
            yield turn, found


def _step(change: Change, messages: Messages) -> str:
    return f"{_word(change.before, messages)} → {_word(change.after, messages)}"


def _word(readiness: Readiness | None, messages: Messages) -> str:
    return messages.word("readiness", readiness.value) if readiness else NOTHING


def _causes(change: Change, messages: Messages) -> list[str]:
    """What the deciding verdicts say, each text once."""
    said = dict.fromkeys(f"{inert(one.rule)}: {messages.say(one)}" for one in change.cause)
    return list(said)[:_MOST_CAUSES]


def _name(change: Change) -> str:
    return brief(change.asset.name or change.asset.id)


def _agency(difference: Difference, change: Change, messages: Messages) -> str:
    agency = difference.agency_names.get(change.asset.agency)
    name = agency.name(messages.language) if agency else change.asset.agency
    return brief(name) or messages.word("report", "no-agency")


def _scan_object(scan: Scan) -> dict[str, Any]:
    return {
        "id": scan.id,
        "started": scan.started,
        "ended": scan.ended,
        "trustworthy": scan.trustworthy,
        "selection": scan.selection,
        "inventory": scan.inventory,
        "inventory_digest": scan.inventory_digest,
    }


def _ended(scan: Scan, zone: str) -> str:
    return _moment(scan.started if scan.ended is None else scan.ended, zone)


def _moment(at: float, zone: str) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"
