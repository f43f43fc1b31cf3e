"""How the help of every command reads: names for values, whole sentences, examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from ipv6check.cli.examples import EXAMPLES
from ipv6check.cli.exits import Exit, Leave

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter, Parameter

WIDTH = 100
"""Columns that help may take on a wide terminal."""

VALUES = {
    "--agency": "AGENCY",
    "--agency-map": "TENANT=AGENCY",
    "--allow": "PATTERN",
    "--anchor": "ADDRESS",
    "--at": "HH:MM",
    "--baseline": "FILE",
    "--ca-file": "FILE",
    "--class": "CLASS",
    "--contact": "WHO",
    "--cron": "FIELDS",
    "--csv-delimiter": "CHARACTER",
    "--db": "URL",
    "--drop": "OLD:NEW",
    "--encoding": "NAME",
    "--every": "TIME",
    "--exclude": "FILE",
    "--exclude-role": "ROLE",
    "--fail-on": "WHEN",
    "--field": "NAME=VALUE",
    "--first-day": "DAY",
    "--folder": "DIR",
    "--format": "FORMAT",
    "--from": "KIND",
    "--goal": "PERCENT",
    "--heartbeat": "FILE",
    "--image": "IMAGE",
    "--inventory": "FILE",
    "--jitter": "TIME",
    "--lang": "LANG",
    "--limit": "N",
    "--listen": "ADDRESS",
    "--log-format": "FORMAT",
    "--log-level": "LEVEL",
    "--mandate": "MANDATE",
    "--merge": "FILE",
    "--metrics": "FILE",
    "--name": "NAME",
    "--observed": "DAY",
    "--origin": "ZONE",
    "--out": "FILE",
    "--output": "FILE",
    "--policy": "POLICY",
    "--prefix": "TEXT",
    "--probes": "N",
    "--rejects": "FILE",
    "--require": "CODES",
    "--resolver": "ADDRESS",
    "--resume": "SCAN",
    "--root": "ADDRESS",
    "--rules": "CODES",
    "--runs": "N",
    "--scan": "SCAN",
    "--select": "PATTERN",
    "--source": "ADDRESS",
    "--tag": "TAG",
    "--timezone": "ZONE",
    "--to": "FORMAT",
    "--today": "DAY",
    "--token-env": "VARIABLE",
    "--token-file": "FILE",
    "--tree": "DAY",
    "--tsig-env": "VARIABLE",
    "--tsig-file": "FILE",
    "--update": "FIELD",
    "--vantage": "NAME",
    "--write-baseline": "FILE",
    "--zone": "ZONE",
}
"""What follows an option, in its help. One name, one meaning; an option with a word of its own keeps that."""


class Command(TyperCommand):
    """A command whose help says what each value is, and ends with examples."""

    def __init__(self, name: str | None, **given: Any) -> None:  # noqa: ANN401 - what Typer takes
        super().__init__(name, **given)
        for one in self.params:
            _name_value(one)

    def invoke(self, ctx: Context) -> object:
        """As Typer's, which would make 1 (findings) of a reader that has gone. Raises Leave."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise Leave(Exit.READER_GONE) from None

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Plain words in the first line: a required argument needs no braces."""
        return [piece.removeprefix("{").removesuffix("}") for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first paragraph, not cut in the middle."""
        return _first_paragraph(self.help)

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Commands that can be copied, whatever the width."""
        examples = EXAMPLES.get(ctx.command_path.partition(" ")[2], ())
        if examples:
            formatter.write_paragraph()
            formatter.write_heading("Examples")
            formatter.write("".join(f"  {line}\n" for line in examples))


class Group(TyperGroup):
    """A group of commands that are listed with a whole sentence each."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first paragraph, not cut in the middle."""
        return _first_paragraph(self.help)


class Commands(typer.Typer):
    """A Typer whose commands are ours."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - what Typer takes
        super().__init__(cls=Group, rich_markup_mode=None, no_args_is_help=True, **given)

    def command(self, name: str | None = None, **given: Any) -> Callable[[Any], Any]:  # noqa: ANN401
        """As Typer's."""
        return super().command(name, cls=Command, **given)


def _first_paragraph(text: str | None) -> str:
    return " ".join((text or "").partition("\n\n")[0].split())


def _name_value(one: Parameter) -> None:
    """Name what is to be put for an argument, or after an option."""
    if isinstance(one, TyperArgument) and one.metavar is None:
        name = (one.name or "").upper()
        one.metavar = f"{_singular(name)}..." if one.nargs != 1 else name
    elif isinstance(one, TyperOption):
        if one.metavar is None and not one.is_flag:
            one.metavar = _after(one.opts)
        if isinstance(one.show_default, str):  # Typer would put it in parentheses
            one.help = f"{one.help}  [default: {one.show_default}]"
            one.show_default = False
        if one.type.name in ("int range", "integer range"):
            one.type.name = "whole number"


def _singular(name: str) -> str:
    return f"{name[:-3]}Y" if name.endswith("IES") else name.removesuffix("S")


def _after(flags: Sequence[str]) -> str | None:
    return next((VALUES[flag] for flag in flags if flag in VALUES), None)
