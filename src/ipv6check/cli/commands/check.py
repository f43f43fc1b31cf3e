"""``ipv6check check``: a verdict in seconds, for pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import LateTrouble, Leave, run_async
from ipv6check.cli.options import (
    Agencies,
    Anchors,
    Contact,
    Language,
    MandateChoice,
    OptOutList,
    Outputs,
    Resolvers,
    Roots,
    Selects,
    SourceAddress,
    Tags,
    Via,
    ViaAuthority,
    ViaCertificate,
    ViaToken,
)
from ipv6check.cli.orders import FORMAT_HELP, one_of, orders
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.settings import Settings
    from ipv6check.wiring.pipelines.checking import Checked, CheckRequest
    from ipv6check.wiring.pipelines.subjects import Subjects
    from ipv6check.wiring.pipelines.waiting import Run

_CI = "ci"


def check(
    targets: Annotated[
        list[str], typer.Argument(help="URLs, names, addresses, HOST:PORT or HOST:PORT/PROTOCOL.", show_default=False)
    ] = [],  # noqa: B006
    inventory: Annotated[
        list[Path], typer.Option("--inventory", "-i", help="Check what an inventory lists instead; repeatable.")
    ] = [],  # noqa: B006
    agency: Agencies = [],  # noqa: B006
    tag: Tags = [],  # noqa: B006
    select: Selects = [],  # noqa: B006
    changed_since: Annotated[
        str, typer.Option(metavar="REV", help="Only assets of the inventory whose lines changed since a git revision.")
    ] = "",
    require: Annotated[
        list[str], typer.Option(help="Rules or families that decide, e.g. DNS001,TLS; else the mandate's.")
    ] = [],  # noqa: B006
    mandate: MandateChoice = "",
    policy: Annotated[str, typer.Option(help="ci, default, lab, or a policy file.", show_default="ci")] = "",
    fail_on: Annotated[
        str, typer.Option(help="fail: 1 on a failure, 3 on an unknown; unknown: 1 on either; never: 0 on both.")
    ] = "fail",
    resolve: Annotated[
        list[str], typer.Option(metavar="NAME=[ADDR],…", help="Addresses of a name that the DNS lacks yet; repeatable.")
    ] = [],  # noqa: B006
    address: Annotated[
        list[str], typer.Option(metavar="ADDR", help="The same for the only name that is checked; repeatable.")
    ] = [],  # noqa: B006
    wait: Annotated[
        str, typer.Option(metavar="TIME", help="Look again for so long, e.g. 10m, until the check passes.")
    ] = "",
    timeout: Annotated[
        str, typer.Option(metavar="TIME", help="At most so long for one look; what is open then is unknown.")
    ] = "",
    dns_only: Annotated[
        bool, typer.Option("--dns-only", help="Judge what the DNS alone proves; connect nowhere.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="Failures in this file do not count.", show_default=False)
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(help="Write what fails now to a baseline; it counts no more.", show_default=False)
    ] = None,
    resolver: Resolvers = [],  # noqa: B006
    anchor: Anchors = [],  # noqa: B006
    root: Roots = [],  # noqa: B006
    contact: Contact = "",
    exclude: OptOutList = "",
    source: SourceAddress = "",
    via: Via = "",
    via_token: ViaToken = "",
    via_ca: ViaAuthority = "",
    via_cert: ViaCertificate = "",
    format: Annotated[list[str], typer.Option("--format", "-f", help=FORMAT_HELP, show_default="text")] = [],  # noqa: B006
    output: Outputs = [],  # noqa: B006
    lang: Language = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks.")] = False,
) -> None:
    """Check a few targets at once: exit 0 passed, 1 failed, 3 not proven. Nothing is stored."""
    from ipv6check.cli.commands.checked import Wanted, emit_reports, exit_code, tell_remarks
    from ipv6check.cli.duration import seconds
    from ipv6check.cli.output import check_form
    from ipv6check.settings import load_settings
    from ipv6check.wiring.pipelines.baseline import read_baseline
    from ipv6check.wiring.pipelines.waiting import Stopped, look

    one_of("--fail-on", fail_on, ("fail", "unknown", "never"))
    if dns_only and (address or resolve):
        raise Trouble("--dns-only: nothing would be left to judge beside --address or --resolve; give one of them")
    settings, origins = load_settings(
        policy=policy,
        mandate=mandate,
        resolver=resolver,
        anchor=anchor,
        root=root,
        contact=contact,
        exclude=exclude,
        source=source,
        via=via,
        via_token=via_token,
        via_ca=via_ca,
        via_cert=via_cert,
        lang=lang,
    )
    if origins["policy"] == "default":
        settings = settings.model_copy(update={"policy": _CI})
    if settings.via:
        _refuse_local(
            ("--anchor", anchor), ("--root", root), ("--source", source), ("--resolver", resolver and not wait)
        )
    reports = orders(format, output, default="text")
    for order in reports:
        shown = "table" if order.format == "text" else order.format
        check_form(format=shown, language=settings.lang, output=order.output)
    wanted = Wanted(reports, read_baseline(baseline) if baseline else None, write_baseline, settings.lang, quiet=quiet)
    request = request_of(
        settings,
        _subjects(targets, inventory, agency, tag, select, changed_since),
        require=require,
        resolve=resolve,
        address=address,
        dns_only=dns_only,
        timeout_s=seconds(timeout, "--timeout") if timeout else None,
    )
    wait_s = seconds(wait, "--wait") if wait else 0.0
    try:
        gated = run_async(look(request, wanted.known, wait_s=wait_s, tell=wanted.tell, run=_run(settings)))
    except Stopped as stopped:
        raise Leave(128 + stopped.signal) from None
    gated = wanted.written(gated)
    emit_reports(gated, wanted, settings.lang)
    tell_remarks(gated, wanted, settings.lang)
    raise Leave(exit_code(gated, fail_on))


def _refuse_local(*options: tuple[str, object]) -> None:
    """Options about looks of this machine are not ignored beside an agent's. Raises Trouble."""
    for option, given in options:
        if given:
            raise Trouble(f"{option}: this machine looks at nothing with --via; the agent has its own")


