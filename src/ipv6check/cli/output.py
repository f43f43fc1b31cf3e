"""Where a report goes: standard output, or a file that is replaced as a whole or not at all."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.model.standing import Standing


def check_form(*, format: str, language: str = "", csv_delimiter: str = ",", output: str = "-") -> None:
    """Raises Trouble for what ``emit`` would refuse. For commands that work for long before they report."""
    from ipv6check.reports.registry import FILES, all_formats, ending, require

    if format not in all_formats():
        raise Trouble(f"--format {format}: not one of {', '.join(all_formats())}")
    require(format)
    if format in FILES and output == "-" and sys.stdout.isatty():
        raise Trouble(f"--format {format}: is no text for a terminal; give it a file: -o report.{ending(format)}")
    check_delimiter(csv_delimiter)
    chosen_language(language)
    path = Path(output)
    if output != "-" and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise Trouble(f"--output {output}: is a folder, or in a folder that does not exist")


def check_delimiter(delimiter: str) -> None:
    """Raises Trouble for what cannot stand between two cells."""
    if len(delimiter) != 1 or delimiter in '"\r\n' or not (delimiter.isprintable() or delimiter == "\t"):
        raise Trouble(f"--csv-delimiter {delimiter!r}: must be one character such as , or ; or a tab")


def fields_of(given: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` for the frame of a document. Raises Trouble for what it does not have."""
    from ipv6check.reports.paper.as_pdf import check_fields

    fields = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise Trouble(f"--field {text}: must be NAME=VALUE, as in --field number=12/BC-UBND")
        fields[name.strip()] = value.strip()
    check_fields(fields)
    return fields


def emit(
    standing: Standing,
    *,
    format: str,
    output: str,
    language: str,
    csv_delimiter: str = ",",
    fields: Mapping[str, str] | None = None,
) -> None:
    """Write the report; ``fields`` are for the frame of a document. Raises Trouble for an unknown format or language
    and for a file that cannot be written."""
    from ipv6check.reports.machine import as_csv
    from ipv6check.reports.registry import DOCUMENTS, FILES, FORMATS
    from ipv6check.reports.text import as_table

    check_form(format=format, language=language, csv_delimiter=csv_delimiter, output=output)
    language = chosen_language(language)
    if format in DOCUMENTS:
        write_octets(lambda file: DOCUMENTS[format](standing, language, file, fields=fields), output)
        return
    if format in FILES:
        write_octets(lambda file: FILES[format](standing, language, file), output)
        return
    if format == "table":
        lines = as_table.render(standing, language, width=width_of(output))
    elif format == "csv":
        lines = as_csv.render(standing, language, delimiter=csv_delimiter)
    else:
        lines = FORMATS[format](standing, language)
    write(lines, output, with_bom=format == "csv")


def write(lines: Iterable[str], output: str, *, with_bom: bool = False) -> None:
    """Lines to standard output (``-``) or to a file; a byte order mark tells spreadsheets that a file is UTF-8.

    Raises Trouble if they cannot be written; a file that was there before is then untouched.
    """
    if output == "-":
        tell(lines)
        return
    encoding = "utf-8-sig" if with_bom else "utf-8"

    def fill(file: BinaryIO) -> None:
        text = io.TextIOWrapper(file, encoding=encoding, newline="", write_through=True)
        text.writelines(line + "\n" for line in lines)
        text.detach()

    _place(fill, output)


def write_octets(fill: Callable[[BinaryIO], None], output: str) -> None:
    """What ``fill`` writes to standard output (``-``) or to a file. It gets a file that can seek.

    Raises Trouble if it cannot be written; a file that was there before is then untouched.
    """
    if output != "-" and (not Path(output).exists() or Path(output).is_file()):
        _place(fill, output)
        return
    with tempfile.TemporaryFile() as whole:
        fill(whole)
        whole.seek(0)
        if output != "-":
            _place(lambda file: shutil.copyfileobj(whole, file), output)
            return
        try:
            shutil.copyfileobj(whole, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Trouble(f"standard output: cannot be written: {error.strerror}") from None


def _place(fill: Callable[[BinaryIO], None], output: str) -> None:
    """A file that ``fill`` writes, put where ``output`` says. Raises Trouble."""
    path = Path(output)
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe (/dev/stdout) is written to; to replace it would take it from the whole system.
            with path.open("wb") as file:
                fill(file)
            return
        _replace(path.resolve(), fill)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Trouble(f"{path}: cannot be written: {error.strerror}") from None


def _replace(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Write a new file beside ``path`` and rename it over it; a symbolic link was followed before."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def chosen_language(wanted: str) -> str:
    """The language of an option or setting, else the system's. Raises Trouble for one that is not shipped."""
    from ipv6check.reports.catalogue import LANGUAGES

    if not wanted:
        return system_language()
    base = wanted.replace("_", "-").partition("-")[0].lower()
    if base not in LANGUAGES:
        raise Trouble(f"--lang {wanted}: not one of {', '.join(LANGUAGES)}")
    return base


def system_language() -> str:
    """The language of LC_ALL, LC_MESSAGES or LANG, as POSIX ranks them; English otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "vi" if value.lower().startswith("vi") else "en"
    return "en"


def width_of(output: str) -> int:
    """Columns to wrap at: the terminal's, or COLUMNS; 0 where nothing says how wide it is, so that no line breaks."""
    if output != "-" or not (sys.stdout.isatty() or os.environ.get("COLUMNS")):
        return 0
    return shutil.get_terminal_size((80, 24)).columns
