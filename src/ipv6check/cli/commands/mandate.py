"""``ipv6check mandate``: check a mandate file, read a mandate, list those that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave
from ipv6check.cli.options import Language
from ipv6check.cli.streams import tell
from ipv6check.cli.usage import Commands
from ipv6check.cli.wording import several
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ipv6check.model.mandate import Mandate

mandate = Commands(help="Check a mandate file, read a mandate, list those that are shipped.")

SHOWN_AS = ("table", "json", "markdown", "yaml")
Language = Language


@mandate.command("lint")
def lint(
    files: Annotated[list[Path], typer.Argument(help="Mandate files.")],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
) -> None:
    """Report every fault with file and line; exit 2 if there is one."""
    from datetime import UTC, datetime

    from ipv6check.files.problem import Problems
    from ipv6check.reports.inert import inert

    wrong = warned = 0
    for path in files:
        try:
            found = _load(str(path))
        except Problems as problems:
            wrong += problems.total
            tell(inert(line) for line in str(problems).splitlines())
            continue
        for warning in _doubts(found, datetime.now(UTC)):
            warned += 1
            typer.echo(f"{inert(f'{path}: {warning}')} (warning)", err=True)
    typer.echo(f"{several(len(files), 'file')}, {several(wrong, 'error')}, {several(warned, 'warning')}", err=True)
    if wrong or (strict and warned):
        raise Leave(Exit.USAGE)


@mandate.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Id of a shipped mandate, or a mandate file.")],
    format: Annotated[
        str, typer.Option("--format", "-f", help="table, json, markdown, or yaml: as written.")
    ] = "table",
    output: Annotated[str, typer.Option("--output", "-o", help="Write to a file; - is standard output.")] = "-",
    lang: Language = "",
) -> None:
    """What a mandate asks, by when, on whose word, and what is assumed."""
    from ipv6check.cli.output import chosen_language, write
    from ipv6check.settings import load_settings

    if format not in SHOWN_AS:
        raise Trouble(f"--format {format}: not one of {', '.join(SHOWN_AS)}")
    language = chosen_language(load_settings(lang=lang)[0].lang)
    write(_lines(name, format, language, output), output)


@mandate.command("list")
def listing(
    lang: Language = "", json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False
) -> None:
    """The shipped mandates with their deadlines."""
    from ipv6check.cli.output import chosen_language
    from ipv6check.mandates.load import SHIPPED
    from ipv6check.reports.machine.as_json import as_line
    from ipv6check.settings import load_settings

    language = chosen_language(load_settings(lang=lang)[0].lang)
    found = [_load(name) for name in SHIPPED]
    width = max(len(one.id) for one in found)
    for one in found:
        day = one.period.deadline.isoformat() if one.period.deadline else "–"
        if json:
            tell([as_line({"id": one.id, "title": one.title, "deadline": one.period.deadline, "digest": one.digest})])
        else:
            tell([f"{one.id:<{width}}  {day:<10}  {one.title.get(language) or one.title.get('en', one.id)}"])


def _load(name: str) -> Mandate:
    from ipv6check.checks.registry import RULES
    from ipv6check.mandates.load import load_mandate

    return load_mandate(name, known_rules=frozenset(RULES))


def _lines(name: str, format: str, language: str, output: str) -> Iterator[str]:
    from ipv6check.cli.output import width_of
    from ipv6check.mandates.load import mandate_text
    from ipv6check.model.record import in_full
    from ipv6check.reports.machine.as_json import as_line
    from ipv6check.reports.messages import Messages
    from ipv6check.reports.text.mandate_sheet import as_markdown, as_text, sheet_of

    found = _load(name)
    match format:
        case "json":
            return iter([as_line({"type": "mandate", "mandate": in_full(found)})])
        case "yaml":
            return iter(mandate_text(name).splitlines())
        case "markdown":
            return as_markdown(sheet_of(found, Messages(language)))
        case _:
            return as_text(sheet_of(found, Messages(language)), width=width_of(output))


def _doubts(found: Mandate, now: datetime) -> Iterator[str]:
    """What is lawful in a file and yet likely to be forgotten."""
    from ipv6check.compliance.deadline import today_in
    from ipv6check.compliance.exemption import expires_soon
    from ipv6check.mandates.load import SHIPPED

    today = today_in(found.period, now)
    for one in found.exemptions:
        if one.expires < today:
            yield f"the exemption {one.id} expired on {one.expires}"
        elif expires_soon(one, today):
            yield f"the exemption {one.id} expires on {one.expires}"
    after = found.succession.get("next")
    if after and after not in SHIPPED:
        yield f"succession.next names {after}, which is not shipped"
    if not found.assumptions:
        yield "no assumptions are listed: whatever the instruments do not say belongs there"
    for text in found.instruments:
        if not text.source:
            yield f"the instrument {text.key} names no source"
