"""``ipv6check inventory``: check an inventory, look at it, rewrite it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.commands.inventory_import import gaps, import_
from ipv6check.cli.exits import Exit, Leave
from ipv6check.cli.options import Agencies, Selects, Tags
from ipv6check.cli.streams import tell
from ipv6check.cli.usage import Commands
from ipv6check.cli.wording import several
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipv6check.inventory.load import Inventory
    from ipv6check.model.asset import Asset

inventory = Commands(help="Check an inventory, look at it, rewrite it.")
inventory.command("import")(import_)
inventory.command("gaps")(gaps)

Files = Annotated[list[Path], typer.Argument(help="Inventory files; - reads a plain list from standard input.")]
Encoding = Annotated[str, typer.Option(help="Encoding of text tables; found out by itself otherwise.")]


@inventory.command("lint")
def lint(
    files: Files,
    encoding: Encoding = "",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """Report every fault with file and line; exit 2 if there is one."""
    from datetime import UTC, datetime

    from ipv6check.inventory.load import lint as run
    from ipv6check.reports.inert import inert

    if format not in ("text", "json"):
        raise Trouble(f"--format {format}: not one of text, json")
    report = run(files, today=datetime.now(UTC).date(), encoding=encoding or None)
    if format == "json":
        from ipv6check.reports.machine.as_json import as_line

        tell([as_line(report)])
    else:
        tell(inert(str(problem)) for problem in report.errors)
        for problem in report.warnings:
            typer.echo(f"{inert(str(problem))} (warning)", err=True)
        shown = len(report.errors)
        more = f", the first {shown} shown" if report.error_count > shown else ""
        typer.echo(
            f"{several(report.assets, 'asset')}, {several(report.agencies, 'agency', 'agencies')}, "
            f"{several(report.error_count, 'error')}{more}, {several(report.warning_count, 'warning')}",
            err=True,
        )
    if report.error_count or (strict and report.warning_count):
        raise Leave(Exit.USAGE)


@inventory.command("show")
def show(
    files: Files,
    encoding: Encoding = "",
    agency: Agencies = [],  # noqa: B006
    tag: Tags = [],  # noqa: B006
    select: Selects = [],  # noqa: B006
    limit: Annotated[int, typer.Option(help="At most so many; 0 for all.", min=0)] = 0,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Leave out invalid rows and count them.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the assets as a scan would see them."""
    from ipv6check.cli.selection import selection_of
    from ipv6check.wiring.inputs import read_inventory

    opened = read_inventory(files, encoding=encoding, skip_invalid=skip_invalid)
    selection = selection_of(agency, tag, select, limit, opened.agencies)
    chosen = selection.apply(opened.assets(), opened.agencies)
    tell(map(_as_json if json else _as_text, chosen))


def _as_json(asset: Asset) -> str:
    from ipv6check.reports.machine.as_json import as_line

    return as_line(asset)


def _as_text(asset: Asset) -> str:
    from ipv6check.reports.inert import inert

    targets = " ".join(target.key for target in asset.targets) or asset.prefix or "–"
    return inert(f"{asset.id}  {asset.kind.value}  {asset.agency or '–'}  {asset.name}  {targets}")


@inventory.command("convert")
def convert(
    files: Files,
    to: Annotated[str, typer.Option(help="yaml, csv or jsonl.")] = "yaml",
    output: Annotated[str, typer.Option("--output", "-o", help="Write to a file; - is standard output.")] = "-",
    encoding: Encoding = "",
    csv_delimiter: Annotated[str, typer.Option(help="Between two cells.")] = ",",
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Leave out invalid rows and count them.")
    ] = False,
) -> None:
    """Write an inventory in another format; nothing that the format can hold is lost."""
    from functools import partial

    from ipv6check.cli.output import check_delimiter, write
    from ipv6check.inventory.convert import NotFlat, as_csv, as_jsonl, as_yaml, lost_in_csv
    from ipv6check.wiring.inputs import read_inventory

    check_delimiter(csv_delimiter)
    opened = read_inventory(files, encoding=encoding, skip_invalid=skip_invalid)
    named: set[str] = set()
    writers: dict[str, Callable[[Inventory], Iterator[str]]] = {
        "yaml": as_yaml,
        "jsonl": as_jsonl,
        "csv": partial(as_csv, delimiter=csv_delimiter, named=named),
    }
    if to not in writers:
        raise Trouble(f"--to {to}: not one of {', '.join(writers)}")
    try:
        write((line.rstrip("\r\n") for line in writers[to](opened)), output, with_bom=to == "csv")
    except NotFlat as error:
        raise Trouble(str(error)) from None
    if to == "csv":
        _tell_lost(*lost_in_csv(opened.agencies, named))


def _tell_lost(left_out: int, less: int) -> None:
    """What a table of assets has no room for, on stderr."""
    if left_out:
        agencies = several(left_out, "agency", "agencies")
        typer.echo(
            f"{agencies} without assets left out, which a table of assets cannot hold; --to yaml keeps all", err=True
        )
    if less:
        agencies = several(less, "agency", "agencies")
        typer.echo(f"{agencies} told in part (no level, dates or second name); --to yaml keeps all", err=True)


@inventory.command("units")
def units(
    units: Annotated[Path, typer.Argument(help="CSV of the units before a reform: level, code, name, parent_code.")],
    pairs: Annotated[Path, typer.Argument(help="CSV that pairs old and new communes by code.")],
    first_day: Annotated[str, typer.Option(help="First day of the new units, YYYY-MM-DD.")],
    prefix: Annotated[str, typer.Option(help="What the ids begin with.")] = "vn",
    drop: Annotated[list[str], typer.Option(help="A wrong pair, OLD:NEW by code; repeatable.")] = [],  # noqa: B006
    output: Annotated[str, typer.Option("--output", "-o", help="Write to a file; - is standard output.")] = "-",
) -> None:
    """Make dated agencies with their successors of two tables of administrative units."""
    from datetime import date

    from ipv6check.cli.output import write
    from ipv6check.inventory.convert import agencies_as_yaml
    from ipv6check.inventory.units import units_of

    try:
        day = date.fromisoformat(first_day)
    except ValueError:
        raise Trouble(f"--first-day {first_day}: is not a day written as 2025-07-01") from None
    dropped = [tuple(one.split(":")) for one in drop]
    for text, pair in zip(drop, dropped, strict=True):
        if len(pair) != 2:
            raise Trouble(f"--drop {text}: is not two codes with a colon between them")
    found = units_of(units, pairs, prefix=prefix, first_day=day, drop=[(one[0], one[1]) for one in dropped])
    write((line.rstrip("\n") for line in agencies_as_yaml(found)), output)
