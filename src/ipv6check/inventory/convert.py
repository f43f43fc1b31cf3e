"""Writing an inventory back: YAML (everything), CSV (flat) and JSON lines (as the program sees it).

YAML read again gives the same agencies and assets. CSV gives the same assets; of agencies it keeps names and two
levels, and it refuses what one row cannot say. A derived id is left out, since reading derives it again.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol as Shape

import msgspec

from ipv6check.inventory.agencies import slug
from ipv6check.inventory.normalise import shown
from ipv6check.inventory.schema import SCHEMA
from ipv6check.inventory.targets import MANAGEMENT, MANAGEMENT_PORTS
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Attestation, Kind, View
from ipv6check.model.target import Protocol, Target

ASSET_SCHEMA = "ipv6check.asset/1"
AGENCY_SCHEMA = "ipv6check.agency/1"
COLUMNS = tuple(
    column
    for line in (
        "id,kind,agency,bureau,name,target,port,tags,view,weight,role,owner,gateway,deployed,expected status,send",
        "expect,required,successor,agency valid to,document,signer,attestation date,expires,reviewer,product,version",
        "source,seen,vanished",
    )
    for column in line.split(",")
)
_FREE = frozenset(
    {"name", "agency", "bureau", "successor", "owner", "role", "document", "signer", "reviewer", "product"}
)
_DERIVED = re.compile(r"[a-z]+-[0-9a-f]{16}")


class Listing(Shape):
    """What can be written: a checked inventory, or what an import made."""

    @property
    def mandate(self) -> str:
        """The id of the mandate it suggests, empty for none."""

    @property
    def agencies(self) -> Mapping[str, Agency]:
        """Agencies by id."""

    @property
    def count(self) -> int:
        """Number of assets."""

    def __iter__(self) -> Iterator[Asset]:
        """The assets."""
        ...


class NotFlat(ValueError):
    """An asset that one CSV row cannot hold; the text says which and why."""


def as_yaml(inventory: Listing) -> Iterator[str]:
    """The lines of a YAML inventory."""
    yield f"schema: {SCHEMA}\n"
    if inventory.mandate:
        yield f"mandate: {json.dumps(inventory.mandate)}\n"
    if inventory.agencies:
        yield "agencies:\n"
        for agency in inventory.agencies.values():
            yield f"  - {agency_entry(agency)}\n"
    yield "assets:\n" if inventory.count else "assets: []\n"
    for asset in inventory:
        yield f"  - {asset_entry(asset)}\n"


def agency_entry(agency: Agency) -> str:
    """An agency as one line of YAML."""
    return flow(_agency_fields(agency))


def asset_entry(asset: Asset) -> str:
    """An asset as one line of YAML."""
    return flow(asset_fields(asset))


def agencies_as_yaml(agencies: Iterable[Agency]) -> Iterator[str]:
    """The lines of a YAML inventory that declares agencies and lists nothing, for others to include."""
    yield f"schema: {SCHEMA}\n"
    yield "agencies:\n"
    for agency in agencies:
        yield f"  - {agency_entry(agency)}\n"


def as_jsonl(inventory: Listing) -> Iterator[str]:
    """One JSON object a line, agencies first; each line names its schema."""
    for agency in inventory.agencies.values():
        yield _json_line(AGENCY_SCHEMA, agency)
    for asset in inventory:
        yield _json_line(ASSET_SCHEMA, asset)


def as_csv(inventory: Listing, *, delimiter: str = ",", named: set[str] | None = None) -> Iterator[str]:
    """The lines of a CSV table. Raises ``NotFlat``. What a spreadsheet would run as a formula gets an apostrophe.

    ``named`` is filled with the ids of the agencies that assets name.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for asset in inventory:
        row = _flat(asset, inventory.agencies)
        if named is not None:
            named.add(asset.agency)
        writer.writerow([_inert(row.get(column, ""), column) for column in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def asset_fields(asset: Asset) -> dict[str, object]:
    """An asset as the fields of the YAML format, without what reading adds by itself."""
    fields: dict[str, object] = {
        "id": "" if _DERIVED.fullmatch(asset.id) else asset.id,
        "kind": asset.kind.value,
        "agency": asset.agency,
        "name": asset.name,
        **_target_fields(asset),
        "tags": list(asset.tags),
        "view": "" if asset.view is View.PUBLIC else asset.view.value,
        "weight": "" if asset.weight == 1 else repr(asset.weight),
        "role": asset.role,
        "owner": asset.owner,
        "gateway": asset.gateway,
        "deployed": asset.deployed.isoformat() if asset.deployed else "",
        "source": asset.source,
        "seen": asset.seen.isoformat() if asset.seen else "",
        "vanished": asset.vanished.isoformat() if asset.vanished else "",
        "attestation": _paper_fields(asset.attestation),
    }
    return {key: value for key, value in fields.items() if value}


def _target_fields(asset: Asset) -> dict[str, object]:
    if asset.kind is Kind.NETWORK:
        return {"targets": [asset.prefix] if asset.prefix else []}
    if asset.kind is Kind.DEVICE:
        places = dict.fromkeys(f"{one.host}%{one.zone}" if one.zone else one.host for one in asset.targets)
        ports = list(dict.fromkeys(_plane(one) for one in asset.targets if one.any_of == MANAGEMENT))
        return {"targets": list(places), "ports": [] if tuple(ports) == MANAGEMENT_PORTS else ports}
    if asset.kind is Kind.DOMAIN and len(asset.targets) == 1:
        only = asset.targets[0]
        if only == Target(host=asset.name, port=443, protocol=Protocol.HTTPS):
            return {}
        if only.path != "/" and only == Target(host=only.host, port=443, protocol=Protocol.HTTPS, path=only.path):
            return {"targets": [only.host], "health": only.path}
    return {"targets": [_target_entry(one, asset.kind) for one in asset.targets]}


def _plane(target: Target) -> str:
    """A management port as an inventory writes it."""
    return str(target.port) if target.protocol is Protocol.TCP else f"{target.port}/{target.protocol}"


def target_text(target: Target, kind: Kind) -> str:
    """A target as an inventory writes it."""
    host = f"{target.host}%{target.zone}" if target.zone else target.host
    host = f"[{host}]" if ":" in host else host
    if not target.protocol.is_web:
        return f"{host}:{target.port}/{target.protocol}"
    if kind is Kind.DOMAIN and target.protocol is Protocol.HTTPS and target.port == 443 and target.path == "/":
        return target.host
    usual = 443 if target.protocol is Protocol.HTTPS else 80
    return f"{target.protocol}://{host}{'' if target.port == usual else f':{target.port}'}{target.path}"


def _target_entry(target: Target, kind: Kind) -> object:
    text = target_text(target, kind)
    extra = {
        "expected_status": [str(status) for status in target.expected_status],
        "send": _escaped(target.send),
        "expect": _escaped(target.expect),
        "required": "" if target.required else "no",
    }
    extra = {key: value for key, value in extra.items() if value}
    return {"target": text, **extra} if extra else text


def _escaped(text: str) -> str:
    r"""The inverse of reading: a backslash doubled, control characters as ``\xNN``."""
    return "".join(
        "\\\\" if character == "\\" else f"\\x{ord(character):02x}" if ord(character) < 32 else character
        for character in text
    )


def _agency_fields(agency: Agency) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": agency.id,
        "name": agency.names,
        "level": agency.level,
        "parent": agency.parent,
        "valid_from": agency.valid_from and agency.valid_from.isoformat(),
        "valid_to": agency.valid_to and agency.valid_to.isoformat(),
        "succeeded_by": list(agency.succeeded_by),
        "documents": [{"kind": one.kind, **_paper_fields(one.paper)} for one in agency.documents],
    }
    return {key: value for key, value in fields.items() if value}


def _paper_fields(paper: Attestation | None) -> dict[str, object]:
    if paper is None:
        return {}
    fields = {key: str(value) for key, value in msgspec.structs.asdict(paper).items() if value}
    return dict(fields)


def flow(fields: Mapping[str, object]) -> str:
    """A mapping on one line. JSON strings are YAML strings, so nothing in them can be misread."""
    return "{" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()) + "}"


