"""``ipv6check watch``: scans on time, in one process, with metrics and alerts."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import (
    Anchors,
    Contact,
    DatabaseUrl,
    LogFile,
    LogFormat,
    LogLevel,
    MandateChoice,
    OptOutList,
    PolicyChoice,
    Resolvers,
    Roots,
    SourceAddress,
    VantageName,
)
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipv6check.settings import Settings
    from ipv6check.wiring.scans.scanning import Request
    from ipv6check.wiring.watching.alerting import Alerter
    from ipv6check.wiring.watching.process import Pulse
    from ipv6check.wiring.watching.schedule import Schedule


def watch(
    inventories: Annotated[list[Path], typer.Argument(help="Inventory files, read afresh for every scan.")],
    cron: Annotated[str, typer.Option(help="When to scan, as five cron fields: '30 2 * * *'.")] = "",
    every: Annotated[str, typer.Option(help="How often to scan: 6h, 90m, 1d.")] = "",
    timezone: Annotated[str, typer.Option(help="Time zone of --cron; the mandate's own otherwise.")] = "",
    jitter: Annotated[str, typer.Option(help="Begin up to so much later, at random.")] = "",
    now: Annotated[bool, typer.Option("--now", help="Make the first scan at once.")] = False,
    runs: Annotated[int, typer.Option(help="Stop after so many scans; 0 for never.", min=0)] = 0,
    metrics: Annotated[str, typer.Option(help="Replace this .prom file after every scan.")] = "",
    heartbeat: Annotated[str, typer.Option(help="Replace this JSON file at least every 30 seconds.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Scan, but print alerts instead of sending them.")] = False,
    db: DatabaseUrl = "",
    policy: PolicyChoice = "",
    mandate: MandateChoice = "",
    resolver: Resolvers = [],  # noqa: B006
    anchor: Anchors = [],  # noqa: B006
    root: Roots = [],  # noqa: B006
    contact: Contact = "",
    exclude: OptOutList = "",
    source: SourceAddress = "",
    vantage: VantageName = "",
    lang: Annotated[str, typer.Option(help="Language of alerts: en or vi.")] = "",
    log_format: LogFormat = "",
    log_level: LogLevel = "",
    log_file: LogFile = "",
) -> None:
    """Scan again and again, alert on confirmed changes, and stop cleanly on SIGTERM."""
    from ipv6check.cli.events import start_logging
    from ipv6check.cli.output import chosen_language
    from ipv6check.settings import load_settings

    settings, _ = load_settings(
        db=db,
        policy=policy,
        mandate=mandate,
        resolver=resolver,
        anchor=anchor,
        root=root,
        contact=contact,
        exclude=exclude,
        source=source,
        vantage=vantage,
        lang=lang,
        log_format=log_format,
        log_level=log_level,
        log_file=log_file,
    )
    chosen_language(settings.lang)
    start_logging(settings)
    raise Leave(
        run_async(
            _watch(
                settings,
                inventories,
                _schedule(cron, every, timezone, settings, inventories),
                jitter_s=_jitter(jitter),
                publish=publisher(metrics),
                tell=teller(heartbeat),
                at_once=now,
                runs=runs,
                dry_run=dry_run,
            )
        )
    )


async def _watch(
    settings: Settings,
    inventories: list[Path],
    schedule: Schedule,
    *,
    jitter_s: float,
    publish: Callable[[list[str]], None] | None,
    tell: Callable[[Pulse], None],
    at_once: bool,
    runs: int,
    dry_run: bool,
) -> int:
    from random import uniform

    from ipv6check.cli.commands.alert import show
    from ipv6check.wiring.interrupt import stopped_by_signals
    from ipv6check.wiring.tracing import traced
    from ipv6check.wiring.watching.process import Watcher
    from ipv6check.wiring.watching.rounds import Rounds
    from ipv6check.wiring.watching.walltime import WallTime

    stop = asyncio.Event()
    seen: list[int] = []

    def stopped(number: int) -> None:
        seen.append(number)
        stop.set()

    clock = WallTime()
    alerter_of = alerters(settings)
    alerter_of(make_request(settings, inventories))  # a wrong channel is told before the first scan, not after it
    rounds = Rounds(
        request=lambda: make_request(settings, inventories),
        alerter=alerter_of,
        stop=stop,
        clock=clock,
        publish=publish,
        show=show if dry_run else None,
        dry_run=dry_run,
    )
    watcher = Watcher(
        schedule=schedule,
        run=rounds.run,
        clock=clock,
        stop=stop,
        jitter=lambda: uniform(0.0, jitter_s),
        tell=tell,
        idle=rounds.idle,
    )
    with traced(settings.otlp), stopped_by_signals(stopped):
        await watcher.watch(at_once=at_once, most=runs)
    number = seen[0] if seen else rounds.signal
    if number:
        return 128 + number
    return Exit.UNTRUSTWORTHY if watcher.pulse.in_a_row else Exit.GOOD


def make_request(settings: Settings, inventories: list[Path]) -> Request:
    """What to scan, from the files as they are now. Raises Trouble."""
    from ipv6check.wiring.inputs import choose_checks, read_inventory, read_mandate, read_policy, require_contact
    from ipv6check.wiring.scans.scanning import Request

    inventory = read_inventory(inventories)
    mandate = read_mandate(settings, inventory.mandate)
    require_contact(inventory, settings)
    return Request(
        settings=settings,
        inventory=inventory,
        mandate=mandate,
        policy=read_policy(settings, mandate),
        checks=choose_checks([]),
    )


def alerters(settings: Settings) -> Callable[[Request], Alerter | None]:
    """The alerter of a request. Raises Trouble for a channel that cannot be used."""
    from ipv6check.cli.output import chosen_language
    from ipv6check.net.clients.notifier import AppriseNotifier
    from ipv6check.wiring.watching.alerting import make_alerter

    def alerter(request: Request) -> Alerter | None:
        return make_alerter(
            settings.alerts,
            request.mandate,
            inventory=", ".join(request.inventory.files),
            language=chosen_language(settings.lang),
            notifier=AppriseNotifier(),
        )

    return alerter


def publisher(path: str) -> Callable[[list[str]], None] | None:
    """What replaces the metrics' file. Raises Trouble for one that node_exporter would pass over."""
    from ipv6check.cli.output import write

    if not path:
        return None
    if not path.endswith(".prom") or not Path(path).absolute().parent.is_dir():
        raise Trouble(f"--metrics {path}: must end in .prom, in a folder that exists")
    return lambda lines: write(lines, path)


