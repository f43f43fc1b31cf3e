"""``ipv6check rule``: what a rule looks at, when it passes, fails, or cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipv6check.model.check import Check
    from ipv6check.reports.messages import Messages


def rule(
    code: Annotated[str, typer.Argument(help="A rule, e.g. DNS001; all rules as a list otherwise.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Document every rule.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    lang: Annotated[str, typer.Option(help="Language of the titles, en or vi.")] = "",
) -> None:
    """Explain one rule, or list them all."""
    from ipv6check.checks.registry import CHECKS
    from ipv6check.cli.output import chosen_language
    from ipv6check.reports.messages import Messages

    chosen = [check for check in CHECKS if not code or check.rule.code == code.upper()]
    if not chosen:
        raise Trouble(f"no rule is called {code}; `ipv6check rule` lists them")
    messages = Messages(chosen_language(lang))
    form = _as_json if json else _in_full if code or everything else _in_brief
    tell(line for check in chosen for line in form(check, messages))


def _as_json(check: Check, messages: Messages) -> Iterator[str]:
    from ipv6check.checks.documentation import document_check
    from ipv6check.reports.as_json import as_line

    documented = document_check(check)
    fields = {
        "code": check.rule.code,
        "name": check.rule.name,
        "title": messages.title(check.rule.code),
        "since": check.rule.since,
        "kinds": sorted(check.kinds),
        "protocols": sorted(check.protocols),
        "tags": sorted(check.rule.tags),
        "summary": documented.summary,
        "sections": documented.sections,
    }
    yield as_line(fields)


def _in_full(check: Check, messages: Messages) -> Iterator[str]:
    """The check's own documentation, then every tag with what it says (placeholders in braces)."""
    from ipv6check.checks.documentation import document_check

    documented = document_check(check)
    yield f"{check.rule.code} {check.rule.name}: {messages.title(check.rule.code)}"
    yield ""
    yield documented.summary
    for heading, text in documented.sections.items():
        yield ""
        yield f"{heading}:"
        yield from (f"    {line}".rstrip() for line in text.splitlines())
    yield ""
    yield "Tags:"
    for tag in sorted(check.rule.tags):
        yield f"    {tag}: {messages.template(check.rule.code, tag)}"
    yield ""


def _in_brief(check: Check, messages: Messages) -> Iterator[str]:
    yield f"{check.rule.code:<8} {check.rule.name:<28} {messages.title(check.rule.code)}"
