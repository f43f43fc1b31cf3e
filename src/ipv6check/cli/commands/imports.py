"""``ipv6check import``: bring in what others saw."""

from ipv6check.cli.commands.evidence import evidence
from ipv6check.cli.commands.snmp import snmp
from ipv6check.cli.usage import Commands

imports = Commands(help="Bring in what others saw.")


@imports.callback()
def group() -> None:
    """Bring in what others saw."""


imports.command("evidence")(evidence)
imports.command("snmp")(snmp)
