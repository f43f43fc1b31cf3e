"""Commands for people log only when they are told to."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipv6check.cli.events import start_logging_if_asked
from ipv6check.logs import ROOT, event, logger
from ipv6check.settings import load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger(ROOT)
    monkeypatch.setattr(root, "handlers", [logging.NullHandler()])
    yield
    for handler in root.handlers:
        handler.close()


def test_nothing_is_logged_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    assert not start_logging_if_asked(*load_settings())
    event(logger("scan"), "vantage-unfit", level="warning")
    assert capsys.readouterr() == ("", "")


def test_events_on_stderr_take_the_place_of_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert start_logging_if_asked(*load_settings(log_format="json"))
    event(logger("scan"), "second-look", pending=3)
    out, err = capsys.readouterr()
    assert out == ""
    assert '"event": "second-look", "pending": 3' in err


def test_events_in_a_file_leave_stderr_to_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert not start_logging_if_asked(*load_settings(log_file="events.log"))
    event(logger("scan"), "second-look", pending=3)
    assert capsys.readouterr() == ("", "")
    assert "second-look pending=3" in Path("events.log").read_text(encoding="utf-8")
