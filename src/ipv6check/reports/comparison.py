"""A report file held against what is counted now: its block, its figures, and everything else that it shows."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from ipv6check.model.record import Record
from ipv6check.model.standing import Standing
from ipv6check.model.trouble import MissingExtra
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.registry import DOCUMENTS, FILES, FORMATS
from ipv6check.reports.signature import FIGURES, Block, block_of, unsealed, without_seal
from ipv6check.reports.workbook.lists import WORKING_COLUMNS

SHOWN = 20
"""Differences that are told one by one."""

_Cell = int | float | str | bool | time | date | datetime | timedelta
_LONGEST = 160
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_MOST_OCTETS = 50_000_000
_WORD_BODY = "word/document.xml"
_XLSX, _PDF = b"PK\x03\x04", b"%PDF"


class Unreadable(ValueError):
    """A file that looks like a workbook and is none."""


class Difference(Record, frozen=True, kw_only=True):
    """One place where a file and the store disagree. ``kind`` is figure, text, row or octets; texts are inert."""

    kind: str
    where: str
    written: str = ""
    counted: str = ""


def read_block(octets: bytes) -> Block | None:
    """The signature block of a report file of any format; None if there is none. Raises Broken,
    Unreadable and MissingExtra."""
    if is_word(octets):
        return unsealed("\n".join(_word_lines(octets)))
    if octets.startswith(_XLSX):
        return unsealed("".join(str(row[0]) for rows in _sheets(octets).values() for row in rows if row))
    if octets.startswith(_PDF):
        found = (unsealed(text) for text in _streams(octets))
        return next((block for block in found if block), None)
    return unsealed(octets.decode("utf-8-sig", "replace"))


def figures_that_differ(block: Block, standing: Standing) -> list[Difference]:
    """Exact counts that the block states otherwise than they are counted now; all of them have one kind, figure."""
    now = block_of(standing, block.language, block.format)
    found = []
    for key in {**block.figures, **now.figures}:
        stated, counted = block.figures.get(key, ()), now.figures.get(key, ())
        for index, name in enumerate(FIGURES):
            pair = [str(one[index]) if index < len(one) else "–" for one in (stated, counted)]
            if pair[0] != pair[1]:
                found.append(Difference(kind="figure", where=f"{inert(key)}: {name}", written=pair[0], counted=pair[1]))
    if not found and block.digest != now.digest:
        found.append(Difference(kind="figure", where="SHA-256", written=block.digest, counted=now.digest))
    return found


def content_that_differs(block: Block, octets: bytes, standing: Standing) -> Iterator[Difference]:
    """What the file shows otherwise than the same report written now. The order of a workbook's rows is free, and so
    are the columns of its fix list that an office fills in."""
    if block.format == "xlsx":
        yield from _workbook(octets, standing, block.language)
    elif block.format == "docx":
        yield from _compared(_word_lines(octets), _word_lines(_written(block, standing)))
    elif block.format == "pdf":
        if octets != _written(block, standing):
            yield Difference(kind="octets", where=block.format)
    else:
        yield from _text(octets, _lines(block, standing))


def _written(block: Block, standing: Standing) -> bytes:
    from ipv6check.reports.paper.as_pdf import FIELDS

    file = io.BytesIO()
    fields = {name: value for name, value in block.options.items() if name in FIELDS}
    DOCUMENTS[block.format](standing, block.language, file, fields=fields)
    return file.getvalue()


def is_word(octets: bytes) -> bool:
    """True for a Word document, which is packed as a workbook is."""
    if not octets.startswith(_XLSX):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as packed:
            return _WORD_BODY in packed.namelist()
    except zipfile.BadZipFile:
        return False


def _word_lines(octets: bytes) -> list[str]:
    """The paragraphs of a Word document in their order, those in cells too. Raises MissingExtra and Unreadable."""
    try:
        from docx import Document
        from docx.oxml.ns import qn
    except ImportError:
        raise MissingExtra("a Word document", "docx") from None
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_OCTETS:
                raise Unreadable("it is too big")
        body = Document(io.BytesIO(octets)).element.body
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise Unreadable(str(error)) from None
    return ["".join(one.text or "" for one in line.iter(qn("w:t"))) for line in body.iter(qn("w:p"))]


def _lines(block: Block, standing: Standing) -> Iterator[str]:
    """The report as text, written with the options of the block."""
    from ipv6check.reports.machine import as_csv
    from ipv6check.reports.page import as_html

    if block.format == "html":
        return as_html.render(standing, block.language, published=block.options.get("published") == "yes")
    if block.format == "csv":
        return as_csv.render(standing, block.language, delimiter=block.options.get("delimiter", ","))
    return FORMATS[block.format](standing, block.language)


def _text(octets: bytes, lines: Iterator[str]) -> Iterator[Difference]:
    text = octets.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    yield from _compared(text.removesuffix("\n").split("\n"), "\n".join(lines).removesuffix("\n").split("\n"))


def _compared(written: Iterable[str], now: Iterable[str]) -> Iterator[Difference]:
    there, counted = ([without_seal(line) for line in lines] for lines in (written, now))
    for number in range(max(len(there), len(counted))):
        pair = [one[number] if number < len(one) else "" for one in (there, counted)]
        if pair[0] != pair[1]:
            start = next((at for at, (a, b) in enumerate(zip(*pair, strict=False)) if a != b), min(map(len, pair)))
            told = [inert(one[max(0, start - 40) : start + _LONGEST - 40]) for one in pair]
            yield Difference(kind="text", where=str(number + 1), written=told[0], counted=told[1])


def _workbook(octets: bytes, standing: Standing, language: str) -> Iterator[Difference]:
    file = io.BytesIO()
    FILES["xlsx"](standing, language, file)
    there, counted = _sheets(octets), _sheets(file.getvalue())
    free = Messages(language).word("sheet", "fixes")
    for name, rows in counted.items():
        left = WORKING_COLUMNS if name == free else 0
        expected = Counter(_row(row, left) for row in rows)
        for number, row in enumerate(there.get(name, []), start=1):
            cells = _row(row, left)
            if expected[cells]:
                expected[cells] -= 1
            elif cells:
                yield Difference(kind="row", where=f"{name}, {number}", written=_told(cells))
        for cells, times in expected.items():
            if cells and times:
                yield Difference(kind="row", where=name, counted=_told(cells))
    for name in there.keys() - counted.keys():
        yield Difference(kind="row", where=inert(name), written="…")


def _row(row: list[_Cell], left_out: int) -> tuple[str, ...]:
    """A row for comparing: without the seal, which is read by itself, and without empty cells at its end."""
    width = len(row) - left_out if left_out else len(row)
    cells = [without_seal(str(cell)) for cell in row[:width]]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _told(cells: tuple[str, ...]) -> str:
    return inert(" | ".join(cells))[:_LONGEST]


def _sheets(octets: bytes) -> dict[str, list[list[_Cell]]]:
    """The cells of a workbook. Raises MissingExtra and Unreadable."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise MissingExtra("a workbook", "xlsx") from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(octets))
    except CalamineError as error:
        raise Unreadable(str(error)) from None
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _streams(octets: bytes) -> Iterator[str]:
    """Every stream of a PDF as text, unpacked where it is packed: the block is in an attachment."""
    for found in _STREAM.finditer(octets):
        try:
            yield zlib.decompressobj().decompress(found.group(1), _MOST_OCTETS).decode("latin-1")
        except zlib.error:
            yield found.group(1).decode("latin-1")