def _json_line(schema: str, record: Asset | Agency) -> str:
    return '{"schema":"' + schema + '",' + msgspec.json.encode(record).decode()[1:] + "\n"


def _flat(asset: Asset, agencies: Mapping[str, Agency]) -> dict[str, str]:
    fields = asset_fields(asset)
    entries = fields.get("targets")
    listed = entries if isinstance(entries, list) else []
    texts = [entry["target"] if isinstance(entry, dict) else entry for entry in listed]
    extras = {json.dumps({k: v for k, v in entry.items() if k != "target"}) if isinstance(entry, dict) else "{}"
              for entry in listed}  # fmt: skip
    if len(extras) > 1 or "health" in fields:
        raise NotFlat(f"the targets of {shown(asset.name)} expect different things, which one CSV row cannot say")
    extra = json.loads(extras.pop()) if extras else {}
    paper = fields.get("attestation")
    row = {key: value for key, value in fields.items() if isinstance(value, str)}
    row |= {key: value for key, value in paper.items() if isinstance(value, str)} if isinstance(paper, dict) else {}
    if "date" in row:
        row["attestation date"] = row.pop("date")
    row |= {
        "target": "|".join(texts),
        "port": ";".join(port) if isinstance(port := fields.get("ports"), list) else "",
        "tags": ";".join(asset.tags),
        "expected status": ";".join(extra.get("expected_status", [])),
        "send": extra.get("send", ""),
        "expect": extra.get("expect", ""),
        "required": extra.get("required", ""),
    }
    return row | _agency_cells(agencies.get(asset.agency), agencies)


