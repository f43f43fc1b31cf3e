"""``ipv6check doctor``: what this vantage can and cannot measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, loop_name, run_async
from ipv6check.cli.options import Anchors, Language, PolicyChoice, Resolvers, SourceAddress
from ipv6check.cli.streams import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipv6check.model.vantage import Vantage


def doctor(
    policy: PolicyChoice = "",
    resolver: Resolvers = [],  # noqa: B006
    anchor: Anchors = [],  # noqa: B006
    source: SourceAddress = "",
    name: Annotated[
        list[str], typer.Option(help="A name that a resolver of your own knows; a public one otherwise; repeatable.")
    ] = [],  # noqa: B006
    json: Annotated[bool, typer.Option("--json", help="The vantage as one JSON object.")] = False,
    lang: Language = "",
) -> None:
    """Look around; exit 0 if this vantage can judge IPv6, 3 if not."""
    vantage = run_async(_look(policy, resolver, anchor, source, name))
    if json:
        from ipv6check.reports.machine.as_json import as_line

        tell([as_line(vantage)])
    else:
        tell(_lines(vantage, lang))
    if vantage.selftests[-1].fitness.value != "fit":
        raise Leave(Exit.UNTRUSTWORTHY)


async def _look(policy: str, resolver: list[str], anchor: list[str], source: str, names: list[str]) -> Vantage:
    from ipv6check.model.optout import OptOut
    from ipv6check.settings import load_settings
    from ipv6check.wiring.inputs import read_policy
    from ipv6check.wiring.network import open_network

    settings, _ = load_settings(policy=policy, resolver=resolver, anchor=anchor, source=source)
    async with open_network(settings, read_policy(settings, None), OptOut(), names=names) as network:
        return await network.watchman.describe()


def _lines(vantage: Vantage, lang: str) -> Iterator[str]:
    """Every ability on a line: what it is, whether it is there, and what follows if it is not."""
    import platform
    import time
    from datetime import UTC, datetime

    from ipv6check import __version__
    from ipv6check.cli.output import chosen_language
    from ipv6check.model.address import registry_updated
    from ipv6check.reports.messages import Messages
    from ipv6check.settings import load_settings

    test = vantage.selftests[-1]
    say = Messages(chosen_language(load_settings(lang=lang)[0].lang)).word
    rows = [
        ("program", True, f"ipv6check {__version__}, Python {platform.python_version()}, {loop_name()}", ""),
        ("IPv6", test.ipv6, vantage.source_v6 or "no route", "everything but what the DNS proves will be unknown"),
        ("IPv4", test.ipv4, vantage.source_v4 or "no route", "comparisons with IPv4 will be unknown"),
        (
            "DNS",
            test.dns,
            " ".join(vantage.resolvers),
            "names will be unknown; does it know only a --name of yours?",
        ),
        ("echo", vantage.echo != "none", vantage.echo, "ICM001 will be unknown; see net.ipv4.ping_group_range"),
        ("NAT64", True, _translation(vantage), ""),
        (
            "CLAT",
            not vantage.clat,
            vantage.source_v4 if vantage.clat else "none",
            "IPv4 results are translated IPv6",
        ),
        ("HTTP/3", True, _http3(), ""),
        ("clock", time.time() > 1.75e9, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", "certificates will be misjudged"),
        ("address table", True, f"special-purpose registry of {registry_updated()}", ""),
    ]
    for name, good, what, otherwise in rows:
        yield f"{'ok  ' if good else 'FAIL'}  {name:<14} {what}" + ("" if good or not otherwise else f": {otherwise}")
    for anchor in test.anchors:
        state = f"{anchor.took_ms} ms" if not anchor.failure else say("failure", anchor.failure)
        yield f"      anchor {anchor.anchor}: {state}"
    if test.detail:
        yield f"      {test.detail}"
    yield ""
    yield say("fitness", test.fitness.value)


def _http3() -> str:
    from importlib.util import find_spec

    if find_spec("aioquic") is not None:
        return "aioquic"
    return "not installed, HTTP008 is unknown where a site announces it: pip install 'ipv6check[http3]'"


def _translation(vantage: Vantage) -> str:
    """What is known of NAT64, and whether this place proves anything about IPv6-only networks."""
    found = "none"
    if vantage.nat64_prefixes:
        found = f"{' '.join(vantage.nat64_prefixes)}; addresses made up from it never count as the target's"
    if vantage.without_ipv4:
        found += "; no IPv4 here, so what works is proven for IPv6-only networks"
    return found
