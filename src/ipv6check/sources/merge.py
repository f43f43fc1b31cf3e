"""Merging an import into an inventory that people keep: what they wrote stays, new is added, gone is marked.

The file's text is edited in place of being written anew, so that comments, order and layout survive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from ipv6check.files.problem import Problem
from ipv6check.inventory.agencies import folded
from ipv6check.inventory.assemble import asset_id
from ipv6check.inventory.convert import asset_fields
from ipv6check.inventory.load import Inventory
from ipv6check.inventory.normalise import shown
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Kind
from ipv6check.sources.assembly import Imported
from ipv6check.sources.harvest import SourceTrouble

_NOT_COMPARED = frozenset({"id", "kind", "source", "seen", "vanished"})
Change = dict[str, object]  # field: new value; None takes the field away


@dataclass(slots=True)
class Merge:
    """What a merge does. ``changes`` are by the index of an asset in the inventory; ``differing`` tells what the source
    says otherwise than the file; ``elsewhere`` counts marks that belong into included files, which are left alone."""

    new: list[Asset] = field(default_factory=list)
    new_agencies: list[Agency] = field(default_factory=list)
    changes: dict[int, Change] = field(default_factory=dict)
    filled: int = 0
    updated: int = 0
    kept: int = 0
    covered: int = 0
    vanished: list[Asset] = field(default_factory=list)
    returned: list[Asset] = field(default_factory=list)
    differing: list[Problem] = field(default_factory=list)
    elsewhere: int = 0
    unmarked: tuple[str, ...] = ()


def merged(existing: Inventory, found: Imported, *, today: date, update: frozenset[str] = frozenset()) -> Merge:
    """Compare. An asset is the same if its id is, or kind and targets are; a domain is also covered by any asset that
    has its host. Fields in ``update`` are taken from the source even where the file says otherwise."""
    done = Merge()
    listed = list(existing)
    agency_of = _agencies(existing, found, done)
    by_id = {asset.id: index for index, asset in enumerate(listed)}
    by_targets = {_key(asset): index for index, asset in enumerate(listed)}
    hosts = {target.host for asset in listed for target in asset.targets}
    matched: set[int] = set()
    for raw in found:
        asset = msgspec.structs.replace(raw, agency=agency_of.get(raw.agency, raw.agency))
        index = by_id.get(asset.id)
        if index is None:
            index = by_targets.get(_key(asset))
        if index is not None:
            matched.add(index)
            _compare(existing, listed[index], asset, index, update, done)
        elif asset.kind is Kind.DOMAIN and asset.host in hosts:
            done.covered += 1
        else:
            done.new.append(asset)
    _mark(existing, listed, matched, found, today, done)
    return done


def _key(asset: Asset) -> str:
    """What an asset is known by beside its id, without what people like to refine: ports, protocols and paths."""
    if asset.kind is Kind.APPLICATION:
        parts = {one.key for one in asset.targets}
    elif asset.kind is Kind.SERVICE:
        parts = {f"{one.host}%{one.zone}:{one.port}" for one in asset.targets}
    else:
        parts = {f"{one.host}%{one.zone}" for one in asset.targets}
    return asset_id(asset.kind, " ".join(sorted(parts)) or asset.prefix or f"name {folded(asset.name)}")


def _agencies(existing: Inventory, found: Imported, done: Merge) -> dict[str, str]:
    """Ids of the import to ids of the file; agencies that the file lacks are added with those above and after them.

    Raises SourceTrouble for a name that several have.
    """
    named: dict[str, list[Agency]] = {}
    for agency in existing.agencies.values():
        for name in {folded(name) for name in agency.names.values()}:
            named.setdefault(name, []).append(agency)
    wanted: set[str] = set()
    waiting = [asset.agency for asset in found] if found.count else list(found.agencies)
    while waiting:
        one = waiting.pop()
        if one and one not in wanted:
            wanted.add(one)
            waiting += [found.agencies[one].parent or "", *found.agencies[one].succeeded_by]
    result: dict[str, str] = {}
    # Parents before their children, so that a child is looked for below the right one only.
    for agency in sorted(found.agencies.values(), key=lambda entry: _depth(entry, found)):
        if agency.id in wanted:
            result[agency.id] = _match(agency, existing, named, result)
    for agency in found.agencies.values():
        if result.get(agency.id, "") not in {"", *existing.agencies}:
            done.new_agencies.append(
                msgspec.structs.replace(
                    agency,
                    parent=result[agency.parent] if agency.parent else None,
                    succeeded_by=tuple(result[after] for after in agency.succeeded_by),
                )
            )
    return result


def _depth(agency: Agency, found: Imported) -> int:
    depth = 0
    while agency.parent is not None and agency.parent in found.agencies:
        agency, depth = found.agencies[agency.parent], depth + 1
        if depth > len(found.agencies):
            raise SourceTrouble(f"the agency {shown(agency.id)} is above itself")
    return depth


def _match(agency: Agency, existing: Inventory, named: Mapping[str, list[Agency]], result: Mapping[str, str]) -> str:
    """The id of the same agency in the file, else its own: by name below the same parent, a root by name or id."""
    text = next(iter(agency.names.values()))
    if agency.parent is None and text in existing.agencies:
        return text
    same = named.get(folded(text), [])
    if agency.parent is not None:
        same = [one for one in same if one.parent == result.get(agency.parent)]
    elif roots := [one for one in same if one.parent is None]:
        same = roots
    if len(same) > 1:
        ids = ", ".join(one.id for one in same)
        raise SourceTrouble(f"the agency {shown(text)} names several: {ids}; say which with --agency-map '{text}=ID'")
    return same[0].id if same else agency.id


def _compare(existing: Inventory, old: Asset, new: Asset, index: int, update: frozenset[str], done: Merge) -> None:
    said, written = asset_fields(new), asset_fields(old)
    change: Change = {}
    for name, value in said.items():
        if name in _NOT_COMPARED or _is_said(written.get(name), value):
            continue
        if name not in written:
            if name != "targets" or not old.targets:
                change[name] = value
        elif name in update:
            change[name] = value
        else:
            place = old.origin
            done.differing.append(
                Problem(
                    place.file if place else existing.files[0],
                    place.line if place else 0,
                    f"{old.name}: {name} is kept as written; {new.source} says {_short(value)}",
                )
            )
    done.filled += any(name not in written for name in change)
    done.updated += any(name in written for name in change)
    done.kept += not change
    if old.vanished and old.source == new.source:
        change["vanished"] = None
        done.returned.append(old)
    if (old.source == new.source or not old.source) and new.seen:
        change["source"], change["seen"] = new.source, new.seen.isoformat()
    _book(existing, old, index, change, done)


def _is_said(written: object, value: object) -> bool:
    """True if the file says it already; what people added to a list is theirs."""
    if isinstance(written, list) and isinstance(value, list):
        return all(one in written for one in value)
    return written == value


def _book(existing: Inventory, old: Asset, index: int, change: Change, done: Merge) -> None:
    change = {name: value for name, value in change.items() if value is None or asset_fields(old).get(name) != value}
    if not change:
        return
    if old.origin and old.origin.file != existing.files[0]:
        done.elsewhere += 1
        return
    done.changes[index] = change


def _mark(
    existing: Inventory, listed: list[Asset], matched: set[int], found: Imported, today: date, done: Merge
) -> None:
    """Mark what its source no longer lists, unless the source was not read whole or lists nothing at all."""
    giving = {asset.source for asset in found}
    doubtful = {source for source in found.sources if source not in found.whole or source not in giving}
    for index, asset in enumerate(listed):
        if index in matched or not asset.source or asset.vanished or asset.source not in found.sources:
            continue
        if asset.source in doubtful:
            done.unmarked = tuple(sorted({*done.unmarked, asset.source}))
            continue
        done.vanished.append(asset)
        _book(existing, asset, index, {"vanished": today.isoformat()}, done)


def indices_in_file(existing: Inventory, changes: Mapping[int, Change]) -> dict[int, Change]:
    """Changes by the position of the asset in the first file alone."""
    positions: dict[int, int] = {}
    own = 0
    for index, asset in enumerate(existing):
        if asset.origin is None or asset.origin.file == existing.files[0]:
            positions[index] = own
            own += 1
    return {positions[index]: change for index, change in changes.items() if index in positions}


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 120 else text[:119] + "…"
