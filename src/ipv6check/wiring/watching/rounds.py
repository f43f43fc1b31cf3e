"""One round of watching: the scan, its metrics, its alerts.

Everything is opened afresh, so that a round owes nothing to the one before: an inventory that was edited and a database
that came back are simply read.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ipv6check.logs import event, logger
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.trouble import Trouble
from ipv6check.store.errors import ScanBusy
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.counting import standing_of
from ipv6check.wiring.scans.scanning import Request, run_scan
from ipv6check.wiring.tracing import span
from ipv6check.wiring.watching.alerting import Alerter, Told, beat
from ipv6check.wiring.watching.process import Busy, WallClock

IDLE_S = 300.0
"""Between two looks, while no scan runs, at what is still owed and whether scans have gone silent."""

_log = logger("watch")


@dataclass(slots=True)
class Rounds:
    """What a watcher runs. ``request`` reads inventory, mandate and policy; ``publish`` takes the metrics' lines."""

    request: Callable[[], Request]
    alerter: Callable[[Request], Alerter | None]
    stop: asyncio.Event
    clock: WallClock
    publish: Callable[[list[str]], None] | None = None
    show: Callable[[Told], None] | None = None
    dry_run: bool = False
    signal: int = field(default=0, init=False)
    _known: Request | None = field(default=None, init=False)
    _looked: float = field(default=0.0, init=False)

    async def run(self) -> None:
        """Scan once, then publish and alert. Raises Busy, another Trouble, or OSError."""
        try:
            request = self._known = self.request()
            with span("run", inventory=", ".join(request.inventory.files)):
                await self._run(request)
        except Busy:
            raise
        except (Trouble, OSError):
            with suppress(Trouble, OSError):
                await self._alert(None)
            raise

    async def idle(self) -> None:
        """What is due between two scans: messages held back or refused, and word of too long a silence."""
        now = self.clock.utc()
        if now - self._looked < IDLE_S:
            return
        try:
            await self._alert(None)
        except (Trouble, OSError) as error:
            self._looked = now
            event(_log, "alerts-failed", level="error", reason=str(error))

    async def _run(self, request: Request) -> None:
        async with await open_store(request.settings.db) as store:
            await refuse_overlap(store, request)
            progress = await run_scan(request, store, lambda _progress, _event: None)
            scan = progress.scan
            assert scan is not None
            if progress.signal:
                self.signal = progress.signal
                self.stop.set()
            if self.publish is not None:
                await self._publish(store, request, scan, self.publish)
            with span("alerts"):
                await self._alert(scan, store)
        if not self.dry_run:
            await beat(request.settings.alerts, scan)

    async def _publish(self, store: Store, request: Request, scan: Scan, publish: Callable[[list[str]], None]) -> None:
        """Metrics that cannot be written are told, and stop neither the alerts nor the next round."""
        from ipv6check.reports.monitoring.as_prom import render

        with span("metrics"):
            standing = await standing_of(store, scan, request.mandate, confirmed=True)
            try:
                publish(list(render(standing, "en")))
            except (Trouble, OSError) as error:
                event(_log, "metrics-failed", level="error", reason=str(error))

    async def _alert(self, scan: Scan | None, store: Store | None = None) -> None:
        alerter = self.alerter(self._known) if self._known is not None else None
        if alerter is None or self._known is None:
            return
        if store is None:
            async with await open_store(self._known.settings.db) as opened:
                await self._alert(scan, opened)
            return
        self._looked = self.clock.utc()
        told = await alerter.round(store, scan, self.clock.utc(), dry_run=self.dry_run)
        if self.show is not None:
            self.show(told)


async def refuse_overlap(store: Store, request: Request) -> None:
    """Raises Busy while a live process scans the same inventory into this store."""
    name = ", ".join(request.inventory.files)
    running = await store.last_scan(inventory=name, state=ScanState.RUNNING)
    if running is None:
        return
    try:
        async with store.hold(running):
            return
    except ScanBusy as busy:
        raise Busy(str(busy)) from None
