"""``ipv6check exporter``: the latest scan for Prometheus, and single targets on demand."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Leave, run_async
from ipv6check.cli.options import Anchors, Contact, DatabaseUrl, LogFile, LogFormat, LogLevel, Resolvers
from ipv6check.cli.server import require_server, serve
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.settings import Settings


def exporter(
    listen: Annotated[str, typer.Option(help="[ADDRESS]:PORT to listen on.")] = "[::1]:9469",
    per_target: Annotated[bool, typer.Option("--per-target", help="Three series for each asset as well.")] = False,
    allow: Annotated[
        list[str], typer.Option(help="Host names that /probe may test beside the inventory, * allowed; repeatable.")
    ] = [],  # noqa: B006
    probes: Annotated[int, typer.Option(help="Probes at once; 0 switches /probe off.", min=0)] = 4,
    db: DatabaseUrl = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the scan's own otherwise.")] = "",
    policy: Annotated[str, typer.Option(help="Policy of /probe.", show_default="ci")] = "",
    resolver: Resolvers = [],  # noqa: B006
    anchor: Anchors = [],  # noqa: B006
    contact: Contact = "",
    log_format: LogFormat = "",
    log_level: LogLevel = "",
    log_file: LogFile = "",
) -> None:
    """Serve /metrics, /probe?target=… and /healthz."""
    from ipv6check.cli.events import start_logging
    from ipv6check.settings import load_settings

    require_server("exporter")
    settings, origins = load_settings(
        db=db,
        mandate=mandate,
        policy=policy,
        resolver=resolver,
        anchor=anchor,
        contact=contact,
        log_format=log_format,
        log_level=log_level,
        log_file=log_file,
    )
    if origins["policy"] == "default":
        settings = settings.model_copy(update={"policy": "ci"})
    start_logging(settings)
    address, port = endpoint(listen)
    raise Leave(run_async(_serve(settings, address, port, per_target=per_target, allow=allow, probes=probes)))


def endpoint(text: str) -> tuple[str, int]:
    """Address and port of ``[address]:port``. Raises Trouble."""
    from ipv6check.net.vantage.anchors import parse_anchor

    try:
        found = parse_anchor(text)
    except ValueError:
        found = None
    if found is None or not text.endswith(f":{found.port}"):
        raise Trouble(f"--listen {text}: write [ADDRESS]:PORT, such as [::1]:9469")
    return found.address, found.port


async def _serve(
    settings: Settings, address: str, port: int, *, per_target: bool, allow: list[str], probes: int
) -> int:
    from ipv6check.wiring.watching.exporter import application
    from ipv6check.wiring.watching.probing import Prober
    from ipv6check.wiring.watching.scrape import Scrape

    scrape = Scrape(settings, per_target=per_target)
    with contextlib.suppress(Trouble):  # counted before the first scrape; what is wrong is told by /healthz
        await scrape.text()
    return await serve(
        "exporter",
        f"--listen [{address}]:{port}",
        application(scrape, Prober(settings, allow, probes)),
        host=address,
        port=port,
        limit_concurrency=64,
        timeout_graceful_shutdown=5,
    )
