"""Devices of an inventory read over SNMP into evidence. The inventory says which: by a port such as ``161/snmp``.

Only literal addresses are asked, under the address table and the opt-out list. A device that does not answer, or takes
no such secret, says nothing about its IPv6: it is told, and what was known of it stays.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ipv6check.hosts.ground import Ground
from ipv6check.hosts.snmp import match_device
from ipv6check.model.asset import Asset, Kind, View
from ipv6check.model.device import DeviceTables
from ipv6check.model.imported import Bundle, Provenance, Source
from ipv6check.model.target import Protocol, Target
from ipv6check.net.clients.snmpsource import SnmpSource, Unread
from ipv6check.net.gate import Gate
from ipv6check.store.codec import to_json
from ipv6check.wiring.imports.evidence_files import Imported

AT_ONCE = 16
"""Devices that are read at the same time."""


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A device that was not read, where it was looked for, and why, in a word."""

    asset: str
    place: str
    reason: str


def planes(assets: Sequence[Asset]) -> list[tuple[Asset, list[Target]]]:
    """Devices whose inventory entry names SNMP, with the targets to ask, IPv6 first."""
    found = []
    for asset in assets:
        if asset.kind is Kind.DEVICE:
            asked = [one for one in asset.targets if one.protocol is Protocol.SNMP]
            if asked:
                found.append((asset, sorted(asked, key=lambda one: ":" not in one.host)))
    return found


async def read_devices(
    assets: Sequence[Asset], source: SnmpSource, gate: Gate, *, now: datetime, private: bool = False
) -> tuple[list[Imported], list[Missed]]:
    """Every such device, at the first of its addresses that answers."""
    ground = Ground(assets, private=private)
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(asset: Asset, targets: list[Target]) -> Imported | Missed:
        async with slots:
            return await _read(asset, targets, source, gate, ground, now)

    told = await asyncio.gather(*(one(asset, targets) for asset, targets in planes(assets)))
    return [each for each in told if isinstance(each, Imported)], [each for each in told if isinstance(each, Missed)]


async def _read(
    asset: Asset, targets: list[Target], source: SnmpSource, gate: Gate, ground: Ground, now: datetime
) -> Imported | Missed:
    missed = Missed(asset=asset.id, place="", reason="")
    for target in targets:
        place = f"[{target.host}]:{target.port}" if ":" in target.host else f"{target.host}:{target.port}"
        reason = _barred(target, asset, gate)
        if not reason:
            try:
                tables = await source.read(target.host, target.port)
            except Unread as unread:
                reason = str(unread)
            else:
                return _imported(tables, asset, target, place, ground, now)
        missed = Missed(asset=asset.id, place=place, reason=reason)
    return missed


def _barred(target: Target, asset: Asset, gate: Gate) -> str:
    """Why nothing may be sent there; empty if it may."""
    if not target.is_literal:
        return "name_not_address"
    if target.zone:
        return "link_local"
    if any(gate.optout.name(name) for name in (asset.name, *(one.host for one in asset.targets))):
        return "opted_out"
    return gate.bar(target.host, internal=asset.view is View.INTERNAL)


def _imported(
    tables: DeviceTables, asset: Asset, target: Target, place: str, ground: Ground, now: datetime
) -> Imported:
    provenance = Provenance(
        source=Source.SNMP,
        vantage=target.host,
        file=f"snmp {place}",
        sha256=hashlib.sha256(to_json(tables).encode()).hexdigest(),
        taken_at=now.timestamp(),
    )
    matched = match_device(tables, asset, provenance, ground)
    doubts = tuple(f"{name}: is longer than what is read, and was cut" for name in tables.cut)
    bundle = Bundle(provenance=provenance, subject=asset.id, claims=matched.claims)
    return Imported(bundle=bundle, unmatched=matched.unmatched, doubts=doubts)
