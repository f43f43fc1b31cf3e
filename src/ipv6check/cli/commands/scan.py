"""``ipv6check scan``: probe, judge and store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, LateTrouble, Leave, run_async, save_trace
from ipv6check.cli.options import (
    Agencies,
    Anchors,
    Contact,
    DatabaseUrl,
    Language,
    LogFile,
    LogFormat,
    LogLevel,
    MandateChoice,
    OptOutList,
    Outputs,
    PolicyChoice,
    Resolvers,
    Roots,
    Selects,
    SourceAddress,
    Tags,
    VantageName,
)
from ipv6check.cli.orders import FORMAT_HELP, Order, one_of, orders
from ipv6check.cli.wording import several
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.model.standing import Standing
    from ipv6check.wiring.progress import Progress
    from ipv6check.wiring.scans.scanning import Request


def scan(
    inventories: Annotated[
        list[Path], typer.Argument(help="Inventory files; - reads a plain list from standard input.")
    ],
    db: DatabaseUrl = "",
    policy: PolicyChoice = "",
    mandate: MandateChoice = "",
    resolver: Resolvers = [],  # noqa: B006
    anchor: Anchors = [],  # noqa: B006
    root: Roots = [],  # noqa: B006
    contact: Contact = "",
    exclude: OptOutList = "",
    source: SourceAddress = "",
    vantage: VantageName = "",
    agency: Agencies = [],  # noqa: B006
    tag: Tags = [],  # noqa: B006
    select: Selects = [],  # noqa: B006
    rules: Annotated[list[str], typer.Option(help="Only these rules or families, e.g. DNS001,HTTP.")] = [],  # noqa: B006
    limit: Annotated[int, typer.Option(help="At most so many assets; 0 for all.", min=0)] = 0,
    resume: Annotated[str, typer.Option(help="Go on with this scan, or `latest`.")] = "",
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Leave out invalid rows and count them.")
    ] = False,
    encoding: Annotated[str, typer.Option(help="Encoding of text tables; found out by itself otherwise.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be probed; send nothing.")] = False,
    fail_on: Annotated[
        str, typer.Option(help="Exit 1 on: fail (a required rule failed), unknown, or never.")
    ] = "never",
    format: Annotated[
        list[str], typer.Option("--format", "-f", help=f"{FORMAT_HELP} Or none.", show_default="table")
    ] = [],  # noqa: B006
    output: Outputs = [],  # noqa: B006
    lang: Language = "",
    log_format: LogFormat = "",
    log_level: LogLevel = "",
    log_file: LogFile = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Probe what an inventory lists, judge it, store it, and report the conversion rate."""
    from ipv6check.cli.events import start_logging_if_asked
    from ipv6check.cli.output import check_form
    from ipv6check.cli.selection import selection_of
    from ipv6check.settings import load_settings
    from ipv6check.wiring.inputs import choose_checks, read_inventory, read_mandate, read_policy, require_contact
    from ipv6check.wiring.network import require_readable
    from ipv6check.wiring.scans.scanning import Request

    one_of("--fail-on", fail_on, ("fail", "unknown", "never"))
    settings, origins = load_settings(
        db=db,
        policy=policy,
        mandate=mandate,
        resolver=resolver,
        anchor=anchor,
        root=root,
        contact=contact,
        exclude=exclude,
        source=source,
        vantage=vantage,
        lang=lang,
        log_format=log_format,
        log_level=log_level,
        log_file=log_file,
    )
    require_readable(settings)
    reports = orders(format, output)
    for order in reports:
        check_form(format=order.format, language=settings.lang, output=order.output)
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
    quiet = start_logging_if_asked(settings, origins) or quiet
    raise Leave(run_async(_scan(request, fail_on, reports, quiet=quiet)))


