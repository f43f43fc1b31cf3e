"""``ipv6check db``: create, upgrade and check the database."""

from typing import Annotated

import typer

from ipv6check.cli.exits import run_async

db = typer.Typer(help="Create, upgrade and check the database.", no_args_is_help=True, rich_markup_mode=None)

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
