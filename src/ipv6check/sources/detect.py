"""What a file is, by its content: its name may be anything."""

import json
import re
from pathlib import Path

from ipv6check.files.yamlfile import read_yaml
from ipv6check.sources.harvest import MOST_OCTETS, SourceTrouble, fields_of
from ipv6check.sources.jsonlines import first_record
from ipv6check.sources.prometheus import is_discovery

_HEAD = 256 * 1024
_SOA = re.compile(r"^\s*(?:\S+\s+)?(?:\d+\w*\s+)?(?:IN\s+)?(?:\d+\w*\s+)?SOA\s+\S+\s+\S+", re.IGNORECASE | re.MULTILINE)
_DIRECTIVE = re.compile(r"^\$(?:ORIGIN|TTL|GENERATE|INCLUDE)\s", re.IGNORECASE | re.MULTILINE)
_GROUPS = re.compile(r"^\s*-\s+(?:targets|labels)\s*:", re.MULTILINE)


def kind_of_file(path: Path) -> str:
    """nmap, ansible, prometheus, zgrab2, httpx, zone, or inventory (tables, lists and YAML of our own).

    Raises SourceTrouble for what is none of them or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as fault:
        raise SourceTrouble(f"{path}: cannot be read: {fault.strerror}") from None
    if not head.strip():
        raise SourceTrouble(f"{path}: is empty")
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare[:1] == b"<":
        if b"<nmaprun" in head:
            return "nmap"
        raise SourceTrouble(f"{path}: is XML or HTML, but not of nmap")
    if bare[:1] in (b"{", b"["):
        return _kind_of_json(path, bare)
    text = head.decode("utf-8", "replace")
    if _GROUPS.search(text) and "schema:" not in text[:2000]:
        return "prometheus"
    if _DIRECTIVE.search(text) or _SOA.search(text):
        return "zone"
    return "inventory"


def _kind_of_json(path: Path, head: bytes) -> str:
    first = first_record(head)
    if isinstance(first.get("data"), dict) and ("ip" in first or "domain" in first):
        return "zgrab2"
    if "url" in first and ("input" in first or "status_code" in first or "webserver" in first):
        return "httpx"
    value = json_of(path)
    if "_meta" in fields_of(value):
        return "ansible"
    if is_discovery(value):
        return "prometheus"
    raise SourceTrouble(f"{path}: is JSON of no kind that is known; name it with --from")


def json_of(path: Path) -> object:
    """The JSON of a file. Raises SourceTrouble, also beyond the bound."""
    try:
        with path.open("rb") as stream:
            octets = stream.read(MOST_OCTETS + 1)
    except OSError as fault:
        raise SourceTrouble(f"{path}: cannot be read: {fault.strerror}") from None
    if len(octets) > MOST_OCTETS:
        raise SourceTrouble(f"{path}: is larger than {MOST_OCTETS >> 20} MiB")
    try:
        found: object = json.loads(octets.decode("utf-8-sig"))
    except json.JSONDecodeError as fault:
        raise SourceTrouble(f"{path}:{fault.lineno}: is not valid JSON: {fault.msg}") from None
    except (ValueError, RecursionError):
        raise SourceTrouble(f"{path}: is not valid JSON in UTF-8") from None
    return found


def discovery_of(path: Path) -> object:
    """A service-discovery file, JSON or YAML. Raises SourceTrouble or Problems."""
    with path.open("rb") as stream:
        starts_as_json = stream.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")
    return json_of(path) if starts_as_json else read_yaml(path).value
