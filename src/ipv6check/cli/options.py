"""Options that several commands share: one name, one meaning, one sentence of help."""

from datetime import date
from typing import Annotated

import typer

from ipv6check.cli.orders import FORMAT_HELP, OUTPUT_HELP
from ipv6check.model.trouble import Trouble

DatabaseUrl = Annotated[
    str, typer.Option("--db", help="Database URL: sqlite:///FILE or postgresql://…", show_default=False)
]
MandateChoice = Annotated[str, typer.Option(help="A shipped mandate or a mandate file.")]
PolicyChoice = Annotated[str, typer.Option(help="default, ci, lab, or a policy file.")]
Language = Annotated[str, typer.Option(help="en or vi.")]

Resolvers = Annotated[list[str], typer.Option(help="Resolver to ask, ADDRESS or [ADDRESS]:PORT; repeatable.")]
Anchors = Annotated[list[str], typer.Option(help="Reference target of the self-test; repeatable.")]
Roots = Annotated[list[str], typer.Option(help="Root server of the walk over IPv6 alone; repeatable.")]
Contact = Annotated[str, typer.Option(help="Address or URL told to the servers that are looked at.")]
OptOutList = Annotated[str, typer.Option(help="Opt-out list: names, suffixes, prefixes never to be probed.")]
SourceAddress = Annotated[str, typer.Option(help="Source address of IPv6 connections.")]
Via = Annotated[str, typer.Option(metavar="URL", help="Let this agent look: https://HOST:PORT.")]
ViaToken = Annotated[str, typer.Option(metavar="REF", help="Its token, as env:NAME or file:PATH.")]
ViaAuthority = Annotated[str, typer.Option("--via-ca", metavar="FILE", help="Further authorities for the agent, PEM.")]
ViaCertificate = Annotated[str, typer.Option("--via-cert", metavar="FILE", help="Our certificate and key for it, PEM.")]
VantageName = Annotated[str, typer.Option(help="Name of this vantage in reports.")]

Agencies = Annotated[list[str], typer.Option(help="Only this agency and those below it; repeatable.")]
Tags = Annotated[list[str], typer.Option(help="Only assets with this tag; repeatable.")]
Selects = Annotated[list[str], typer.Option(help="Only these assets, by id, name or host, * and ? allowed.")]

Today = Annotated[str, typer.Option(help="Count as on this day, YYYY-MM-DD.")]
Tree = Annotated[
    str, typer.Option(help="Agencies as the inventory lists them (listed), or as of today or of a day, YYYY-MM-DD.")
]

Formats = Annotated[list[str], typer.Option("--format", "-f", help=FORMAT_HELP, show_default="table")]
Outputs = Annotated[list[str], typer.Option("--output", "-o", help=OUTPUT_HELP)]

LogFormat = Annotated[str, typer.Option(help="Events as text or json.")]
LogLevel = Annotated[str, typer.Option(help="Least level of events: debug, info, warning or error.")]
LogFile = Annotated[str, typer.Option(metavar="FILE", help="File for events; standard error otherwise.")]


def day_of(option: str, text: str) -> date | None:
    """The day that an option names, None for none. Raises Trouble."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Trouble(f"{option} {text}: must be a day written as 2026-03-31") from None


def tree_day(tree: str, today: date | None) -> date | None:
    """The day whose agencies are meant, None for the inventory's own tree. Raises Trouble."""
    if tree in ("listed", "today"):
        return today if tree == "today" else None
    try:
        return date.fromisoformat(tree)
    except ValueError:
        raise Trouble(f"--tree {tree}: must be listed, today or a day written as 2025-07-01") from None
