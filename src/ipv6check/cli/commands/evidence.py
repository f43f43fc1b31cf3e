"""``ipv6check import evidence``: files that others wrote about hosts into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import Agencies, DatabaseUrl
from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ipv6check.model.asset import Asset
    from ipv6check.model.imported import Socket
    from ipv6check.wiring.imports.evidence_files import Imported

MOST_SHOWN = 20


def evidence(
    files: Annotated[
        list[Path], typer.Argument(help="Host documents, neighbours, leases, NetBox CSV, configurations.")
    ],
    inventory: Annotated[list[Path], typer.Option(help="The inventory whose assets are meant; repeatable.")],
    db: DatabaseUrl = "",
    observed: Annotated[str, typer.Option(help="When they were taken, if they do not say: YYYY-MM-DD or a time.")] = "",
    vantage: Annotated[str, typer.Option(help="Who took them; the file's name unless given.")] = "",
    agency: Agencies = [],  # noqa: B006
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would match; store nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
) -> None:
    """Store evidence for the next scans; exit 1 if a file matched nothing. A repeat changes nothing."""
    from datetime import UTC, datetime

    from ipv6check.cli.selection import selection_of
    from ipv6check.wiring.imports.evidence_files import bundle_all
    from ipv6check.wiring.inputs import read_inventory

    opened = read_inventory(inventory)
    selection = selection_of(agency, [], [], 0, opened.agencies)
    assets = list(selection.apply(opened.assets(), opened.agencies))
    now = datetime.now(UTC)
    found = bundle_all(files, assets, now=now, observed=_moment(observed), vantage=vantage, private=bool(agency))
    if not dry_run:
        found = run_async(_store(db, found, assets))
    if json:
        from ipv6check.reports.machine.as_json import as_line

        tell(as_line(as_object(one)) for one in found)
    else:
        tell(line for one in found for line in lines(one))
    if not all(one.bundle.claims for one in found):
        raise Leave(Exit.FINDINGS)


async def _store(db: str, found: Sequence[Imported], assets: Sequence[Asset]) -> list[Imported]:
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store
    from ipv6check.wiring.imports.evidence_files import store_all

    settings, _ = load_settings(db=db)
    async with await open_store(settings.db) as store:
        return await store_all(store, found, assets)


def _moment(text: str) -> datetime | None:
    """A day or a time, in UTC unless it says otherwise. Raises Trouble."""
    from datetime import UTC, datetime

    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(f"--observed {text}: is neither a day such as 2026-11-23 nor a time in ISO 8601") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def lines(one: Imported) -> Iterator[str]:
    """What a file was, what it says about which asset, and what it says about nobody."""
    from datetime import UTC, datetime

    from ipv6check.reports.inert import inert

    origin = one.bundle.provenance
    day = datetime.fromtimestamp(origin.taken_at, UTC)
    done = f", {one.taken.value}" if one.taken else ""
    yield inert(
        f"{origin.file}: {origin.source.value} by {origin.vantage}, taken {day:%Y-%m-%d %H:%M} UTC: "
        f"{len(one.bundle.claims)} assets{done}"
    )
    for claim in one.bundle.claims:
        told = [f"{each.wanted} {_bound(each.sockets)}" for each in claim.listenings]
        told += [" ".join(each.addresses) or each.proof for each in claim.sightings]
        yield inert(f"  {claim.asset}: {'; '.join(told)}")
    for doubt in one.doubts:
        yield inert(f"  ? {doubt}")
    if one.unmatched:
        yield f"  no asset ({len(one.unmatched)}):"
        yield from (inert(f"    {text}") for text in one.unmatched[:MOST_SHOWN])
        if len(one.unmatched) > MOST_SHOWN:
            yield f"    … and {len(one.unmatched) - MOST_SHOWN} more; --json shows all"


def _bound(sockets: Sequence[Socket]) -> str:
    """From whom the sockets hear, in a word."""
    from ipv6check.checks.listening import hearing

    return hearing(sockets).value


def as_object(one: Imported) -> dict[str, object]:
    """A file and what came of it, for JSON."""
    return {
        "file": one.bundle.provenance.file,
        "bundle": one.bundle,
        "unmatched": one.unmatched,
        "doubts": one.doubts,
        "taken": one.taken.value if one.taken else "",
    }
