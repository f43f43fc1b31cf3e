"""``ipv6check agent``: looks made for others, from a machine that has IPv6."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ipv6check.cli.exits import Leave, run_async
from ipv6check.cli.options import Anchors, Contact, OptOutList, Resolvers, Roots, SourceAddress, VantageName
from ipv6check.model.trouble import MissingExtra, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    import uvicorn

    from ipv6check.remote.file import AgentFile
    from ipv6check.wiring.serving import Desk

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
    log_format: Annotated[str, typer.Option(help="Events as text or json.")] = "",
) -> None:
    """Serve checks over HTTPS to those with a token or a certificate: `ipv6check check … --via`."""
    from importlib.util import find_spec

    from ipv6check.cli.events import start_logging
    from ipv6check.settings import load_settings
    from ipv6check.wiring.serving import open_desk

    if find_spec("uvicorn") is None or find_spec("starlette") is None:
        raise MissingExtra("agent", "server")
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


def _server(desk: Desk, tls: dict[str, Any]) -> uvicorn.Server:
    """The server, which tells the log where it listens."""
    import uvicorn
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    from ipv6check.logs import event, logger
    from ipv6check.wiring.serving import application

    class Impatient(HttpToolsProtocol):
        """Waits ten seconds for the head of a request, and no longer."""

        def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as its base has it
            super().connection_made(transport)
            self.loop.call_later(SLOWEST_HEAD_S, self._close_unless_asked)

        def _close_unless_asked(self) -> None:
            if self.cycle is None and not self.transport.is_closing():
                self.transport.close()

    class Server(uvicorn.Server):
        """Leaves the signals to us."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                port = self.servers[0].sockets[0].getsockname()[1]
                event(logger("agent"), "listening", on=f"[{file.address}]:{port}", tls=bool(tls))

    file = desk.file
    return Server(
        uvicorn.Config(
            application(desk),
            host=file.address,
            port=file.port,
            http=Impatient,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=GRACE_S,
            **tls,
        )
    )


async def _serve(desk: Desk, tls: dict[str, Any]) -> int:
    from ipv6check.wiring.interrupt import stopped_by_signals

    server, listen = _server(desk, tls), desk.file.listen
    seen: list[int] = []

    def stop(number: int) -> None:
        seen.append(number)
        server.should_exit = True

    with stopped_by_signals(stop):
        try:
            await server.serve()
        except SystemExit:
            raise Trouble(f"listen {listen}: cannot be listened on; is it in use?") from None
    if not seen:
        raise Trouble(f"listen {listen}: cannot be listened on; is it in use?")
    return 128 + seen[0]
