"""What evidence may go: old enough, and nothing rests on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ipv6check.model.scan import Scan
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.lineage import is_whole, moment_of

YOUNG, LAST, MILESTONE = "young", "last", "milestone"

# A day begins in the east (UTC+14) 26 hours before it ends in the west (UTC-12), and a frozen count does not say where
# its mandate is at home: every scan that may be the last one of a milestone's day is kept.
_EASTERN_END = timedelta(hours=24 - 14)
_WESTERN_END = timedelta(hours=24 + 12)


@dataclass(frozen=True)
class Plan:
    """``drop``: scans with how many pieces of evidence they have, oldest first. ``keep``: those that stay, and why:
    young, last (of its inventory) or milestone (what was true on its day rests on it)."""

    drop: tuple[tuple[Scan, int], ...]
    keep: tuple[tuple[Scan, str], ...]


async def plan_of(store: Store, *, keep_days: int, now: datetime) -> Plan:
    """What would go if all evidence older than ``keep_days`` went. Scans that may be resumed are not looked at."""
    scans = await store.complete_scans()
    entries = await store.evidence_entries(scans)
    days = await store.milestone_days(scans)
    oldest = (now - timedelta(days=keep_days)).timestamp()
    by_inventory: dict[str, list[Scan]] = {}
    for scan in scans:
        by_inventory.setdefault(scan.inventory, []).append(scan)
    last = {found[-1].id for found in by_inventory.values()}
    last |= {whole[-1].id for found in by_inventory.values() if (whole := [one for one in found if is_whole(one)])}
    deciding = {one for found in by_inventory.values() for day in days for one in _deciding(found, day)}
    drop, keep = [], []
    for scan in scans:
        if scan.id not in entries:
            continue
        if moment_of(scan) >= oldest:
            keep.append((scan, YOUNG))
        elif scan.id in last:
            keep.append((scan, LAST))
        elif scan.id in deciding:
            keep.append((scan, MILESTONE))
        else:
            drop.append((scan, entries[scan.id]))
    return Plan(drop=tuple(drop), keep=tuple(keep))


def _deciding(scans: Sequence[Scan], day: date) -> list[str]:
    """The whole scans of one inventory, oldest first, that may be the last to have ended by the end of ``day``."""
    midnight = datetime.combine(day, time(), UTC)
    east, west = (midnight + _EASTERN_END).timestamp(), (midnight + _WESTERN_END).timestamp()
    whole = [scan for scan in scans if is_whole(scan)]
    before = [scan.id for scan in whole if moment_of(scan) < east]
    return [*before[-1:], *(scan.id for scan in whole if east <= moment_of(scan) < west)]
