"""A draft becomes an asset: kind, id, targets and facts, all normalised."""

import hashlib
import math
import re
from datetime import date as Day

from ipv6check.inventory.draft import Draft
from ipv6check.inventory.normalise import Malformed, address, shown
from ipv6check.inventory.targets import Probed, kind_of, probed
from ipv6check.model.asset import Asset, Kind, Origin, View

# Vietnamese words for the kinds, as they stand in Decision 34 and in lists that people keep.
KIND_WORDS = {kind.value: kind for kind in Kind} | {
    "tên miền": Kind.DOMAIN,
    "dịch vụ": Kind.SERVICE,
    "ứng dụng": Kind.APPLICATION,
    "thiết bị": Kind.DEVICE,
    "mạng": Kind.NETWORK,
    "mạng lưới": Kind.NETWORK,
    "phần mềm": Kind.SOFTWARE,
}
_BAD_ID = re.compile(r"[\x00-\x20\x7f-\xa0]")
_MAX_TEXT = 500


def kind(draft: Draft) -> Kind:
    """The kind as given, else as the first target (or the name) tells. Raises ``Malformed``."""
    if draft.kind:
        found = KIND_WORDS.get(draft.kind.strip().lower())
        if found is None:
            raise Malformed(f"the kind {shown(draft.kind)} is not one of {', '.join(kind.value for kind in Kind)}")
        return found
    told = draft.targets[0].text if draft.targets else draft.name
    if not told:
        raise Malformed("the row has neither a name nor a target")
    if draft.ports and kind_of(told) is Kind.DOMAIN:
        return Kind.SERVICE
    return kind_of(told)


def asset_id(kind: Kind, identity: str) -> str:
    """The id of an asset that was given none: never from agency or position, so that it survives both."""
    digest = hashlib.blake2b(f"{kind}\0{identity}".encode(), digest_size=8).hexdigest()
    return f"{kind}-{digest}"


def assemble(draft: Draft, *, agency: str) -> tuple[Asset, Probed]:
    """The asset of a draft under an agency id, and what it was made from. Raises ``Malformed`` with the first fault."""
    found = kind(draft)
    made = probed(found, draft)
    if draft.id and (_BAD_ID.search(draft.id) or len(draft.id) > 200):
        raise Malformed(f"the id {shown(draft.id)} holds blanks or is longer than 200 characters")
    for text in (made.name, draft.role, draft.owner, draft.source):
        _check_text(text)
    if draft.gateway and found is not Kind.NETWORK:
        raise Malformed("only a network has a gateway")
    asset = Asset(
        id=draft.id or asset_id(found, made.identity),
        kind=found,
        name=made.name,
        agency=agency,
        targets=made.targets,
        tags=tuple(dict.fromkeys(draft.tags)),
        view=_view(draft.view),
        weight=_weight(draft.weight),
        role=draft.role and _word(draft.role),
        owner=draft.owner,
        prefix=made.prefix,
        gateway=_gateway(draft.gateway),
        attestation=draft.attestation,
        deployed=_day(draft.deployed, "deployment"),
        source=draft.source,
        seen=_day(draft.seen, "seeing it"),
        vanished=_day(draft.vanished, "vanishing"),
        origin=Origin(file=draft.file, line=draft.line),
    )
    return asset, made


def _gateway(text: str) -> str:
    if not text:
        return ""
    literal, zone = address(text)
    return f"{literal}%{zone}" if zone else literal


def _day(text: str, of: str) -> Day | None:
    if not text:
        return None
    try:
        return Day.fromisoformat(text) if len(text) == 10 else _no_day(text, of)
    except ValueError:
        return _no_day(text, of)


def _no_day(text: str, of: str) -> Day:
    raise Malformed(f"the day of {of} {shown(text)} is not written as 2025-12-31")


def _word(text: str) -> str:
    """A role as one word, so that ``Patch Panel`` of an export is the ``patch-panel`` of a mandate."""
    return "-".join(text.lower().split())


def _check_text(text: str) -> None:
    if len(text) > _MAX_TEXT:
        raise Malformed(f"{shown(text)} is longer than {_MAX_TEXT} characters")
    if not text.isprintable():
        raise Malformed(f"{shown(text)} holds a line break or another character that cannot be printed")


def _view(text: str) -> View:
    if not text:
        return View.PUBLIC
    try:
        return View(text.strip().lower())
    except ValueError:
        raise Malformed(f"the view {shown(text)} is not public or internal") from None


def _weight(text: str) -> float:
    if not text:
        return 1.0
    try:
        weight = float(text.strip().replace(",", "."))
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight) or weight < 0:
        raise Malformed(f"the weight {shown(text)} is not a number of 0 or more")
    return weight
