"""Where a report goes: standard output, or a file that is replaced as a whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.model.standing import Standing


def emit(standing: Standing, *, format: str, output: str, language: str, csv_delimiter: str = ",") -> None:
    """Write the report. Raises Trouble for an unknown format and for a file that cannot be written."""
    from ipv6check.reports import as_csv, as_table
    from ipv6check.reports.registry import FORMATS

    if format not in FORMATS:
        raise Trouble(f"--format {format}: not one of {', '.join(FORMATS)}")
    language = language or system_language()
    if format == "table":
        width = shutil.get_terminal_size((100, 24)).columns
        lines = as_table.render(standing, language, width=width)
    elif format == "csv":
        lines = as_csv.render(standing, language, delimiter=csv_delimiter)
    else:
        lines = FORMATS[format](standing, language)
    write(lines, output, with_bom=format == "csv")


def write(lines: Iterable[str], output: str, *, with_bom: bool = False) -> None:
    """Lines to standard output (``-``) or to a file; a byte order mark tells spreadsheets that a file is UTF-8."""
    if output == "-":
        encoding = sys.stdout.encoding or "utf-8"
        for line in lines:
            sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        return
    path = Path(output)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent or Path())
        try:
            with os.fdopen(handle, "w", encoding="utf-8-sig" if with_bom else "utf-8", newline="") as file:
                file.writelines(line + "\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Trouble(f"{path}: the report cannot be written: {error.strerror}") from None


def system_language() -> str:
    """The language of LC_ALL, LC_MESSAGES or LANG, as POSIX ranks them; English otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "vi" if value.lower().startswith("vi") else "en"
    return "en"
