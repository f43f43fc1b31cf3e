"""XLSX by python-calamine, opened only after the zip archive was found harmless."""

import hashlib
import importlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from ipv6check.files.problem import Problem, Problems
from ipv6check.inventory.columns import Columns
from ipv6check.inventory.draft import Draft
from ipv6check.inventory.normalise import Malformed
from ipv6check.inventory.table import RowReader, declared_agency
from ipv6check.model.agency import Agency

MAX_FILE = 64 << 20
MAX_ENTRIES = 1000
MAX_UNPACKED = 512 << 20
MAX_RATIO = 200
_SMALL = 1 << 20  # below this no ratio is dangerous
_ERROR_CELL = re.compile(rb'<c (?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})([0-9]{1,7})"')


class XlsxReader:
    """The first sheet of a workbook. Raises ``Problems`` if it cannot be used or the ``xlsx`` extra is not installed.

    A formula counts as the value the spreadsheet stored for it; a cell that stored an error is a faulty row.
    """

    mandate = ""
    includes: tuple[tuple[str, int], ...] = ()

    def __init__(self, path: Path) -> None:
        self.file = str(path)
        octets = _octets(path)
        self.digest = hashlib.sha256(octets).hexdigest()
        _refuse_bombs(octets, self.file)
        sheet, self._rows = _cells(octets, self.file)
        self._errors = _error_cells(octets, sheet)
        self._header_line = next((line for line, cells in self._rows if any(cells)), 0)
        if not self._header_line:
            raise Problems([Problem(self.file, 0, "has no rows on its first sheet")])
        self.columns = Columns(_without_tail(self._rows[self._header_line - 1][1]))
        if self.columns.problems:
            raise Problems([Problem(self.file, self._header_line, message) for message in self.columns.problems])
        self.agencies_only = self.columns.agencies_only or self.columns.declares_agencies
        self.agencies = tuple(self._declared()) if self.columns.declares_agencies else ()
        self.notes = tuple(
            Problem(self.file, self._header_line, f"the column {heading!r} is not used")
            for heading in self.columns.unused
        )

    def rows(self) -> Iterator[Draft | Problem]:
        """The rows below the header; ``line`` is the row number of the sheet."""
        if self.columns.declares_agencies:
            return
        reader = RowReader(self.file, self.columns)
        for line, cells in self._rows[self._header_line :]:
            bad = self._errors.get(line)
            row = Problem(self.file, line, f"holds an error in {bad}") if bad else reader.read(line, cells)
            if row is not None:
                yield row

    def _declared(self) -> Iterator[tuple[Agency, int]]:
        for line, cells in self._rows[self._header_line :]:
            try:
                if any(cells):
                    yield declared_agency(self.columns, cells), line
            except Malformed as error:
                raise Problems([Problem(self.file, line, str(error))]) from None


def _octets(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            octets = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise Problems([Problem(str(path), 0, f"cannot be read: {error.strerror}")]) from None
    if len(octets) > MAX_FILE:
        raise Problems([Problem(str(path), 0, f"is larger than {MAX_FILE >> 20} MiB; save it as CSV")])
    return octets


def _refuse_bombs(octets: bytes, file: str) -> None:
    """Unpack every entry piece by piece and count: what the directory says about sizes may be a lie."""
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Problems([Problem(file, 0, f"holds more than {MAX_ENTRIES} parts")])
            for entry in entries:
                total = _unpacked(archive, entry, total, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error):
        raise Problems([Problem(file, 0, "is not an XLSX workbook, or it is damaged or encrypted")]) from None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, total: int, file: str) -> int:
    own = 0
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Problems([Problem(file, 0, "is packed in a way that spreadsheets do not use")])
    entry.file_size = MAX_UNPACKED  # so that zipfile reads to the real end
    with archive.open(entry) as stream:
        while chunk := stream.read(1 << 16):
            if own == 0 and entry.filename.endswith((".xml", ".rels")) and re.search(rb"<!(?:DOCTYPE|ENTITY)", chunk):
                raise Problems([Problem(file, 0, "declares a document type or entities, which no spreadsheet needs")])
            own += len(chunk)
            if total + own > MAX_UNPACKED or (own > _SMALL and own > MAX_RATIO * max(entry.compress_size, 1)):
                raise Problems([Problem(file, 0, "unpacks to far more than its size (a zip bomb)")])
    return total + own


def _error_cells(octets: bytes, sheet: int) -> dict[int, str]:
    """The first cell of each row that holds an error such as #N/A; the reader would pass it off as empty."""
    found: dict[int, str] = {}
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        name = f"xl/worksheets/sheet{sheet + 1}.xml"
        if name in archive.namelist():
            for column, row in _ERROR_CELL.findall(archive.read(name)):
                found.setdefault(int(row), (column + row).decode())
    return found


def _cells(octets: bytes, file: str) -> tuple[int, list[tuple[int, list[str]]]]:
    """The place of the first visible sheet in the workbook, and its rows with their numbers."""
    try:
        calamine: Any = importlib.import_module("python_calamine")
    except ImportError:
        sentence = "is a workbook; reading one needs the extra: pip install 'ipv6check[xlsx]' (or save it as CSV)"
        raise Problems([Problem(file, 0, sentence)]) from None
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(BytesIO(octets))
        shown = calamine.SheetVisibleEnum.Visible
        place = next((n for n, one in enumerate(workbook.sheets_metadata) if one.visible == shown), 0)
        sheet = workbook.get_sheet_by_index(place)
        first = sheet.start[0] if sheet.start else 0
        rows = [[""]] * first + [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    except (calamine.CalamineError, IndexError, ValueError) as error:
        raise Problems([Problem(file, 0, f"is not a readable XLSX workbook: {error}")]) from None
    return place, list(enumerate(rows, start=1))


def _text(value: object) -> str:
    """A cell as it would stand in a CSV file."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _without_tail(headings: list[str]) -> list[str]:
    while headings and not headings[-1].strip():
        headings = headings[:-1]
    return headings
