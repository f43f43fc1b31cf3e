"""A report file holds, or what was changed in it is found."""

import sqlite3
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.acceptance.conftest import Run

DAY = ("--today", "2026-06-01")


@pytest.mark.parametrize("fmt", ["json", "csv", "markdown", "html", "xlsx"])
def test_what_was_written_holds_and_a_changed_figure_is_found(ask: Run, place: Path, fmt: str) -> None:
    delimiter = ("--csv-delimiter", ";") if fmt == "csv" else ()
    assert ask("report", *DAY, "-f", fmt, "-o", "r", "--lang", "vi", *delimiter).returncode == 0
    done = ask("verify", "r")
    assert (done.returncode, "HOLDS" in done.stdout) == (0, True), done.stdout
    if fmt == "xlsx":
        return
    text = (place / "r").read_bytes()
    changed = {
        "json": (b'"ready": 2', b'"ready": 4'),
        "csv": (b";40.0;", b";80.0;"),
        "markdown": (b"40,0", b"80,0"),
        "html": (b"40,0", b"80,0"),
    }
    before, after = changed[fmt]
    assert before in text
    (place / "r").write_bytes(text.replace(before, after, 1))
    done = ask("verify", "r")
    assert (done.returncode, "DIFFERS" in done.stdout) == (1, True), done.stdout


def test_a_part_of_the_scan_holds_by_itself(ask: Run) -> None:
    assert ask("report", *DAY, "--agency", "so", "--class", "application", "-f", "json", "-o", "r").returncode == 0
    assert ask("verify", "r").returncode == 0


def test_a_store_that_says_something_else_now_names_the_figures(ask: Run, place: Path) -> None:
    assert ask("report", *DAY, "--scan", "latest", "-f", "markdown", "-o", "r").returncode == 0
    with sqlite3.connect(place / "ipv6check.db") as base:
        base.execute("""UPDATE judgement SET outcomes = replace(outcomes, '"pass"', '"fail"')""")
    done = ask("verify", "r")
    assert done.returncode == 1
    assert "whole: ready; written: 2; counted: 0" in done.stdout


def test_what_cannot_be_checked_says_why(ask: Run, place: Path) -> None:
    (place / "plain.txt").write_text("no block")
    assert ask("verify", "plain.txt").returncode == 3
    (place / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert ask("verify", "broken.xlsx").returncode == 3
    assert ask("verify", "missing").returncode == 2
    assert ask("report", *DAY, "-f", "json", "-o", "r").returncode == 0
    with sqlite3.connect(place / "ipv6check.db") as base:
        base.execute("DELETE FROM scan")
    done = ask("verify", "r")
    assert done.returncode == 3
    assert "is not in this database" in done.stdout


def test_a_workbook_needs_a_file_and_opens(ask: Run, place: Path) -> None:
    assert ask("report", *DAY, "-f", "xlsx=r.xlsx").returncode == 0
    assert CalamineWorkbook.from_path(str(place / "r.xlsx")).sheet_names[0] == "Summary"


def test_a_document_holds_with_its_fields_and_a_changed_octet_is_found(ask: Run, place: Path) -> None:
    fields = ("--field", "number=12/BC-UBND", "--field", "recipients=UBND tỉnh; Lưu: VT")
    assert ask("report", *DAY, "-f", "pdf", "-o", "r.pdf", "--lang", "vi", *fields).returncode == 0
    assert ask("verify", "r.pdf").returncode == 0
    octets = (place / "r.pdf").read_bytes()
    at = octets.index(b"stream\n") + 200
    (place / "r.pdf").write_bytes(octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :])
    assert ask("verify", "r.pdf").returncode == 1
    assert "not one of number" in ask("report", "--field", "nummer=1").stderr


def test_every_page_of_a_published_set_holds(ask: Run, place: Path) -> None:
    assert ask("publish", "out", *DAY, "-f", "html", "-f", "xlsx", "--lang", "vi").returncode == 0
    (page, *_) = sorted((place / "out").rglob("agencies/so.html"))
    for path in (page, page.with_suffix(".xlsx")):
        done = ask("verify", str(path))
        assert done.returncode == 0, done.stdout
