"""Writing small inventories and reading what is said about them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ipv6check.inventory.load import LintReport, lint

TODAY = date(2026, 6, 1)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file into a fresh folder and return its path."""

    def write(name: str, content: str | bytes, *, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def examine(tmp_path: Path) -> Callable[..., LintReport]:
    """Lint files with the folder's name removed from messages."""

    def examine(*paths: Path, encoding: str | None = None) -> LintReport:
        return lint(paths, today=TODAY, encoding=encoding)

    return examine


@pytest.fixture
def errors(tmp_path: Path) -> Callable[..., list[str]]:
    """The errors of files as text, without the folder."""

    def errors(*paths: Path, encoding: str | None = None) -> list[str]:
        report = lint(paths, today=TODAY, encoding=encoding)
        return [str(one).replace(f"{tmp_path}/", "") for one in report.errors]

    return errors


@pytest.fixture
def warnings(tmp_path: Path) -> Callable[..., list[str]]:
    """The warnings of files as text, without the folder."""

    def warnings(*paths: Path) -> list[str]:
        return [str(one).replace(f"{tmp_path}/", "") for one in lint(paths, today=TODAY).warnings]

    return warnings