def teller(path: str) -> Callable[[Pulse], None]:
    """What replaces the heartbeat's file; one that cannot be written is told once."""
    import dataclasses
    import json

    from ipv6check.cli.output import write

    told: list[str] = []

    def tell(pulse: Pulse) -> None:
        try:
            write([json.dumps(dataclasses.asdict(pulse))], path)
        except Trouble as trouble:
            if not told:
                sys.stderr.write(f"ipv6check: --heartbeat: {trouble}\n")
            told.append(path)

    return tell if path else lambda pulse: None


def _schedule(cron: str, every: str, timezone: str, settings: Settings, inventories: list[Path]) -> Schedule:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from ipv6check.wiring.inputs import read_inventory, read_mandate
    from ipv6check.wiring.watching.schedule import Cron, Every

    if bool(cron) == bool(every):
        raise Trouble("watch needs either --cron or --every")
    if every:
        return Every(every)
    zone = timezone or read_mandate(settings, read_inventory(inventories).mandate).period.timezone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Trouble(f"--timezone {zone}: is not known; write one such as Asia/Ho_Chi_Minh") from None
    return Cron(cron, zone)


def _jitter(text: str) -> float:
    from ipv6check.model.length import seconds_of

    try:
        return seconds_of(text) if text else 0.0
    except ValueError as error:
        raise Trouble(f"--jitter: {error}") from None
