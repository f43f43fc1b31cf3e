"""From what a person names (a file, ``https://…``, ``axfr://SERVER/ZONE``) to what it lists."""

from pathlib import Path
from urllib.parse import urlsplit

from ipv6check.inventory.encoding import examine
from ipv6check.model.record import Record
from ipv6check.net.clients.jsonsource import JsonSource
from ipv6check.net.dns.zonetext import Key, Zone, read_zone, transfer
from ipv6check.sources import ansible, jsonlines, netbox, nmap, prometheus, tables, zone
from ipv6check.sources.detect import discovery_of, json_of, kind_of_file
from ipv6check.sources.harvest import MOST_OCTETS, Harvest, SourceTrouble, without_secrets

FILE_KINDS = ("ansible", "nmap", "zgrab2", "httpx", "prometheus", "zone", *tables.KINDS)
KINDS = ("netbox", *FILE_KINDS)


class Wanted(Record, frozen=True, kw_only=True):
    """How to read a source. ``kind`` is one of KINDS, empty to find out by the content; ``token`` and ``key`` are
    secrets and are shown nowhere; ``name`` replaces the name by which the origin of assets is noted."""

    kind: str = ""
    name: str = ""
    origin: str = ""
    token: str = ""
    key: Key | None = None
    ca_file: str = ""
    encoding: str = ""

    def __repr__(self) -> str:
        return f"Wanted(kind={self.kind!r})"


def harvest_of(source: str, wanted: Wanted) -> Harvest:
    """What one source lists. Raises Trouble: one sentence for whatever makes it unusable."""
    if wanted.kind and wanted.kind not in KINDS:
        raise SourceTrouble(f"--from {wanted.kind}: not one of {', '.join(KINDS)}")
    scheme, marked, _ = source.partition("://")
    if marked and scheme.lower() == "axfr":
        return harvest_of_zone(transferred(source, wanted), file=without_secrets(source), name=wanted.name)
    if marked and scheme.lower() in ("http", "https"):
        return _fetched(source, wanted)
    if marked:
        raise SourceTrouble(f"{scheme[:20]}://…: a source is a file, https://… or axfr://SERVER/ZONE")
    return _read(Path(source), wanted)


def _fetched(url: str, wanted: Wanted) -> Harvest:
    base = without_secrets(url)
    if wanted.kind == "netbox":
        base = base.removesuffix("/api")
        harvest = Harvest(wanted.name or f"netbox {base}", base)
        with JsonSource(base, authorization=netbox.authorization(wanted.token), ca_file=wanted.ca_file) as service:
            netbox.read_netbox(service, harvest)
        return harvest
    if wanted.kind == "prometheus":
        harvest = Harvest(wanted.name or f"prometheus {base}", base)
        bearer = f"Bearer {wanted.token}" if wanted.token else ""
        with JsonSource(base, authorization=bearer, ca_file=wanted.ca_file) as service:
            prometheus.read_discovery(base, service.get(), harvest)
        return harvest
    raise SourceTrouble(f"{base}: say what it is, --from netbox or --from prometheus")


def zone_from(source: str, wanted: Wanted) -> Zone:
    """A zone from a file or by ``axfr://SERVER/ZONE``. Raises Trouble."""
    return transferred(source, wanted) if source.lower().startswith("axfr://") else zone_of(Path(source), wanted.origin)


def transferred(url: str, wanted: Wanted) -> Zone:
    """A zone by AXFR. Raises Trouble."""
    shown = without_secrets(url)
    parts = urlsplit(shown)
    name = parts.path.strip("/").rstrip(".")
    if not name or "/" in name or not parts.hostname:
        raise SourceTrouble(f"{shown}: write axfr://SERVER/ZONE, as in axfr://ns1.example.vn/example.vn")
    if wanted.kind not in ("", "zone"):
        raise SourceTrouble(f"{shown}: is a zone, not {wanted.kind}")
    return transfer(name, parts.hostname, port=parts.port or 53, key=wanted.key)


def harvest_of_zone(found: Zone, *, file: str, name: str = "") -> Harvest:
    """What a zone lists; its origin is noted the same whether it came from a file or a server."""
    harvest = Harvest(name or f"zone {found.origin}", file)
    zone.read_names(found, harvest)
    return harvest


def zone_of(path: Path, origin: str = "") -> Zone:
    """The zone in a file. Raises Trouble."""
    if not path.is_file():
        raise SourceTrouble(f"{path}: is not a file")
    if path.stat().st_size > MOST_OCTETS:
        raise SourceTrouble(f"{path}: is larger than {MOST_OCTETS >> 20} MiB")
    encoding = examine(path, file=str(path), encoding=None).encoding
    return read_zone(path.read_text(encoding=encoding), file=str(path), origin=origin)


def _read(path: Path, wanted: Wanted) -> Harvest:
    if str(path) == "-":
        raise SourceTrouble("-: standard input is not imported; save it in a file first")
    if path.is_dir():
        raise SourceTrouble(f"{path}: is a folder; name the files in it")
    if not path.exists():
        raise SourceTrouble(f"{path}: does not exist")
    if not path.is_file():
        raise SourceTrouble(f"{path}: is not a regular file; save it first")
    kind = wanted.kind or kind_of_file(path)
    if kind == "netbox":
        kind = "csv"
    if kind == "inventory":
        kind = tables.table_kind(path, wanted.encoding or None)
    if kind == "zone":
        return harvest_of_zone(zone_of(path, wanted.origin), file=str(path), name=wanted.name)
    harvest = Harvest(wanted.name or f"{kind} {path.name}", str(path))
    match kind:
        case "nmap":
            nmap.read_nmap(path, harvest)
        case "zgrab2":
            jsonlines.read_zgrab(path, harvest)
        case "httpx":
            jsonlines.read_httpx(path, harvest)
        case "ansible":
            ansible.read_ansible(path, json_of(path), harvest)
        case "prometheus":
            prometheus.read_discovery(path, discovery_of(path), harvest)
        case _:
            tables.read_table(path, kind, harvest, wanted.encoding or None)
    return harvest
