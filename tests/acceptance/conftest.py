"""The command as a subprocess, and a database with a scan in it."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stored import fill

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file, made once and never written to by a test."""
    path = tmp_path_factory.mktemp("stored") / "ipv6check.db"
    asyncio.run(fill(path))
    return path


@pytest.fixture
def place(filled: Path, tmp_path: Path) -> Path:
    """A folder with a database of its own, under the name that commands expect."""
    shutil.copy(filled, tmp_path / "ipv6check.db")
    return tmp_path


@pytest.fixture
def ask(place: Path) -> Run:
    """Run the command in that folder; a traceback is a failure whatever else was expected."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IPV6CHECK_", "LC_", "LANG"))}

    def ask(*arguments: str, shell: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "ipv6check", *arguments]
        if shell:
            command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
        env = {name: value for name, value in (clean | environment).items() if name != "COLUMNS" or environment}
        done = subprocess.run(
            command, cwd=place, env=env, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8"
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return ask
