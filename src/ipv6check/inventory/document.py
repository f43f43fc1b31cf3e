"""Inventories in YAML: the full format."""

from collections.abc import Iterator
from pathlib import Path

from ipv6check.files.problem import Problem, ProblemLog, Problems
from ipv6check.files.schema import validate_part
from ipv6check.files.yamlfile import YamlDocument, read_yaml
from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.schema import SCHEMA, AgencyEntry, AssetEntry, InventoryFile, TargetEntry
from ipv6check.model.agency import Agency, AgencyDocument
from ipv6check.model.asset import Attestation


class YamlReader:
    """One YAML inventory. Raises ``Problems`` if the file as a whole cannot be used; a faulty asset is a faulty row."""

    agencies_only = False
    notes: tuple[Problem, ...] = ()

    def __init__(self, path: Path) -> None:
        document = read_yaml(path)
        self.file = document.file
        self.digest = document.digest
        frame, self._rows = _split(document)
        self.mandate = frame.mandate or ""
        self.includes = tuple((name, document.line("include", index)) for index, name in enumerate(frame.include))
        self.agencies = tuple(
            (_agency(entry), document.line("agencies", index)) for index, entry in enumerate(frame.agencies)
        )

    def rows(self) -> Iterator[Draft | Problem]:
        """The assets in the order of the file."""
        yield from self._rows


def _split(document: YamlDocument) -> tuple[InventoryFile, list[Draft | Problem]]:
    """The frame checked as a whole, every asset by itself, so that one bad asset hides no other fault."""
    value = document.value
    log = ProblemLog()
    if isinstance(value, dict) and "schema" in value and value["schema"] != SCHEMA:
        log.add(document.file, document.line("schema"), f"schema must be {SCHEMA!r}")
        log.raise_if_any()
    assets = value.get("assets") if isinstance(value, dict) else None
    if isinstance(value, dict) and isinstance(assets, list):
        value = {**value, "assets": []}
    # An empty section (``agencies:`` with everything under it commented out) is an empty list.
    if isinstance(value, dict):
        value = {key: [] if item is None and key in ("include", "agencies", "assets") else item
                 for key, item in value.items()}  # fmt: skip
    frame = validate_part(document, InventoryFile, location=(), value=value, log=log)
    rows: list[Draft | Problem] = []
    for index, item in enumerate(assets if isinstance(assets, list) else []):
        rows += _row(document, index, item)
    if frame is None:
        # Without a frame nothing is loaded, so the faults of the assets are told along with it.
        log.extend(row for row in rows if isinstance(row, Problem))
        raise Problems(sorted(log.first, key=lambda problem: problem.line), total=log.total)
    return frame, rows


def _row(document: YamlDocument, index: int, item: object) -> list[Draft | Problem]:
    log = ProblemLog()
    if isinstance(item, dict):
        item = {key: value for key, value in item.items() if value is not None}
    entry = validate_part(document, AssetEntry, location=("assets", index), value=item, log=log)
    if entry is None:
        return list(log.first)
    return [_draft(document.file, document.line("assets", index), entry)]


def _agency(entry: AgencyEntry) -> Agency:
    return Agency(
        id=entry.id,
        names=dict(entry.name),
        level=entry.level,
        parent=entry.parent,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        succeeded_by=tuple(entry.succeeded_by),
        documents=tuple(
            AgencyDocument(
                kind=one.kind,
                paper=Attestation(document=one.document, signer=one.signer, date=one.date, expires=one.expires),
            )
            for one in entry.documents
        ),
    )


def _draft(file: str, line: int, entry: AssetEntry) -> Draft:
    given = entry.targets
    if not given and (entry.expected_status or entry.send or entry.expect):
        given = [TargetEntry(target=entry.name)] if entry.name else []
    paper = entry.attestation
    return Draft(
        file=file,
        line=line,
        id=entry.id or "",
        kind=entry.kind.value,
        agency=entry.agency,
        name=entry.name,
        targets=[
            DraftTarget(
                text=one.target,
                expected_status=tuple(one.expected_status or entry.expected_status),
                send=one.send or entry.send,
                expect=one.expect or entry.expect,
                required=one.required,
            )
            for one in given
        ],
        ports=list(entry.ports),
        protocol=entry.protocol,
        health=entry.health,
        tags=[tag.lower() for tag in entry.tags],
        view=entry.view.value,
        weight=str(entry.weight),
        role=entry.role,
        owner=entry.owner,
        gateway=entry.gateway,
        deployed=entry.deployed.isoformat() if entry.deployed else "",
        source=entry.source,
        seen=entry.seen.isoformat() if entry.seen else "",
        vanished=entry.vanished.isoformat() if entry.vanished else "",
        attestation=None
        if paper is None
        else Attestation(
            document=paper.document,
            signer=paper.signer,
            date=paper.date,
            expires=paper.expires,
            reviewer=paper.reviewer,
            product=paper.product,
            version=paper.version,
        ),
    )
