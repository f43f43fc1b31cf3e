"""``ipv6check rule``: what a rule looks at, when it passes, fails, or cannot tell."""

from __future__ import annotations

from typing import Annotated

import typer

from ipv6check.model.trouble import Trouble


def rule(
    code: Annotated[str, typer.Argument(help="A rule, e.g. DNS001; all rules as a list otherwise.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Document every rule.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    lang: Annotated[str, typer.Option(help="Language of the titles, en or vi.")] = "",
) -> None:
    """Explain one rule, or list them all."""
    from ipv6check.checks.documentation import document_check
    from ipv6check.checks.registry import CHECKS
    from ipv6check.cli.output import system_language
    from ipv6check.reports.messages import Messages

    chosen = [check for check in CHECKS if not code or check.rule.code == code.upper()]
    if not chosen:
        raise Trouble(f"no rule is called {code}; `ipv6check rule` lists them")
    messages = Messages(lang or system_language())
    for check in chosen:
        documented = document_check(check)
        if json:
            import msgspec

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
            typer.echo(msgspec.json.encode(fields).decode())
        elif code or everything:
            typer.echo(f"{check.rule.code} {check.rule.name}: {messages.title(check.rule.code)}\n")
            typer.echo(documented.summary)
            for heading, text in documented.sections.items():
                typer.echo(f"\n{heading}:")
                typer.echo("\n".join(f"    {line}" if line else "" for line in text.splitlines()))
            typer.echo(f"\nTags: {', '.join(sorted(check.rule.tags))}\n")
        else:
            typer.echo(f"{check.rule.code:<8} {check.rule.name:<28} {messages.title(check.rule.code)}")
