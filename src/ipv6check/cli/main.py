"""The command line: one file per command group, and nothing heavy imported before a command runs."""

import typer

from ipv6check.cli import demo, report, scan, scans
from ipv6check.cli.config import config
from ipv6check.cli.database import db

app = typer.Typer(
    name="ipv6check",
    help="Proves, agency by agency, how far an IPv6 conversion is.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("scan")(scan.scan)
app.command("report")(report.report)
app.command("demo")(demo.demo)
app.command("scans")(scans.scans)
app.add_typer(config, name="config")
app.add_typer(db, name="db")
