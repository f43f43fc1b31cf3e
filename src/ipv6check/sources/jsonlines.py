"""JSON lines of scanners: zgrab2 (what answered on a port) and ProjectDiscovery's httpx (which URL answered)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.sources.harvest import Harvest, SourceTrouble, fields_of, text_of

MOST_IN_A_LINE = 16 * 1024 * 1024  # an httpx line may carry a whole page

# zgrab2 module: protocol word and usual port.
_MODULES = {
    "http": ("http", "80"), "tls": ("tls", "443"), "ssh": ("ssh", "22"), "smtp": ("smtp", "25"),
    "imap": ("imap", "143"), "pop3": ("pop3", "110"), "ftp": ("ftp", "21"), "telnet": ("telnet", "23"),
    "mysql": ("mysql", "3306"), "postgres": ("postgres", "5432"), "mssql": ("mssql", "1433"),
    "oracle": ("oracle", "1521"), "redis": ("redis", "6379"),
    "smb": ("smb", "445"), "banner": ("tcp", "80"), "jarm": ("tls", "443"),
}  # fmt: skip


def read_zgrab(path: Path, harvest: Harvest) -> None:
    """Add the services that answered. Raises SourceTrouble if the file cannot be read."""
    for line, record in _records(path, harvest):
        host = text_of(record.get("domain")) or text_of(record.get("ip"))
        results = fields_of(record.get("data"))
        if not host or not results:
            harvest.reject(line, "is not a result of zgrab2: it has no domain or ip, or no data")
            continue
        for name, found in results.items():
            _zgrab_result(line, host, name, fields_of(found), harvest)


def _zgrab_result(line: int, host: str, name: str, found: dict[str, object], harvest: Harvest) -> None:
    if text_of(found.get("status")) != "success":
        harvest.left_out["services that did not answer"] += 1
        return
    module = text_of(found.get("protocol")) or name
    if module not in _MODULES:
        harvest.reject(line, f"the module {module[:40]!r} has no protocol that can be asked")
        return
    word, usual = _MODULES[module]
    port = text_of(found.get("port")) or usual
    response = fields_of(fields_of(found.get("result")).get("response"))
    if word == "http" and (port == "443" or "tls_log" in fields_of(response.get("request"))):
        word = "https"
    if word == "tls" and port == "443":
        word = "https"
    place = f"[{host}]" if ":" in host else host
    harvest.add(Draft(harvest.file, line, kind="service", targets=[DraftTarget(f"{place}:{port}/{word}")]))


def read_httpx(path: Path, harvest: Harvest) -> None:
    """Add the URLs that answered, as applications. Raises SourceTrouble if the file cannot be read."""
    for line, record in _records(path, harvest):
        if record.get("failed") is True:
            harvest.left_out["addresses that did not answer"] += 1
            continue
        url = text_of(record.get("url"))
        if not url:
            harvest.reject(line, "is not a result of httpx: it has no url")
            continue
        # A title is what the site says of itself; the name in an inventory is a person's.
        harvest.add(Draft(harvest.file, line, kind="application", targets=[DraftTarget(url)]))


def first_record(octets: bytes) -> dict[str, object]:
    """The JSON object on the first line that is not blank; empty if there is none."""
    for line in octets.splitlines():
        if line.strip():
            try:
                return fields_of(json.loads(line))
            except (ValueError, RecursionError):
                return {}
    return {}


def _records(path: Path, harvest: Harvest) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        with path.open("rb") as stream:
            for number, line in _lines(stream, path):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    harvest.reject(number, "is not a JSON object on one line")
                    continue
                if not isinstance(record, dict):
                    harvest.reject(number, "is not a JSON object on one line")
                    continue
                yield number, record
    except OSError as fault:
        raise SourceTrouble(f"{path}: cannot be read: {fault.strerror}") from None


def _lines(stream: BinaryIO, path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(MOST_IN_A_LINE):
        number += 1
        if len(line) >= MOST_IN_A_LINE:
            raise SourceTrouble(f"{path}:{number}: is a line longer than {MOST_IN_A_LINE >> 20} MiB")
        yield number, line
