"""``ipv6check db``: create, upgrade, check and prune the database."""

from typing import Annotated

import typer

from ipv6check.cli.exits import run_async
from ipv6check.cli.usage import Commands
from ipv6check.model.trouble import Trouble

db = Commands(help="Create, upgrade, check and prune the database.")

Url = Annotated[str, typer.Option("--db", help="Database URL.")]


@db.command("create")
def create(url: Url = "") -> None:
    """Make an empty database; an existing one of this release is left as it is."""
    run_async(_create(url))


@db.command("upgrade")
def upgrade(url: Url = "") -> None:
    """Bring a database of an earlier release up to date; a SQLite file is copied first."""
    from ipv6check.settings import load_settings
    from ipv6check.store.migrations.upgrade import upgrade as run

    settings, _ = load_settings(db=url)
    done = run_async(run(settings.db))
    typer.echo(f"{done.place} is up to date" + (f"; a copy of it before is in {done.backup}" if done.backup else ""))


@db.command("check")
def check(url: Url = "") -> None:
    """Read the database through and check its structure."""
    run_async(_check(url))


@db.command("prune")
def prune(
    keep_evidence: Annotated[str, typer.Option(help="How long evidence is kept: 90d, 26w or 2y.", metavar="TIME")],
    url: Url = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this only what would go is shown.")] = False,
) -> None:
    """Drop old evidence; verdicts and counts stay, and so does the evidence of the scans that milestones rest on."""
    run_async(_prune(url, _days(keep_evidence), yes=yes))


_UNITS = {"d": 1, "w": 7, "y": 365}


def _days(text: str) -> int:
    """A length of time in days. Raises Trouble."""
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()) or len(number) > 6:
        raise Trouble(f"--keep-evidence {text}: is written as 90d, 26w or 2y")
    return int(number) * _UNITS[unit]


async def _prune(url: str, days: int, *, yes: bool) -> None:
    from datetime import UTC, datetime

    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store
    from ipv6check.wiring.scans.retention import plan_of

    settings, _ = load_settings(db=url)
    async with await open_store(settings.db, create=False) as store:
        plan = await plan_of(store, keep_days=days, now=datetime.now(UTC))
        for scan, why in plan.keep:
            typer.echo(f"keep  {scan.id}  {_REASONS[why]}")
        for scan, entries in plan.drop:
            typer.echo(f"drop  {scan.id}  {entries} pieces of evidence")
            if yes:
                await store.drop_evidence(scan)
        if not plan.drop:
            typer.echo(f"{store.place}: nothing is older than {days} days but what must stay")
        elif yes:
            typer.echo(f"{store.place}: evidence of {len(plan.drop)} scans dropped; the space is used again")
        else:
            typer.echo("nothing was changed; add --yes to drop it for good")


_REASONS = {
    "young": "young enough",
    "last": "the last scan of its inventory",
    "milestone": "a milestone rests on it",
}


async def _create(url: str) -> None:
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store

    settings, _ = load_settings(db=url)
    store = await open_store(settings.db)
    typer.echo(f"{store.place} is ready")
    await store.close()


async def _check(url: str) -> None:
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store

    settings, _ = load_settings(db=url)
    store = await open_store(settings.db, create=False)
    try:
        await store.verify()
        typer.echo(f"{store.place} is sound")
    finally:
        await store.close()
