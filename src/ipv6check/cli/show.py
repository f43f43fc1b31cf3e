"""``ipv6check show``: everything known about one asset."""

from __future__ import annotations

from typing import Annotated

import typer

from ipv6check.cli.exits import run_async
from ipv6check.model.trouble import Trouble


def show(
    asset: Annotated[str, typer.Argument(help="Id, host or name of an asset, or a part of one.")],
    scan: Annotated[str, typer.Option(help="Id of a scan, its beginning, or latest.")] = "latest",
    db: Annotated[str, typer.Option(help="Database URL.")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object for each asset found.")] = False,
    lang: Annotated[str, typer.Option(help="en or vi.")] = "",
) -> None:
    """Show every attempt, the cause, and how to fix it."""
    run_async(_show(asset, scan, db, lang, json=json))


async def _show(text: str, name: str, db: str, lang: str, *, json: bool) -> None:
    import msgspec

    from ipv6check.cli.output import system_language
    from ipv6check.model.asset import evidence_key
    from ipv6check.reports.as_detail import render
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store

    settings, _ = load_settings(db=db, lang=lang)
    store = await open_store(settings.db, create=False)
    try:
        scan = await store.scan(name)
        revision = await store.revision_of(scan)
        found = await store.find_assets(revision.number, text)
        if not found:
            raise Trouble(f"scan {scan.id} has no asset like {text!r}; `ipv6check inventory show` lists an inventory's")
        verdicts = await store.verdicts(scan, [one.id for one in found])
        for index, one in enumerate(found):
            keys = [evidence_key(target, one.view) for target in one.targets]
            evidence = await store.evidence(scan, keys)
            told = verdicts.get(one.id, ())
            history = await store.history(one.id, limit=10)
            if json:
                whole = {"asset": one, "scan": scan.id, "verdicts": told, "evidence": evidence}
                typer.echo(msgspec.json.encode(whole).decode())
                continue
            if index:
                typer.echo("\n" + "─" * 60 + "\n")
            for line in render(one, told, evidence, history, settings.lang or system_language()):
                typer.echo(line)
    finally:
        await store.close()
