"""Alerting: what a scan changed is booked in the store first, and sent then.

Booking and what is owed are one note, written as a whole. A crash before it leaves the scan to be looked at again; a
crash after it leaves the messages owed. Only a crash between a service's acceptance and the note repeats a message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from ipv6check.alertsettings import AlertSettings, Channel, secret
from ipv6check.compliance.alerts import alerts_of_silence, alerts_of_standing, alerts_of_vantage, is_good
from ipv6check.inventory.tree import descendants
from ipv6check.logs import event, logger
from ipv6check.model.agency import Agency
from ipv6check.model.alert import Alert, AlertRules, Ledger, Owed
from ipv6check.model.length import seconds_of
from ipv6check.model.mandate import Mandate
from ipv6check.model.scan import Scan
from ipv6check.model.trouble import Trouble
from ipv6check.reports.monitoring.as_alert import Message, digest
from ipv6check.store.errors import NewerStore
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.counting import standing_of
from ipv6check.wiring.reporting.transitions import changes_since

_decoder = msgspec.json.Decoder(Ledger)
_log = logger("alerts")


class Notifier(Protocol):
    """What brings a message to a service."""

    def check(self, url: str, name: str) -> None:
        """Raises Trouble if ``url`` is of no use."""

    async def send(self, url: str, name: str, *, subject: str, body: str, bad: bool) -> bool:
        """Whether the service took it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one round came to: new alerts, messages by channel, those held back by quiet hours, those refused."""

    alerts: tuple[Alert, ...] = ()
    messages: tuple[tuple[str, Message], ...] = ()
    held: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


class Alerter:
    """The alerts of one inventory under one mandate."""

    def __init__(
        self, settings: AlertSettings, mandate: Mandate, *, inventory: str, language: str, notifier: Notifier
    ) -> None:
        """Raises Trouble for a channel whose secret is missing or whose URL is of no use."""
        self._settings, self._mandate, self._notifier = settings, mandate, notifier
        self._language = settings.lang or language
        self._note = f"alerts/{mandate.id}/{inventory}"
        self._zone = ZoneInfo(settings.timezone or mandate.period.timezone)
        silence = seconds_of(settings.silence_after) if settings.silence_after else None
        self._rules = AlertRules(certificate_days=settings.certificate_days, silence_s=silence)
        self._urls = {name: secret(one.url, f"alerts: channel {name}") for name, one in settings.channels.items()}
        for name, url in self._urls.items():
            notifier.check(url, name)

    async def round(self, store: Store, scan: Scan | None, now: float, *, dry_run: bool = False) -> Told:
        """Look at ``scan`` (None: there was none), book what it changed, and send what is owed.

        A dry run sends and books nothing. Raises StoreError.
        """
        before = await self._ledger(store)
        ledger, alerts, agencies = await self._evaluated(store, before, scan, now)
        owed = tuple(Owed(alert=one, channels=self._wanting(one, agencies)) for one in alerts)
        ledger = replace(ledger, owed=(*before.owed, *(one for one in owed if one.channels)))
        if ledger != before and not dry_run:
            await self._keep(store, ledger)
        for one in alerts:
            way = "resolved" if one.good else "raised"
            event(_log, "alert", topic=one.topic.value, way=way, about=one.key, scan=one.scan)
        return await self._send(store, ledger, alerts, agencies, now, dry_run=dry_run)

    async def _evaluated(
        self, store: Store, ledger: Ledger, scan: Scan | None, now: float
    ) -> tuple[Ledger, list[Alert], dict[str, Agency]]:
        """The ledger after ``scan``, the new alerts, and the agencies to name in them."""
        alerts: list[Alert] = []
        agencies: dict[str, Agency] = {}
        if scan is not None:
            ledger, found = alerts_of_vantage(ledger, scan)
            alerts += found
            agencies = {one.id: one for one in (await store.revision_of(scan)).agencies}
            if is_good(scan):
                standing = await standing_of(store, scan, self._mandate, confirmed=True)
                changes = await changes_since(store, ledger.evaluated, standing)
                ledger, found = alerts_of_standing(ledger, standing, changes, self._rules)
                alerts += found
        ledger, found = alerts_of_silence(ledger, now, self._rules)
        return ledger, [*alerts, *found], agencies

    def _wanting(self, alert: Alert, agencies: Mapping[str, Agency]) -> tuple[str, ...]:
        """The channels that asked for such an alert."""
        return tuple(name for name, one in self._settings.channels.items() if _wants(one, alert, agencies))

    async def _send(
        self,
        store: Store,
        ledger: Ledger,
        alerts: list[Alert],
        agencies: Mapping[str, Agency],
        now: float,
        *,
        dry_run: bool,
    ) -> Told:
        """One message to each channel that is owed something; what was taken is noted at once."""
        quiet = self._settings.is_quiet(datetime.fromtimestamp(now, UTC).astimezone(self._zone).time())
        messages: list[tuple[str, Message]] = []
        held: list[str] = []
        refused: list[str] = []
        names = self._mandate.title
        title = names.get(self._language) or next(iter(names.values()), self._mandate.id)
        for name in self._settings.channels:
            mine = [one.alert for one in ledger.owed if name in one.channels]
            if not mine:
                continue
            if quiet:
                held.append(name)
                event(_log, "alerts-held", channel=name, alerts=len(mine))
                continue
            message = digest(mine, self._language, title=title, agencies=agencies)
            messages.append((name, message))
            if dry_run:
                continue
            if not await self._notifier.send(
                self._urls[name], name, subject=message.subject, body=message.body, bad=message.bad
            ):
                refused.append(name)
                event(_log, "alerts-refused", level="error", channel=name, alerts=len(mine))
                continue
            ledger = _taken(ledger, name)
            await self._keep(store, ledger)
            event(_log, "alerts-sent", channel=name, alerts=len(mine))
        return Told(tuple(alerts), tuple(messages), tuple(held), tuple(refused))

    async def _ledger(self, store: Store) -> Ledger:
        """What is remembered, without what is owed to channels that are no longer there."""
        text = await store.notes.read(self._note)
        if not text:
            return Ledger()
        try:
            ledger = _decoder.decode(text)
        except msgspec.DecodeError as error:
            raise NewerStore(f"the memory of alerts in {store.place} cannot be read by this release: {error}") from None
        known = self._settings.channels
        owed = (Owed(alert=one.alert, channels=tuple(n for n in one.channels if n in known)) for one in ledger.owed)
        return replace(ledger, owed=tuple(one for one in owed if one.channels))

    async def _keep(self, store: Store, ledger: Ledger) -> None:
        await store.notes.keep(self._note, msgspec.json.encode(ledger).decode())


def make_alerter(
    settings: AlertSettings, mandate: Mandate, *, inventory: str, language: str, notifier: Notifier
) -> Alerter | None:
    """The alerter, or None where no channel is set. Raises Trouble."""
    if not settings.channels:
        return None
    return Alerter(settings, mandate, inventory=inventory, language=language, notifier=notifier)


async def beat(settings: AlertSettings, scan: Scan | None) -> None:
    """Tell the dead-man's switch that a good scan ended; its silence is what raises the alarm elsewhere."""
    if not settings.heartbeat_url or scan is None or not is_good(scan):
        return
    from ipv6check.net.clients.notifier import ping_url

    try:
        failure = await ping_url(secret(settings.heartbeat_url, "alerts: heartbeat_url"))
    except Trouble as trouble:
        failure = str(trouble)
    if failure:
        event(_log, "heartbeat-failed", level="error", reason=failure)


def _wants(channel: Channel, alert: Alert, agencies: Mapping[str, Agency]) -> bool:
    if channel.topics and alert.topic not in channel.topics:
        return False
    if not channel.agencies or not alert.agency:
        return True
    return any(alert.agency in descendants(agencies, one) for one in channel.agencies if one in agencies)


def _taken(ledger: Ledger, channel: str) -> Ledger:
    """The ledger after a channel took all that it was owed."""
    left = (Owed(alert=one.alert, channels=tuple(n for n in one.channels if n != channel)) for one in ledger.owed)
    return replace(ledger, owed=tuple(one for one in left if one.channels))
