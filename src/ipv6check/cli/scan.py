"""``ipv6check scan``: probe, judge and store."""

from pathlib import Path
from typing import Annotated

import typer

from ipv6check.cli.exits import Exit, LateTrouble, Leave, run_async, save_trace


def scan(
    inventories: Annotated[list[Path], typer.Argument(help="Inventory files; - reads a plain list from standard input.")],
    db: Annotated[str, typer.Option(help="Database URL: sqlite:///FILE or postgresql://…", show_default=False)] = "",
    policy: Annotated[str, typer.Option(help="default, ci, lab, or a policy file.")] = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file.")] = "",
    resolver: Annotated[list[str], typer.Option(help="Resolver to ask, ADDRESS or [ADDRESS]:PORT; repeatable.")] = [],  # noqa: B006
    anchor: Annotated[list[str], typer.Option(help="Reference target of the self-test; repeatable.")] = [],  # noqa: B006
    contact: Annotated[str, typer.Option(help="Address or URL told to the scanned servers.")] = "",
    exclude: Annotated[str, typer.Option(help="Opt-out list: names, suffixes, prefixes never to be probed.")] = "",
    source: Annotated[str, typer.Option(help="Source address of IPv6 connections.")] = "",
    vantage: Annotated[str, typer.Option(help="Name of this vantage in reports.")] = "",
    agency: Annotated[list[str], typer.Option(help="Only this agency and those below it; repeatable.")] = [],  # noqa: B006
    tag: Annotated[list[str], typer.Option(help="Only assets with this tag; repeatable.")] = [],  # noqa: B006
    select: Annotated[list[str], typer.Option(help="Only these assets, by id, name or host, * and ? allowed.")] = [],  # noqa: B006
    rules: Annotated[list[str], typer.Option(help="Only these rules or families, e.g. DNS001,HTTP.")] = [],  # noqa: B006
    limit: Annotated[int, typer.Option(help="At most so many assets.", min=0)] = 0,
    resume: Annotated[str, typer.Option(help="Go on with this scan, or `latest`.")] = "",
    skip_invalid: Annotated[bool, typer.Option("--skip-invalid", help="Leave out invalid rows and count them.")] = False,
    encoding: Annotated[str, typer.Option(help="Encoding of text tables; found out by itself otherwise.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be probed; send nothing.")] = False,
    fail_on: Annotated[str, typer.Option(help="Exit 1 on: fail (a required rule failed), unknown, or never.")] = "never",
    format: Annotated[str, typer.Option("--format", "-f", help="table, json, jsonl, csv or markdown; or none.")] = "table",
    output: Annotated[str, typer.Option("--output", "-o", help="Write the report to a file.")] = "-",
    lang: Annotated[str, typer.Option(help="en or vi.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Probe what an inventory lists, judge it, store it, and report the conversion rate."""
    from ipv6check.settings import load_settings
    from ipv6check.wiring.inputs import choose_checks, read_inventory, read_mandate, read_policy, require_contact
    from ipv6check.wiring.scanning import Request

    if fail_on not in ("fail", "unknown", "never"):
        raise typer.BadParameter("fail, unknown or never", param_hint="--fail-on")
    settings, _ = load_settings(
        db=db,
        policy=policy,
        mandate=mandate,
        resolver=resolver,
        anchor=anchor,
        contact=contact,
        exclude=exclude,
        source=source,
        vantage=vantage,
        lang=lang,
    )
    inventory = read_inventory(inventories, encoding=encoding, skip_invalid=skip_invalid)
    chosen_mandate = read_mandate(settings, inventory.mandate)
    request = Request(
        settings=settings,
        inventory=inventory,
        mandate=chosen_mandate,
        policy=read_policy(settings, chosen_mandate),
        checks=choose_checks(rules),
        selection=selection_of(agency, tag, select, limit, inventory.agencies),
        resume=resume,
    )
    if dry_run:
        show_plan(request)
        return
    require_contact(inventory, settings)
    report = Reporting(format=format, output=output, quiet=quiet)
    raise Leave(run_async(_scan(request, report, fail_on)))