def _run(settings: Settings) -> Run:
    """Looks from this machine, or through the agent of the settings. Raises Trouble."""
    if not settings.via:
        from ipv6check.wiring.pipelines.checking import run_check

        return run_check
    from ipv6check.net.clients.agent import AgentSilent
    from ipv6check.wiring.pipelines.asking import agent_of, through

    ask = through(agent_of(settings))

    async def run(request: CheckRequest) -> Checked:
        try:
            return await ask(request)
        except AgentSilent as silence:
            raise LateTrouble(str(silence)) from None

    return run


def _subjects(
    targets: list[str], inventory: list[Path], agency: list[str], tag: list[str], select: list[str], changed_since: str
) -> Subjects:
    """Targets of the command line, or the chosen part of an inventory. Raises Trouble and Problems."""
    from ipv6check.wiring.pipelines.subjects import subjects_of_arguments, subjects_of_inventory

    if not inventory:
        for option, given in (
            ("--agency", agency),
            ("--tag", tag),
            ("--select", select),
            ("--changed-since", changed_since),
        ):
            if given:
                raise Trouble(f"{option}: chooses from an inventory; give one with -i FILE")
        if not targets:
            raise Trouble("nothing to check: give a target, or an inventory with -i FILE")
        return subjects_of_arguments(targets)
    if targets:
        raise Trouble("give targets or an inventory (-i), not both; --select chooses from an inventory")
    from ipv6check.cli.selection import selection_of
    from ipv6check.wiring.inputs import read_inventory
    from ipv6check.wiring.pipelines.changes import changed_since as narrowing

    read = read_inventory(inventory)
    selection = selection_of(agency, tag, select, 0, read.agencies)
    return subjects_of_inventory(read, selection, narrowing(changed_since) if changed_since else None)


def request_of(
    settings: Settings,
    subjects: Subjects,
    *,
    require: list[str],
    resolve: list[str],
    address: list[str],
    dns_only: bool,
    timeout_s: float | None,
) -> CheckRequest:
    """The request of the options. Raises Trouble and Problems."""
    from ipv6check.checks.registry import CHECKS
    from ipv6check.compliance.pipeline import keeping, requiring
    from ipv6check.wiring.inputs import choose_checks, read_mandate, read_policy, require_contact
    from ipv6check.wiring.pipelines.checking import CheckRequest, judged_by_dns
    from ipv6check.wiring.pipelines.stating import stated_addresses

    chosen = read_mandate(settings, subjects.mandate)
    policy = read_policy(settings, chosen)
    if require:
        choose_checks(require)  # unknown names are refused
        chosen = requiring(chosen, [part.upper() for one in require for part in one.replace(",", " ").split()])
    checks = CHECKS
    if dns_only:
        checks = tuple(check for check in CHECKS if judged_by_dns(check))
        chosen = keeping(chosen, frozenset(check.rule.code for check in checks))
    require_contact(subjects, settings)
    return CheckRequest(
        settings=settings,
        subjects=subjects,
        mandate=chosen,
        policy=policy,
        checks=checks,
        stated=stated_addresses(resolve, address, subjects.listed),
        dns_only=dns_only,
        timeout_s=timeout_s,
    )
