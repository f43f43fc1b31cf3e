"""``ipv6check scans``: what is stored."""

from typing import Annotated

import typer

from ipv6check.cli.exits import run_async
from ipv6check.cli.options import DatabaseUrl


def scans(
    db: DatabaseUrl = "",
    limit: Annotated[int, typer.Option(help="At most so many, newest first.", min=1)] = 20,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List stored scans, newest first."""
    run_async(_scans(db, limit, json=json))


async def _scans(db: str, limit: int, *, json: bool) -> None:
    from datetime import UTC, datetime

    import msgspec

    from ipv6check.model.record import in_full
    from ipv6check.reports.inert import inert
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store

    settings, _ = load_settings(db=db)
    store = await open_store(settings.db, create=False)
    try:
        found = await store.scans(limit=limit)
    finally:
        await store.close()
    for scan in found:
        if json:
            typer.echo(msgspec.json.encode(in_full(scan)).decode())
            continue
        started = datetime.fromtimestamp(scan.started, UTC)
        trust = "" if scan.trustworthy else "  NOT TRUSTWORTHY"
        part = f"  ({inert(scan.selection)})" if scan.selection else ""
        typer.echo(
            f"{scan.id}  {started:%Y-%m-%d %H:%M} UTC  {scan.state.value:<11}  {scan.mandate}  "
            f"{inert(scan.inventory)}{part}{trust}"
        )
