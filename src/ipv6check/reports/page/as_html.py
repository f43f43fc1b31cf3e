"""The report as one HTML file that needs nothing beside it: no load from anywhere, complete without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ipv6check.compliance.counting import floor_percent
from ipv6check.model.rating import Readiness
from ipv6check.model.standing import CLASS_ORDER, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports import figures
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.page.burnup import burn_up, whole_series
from ipv6check.reports.page.lists import Lists
from ipv6check.reports.page.places import home_of, published_at
from ipv6check.reports.rows import Row, agency_name, brief
from ipv6check.reports.signature import block_of, sealed, shown
from ipv6check.reports.view import View, definitions, view_of

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_CHANGES = 500
MOST_CELLS = 200
"""Agencies that the heat map shows; all are in the table of agencies."""
FORMAT_NAMES = {
    "html": "HTML", "pdf": "PDF", "xlsx": "Excel", "docx": "Word", "csv": "CSV", "json": "JSON",
    "jsonl": "JSON Lines", "markdown": "Markdown",
}  # fmt: skip
"""What people call the formats that a published set may hold; others by their own name."""
_CSS_PLAIN = re.compile(r"[0-9A-Za-z .,:/-]")


def render(standing: Standing, language: str, *, published: bool = False) -> Iterator[str]:
    """Lines of one page; one of a ``published`` set has links to the pages beside it."""
    messages = Messages(language)
    block = block_of(standing, language, "html", {"published": "yes"} if published else {})
    view = view_of(standing, messages, findings=False)
    lists = Lists(standing, messages)
    past = standing.past
    context = {
        "standing": standing,
        "mandate": standing.mandate,
        "scan": standing.scan,
        "view": view,
        "lists": lists,
        "agencies": agency_tree(standing, view),
        "heat": [(agency_name(standing, agency, messages), dict(_by_key(cells))) for agency, cells in view.heat],
        "most_cells": MOST_CELLS,
        "classes": [row for row in view.classes if row.total or row.exempt],
        "class_codes": [one.value for one in CLASS_ORDER],
        "readiness": [one.value for one in Readiness],
        "failed": lists.causes(Status.FAIL),
        "undecided": lists.causes(Status.UNKNOWN),
        "chart": burn_up(standing, view.forecasts, view.milestones),
        "series": whole_series(standing),
        "compared": inert(past.compared) if past else "",
        "most_changes": MOST_CHANGES,
        "link": partial(published_at, standing) if published else _nowhere,
        "home": home_of(standing, messages.language) if published else "",
        "definitions": definitions(messages),
        "signature": [pair for pair in shown(block, messages) if pair[1]],
        "seal": sealed(block),
        **words(messages, standing.mandate.period.timezone),
    }
    yield from environment().get_template("report.html").render(context).split("\n")


def _nowhere(agency: str) -> str:
    return ""


def words(messages: Messages, timezone: str) -> dict[str, Any]:
    """What every template may call: texts, and figures in the reader's language."""
    language = messages.language
    return {
        "language": language,
        "say": messages.word,
        "t": partial(messages.word, "page"),
        "r": partial(messages.word, "report"),
        "percent": partial(figures.percent, language=language),
        "number": partial(figures.number, language=language),
        "day": partial(figures.day, language=language),
        "day_of": partial(figures.day_of, timezone=timezone),
        "moment": partial(figures.moment, timezone=timezone, language=language),
        "share": lambda row: share(row, language),
        "part": floor_percent,
        "decimal": partial(figures.decimal, language=language),
        "format_name": FORMAT_NAMES.get,
        "css_string": css_string,
    }


def share(row: Row, language: str) -> str:
    """What is proven, and what is possible at most where that differs."""
    if not row.total or row.low == row.high:
        return figures.percent(row.low, language)
    low = figures.percent(row.low, language).rstrip("\u00a0%")
    return f"{low}–{figures.percent(row.high, language)}"


def css_string(text: str) -> str:
    """A text as a string of a style sheet: everything but plain letters and digits by its number."""
    return "".join(one if _CSS_PLAIN.fullmatch(one) else f"\\{ord(one):x} " for one in text)


@cache
def environment() -> Environment:
    """The templates: everything escaped unless they say otherwise, and no name that is not given."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("ipv6check").joinpath("data/templates")
    made = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["brief"] = brief
    return made


def _by_key(rows: tuple[Row, ...]) -> Iterator[tuple[str, Row]]:
    for row in rows:
        yield row.key, row


def agency_tree(standing: Standing, view: View) -> list[tuple[int, int, Row]]:
    """Agencies with their number and how deep they are below the first that is shown."""
    shown_keys = {row.key for row in view.agencies}
    found = []
    for number, row in enumerate(view.agencies):
        depth, agency = 0, standing.agency_names.get(row.key)
        while agency is not None and agency.parent in shown_keys and depth < len(shown_keys):
            depth += 1
            agency = standing.agency_names.get(agency.parent or "")
        found.append((number, depth, row))
    return found
