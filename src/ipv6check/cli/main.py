"""The command line: one file per command group, and nothing heavy imported before a command runs."""

import errno
from typing import Annotated

import typer
from typer.main import get_command

from ipv6check import __version__
from ipv6check.cli.commands import (
    agent,
    alert,
    check,
    demo,
    diff,
    doctor,
    exporter,
    host,
    install,
    judge,
    nagios,
    publish,
    report,
    rule,
    scan,
    scans,
    show,
    trace,
    verify,
    watch,
)
from ipv6check.cli.commands.config import config
from ipv6check.cli.commands.database import db
from ipv6check.cli.commands.imports import imports
from ipv6check.cli.commands.inventory import inventory
from ipv6check.cli.commands.mandate import mandate
from ipv6check.cli.streams import open_closed
from ipv6check.cli.usage import WIDTH, Commands
from ipv6check.model.trouble import Trouble

commands = Commands(
    name="ipv6check",
    help="Proves, agency by agency, how far an IPv6 conversion is.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ipv6check {__version__}")
        raise typer.Exit


@commands.callback()
def _whole(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Proves, agency by agency, how far an IPv6 conversion is."""


commands.command("scan")(scan.scan)
commands.command("check")(check.check)
commands.command("report")(report.report)
commands.command("publish")(publish.publish)
commands.command("diff")(diff.diff)
commands.command("show")(show.show)
commands.command("trace")(trace.trace)
commands.command("verify")(verify.verify)
commands.command("rule")(rule.rule)
commands.add_typer(inventory, name="inventory")
commands.add_typer(mandate, name="mandate")
commands.add_typer(imports, name="import")
commands.command("watch")(watch.watch)
commands.command("alert")(alert.alert)
commands.command("nagios", context_settings=nagios.PLAIN)(nagios.nagios)
commands.command("install")(install.install)
commands.command("exporter")(exporter.exporter)
commands.command("agent")(agent.agent)
commands.command("judge")(judge.judge)
commands.command("scans")(scans.scans)
commands.add_typer(db, name="db")
commands.command("host")(host.host)
commands.command("doctor")(doctor.doctor)
commands.add_typer(config, name="config")
commands.command("demo")(demo.demo)


def app() -> None:
    """Run the command that was asked for. Raises Trouble for a full disk under standard output.

    Not through ``Typer.__call__``: that puts a hook of its own in place of ``exits``' one, and a fault of the program
    would end in a traceback and exit code 1.
    """
    open_closed()
    try:
        get_command(commands)(prog_name="ipv6check")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Trouble(f"the output cannot be written: {error.strerror}") from None