def _agency_cells(agency: Agency | None, agencies: Mapping[str, Agency]) -> dict[str, str]:
    """Names where reading makes the same ids of them, else the id."""
    if agency is None:
        return {}
    parent = agencies.get(agency.parent or "")
    name = agency.name("und")
    if parent is None and slug(name) == agency.id:
        after = agencies.get(agency.succeeded_by[0]) if agency.succeeded_by else None
        until = agency.valid_to.isoformat() if agency.valid_to else ""
        return {"agency": name} | ({"successor": after.name("und"), "agency valid to": until} if after else {})
    if parent is not None and parent.parent is None and agency.id == f"{slug(parent.name('und'))}/{slug(name)}":
        return {"agency": parent.name("und"), "bureau": name}
    return {"agency": agency.id, "bureau": ""}


def lost_in_csv(agencies: Mapping[str, Agency], named: Iterable[str]) -> tuple[int, int]:
    """How many agencies a CSV table of assets leaves out, since no asset names them, and of how many it holds less than
    is known: the id alone, or no level, dates, documents or second language."""
    held: set[str] = set()
    less = 0
    for id in named:
        agency = agencies.get(id)
        if agency is None:
            continue
        cells = _agency_cells(agency, agencies)
        held.add(id)
        if cells.get("bureau"):
            held.add(agency.parent or "")
        if "successor" in cells:
            held.add(agency.succeeded_by[0])
        told = agency.level or agency.valid_from or agency.documents or len(agency.names) > 1
        less += bool(told) or (cells["agency"] == id and agency.name("und") != id)
    return len(agencies.keys() - held), less


def _inert(text: str, column: str) -> str:
    return (
        f"'{text}" if column in ("name", "agency", "bureau", "owner", "role") and text[:1] in "=+-@" and text else text
    )
