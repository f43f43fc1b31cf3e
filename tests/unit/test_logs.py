"""One line an event, whatever stands in it."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipv6check.logs import ROOT, event, logger, set_up

HOSTILE = 'a\n{"event": "forged"} \x1b[31m\u202e "x"'


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger(ROOT)
    before = root.handlers[:], root.level, root.propagate
    yield
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.handlers, root.level, root.propagate = before[0], before[1], before[2]


def lines(path: Path, format: str, level: str = "info") -> list[str]:
    set_up(format=format, level=level, file=str(path))
    log = logger("watch")
    event(log, "scan-ended", assets=3, name=HOSTILE, scan=None)
    event(log, "detail", level="debug")
    event(log, "run-failed", level="error", reason="tỉnh")
    return path.read_text(encoding="utf-8").splitlines()


def test_json(tmp_path: Path) -> None:
    first, second = (json.loads(line) for line in lines(tmp_path / "log", "json"))
    assert (first["event"], first["from"], first["level"]) == ("scan-ended", "watch", "info")
    assert (first["assets"], first["name"], first["scan"]) == (3, HOSTILE, None)
    assert first["at"].endswith("+00:00")
    assert second["reason"] == "tỉnh"


def test_text(tmp_path: Path) -> None:
    first, second = lines(tmp_path / "log", "text")
    assert first.split(" ", 3)[1:3] == ["info", "scan-ended"]
    assert r"\x0a" in first
    assert r"\x1b[31m\u{202e}" in first
    assert second.endswith("error run-failed reason=tỉnh")


@pytest.mark.parametrize(("level", "count"), [("debug", 3), ("info", 2), ("error", 1)])
def test_the_least_level(tmp_path: Path, level: str, count: int) -> None:
    assert len(lines(tmp_path / "log", "json", level)) == count
