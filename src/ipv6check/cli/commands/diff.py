"""``ipv6check diff``: what changed between two scans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import DatabaseUrl, Language
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.model.history import Difference
    from ipv6check.settings import Settings

NAMES = "A scan's id, the beginning of it, latest, previous, or a day (YYYY-MM-DD): the last scan that had ended then."


def diff(
    before: Annotated[str, typer.Argument(help=NAMES)] = "previous",
    after: Annotated[str, typer.Argument(help="The later scan, named in the same ways.")] = "latest",
    db: DatabaseUrl = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the later scan's otherwise.")] = "",
    raw: Annotated[bool, typer.Option("--raw", help="What each scan saw, not the confirmed states.")] = False,
    format: Annotated[str, typer.Option("--format", "-f", help="table, json, csv or markdown.")] = "table",
    output: Annotated[str, typer.Option("--output", "-o", help="Write to a file; - is standard output.")] = "-",
    fail_on: Annotated[str, typer.Option(help="Exit 1 on: worse (an asset is worse), or never.")] = "never",
    lang: Language = "",
) -> None:
    """Show which assets are better, worse, new or gone from one scan to another, and why."""
    from ipv6check.cli.output import check_form, chosen_language, write
    from ipv6check.model.history import Turn
    from ipv6check.reports.text.as_diff import FORMATS
    from ipv6check.settings import load_settings

    if format not in FORMATS:
        raise Trouble(f"--format {format}: not one of {', '.join(FORMATS)}")
    if fail_on not in ("worse", "never"):
        raise Trouble(f"--fail-on {fail_on}: not one of worse, never")
    settings, _ = load_settings(db=db, mandate=mandate, lang=lang)
    language = chosen_language(settings.lang)
    check_form(format=format, language=settings.lang, output=output)
    found = run_async(_diff(settings, before, after, confirmed=not raw))
    write(FORMATS[format](found, language), output, with_bom=format == "csv")
    if fail_on == "worse" and any(change.turn is Turn.WORSE for change in found.changes):
        raise Leave(Exit.FINDINGS)


async def _diff(settings: Settings, before: str, after: str, *, confirmed: bool) -> Difference:
    from ipv6check.store.open import open_store
    from ipv6check.wiring.inputs import read_mandate
    from ipv6check.wiring.reporting.difference import difference_of, scan_named

    async with await open_store(settings.db, create=False) as store:
        latest = await store.scan()
        zone = read_mandate(settings, latest.mandate)
        later = await scan_named(store, after, zone)
        mandate = read_mandate(settings, later.mandate)
        earlier = await scan_named(store, before, mandate, before=later)
        return await difference_of(store, earlier, later, mandate, confirmed=confirmed)