async def _scan(request: Request, fail_on: str, reports: tuple[Order, ...], *, quiet: bool) -> int:
    """Scan into the store, report, and give the exit code."""
    from ipv6check.cli.output import emit
    from ipv6check.cli.progress import ProgressLine
    from ipv6check.model.scan import ScanState
    from ipv6check.store.errors import StoreError
    from ipv6check.store.open import open_store
    from ipv6check.wiring.reporting.counting import standing_of
    from ipv6check.wiring.reporting.lineage import lineage_of
    from ipv6check.wiring.scans.scanning import run_scan
    from ipv6check.wiring.tracing import span, traced

    store = await open_store(request.settings.db)
    try:
        with ProgressLine(quiet=quiet) as line:
            try:
                with traced(request.settings.otlp), span("run", inventory=", ".join(request.inventory.files)):
                    progress = await run_scan(request, store, line)
            except StoreError as error:
                if line.seen:
                    raise LateTrouble(str(error)) from error
                raise
        assert progress.scan is not None
        standing = None
        if reports or fail_on != "never":
            standing = await standing_of(store, progress.scan, request.mandate)
        elif progress.scan.state is ScanState.COMPLETE:
            await lineage_of(store, progress.scan, request.mandate)  # counts the scan for good
    finally:
        await store.close()
    if standing is not None:
        try:
            for order in reports:
                emit(standing, format=order.format, output=order.output, language=request.settings.lang)
        except Trouble as trouble:
            raise LateTrouble(str(trouble)) from trouble
    _tell_end(progress, request, quiet=quiet)
    return _exit_code(progress, standing, fail_on, resumed=bool(request.resume))


def _tell_end(progress: Progress, request: Request, *, quiet: bool) -> None:
    """What a reader of the report must know besides, on stderr."""
    scan = progress.scan
    assert scan is not None
    if not quiet:
        seconds = (scan.ended or scan.started) - scan.started
        sys.stderr.write(
            f"{several(progress.judged, 'asset')} judged in {seconds:.1f} s, "
            f"event loop lag at most {progress.lag_p99_ms} ms in 99 % of its turns\n"
        )
    if progress.doubts_the_clock:
        sys.stderr.write(
            f"ipv6check: {progress.from_the_future} of {progress.certificates} certificates are not valid yet; "
            "check the clock of this machine, then scan again\n"
        )
    if progress.crashes:
        path = save_trace("\n".join(progress.crashes))
        sys.stderr.write(f"ipv6check: {several(len(progress.crashes), 'internal error')}; the traces are in {path}\n")
    if progress.signal:
        sys.stderr.write(f"ipv6check: interrupted; go on with: ipv6check scan … --resume {scan.id}\n")
    elif scan.state.value != "complete":
        sys.stderr.write(f"ipv6check: the vantage did not recover; go on with: ipv6check scan … --resume {scan.id}\n")
    elif not scan.trustworthy:
        fitness = scan.vantage.selftests[-1].fitness.value
        sys.stderr.write(f"ipv6check: this vantage is not fit ({fitness}); what it could not test is unknown\n")
    if not progress.judged and not request.resume:
        sys.stderr.write("ipv6check: nothing was scanned\n")


def _exit_code(progress: Progress, standing: Standing | None, fail_on: str, *, resumed: bool) -> int:
    """0 whatever was found, unless asked otherwise; see ``cli.exits``."""
    from ipv6check.model.mandate import Level
    from ipv6check.model.verdict import Status

    scan = progress.scan
    assert scan is not None
    if progress.signal:
        return 128 + progress.signal
    if progress.crashes:
        return Exit.INTERNAL
    statuses = {
        rated.verdict.status
        for asset in (standing.assets if standing else ())
        for rated in asset.verdicts
        if rated.level is Level.REQUIRED
    }
    if fail_on != "never" and Status.FAIL in statuses:
        return Exit.FINDINGS
    nothing = progress.total == 0 and not resumed
    if scan.state.value != "complete" or not scan.trustworthy or nothing:
        return Exit.UNTRUSTWORTHY
    if fail_on == "unknown" and Status.UNKNOWN in statuses:
        return Exit.FINDINGS
    return Exit.GOOD


def show_plan(request: Request) -> None:
    """Say what a scan would do, and send nothing."""
    from ipv6check.engine.plan import make_plan
    from ipv6check.probes.registry import PROBES

    plan = make_plan(request.checks, [probe() for probe in PROBES])
    assets = targets = 0
    for asset in request.selection.apply(request.inventory.assets(), request.inventory.agencies):
        assets += 1
        targets += len(asset.targets)
        typer.echo(f"{asset.id}  {asset.kind.value}  " + ", ".join(target.key for target in asset.targets))
    families = " and ".join(f"IPv{family}" for family in plan.families)
    typer.echo(
        f"{several(assets, 'asset')}, {several(targets, 'target')}, {several(len(request.checks), 'rule')}, "
        f"over {families}; nothing was sent",
        err=True,
    )
