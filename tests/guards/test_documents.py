"""What the documents say is so: blocks run, commands exist, links lead somewhere, the page of checks is up to date."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from typer.main import get_command

from ipv6check.checks.registry import CHECKS
from ipv6check.cli.examples import EXAMPLES
from ipv6check.cli.main import commands
from ipv6check.reports.messages import Messages
from ipv6check.reports.text.as_rules import page
from tests.stored import fill

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("inventories/*.md"), *ROOT.glob("contrib/**/*.md")]
)
PLAIN = {"db create", "db upgrade", "db check", "mandate list", "nagios"}  # nothing to choose, or a help of its own
_ENTRY = "./dev "  # the two main commands; CI runs them as they stand
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Block(NamedTuple):
    page: Path
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks() -> Iterator[Block]:
    """Every fenced block with the line it begins on."""
    for path in PAGES:
        kind, start, lines = None, 0, []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.startswith("```"):
                lines.append(line)
            elif kind is None:
                kind, start, lines = line[3:].strip(), number, []
            else:
                yield Block(path, start, kind, "\n".join(lines))
                kind = None
        assert kind is None, f"{path}: a block is not closed"


BLOCKS = list(blocks())
RUNNABLE = sorted({block.page for block in BLOCKS if block.kind == "sh" and _ENTRY not in block.text})


@pytest.mark.parametrize("path", RUNNABLE, ids=lambda path: path.name)
def test_blocks_of_a_page_run_as_they_stand(path: Path, tmp_path: Path) -> None:
    """In one shell after another in one folder, with what a clone has and a database with a scan in it."""
    for shared in ("inventories", "docs", "contrib", "README.md"):
        (tmp_path / shared).symlink_to(ROOT / shared)
    asyncio.run(fill(tmp_path / "ipv6check.db"))
    program = tmp_path / "bin" / "ipv6check"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ipv6check "$@"\n')
    program.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IPV6CHECK_", "LC_", "LANG"))}
    environment = clean | {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    for block in BLOCKS:
        if block.page == path and block.kind == "sh" and _ENTRY not in block.text:
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block.text],
                cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{block}: exit {done.returncode}\n{done.stderr[-1500:]}"


EXAMPLE_BLOCKS = [Block(ROOT / f"{name} --help", 0, "console", "\n".join(lines)) for name, lines in EXAMPLES.items()]


def _shown() -> Iterator[tuple[str, list[str]]]:
    """Each command line of ours that a block or a command's help shows, with its place."""
    for block in (*BLOCKS, *EXAMPLE_BLOCKS):
        if block.kind not in ("sh", "console", ""):
            continue
        joined = block.text.replace("\\\n", " ")
        for line in joined.splitlines():
            command = line.removeprefix("$ ").strip()
            if command.startswith("ipv6check "):
                lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
                lexer.whitespace_split = True
                words = list(lexer)
                ends = [words.index(mark) for mark in ("|", "&&", ";", ">", "||", "<", ">>", "&") if mark in words]
                yield str(block), words[1 : min(ends, default=len(words))]


SHOWN = list(_shown())


@pytest.mark.parametrize(("place", "words"), SHOWN, ids=[place for place, _ in SHOWN])
def test_a_command_that_is_shown_exists_with_its_options(place: str, words: list[str]) -> None:
    command: click.Command = get_command(commands)
    while hasattr(command, "commands"):
        assert words, place
        if words[0] in ("…", "--help", "--version"):
            return
        assert words[0] in command.commands, f"{place}: there is no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    if command.context_settings.get("ignore_unknown_options"):
        return  # it reads its options itself
    known = {flag for one in command.params for flag in (*one.opts, *one.secondary_opts)} | {"-h", "--help"}
    for word in words:
        if word.startswith("-") and word not in ("-", "--") and not word.lstrip("-")[:1].isdigit():
            assert word.partition("=")[0] in known or word[:2] in known, (
                f"{place}: {word} is no option of {command.name}"
            )


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, f"{path} {name}".strip())
    if not hasattr(command, "commands"):
        yield path, command


def test_help_names_what_follows_each_option_and_shows_an_example() -> None:
    for path, command in _commands(get_command(commands), ""):
        context = click.Context(command, info_name=path)
        names = [record[0] for one in command.params if (record := one.get_help_record(context))]
        assert not [name for name in names if "<" in name], f"{path}: a name in cli/usage.py, VALUES"
        assert path in EXAMPLES or path in PLAIN, f"{path}: cli/examples.py has no example"


def _anchors(path: Path) -> set[str]:
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            words = line.lstrip("#").strip().lower().replace("`", "")
            found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in _LINK.findall(text):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{path.name}: {link}"
        assert not anchor or target.suffix != ".md" or anchor in _anchors(target), f"{path.name}: {link}"


def test_every_page_is_reached_from_the_readme() -> None:
    linked = {
        (ROOT / link.partition("#")[0]).resolve()
        for link in _LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    }
    assert {path for path in PAGES if path.parent == ROOT / "docs"} <= linked


def test_the_page_of_checks_is_what_the_checks_say_of_themselves() -> None:
    written = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert written == "\n".join(page(CHECKS, Messages("en"))) + "\n", "run ./dev docs"
