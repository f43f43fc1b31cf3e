"""Which reader a file gets, and which further files it includes."""

import hashlib
import shutil
import sys
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path

from ipv6check.files.problem import Problem, ProblemLog, Problems
from ipv6check.inventory.csvfile import CsvReader
from ipv6check.inventory.document import YamlReader
from ipv6check.inventory.normalise import shown
from ipv6check.inventory.plainlist import PlainReader
from ipv6check.inventory.reader import Reader
from ipv6check.inventory.workbook import XlsxReader

STDIN = Path("-")
MAX_FILES = 1000


def open_reader(path: Path, *, encoding: str | None) -> Reader:
    """The reader for a file by its ending: .yaml, .yml, .csv, .tsv, .xlsx, else a plain list. Raises ``Problems``."""
    if path == STDIN:
        copy = _spooled()
        reader = PlainReader(copy, encoding=encoding, name="<stdin>")
        weakref.finalize(reader, copy.unlink, missing_ok=True)
        return reader
    if path.is_dir():
        raise Problems([Problem(str(path), 0, "is a folder; name the inventory files in it")])
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return YamlReader(path)
        case ".csv" | ".tsv":
            return CsvReader(path, encoding=encoding)
        case ".xlsx" | ".xlsm":
            return XlsxReader(path)
        case ".xls" | ".ods" | ".json":
            raise Problems([Problem(str(path), 0, "is not a format that is read; save it as XLSX, CSV or YAML")])
        case _:
            return PlainReader(path, encoding=encoding)


def _spooled() -> Path:
    """Standard input as a file that can be read twice."""
    with tempfile.NamedTemporaryFile(prefix="ipv6check-stdin-", suffix=".txt", delete=False) as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        return Path(copy.name)


def gather(paths: Sequence[Path], *, encoding: str | None, log: ProblemLog) -> list[Reader]:
    """Readers of all files, each followed by what it includes. Files that cannot be used go into ``log``."""
    readers: list[Reader] = []
    opened: set[Path] = set()
    for path in paths:
        if path != STDIN and path.resolve() in opened:
            log.add(str(path), 0, "is given twice or is included by another file already")
            continue
        _follow(path, (), encoding=encoding, log=log, readers=readers, opened=opened)
    return readers


def _follow(
    path: Path,
    above: tuple[Path, ...],
    *,
    encoding: str | None,
    log: ProblemLog,
    readers: list[Reader],
    opened: set[Path],
) -> None:
    own = path if path == STDIN else path.resolve()
    opened.add(own)
    if len(opened) > MAX_FILES:
        raise Problems([Problem(str(path), 0, f"is one file too many: more than {MAX_FILES} are included")])
    try:
        reader = open_reader(path, encoding=encoding)
    except Problems as fault:
        log.extend(fault.problems)
        return
    readers.append(reader)
    for name, line in reader.includes:
        further = (path.parent / name).resolve()
        if not further.is_relative_to(own.parent):
            log.add(reader.file, line, f"includes {shown(name)}, which is outside the folder of this file")
        elif further in (*above, own):
            log.add(reader.file, line, f"includes {shown(name)}, which includes this file again")
        elif further in opened:
            log.add(reader.file, line, f"includes {shown(name)}, which is already part of the inventory")
        elif not further.is_file():
            log.add(reader.file, line, f"includes {shown(name)}, which is not a file")
        else:
            _follow(path.parent / name, (*above, own), encoding=encoding, log=log, readers=readers, opened=opened)


def digest_of(readers: Sequence[Reader], *, encoding: str | None) -> str:
    """SHA-256 of the only file, or over the digests of several in their order; a named encoding counts too, because
    the same octets then say something else."""
    if len(readers) == 1 and encoding is None:
        return readers[0].digest
    parts = [reader.digest for reader in readers] + ([encoding.lower()] if encoding else [])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
