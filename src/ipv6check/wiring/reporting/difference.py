"""What changed between two scans."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ipv6check.model.history import Difference, Turn
from ipv6check.model.mandate import Mandate
from ipv6check.model.scan import Scan
from ipv6check.model.trouble import Trouble
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.counting import standing_of
from ipv6check.wiring.reporting.lineage import MOST_SCANS, day_of, is_whole, lineage_of

LATEST, PREVIOUS = "latest", "previous"


async def scan_named(store: Store, name: str, mandate: Mandate, *, before: Scan | None = None) -> Scan:
    """A scan by its id, the beginning of it, ``latest``, ``previous`` (the last whole one of the same inventory before
    ``before``), or a day: the last complete one that had ended when it was over. Raises StoreError, Trouble."""
    if name == PREVIOUS:
        if before is None:
            raise Trouble("previous: stands for the scan before the other one; name that one")
        earlier = [one for one in await store.earlier_scans(before, limit=MOST_SCANS) if is_whole(one)]
        if not earlier:
            raise Trouble(f"there is no complete scan of the same inventory before scan {before.id}")
        return earlier[-1]
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
        return await store.scan(name)
    try:
        over = datetime.combine(date.fromisoformat(name) + timedelta(days=1), time(), ZoneInfo(mandate.period.timezone))
    except ValueError:
        raise Trouble(f"{name}: there is no such day") from None
    found = await store.last_complete_scan(ended_before=over.astimezone(UTC).timestamp())
    if found is None:
        raise Trouble(f"no complete scan had ended by {name}")
    return found


async def difference_of(store: Store, before: Scan, after: Scan, mandate: Mandate, *, confirmed: bool) -> Difference:
    """What changed from one scan to a later one of the same inventory, on the day the later one ended.

    Raises StoreError, and Trouble if the first is not an earlier scan of the same inventory.
    """
    lineage = await lineage_of(store, after, mandate, against=before)
    standing = await standing_of(
        store, after, mandate, today=day_of(after, mandate), confirmed=confirmed, lineage=lineage
    )
    assert standing.past is not None, "a standing taken from a store has a past"
    changes = standing.past.changes
    names = {agency.id: agency for scan in (before, after) for agency in (await store.revision_of(scan)).agencies}
    return Difference(
        mandate=mandate,
        before=before,
        after=after,
        confirmed=confirmed,
        changes=changes,
        same=len(standing.assets) - sum(change.turn is not Turn.GONE for change in changes),
        agency_names=names,
    )
