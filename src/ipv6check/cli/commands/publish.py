"""``ipv6check publish``: the reports of all agencies in a folder, with an index."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import run_async
from ipv6check.cli.options import DatabaseUrl, Today, Tree, day_of, tree_day

if TYPE_CHECKING:
    from datetime import date

    from ipv6check.settings import Settings
    from ipv6check.wiring.reporting.publishing import Order


def publish(
    folder: Annotated[Path, typer.Argument(help="Where to put the set; an earlier set there is replaced as a whole.")],
    scan: Annotated[
        str, typer.Option(help="Only what this scan saw: its id, the beginning of it, or latest.", show_default=False)
    ] = "",
    db: DatabaseUrl = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the scan's own otherwise.")] = "",
    today: Today = "",
    tree: Tree = "listed",
    format: Annotated[
        list[str], typer.Option("--format", "-f", help="Formats of every report; repeatable.", show_default="html, csv")
    ] = [],  # noqa: B006
    lang: Annotated[list[str], typer.Option(help="en or vi; repeatable, the first leads.")] = [],  # noqa: B006
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No closing line.")] = False,
) -> None:
    """Write the reports of the whole and of every agency into a folder, with an index and a manifest of digests."""
    from ipv6check.cli.output import check_form, chosen_language
    from ipv6check.settings import load_settings
    from ipv6check.wiring.reporting.publishing import check_place, chosen

    settings, _ = load_settings(db=db, mandate=mandate)
    order = chosen(format or ["html", "csv"], [chosen_language(one) for one in lang or [settings.lang]])
    for one in order.formats:
        check_form(format=one, output=os.devnull)
    check_place(folder)
    tree_day(tree, None)
    count = run_async(_publish(settings, scan, folder, order, day_of("--today", today), tree))
    if not quiet:
        typer.echo(f"{count} files are in {folder}; start with {folder / 'index.html'}", err=True)


async def _publish(settings: Settings, scan: str, folder: Path, order: Order, today: date | None, tree: str) -> int:
    from ipv6check.compliance.deadline import today_in
    from ipv6check.store.open import open_store
    from ipv6check.wiring.inputs import read_mandate
    from ipv6check.wiring.reporting.counting import standing_of
    from ipv6check.wiring.reporting.lineage import lineage_of
    from ipv6check.wiring.reporting.publishing import publish as put
    from ipv6check.wiring.reporting.records import recorded

    async with await open_store(settings.db, create=False) as store:
        found = await store.scan(scan or "latest")
        agencies = (await store.revision_of(found)).agencies
        mandate = read_mandate(settings, found.mandate)
        day = tree_day(tree, today or today_in(mandate.period, datetime.now(UTC)))
        lineage = await lineage_of(store, found, mandate)
        standing = await standing_of(store, found, mandate, today=today, tree=day, confirmed=not scan, lineage=lineage)
        shown = [group.key for group in standing.agencies if group.key]
        records = await recorded(store, lineage, standing, agencies, shown)
    return put(standing, agencies, folder, order, records=records)
