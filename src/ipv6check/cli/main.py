"""The command line: one file per command group, and nothing heavy imported before a command runs."""

import typer

from ipv6check.cli import demo, doctor, judge, report, rule, scan, scans, show
from ipv6check.cli.config import config
from ipv6check.cli.database import db
from ipv6check.cli.inventory import inventory

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
app.command("show")(show.show)
app.command("rule")(rule.rule)
app.add_typer(inventory, name="inventory")
app.command("judge")(judge.judge)
app.command("scans")(scans.scans)
app.add_typer(db, name="db")
app.command("doctor")(doctor.doctor)
app.add_typer(config, name="config")
app.command("demo")(demo.demo)
