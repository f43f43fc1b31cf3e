"""The container file: what it copies is there and gets there, and what runs is nobody in particular."""

import fnmatch
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STEPS = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE)).splitlines()


def copied() -> list[str]:
    """What is copied from this repository."""
    lines = [step.split()[1:] for step in STEPS if step.startswith("COPY ") and "--from=" not in step]
    return [source for words in lines for source in words[:-1]]


def test_everything_copied_is_in_the_repository_and_not_kept_from_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for source in copied():
        assert (ROOT / source).exists(), source
        assert not any(fnmatch.fnmatch(source.split("/")[0], pattern) for pattern in ignored), source


def test_what_the_build_reads_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"pyproject.toml", "hatch_build.py", "src", "LICENSE", project["readme"]} <= set(copied())


def test_dependencies_come_by_their_hashes() -> None:
    installs = [step for step in STEPS if "pip install" in step]
    assert installs
    assert all("--require-hashes" in step or "--no-deps ." in step for step in installs)


def test_it_runs_as_a_numbered_user_without_rights() -> None:
    last = max(index for index, step in enumerate(STEPS) if step.startswith("FROM "))
    users = [step.split()[1] for step in STEPS[last:] if step.startswith("USER ")]
    assert users
    assert users[-1].isdigit()
    assert int(users[-1]) >= 1000
    assert "setcap" not in TEXT
