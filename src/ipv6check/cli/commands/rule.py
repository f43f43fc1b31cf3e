"""``ipv6check rule``: what a rule looks at, when it passes, fails, or cannot tell."""

from __future__ import annotations

from typing import Annotated

import typer

from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble


def rule(
    code: Annotated[str, typer.Argument(help="A rule, e.g. DNS001; all rules as a list otherwise.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Document every rule.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="A page with a table of contents.")] = False,
    lang: Annotated[str, typer.Option(help="Language of titles and messages, en or vi.")] = "",
) -> None:
    """Explain one rule, or list them all."""
    from ipv6check.checks.registry import CHECKS
    from ipv6check.cli.output import chosen_language, width_of
    from ipv6check.reports.messages import Messages
    from ipv6check.reports.text import as_rules
    from ipv6check.reports.text.as_table import hanging
    from ipv6check.settings import load_settings

    if json and markdown:
        raise Trouble("--json and --markdown are two forms; ask for one")
    chosen = [check for check in CHECKS if not code or check.rule.code == code.upper()]
    if not chosen:
        raise Trouble(f"no rule is called {code}; `ipv6check rule` lists them")
    messages = Messages(chosen_language(load_settings(lang=lang)[0].lang))
    if markdown:
        tell(as_rules.page(chosen, messages))
        return
    if not (json or code or everything):
        tell(as_rules.in_brief(chosen, messages))
        return
    form = as_rules.as_json if json else as_rules.in_full
    width = 0 if json else width_of("-")
    tell(part for check in chosen for line in form(check, messages) for part in hanging(line, width))
