"""The command line: one file per command group, and nothing heavy imported before a command runs."""

import typer

from ipv6check.cli import scan

app = typer.Typer(
    name="ipv6check",
    help="Proves, agency by agency, how far an IPv6 conversion is.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("scan")(scan.scan)
