"""``ipv6check judge``: stored evidence under another policy or mandate."""

from __future__ import annotations

from typing import Annotated

import typer

from ipv6check.cli.exits import run_async


def judge(
    scan: Annotated[str, typer.Option(help="Id of a scan, its beginning, or latest.")] = "latest",
    db: Annotated[str, typer.Option(help="Database URL.")] = "",
    policy: Annotated[str, typer.Option(help="default, ci, lab, or a policy file.")] = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the scan's own otherwise.")] = "",
    format: Annotated[str, typer.Option("--format", "-f", help="table, json, jsonl, csv or markdown.")] = "table",
    output: Annotated[str, typer.Option("--output", "-o", help="Write to a file; - is standard output.")] = "-",
    lang: Annotated[str, typer.Option(help="en or vi.")] = "",
) -> None:
    """Judge the stored evidence of a scan again. No packet is sent and nothing stored is changed."""
    run_async(_judge(scan, db, policy, mandate, format, output, lang))


async def _judge(scan: str, db: str, policy: str, mandate: str, format: str, output: str, lang: str) -> None:
    from ipv6check.cli.output import emit
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store
    from ipv6check.wiring.inputs import read_mandate, read_policy
    from ipv6check.wiring.judging import judge_again

    settings, _ = load_settings(db=db, policy=policy, mandate=mandate, lang=lang)
    store = await open_store(settings.db, create=False)
    try:
        found = await store.scan(scan)
        chosen = read_mandate(settings, found.mandate)
        standing = await judge_again(store, found, chosen, read_policy(settings, chosen))
    finally:
        await store.close()
    emit(standing, format=format, output=output, language=settings.lang)
