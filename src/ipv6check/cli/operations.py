"""The commands of everyday operations."""

import typer

from ipv6check.cli import agent, alert, exporter, install, nagios, watch


def register(commands: typer.Typer) -> None:
    """Add them to the command line."""
    commands.command("watch")(watch.watch)
    commands.command("alert")(alert.alert)
    commands.command("nagios", context_settings=nagios.PLAIN)(nagios.nagios)
    commands.command("install")(install.install)
    commands.command("exporter")(exporter.exporter)
    commands.command("agent")(agent.agent)
