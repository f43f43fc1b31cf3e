"""``ipv6check exporter``: the latest scan for Prometheus, and single targets on demand."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Leave, run_async
from ipv6check.cli.options import Anchors, Contact, DatabaseUrl, Resolvers
from ipv6check.model.trouble import MissingExtra, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    log_format: Annotated[str, typer.Option(help="Events as text or json.")] = "",
) -> None:
    """Serve /metrics, /probe?target=… and /healthz."""
    from importlib.util import find_spec

    from ipv6check.cli.events import start_logging
    from ipv6check.settings import load_settings

    if find_spec("uvicorn") is None or find_spec("starlette") is None:
        raise MissingExtra("exporter", "server")
    settings, origins = load_settings(
        db=db,
        mandate=mandate,
        policy=policy,
        resolver=resolver,
        anchor=anchor,
        contact=contact,
        log_format=log_format,
    )
    if origins["policy"] == "default":
        settings = settings.model_copy(update={"policy": "ci"})
    start_logging(settings)
    address, port = endpoint(listen)
    raise Leave(run_async(_serve(settings, address, port, per_target=per_target, allow=allow, probes=probes)))


def endpoint(text: str) -> tuple[str, int]:
    """Address and port of ``[address]:port``. Raises Trouble."""
    from ipv6check.net.anchors import parse_anchor

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
    import uvicorn

    from ipv6check.logs import event, logger
    from ipv6check.wiring.exporter import application
    from ipv6check.wiring.interrupt import stopped_by_signals
    from ipv6check.wiring.probing import Prober
    from ipv6check.wiring.scrape import Scrape

    class Server(uvicorn.Server):
        """Leaves the signals to us."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    scrape = Scrape(settings, per_target=per_target)
    with contextlib.suppress(Trouble):  # counted before the first scrape; what is wrong is told by /healthz
        await scrape.text()
    made = application(scrape, Prober(settings, allow, probes))
    server = Server(
        uvicorn.Config(
            made,
            host=address,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=64,
            timeout_graceful_shutdown=5,
        )
    )
    seen: list[int] = []

    def stop(number: int) -> None:
        seen.append(number)
        server.should_exit = True

    event(logger("exporter"), "listening", on=f"[{address}]:{port}")
    with stopped_by_signals(stop):
        try:
            await server.serve()
        except SystemExit:
            raise Trouble(f"--listen [{address}]:{port}: cannot be listened on; is it in use?") from None
    if not seen:
        raise Trouble(f"--listen [{address}]:{port}: cannot be listened on; is it in use?")
    return 128 + seen[0]
