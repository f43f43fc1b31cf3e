"""``ipv6check report``: a stored scan under a mandate."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async


def report(
    scan: Annotated[str, typer.Option(help="Id of a scan, its beginning, or latest.")] = "latest",
    db: Annotated[str, typer.Option(help="Database URL.")] = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the scan's own otherwise.")] = "",
    agency: Annotated[list[str], typer.Option(help="Only this agency and those below it; repeatable.")] = [],  # noqa: B006
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Count as on this day, YYYY-MM-DD.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table, json, jsonl, csv or markdown.")] = "table",
    output: Annotated[str, typer.Option("--output", "-o", help="Write to a file; - is standard output.")] = "-",
    csv_delimiter: Annotated[str, typer.Option(help="Between two cells.")] = ",",
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit 0 if the goal is met, 1 if it is missed, 3 if neither is proven.")
    ] = False,
    lang: Annotated[str, typer.Option(help="en or vi.")] = "",
) -> None:
    """Count a stored scan, and report by agency and class."""
    day = today.date() if today else None
    code = run_async(_report(scan, db, mandate, agency, day, format, output, csv_delimiter, lang, gate=gate))
    if code:
        raise Leave(code)


async def _report(
    scan: str,
    db: str,
    mandate: str,
    agency: list[str],
    day: object,
    format: str,
    output: str,
    csv_delimiter: str,
    lang: str,
    *,
    gate: bool,
) -> int:
    from datetime import date

    from ipv6check.cli.output import emit
    from ipv6check.compliance.gate import Gate
    from ipv6check.compliance.gate import gate as judge_gate
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store
    from ipv6check.wiring.counting import agencies_below, standing_of
    from ipv6check.wiring.inputs import read_mandate

    settings, _ = load_settings(db=db, mandate=mandate, lang=lang)
    store = await open_store(settings.db, create=False)
    try:
        found = await store.scan(scan)
        chosen = read_mandate(settings, found.mandate)
        selection = await agencies_below(store, found, agency)
        today = day if isinstance(day, date) else None
        standing = await standing_of(store, found, chosen, today=today, selection=selection)
    finally:
        await store.close()
    emit(standing, format=format, output=output, language=settings.lang, csv_delimiter=csv_delimiter)
    if not gate:
        return Exit.GOOD
    return {Gate.MET: Exit.GOOD, Gate.MISSED: Exit.FINDINGS, Gate.NO_VERDICT: Exit.UNTRUSTWORTHY}[judge_gate(standing)]
