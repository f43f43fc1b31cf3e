"""``--help`` loads nothing heavy, so that it answers at once."""

import subprocess
import sys

HEAVY = ("scapy", "sqlalchemy", "httpx", "dns", "pydantic", "rich", "alembic", "cryptography", "yaml", "msgspec")


def imported_by(*arguments: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "ipv6check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return {line.rsplit("|", 1)[-1].strip().partition(".")[0] for line in done.stderr.splitlines()}


def test_help_imports_nothing_heavy():
    assert imported_by("--help").isdisjoint(HEAVY)


def test_help_of_a_command_imports_nothing_heavy():
    assert imported_by("scan", "--help").isdisjoint(HEAVY)


def test_the_version_is_told_before_typer_is_loaded():
    assert imported_by("--version").isdisjoint({*HEAVY, "typer"})
