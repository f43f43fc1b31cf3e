"""Rows of cells, from CSV or XLSX, as drafts and agencies."""

import re
from datetime import date as Day

from ipv6check.files.problem import Problem
from ipv6check.inventory.columns import Columns
from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.normalise import Malformed, clean, shown
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Attestation

Cells = list[str]
_SEPARATORS = re.compile(r"[;,|]")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ACTIVE = frozenset({"", "active", "đang hoạt động"})
_BLANK = frozenset({"(blank)", "n/a", "null", "none", "-"})
_FORMULA = frozenset("=+-@")
_TRUE = {"": True, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class RowReader:
    """Turns the cells of one table into drafts. ``left_out`` counts rows whose status says they are not in use."""

    def __init__(self, file: str, columns: Columns) -> None:
        self._file = file
        self._columns = columns
        self._at = columns.position.get
        self.left_out = 0

    def read(self, line: int, cells: Cells) -> Draft | Problem | None:
        """One row; None for an empty one and for one that is not in use."""
        width = self._columns.width
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            return Problem(self._file, line, f"has {len(cells)} cells, but the header has {width}")
        if not any(cells):
            return None
        try:
            return self._draft(line, cells)
        except Malformed as error:
            return Problem(self._file, line, str(error))

    def _cell(self, cells: Cells, field: str) -> str:
        index = self._at(field)
        if index is None or index >= len(cells):
            return ""
        text = clean(cells[index])
        if text[:1] == "'" and text[1:2] in _FORMULA:
            text = text[1:]  # how spreadsheets are told that this is no formula
        return "" if text.lower() in _BLANK else text

    def _draft(self, line: int, cells: Cells) -> Draft | None:
        take = self._cell
        have = self._columns.position
        if self._columns.drops_inactive and take(cells, "status").casefold() not in _ACTIVE:
            self.left_out += 1
            return None
        draft = Draft(
            self._file, line, kind=take(cells, "kind"), name=take(cells, "name"), agency=take(cells, "agency")
        )
        index = have.get("target")
        if index is not None and index < len(cells):
            text = take(cells, "target")
            draft.trimmed = text != cells[index] and bool(text)
            draft.targets = [DraftTarget(part.strip()) for part in text.split("|") if part.strip()]
        if self._columns.has_more:
            self._rest(draft, cells)
        return draft

    def _rest(self, draft: Draft, cells: Cells) -> None:
        take = self._cell
        for field in self._columns.plain:
            setattr(draft, field, take(cells, field))
        draft.ports = [part for part in re.split(r"[;,|\s]+", take(cells, "port")) if part]
        draft.tags = [tag.strip().lower() for tag in _SEPARATORS.split(take(cells, "tags")) if tag.strip()]
        if draft.agency_until:
            draft.agency_until = day(draft.agency_until).isoformat()
        if self._columns.is_netbox:
            draft.targets += [
                DraftTarget(text)
                for field in ("primary_ip6", "primary_ip4", "dns_name")
                if (text := take(cells, field))
            ]
            have = self._columns.position.keys()
            draft.kind = draft.kind or ("" if "target" in have and not {"device_type", "cluster"} & have else "device")
        if self._columns.has_expectations:
            self._expectations(draft, cells)
        draft.attestation = self._attestation(cells)

    def _expectations(self, draft: Draft, cells: Cells) -> None:
        statuses = [part for part in re.split(r"[;,|\s]+", self._cell(cells, "expected_status")) if part]
        if not all(re.fullmatch(r"[1-5]\d\d(\.0)?", status) for status in statuses):
            raise Malformed("expected status is a list of HTTP status codes from 100 to 599")
        required = _TRUE.get(self._cell(cells, "required").lower())
        if required is None:
            raise Malformed("required is yes or no")
        send, expect = self._raw(cells, "send"), self._raw(cells, "expect")
        if not (statuses or send or expect or not required):
            return
        for one in draft.targets or [DraftTarget(draft.name)]:
            one.expected_status = tuple(int(float(status)) for status in statuses)
            one.send, one.expect, one.required = send, expect, required
            draft.targets = draft.targets or [one]

    def _raw(self, cells: Cells, field: str) -> str:
        """A cell whose blanks matter."""
        index = self._at(field)
        return cells[index] if index is not None and index < len(cells) else ""

    def _attestation(self, cells: Cells) -> Attestation | None:
        document, signer, signed, expires = (
            self._cell(cells, field) for field in ("document", "signer", "date", "expires")
        )
        if not (document or signer or signed):
            return None
        if not (document and signer and signed):
            raise Malformed("an attestation needs a document, a signer and a date")
        return Attestation(
            document=document,
            signer=signer,
            date=day(signed),
            expires=day(expires) if expires else None,
            reviewer=self._cell(cells, "reviewer"),
            product=self._cell(cells, "product"),
            version=self._cell(cells, "version"),
        )


def declared_agency(columns: Columns, cells: Cells) -> Agency:
    """The agency a row of an agency table declares. Raises ``Malformed``."""

    def take(field: str) -> str:
        index = columns.position.get(field)
        return clean(cells[index]) if index is not None and index < len(cells) else ""

    identity = take("code") or take("id")
    if not identity or not take("name"):
        raise Malformed(f"an agency needs a code and a name, not {shown(identity)} and {shown(take('name'))}")
    return Agency(id=identity, names={"und": take("name")}, level=take("level"), parent=take("parent") or None)


def day(text: str) -> Day:
    """An ISO day; a spreadsheet's midnight is cut off. Raises ``Malformed``."""
    try:
        return Day.fromisoformat(text.removesuffix(" 00:00:00") if _ISO_DAY.match(text) else "")
    except ValueError:
        raise Malformed(f"{shown(text)} is not a date such as 2025-12-31") from None
