"""Tables, lists and inventories of our own as sources: read by the inventory's readers, chosen by content."""

import csv
from collections.abc import Callable, Collection
from pathlib import Path

from ipv6check.files.problem import Problem, Problems
from ipv6check.inventory.columns import FIELD_OF, fold
from ipv6check.inventory.csvfile import CsvReader
from ipv6check.inventory.document import YamlReader
from ipv6check.inventory.encoding import examine
from ipv6check.inventory.plainlist import PlainReader
from ipv6check.inventory.reader import Reader
from ipv6check.inventory.workbook import XlsxReader
from ipv6check.sources.harvest import Harvest

KINDS: dict[str, Callable[[Path, str | None], Reader]] = {
    "csv": lambda path, encoding: CsvReader(path, encoding=encoding),
    "xlsx": lambda path, _: XlsxReader(path),
    "list": lambda path, encoding: PlainReader(path, encoding=encoding),
    "yaml": lambda path, _: YamlReader(path),
}


def table_kind(path: Path, encoding: str | None) -> str:
    """csv, xlsx, list or yaml. Raises Problems if the file cannot be read."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK"):
        return "xlsx"
    if b"schema: ipv6check" in head or b'"ipv6check.inventory/' in head:
        return "yaml"
    if path.suffix.lower() in (".csv", ".tsv"):
        return "csv"
    text = examine(path, file=str(path), encoding=encoding)
    with path.open(encoding=text.encoding, newline="") as lines:
        for _ in range(50):
            line = lines.readline(65536)
            if line[:4].lower() == "sep=":
                return "csv"
            if line.strip() and not line.startswith("#"):
                return "csv" if _is_header(line) else "list"
    return "list"


def _is_header(line: str) -> bool:
    return any(
        fold(cell) in FIELD_OF for delimiter in ",;\t|" for cell in next(csv.reader([line], delimiter=delimiter), [])
    )


def read_table(path: Path, kind: str, harvest: Harvest, encoding: str | None) -> None:
    """Add every row. Raises Problems if the file as a whole cannot be used."""
    reader = KINDS[kind](path, encoding)
    if reader.includes:
        name, line = reader.includes[0]
        raise Problems([Problem(reader.file, line, f"includes {name!r}; import the files one by one")])
    harvest.notes += reader.notes
    harvest.agencies += reader.agencies
    numbered = _numbered(reader.columns.position) if isinstance(reader, CsvReader) else ""
    for row in reader.rows():
        if isinstance(row, Problem):
            harvest.faults.append(row)
            continue
        if row.id.isdigit() and numbered:
            # The number of a NetBox row is told apart by what it counts, as the REST import does it.
            row.id = f"{numbered}-{row.id}"
        if reader.agencies_only:
            harvest.naming.append(row)
        else:
            harvest.add(row)
    if isinstance(reader, CsvReader) and reader.left_out:
        harvest.left_out["rows whose status is not active"] += reader.left_out


def _numbered(have: Collection[str]) -> str:
    """What the numbers of a table count, if it is an export of NetBox; else empty."""
    if "status" not in have:
        return ""
    if "device_type" in have:
        return "netbox-device"
    if "cluster" in have:
        return "netbox-vm"
    return "netbox-address" if "dns_name" in have else "netbox-prefix"
