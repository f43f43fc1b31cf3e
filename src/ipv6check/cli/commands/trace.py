"""``ipv6check trace``: where the way to a target ends, and what gets through it."""

from __future__ import annotations

from typing import Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import Contact, Language, OptOutList, Resolvers, SourceAddress
from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble

_CI = "ci"
_MOST = 10


def trace(
    targets: Annotated[
        list[str], typer.Argument(help="URLs, names, addresses, HOST:PORT or HOST:PORT/PROTOCOL.", show_default=False)
    ],
    ipv6: Annotated[
        bool, typer.Option("--ipv6", "-6", help="IPv6 only; no IPv4 packet is sent to the target.")
    ] = False,
    ipv4: Annotated[bool, typer.Option("--ipv4", "-4", help="IPv4 only.")] = False,
    networks: Annotated[
        str, typer.Option(metavar="FILE", help="CSV with the columns prefix and name, to name the routers' networks.")
    ] = "",
    policy: Annotated[
        str, typer.Option(help="Time limits: ci, default, lab, or a policy file.", show_default="ci")
    ] = "",
    resolver: Resolvers = [],  # noqa: B006
    contact: Contact = "",
    exclude: OptOutList = "",
    source: SourceAddress = "",
    format: Annotated[str, typer.Option("--format", "-f", help="text or json (one object a target).")] = "text",
    lang: Language = "",
) -> None:
    """Measure the way to a target over both families: routers, path MTU, black holes, fragments.

    Exit 0: every address looked at (two of each family) connects over IPv6 and is no black hole; 1: one is not so, or
    there is none; 3: not told.
    """
    from ipv6check.cli.output import chosen_language
    from ipv6check.policies.networks import load_networks
    from ipv6check.reports.text.as_trace import as_json, render
    from ipv6check.reports.text.path_findings import works
    from ipv6check.settings import load_settings
    from ipv6check.wiring.inputs import read_policy
    from ipv6check.wiring.pipelines.pathfinding import TraceRequest, find_paths
    from ipv6check.wiring.pipelines.subjects import subjects_of_arguments

    if format not in ("text", "json"):
        raise typer.BadParameter("text or json", param_hint="--format")
    if len(targets) > _MOST:
        raise Trouble(f"at most {_MOST} targets at a time; `ipv6check scan` looks at many, and traces what fails")
    settings, origins = load_settings(
        policy=policy,
        resolver=resolver,
        contact=contact,
        exclude=exclude,
        source=source,
        networks=networks,
        lang=lang,
    )
    if origins["policy"] == "default":
        settings = settings.model_copy(update={"policy": _CI})
    language = chosen_language(settings.lang)
    table = load_networks(settings.networks)
    families = (6,) if ipv6 and not ipv4 else (4,) if ipv4 and not ipv6 else (6, 4)
    subjects = subjects_of_arguments(targets)
    found = run_async(
        find_paths(
            TraceRequest(
                settings=settings, policy=read_policy(settings, None), assets=subjects.listed, families=families
            )
        )
    )
    for index, one in enumerate(found):
        if format == "json":
            tell([as_json(one, table, families)])
        else:
            tell(["", *render(one, table, language)] if index else render(one, table, language))
    ends = [works(one, families) for one in found]
    if False in ends:
        raise Leave(Exit.FINDINGS)
    if None in ends:
        raise Leave(Exit.UNTRUSTWORTHY)
