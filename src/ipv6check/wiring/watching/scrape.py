"""What a scrape answers: the metrics of the latest complete scan, counted once and kept until there is a newer one."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime

from ipv6check.compliance.deadline import today_in
from ipv6check.logs import event, logger
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.trouble import Trouble
from ipv6check.reports.monitoring.as_prom import render, render_targets
from ipv6check.settings import Settings
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from ipv6check.wiring.inputs import read_mandate
from ipv6check.wiring.reporting.counting import standing_of

PATIENCE_S = 0.5
"""How long a scrape waits for a count that is under way, before it is given the figures of the scan before."""

_log = logger("exporter")


class Scrape:
    """The metrics' text. ``per_target`` adds three series for each asset."""

    def __init__(self, settings: Settings, *, per_target: bool = False) -> None:
        self._settings = settings
        self._render = render_targets if per_target else render
        self._key: tuple[str, date] | None = None
        self._text = ""
        self._counting: asyncio.Task[None] | None = None

    async def text(self) -> str:
        """The metrics; those of the scan before while a new one is counted for too long. Raises Trouble."""
        async with await open_store(self._settings.db, create=False) as store:
            scan = await latest(store)
        key = (scan.id, today_in(read_mandate(self._settings, scan.mandate).period, datetime.now(UTC)))
        if key == self._key:
            return self._text
        if self._counting is None:
            self._counting = asyncio.create_task(self._count(scan, key))
        counting = self._counting
        if self._key is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(counting), PATIENCE_S)
            return self._text
        await asyncio.shield(counting)
        return self._text

    async def _count(self, scan: Scan, key: tuple[str, date]) -> None:
        try:
            mandate = read_mandate(self._settings, scan.mandate)
            async with await open_store(self._settings.db, create=False) as store:
                standing = await standing_of(store, scan, mandate, confirmed=True)
            self._text = "\n".join(self._render(standing, "en")) + "\n"
            self._key = key
            event(_log, "counted", scan=scan.id, assets=len(standing.assets))
        finally:
            self._counting = None

    async def healthy(self) -> str:
        """Why the exporter is not well, in one sentence, or nothing."""
        try:
            async with await open_store(self._settings.db, create=False) as store:
                await latest(store)
        except Trouble as trouble:
            return str(trouble)
        return ""


async def latest(store: Store) -> Scan:
    """The latest complete scan. Raises Trouble if there is none."""
    scan = await store.last_scan(state=ScanState.COMPLETE)
    if scan is None:
        raise Trouble("no scan has been completed yet")
    return scan
