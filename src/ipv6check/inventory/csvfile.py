"""CSV as spreadsheets and people write it: any of four delimiters, comments, and one row in memory at a time."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ipv6check.files.problem import Problem, Problems
from ipv6check.inventory.columns import Columns
from ipv6check.inventory.draft import Draft
from ipv6check.inventory.encoding import TextFile, examine
from ipv6check.inventory.normalise import Malformed
from ipv6check.inventory.reader import Stamp
from ipv6check.inventory.table import RowReader, declared_agency
from ipv6check.model.agency import Agency

MAX_LINE = 1 << 20
MAX_HEADER = 1 << 16
_DELIMITERS = ",;\t|"
Row = tuple[int, list[str]]


class CsvReader:
    """One CSV inventory. Raises ``Problems`` if its text or header cannot be used. ``left_out`` counts, after ``rows``,
    those whose status says that they are not in use."""

    mandate = ""
    includes: tuple[tuple[str, int], ...] = ()
    left_out = 0

    def __init__(self, path: Path, *, encoding: str | None = None) -> None:
        self.file = str(path)
        self._text = examine(path, file=self.file, encoding=encoding)
        self.digest = self._text.digest
        self._stamp = Stamp(path)
        self._delimiter, self._header_line, self.columns = self._header()
        self.agencies_only = self.columns.agencies_only or self.columns.declares_agencies
        self.agencies = tuple(self._declared()) if self.columns.declares_agencies else ()
        self.notes = tuple(notes(self._text, self.columns, self._header_line))

    def rows(self) -> Iterator[Draft | Problem]:
        """The rows below the header."""
        if self.columns.declares_agencies:
            return
        reader = RowReader(self.file, self.columns)
        for found in self._records():
            row = found if isinstance(found, Problem) else reader.read(*found)
            if row is not None:
                yield row
        self.left_out = reader.left_out
        self._stamp.check()

    def _declared(self) -> Iterator[tuple[Agency, int]]:
        faults = []
        for found in self._records():
            if isinstance(found, Problem):
                faults.append(found)
                continue
            try:
                yield declared_agency(self.columns, found[1]), found[0]
            except Malformed as error:
                faults.append(Problem(self.file, found[0], str(error)))
        if faults:
            raise Problems(faults)

    def _header(self) -> tuple[str, int, Columns]:
        with self._open() as stream:
            told = ""
            for number, line in enumerate(_lines(stream, self.file), start=1):
                if number == 1 and line[:4].lower() == "sep=":
                    told = line[4:5]
                elif line.strip() and not line.startswith("#"):
                    delimiter = told or _delimiter(line)
                    headings = next(csv.reader([line], delimiter=delimiter))
                    return delimiter, number, self._checked(number, headings)
        raise Problems([Problem(self.file, 0, "is empty")])

    def _checked(self, number: int, headings: list[str]) -> Columns:
        columns = Columns(headings)
        if columns.problems:
            raise Problems([Problem(self.file, number, message) for message in columns.problems])
        return columns

    def _open(self) -> TextIO:
        return self._text.path.open(encoding=self._text.encoding, newline="")

    def _records(self) -> Iterator[Row | Problem]:
        """Rows with the line they begin on; a broken one is a problem and reading goes on after it."""
        with self._open() as stream:
            lines = _lines(stream, self.file)
            for _ in range(self._header_line):
                next(lines)
            # Strict: a quote in the wrong place is told, where the lax reader would quietly join cells.
            parser = csv.reader(_without_comments(lines), delimiter=self._delimiter, strict=True)
            while True:
                # The module counts the lines it was given; comments reach it as empty lines.
                line = self._header_line + parser.line_num + 1
                try:
                    cells = next(parser)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Problem(self.file, line, _sentence(str(error)))
                    continue
                if cells:
                    yield line, cells


def _sentence(fault: str) -> str:
    if "field larger" in fault:
        return f"has a cell longer than {csv.field_size_limit()} characters; perhaps a quote is never closed"
    if "unexpected end" in fault:
        return "opens a quote that is never closed"
    return f"is not valid CSV: {fault}"


def _lines(stream: TextIO, file: str) -> Iterator[str]:
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        if len(line) >= MAX_LINE:
            raise Problems([Problem(file, number, f"is a line longer than {MAX_LINE} characters")])
        yield line


def _without_comments(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield "\n" if line.startswith("#") else line


def _delimiter(line: str) -> str:
    """The commonest delimiter outside quotes; the comma where there is none (one column)."""
    bare = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def notes(text: TextFile, columns: Columns, line: int) -> Iterator[Problem]:
    """Warnings about the file as a whole."""
    file = str(text.path)
    if text.guessed:
        yield Problem(
            file, 0, f"was read as {text.guessed}; name another encoding with --encoding if letters are wrong"
        )
    for heading in columns.unused:
        yield Problem(file, line, f"the column {heading!r} is not used")
    if columns.agencies_only:
        yield Problem(file, line, "lists agencies only: no column names a host, address or URL")
