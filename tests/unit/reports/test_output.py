"""Where a report goes: a file is replaced as a whole, or stays what it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipv6check.cli.output import check_form, chosen_language, write
from ipv6check.model.trouble import Trouble


def breaking() -> Iterator[str]:
    yield "first line"
    raise Trouble("the database was lost in the middle")


def test_a_new_file_ends_lines_with_line_feeds_only(tmp_path: Path) -> None:
    write(["a", "ô"], str(tmp_path / "a.txt"))
    assert (tmp_path / "a.txt").read_bytes() == b"a\n\xc3\xb4\n"


def test_a_report_that_breaks_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("old")
    with pytest.raises(Trouble, match="in the middle"):
        write(breaking(), str(tmp_path / "old.txt"))
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]
    assert (tmp_path / "old.txt").read_text() == "old"


def test_a_full_disk_leaves_the_old_file_and_names_it(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the same error in the same place."""
    (tmp_path / "old.txt").write_text("old")
    program = (
        "import resource, signal\n"
        "from ipv6check.cli.output import write\n"
        "from ipv6check.model.trouble import Trouble\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    write(('x' * 100 for _ in range(1000)), 'old.txt')\n"
        "except Trouble as trouble:\n"
        "    print(trouble)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("old.txt: cannot be written: ")
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]
    assert (tmp_path / "old.txt").read_text() == "old"


def test_a_replaced_file_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o600)
    write(["new"], str(tmp_path / "a"))
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write(["new"], str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new\n"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(["line"], str(tmp_path / "pipe"))
        assert os.read(reader, 100) == b"line\n"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n", "\r", "\x00"])
def test_what_cannot_part_two_cells_is_refused(delimiter: str) -> None:
    with pytest.raises(Trouble, match="--csv-delimiter"):
        check_form(format="csv", csv_delimiter=delimiter)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_can_part_two_cells_is_taken(delimiter: str) -> None:
    check_form(format="csv", csv_delimiter=delimiter)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LC_ALL": "C", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "vi_VN", "LANG": "en_US"}, "vi"),
        ({"LC_ALL": "", "LANG": "vi"}, "vi"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_system(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert chosen_language("") == language


def test_a_language_that_is_asked_for_must_be_there() -> None:
    assert chosen_language("vi_VN") == "vi"
    with pytest.raises(Trouble, match="--lang fr"):
        chosen_language("fr")
