"""Serving HTTP until a signal says stop: what `exporter` and `agent` have in common."""

from __future__ import annotations

import contextlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ipv6check.model.trouble import MissingExtra, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator


def require_server(command: str) -> None:
    """Raises MissingExtra unless the libraries of a server are installed."""
    if find_spec("uvicorn") is None or find_spec("starlette") is None:
        raise MissingExtra(command, "server")


async def serve(command: str, where: str, application: Any, **options: Any) -> int:  # noqa: ANN401 - as uvicorn has it
    """Serve until SIGINT or SIGTERM, then give the exit code. ``options`` are uvicorn's, ``where`` is what the user
    asked to listen on. Raises Trouble if it cannot be listened on."""
    import uvicorn

    from ipv6check.logs import event, logger
    from ipv6check.wiring.interrupt import stopped_by_signals

    class Server(uvicorn.Server):
        """Leaves the signals to us, and tells the log where it listens."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                address, port = self.servers[0].sockets[0].getsockname()[:2]
                event(logger(command), "listening", on=f"[{address}]:{port}", tls="ssl_certfile" in options)

    config = uvicorn.Config(application, log_config=None, access_log=False, server_header=False, **options)
    server = Server(config)
    seen: list[int] = []

    def stop(number: int) -> None:
        seen.append(number)
        server.should_exit = True

    with stopped_by_signals(stop):
        try:
            await server.serve()
        except SystemExit:
            seen.clear()
    if not seen:
        raise Trouble(f"{where}: cannot be listened on; is it in use?")
    return 128 + seen[0]
