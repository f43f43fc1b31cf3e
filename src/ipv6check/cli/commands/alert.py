"""``ipv6check alert``: tell what the latest scan changed. For timers, cron and CI; ``watch`` does it by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import DatabaseUrl, Language, LogFile, LogFormat, LogLevel
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.settings import Settings
    from ipv6check.wiring.watching.alerting import Told


def alert(
    scan: Annotated[str, typer.Option(help="Id of a scan, its beginning, or latest.")] = "latest",
    db: DatabaseUrl = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the scan's own otherwise.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent; send and remember nothing.")
    ] = False,
    lang: Language = "",
    log_format: LogFormat = "",
    log_level: LogLevel = "",
    log_file: LogFile = "",
) -> None:
    """Send one message to each channel about what has changed since the scan that was told last."""
    from ipv6check.cli.events import start_logging
    from ipv6check.settings import load_settings

    settings, _ = load_settings(
        db=db, mandate=mandate, lang=lang, log_format=log_format, log_level=log_level, log_file=log_file
    )
    start_logging(settings)
    if not settings.alerts.channels:
        raise Trouble("there is no channel to tell; add [alerts.channels.NAME] with a url to the settings file")
    told = run_async(_alert(settings, scan, dry_run=dry_run))
    if dry_run:
        show(told)
    if told.refused:
        raise Leave(Exit.UNTRUSTWORTHY)


async def _alert(settings: Settings, name: str, *, dry_run: bool) -> Told:
    from ipv6check.cli.output import chosen_language
    from ipv6check.model.scan import ScanState
    from ipv6check.net.clients.notifier import AppriseNotifier
    from ipv6check.store.open import open_store
    from ipv6check.wiring.inputs import read_mandate
    from ipv6check.wiring.watching.alerting import beat, make_alerter
    from ipv6check.wiring.watching.walltime import WallTime

    async with await open_store(settings.db, create=False) as store:
        scan = await store.scan(name)
        alerter = make_alerter(
            settings.alerts,
            read_mandate(settings, scan.mandate),
            inventory=scan.inventory,
            language=chosen_language(settings.lang),
            notifier=AppriseNotifier(),
        )
        assert alerter is not None
        ended = scan if scan.state is not ScanState.RUNNING else None
        told = await alerter.round(store, ended, WallTime().utc(), dry_run=dry_run)
    if not dry_run:
        await beat(settings.alerts, ended)
    return told


def show(told: Told) -> None:
    """Print the messages of a dry run."""
    for name, message in told.messages:
        typer.echo(f"to {name}: {message.subject}")
        for line in message.body.splitlines():
            typer.echo(f"    {line}")
    for name in told.held:
        typer.echo(f"to {name}: held until the quiet hours end")
    if not told.messages and not told.held:
        typer.echo("nothing to tell")
