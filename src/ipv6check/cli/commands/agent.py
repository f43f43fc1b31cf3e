"""``ipv6check agent``: looks made for others, from a machine that has IPv6."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ipv6check.cli.exits import Leave, run_async
from ipv6check.cli.options import (
    Anchors,
    Contact,
    LogFile,
    LogFormat,
    LogLevel,
    OptOutList,
    Resolvers,
    Roots,
    SourceAddress,
    VantageName,
)
from ipv6check.cli.server import require_server, serve
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.remote.file import AgentFile
    from ipv6check.wiring.pipelines.serving import Desk

SLOWEST_HEAD_S = 10.0
GRACE_S = 20
MOST_CONNECTIONS = 128


def agent(
    file: Annotated[Path, typer.Argument(help="Agent file: where to listen, who may ask, and what about.")],
    check: Annotated[
        bool, typer.Option("--check", help="Read the file, its secrets and certificates; serve nothing.")
    ] = (False),
    policy: Annotated[str, typer.Option(help="Pacing of this vantage: default, ci, lab, or a file.")] = "",
    resolver: Resolvers = [],  # noqa: B006
    anchor: Anchors = [],  # noqa: B006
    root: Roots = [],  # noqa: B006
    contact: Contact = "",
    exclude: OptOutList = "",
    source: SourceAddress = "",
    vantage: VantageName = "",
    log_format: LogFormat = "",
    log_level: LogLevel = "",
    log_file: LogFile = "",
) -> None:
    """Serve checks over HTTPS to those with a token or a certificate: `ipv6check check … --via`."""
    from ipv6check.cli.events import start_logging
    from ipv6check.settings import load_settings
    from ipv6check.wiring.pipelines.serving import open_desk

    require_server("agent")
    settings, _ = load_settings(
        policy=policy,
        resolver=resolver,
        anchor=anchor,
        root=root,
        contact=contact,
        exclude=exclude,
        source=source,
        vantage=vantage,
        log_format=log_format,
        log_level=log_level,
        log_file=log_file,
    )
    desk = open_desk(file, settings)
    arguments = _tls(desk.file)
    if check:
        typer.echo(f"{file}: good")
        return
    start_logging(settings)
    raise Leave(run_async(_serve(desk, arguments)))


def _tls(file: AgentFile) -> dict[str, Any]:
    """What the server needs for TLS; certificates are read once here. Raises Trouble."""
    import ssl

    if file.tls is None:
        return {}
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file.tls.certificate, file.tls.key)
        if file.tls.clients:
            context.load_verify_locations(file.tls.clients)
    except (ssl.SSLError, OSError) as error:
        raise Trouble(f"tls: certificate, key or clients cannot be used: {error}") from None
    found: dict[str, Any] = {"ssl_certfile": file.tls.certificate, "ssl_keyfile": file.tls.key}
    if file.tls.clients:
        found |= {"ssl_ca_certs": str(file.tls.clients), "ssl_cert_reqs": ssl.CERT_REQUIRED}
    return found


async def _serve(desk: Desk, tls: dict[str, Any]) -> int:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    from ipv6check.wiring.pipelines.serving import application

    class Impatient(HttpToolsProtocol):
        """Waits ten seconds for the head of a request, and no longer."""

        def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as its base has it
            super().connection_made(transport)
            self.loop.call_later(SLOWEST_HEAD_S, self._close_unless_asked)

        def _close_unless_asked(self) -> None:
            if self.cycle is None and not self.transport.is_closing():
                self.transport.close()

    return await serve(
        "agent",
        f"listen {desk.file.listen}",
        application(desk),
        host=desk.file.address,
        port=desk.file.port,
        http=Impatient,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
        **tls,
    )
