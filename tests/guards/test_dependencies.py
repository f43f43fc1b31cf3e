"""What the project asks for and what the lock files pin: one says no less than the other."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]


def plain(name: str) -> str:
    """A name of a package as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(("who", "extras"), [("user", ["all"]), ("dev", ["all", "dev"])])
def test_the_lock_file_pins_everything_asked_for(who: str, extras: list[str]) -> None:
    text = (ROOT / "requirements" / f"{who}.txt").read_text(encoding="utf-8")
    pins = {plain(name): version for name, version in re.findall(r"^([\w.\-]+)==(\S+)", text, re.MULTILINE)}
    for line in [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]:
        wanted = Requirement(line)
        assert plain(wanted.name) in pins, f"{line} is not locked in requirements/{who}.txt"
        assert pins[plain(wanted.name)] in wanted.specifier, f"{line} is locked to another release"


def test_the_extra_of_all_is_every_extra_of_a_user() -> None:
    singles = {line for extra, lines in EXTRAS.items() if extra not in ("all", "dev") for line in lines}
    assert set(EXTRAS["all"]) == singles
