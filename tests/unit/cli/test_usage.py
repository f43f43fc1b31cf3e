"""Help that can be read at a glance."""

import pytest
from typer.testing import CliRunner

from ipv6check.cli.main import commands


def told(*arguments: str) -> str:
    return CliRunner().invoke(commands, [*arguments, "--help"], env={"COLUMNS": "80"}).output


def test_commands_are_listed_with_a_whole_sentence():
    assert "..." not in told().partition("Commands:")[2]
    listed = " ".join(told("inventory").split())
    assert "Make an inventory of what other systems list, or merge it into one that people keep." in listed


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("scan", "Usage: ipv6check scan [OPTIONS] INVENTORY..."),
        ("scan", "  --resolver ADDRESS"),
        ("report", "  --today DAY"),
        ("install", "  --to DIR"),
        ("check", "Examples:"),
    ],
)
def test_what_is_to_be_put_has_a_name(command, line):
    assert line in told(command)


def test_a_default_is_told_without_parentheses():
    assert "[default: table]" in " ".join(told("report").split())
