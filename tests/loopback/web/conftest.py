"""Servers on ::1 that behave and misbehave, a private CA, and a dialer that trusts it."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType

import pytest
import trustme

from ipv6check.model.policy import Policy, Timeouts
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.dialer import PinnedDialer
from ipv6check.net.tls import Alpn, TlsSettings

NAME = "portal.test"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class FreeRoad:
    """Pacing that never waits and notes what was asked of it."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.held = 0
        self.backoffs: list[tuple[str, float]] = []

    def backoff(self, address: str, seconds: float) -> None:
        self.backoffs.append((address, seconds))

    def slot(self, address: str) -> "FreeRoad":
        self.addresses.append(address)
        return self

    async def __aenter__(self) -> None:
        self.held += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.held -= 1

    def wait_s(self, address: str) -> float:
        return 0.25


class Farm:
    """Starts servers, and counts the connections they took and the octets they received and sent."""

    def __init__(self) -> None:
        self.accepted = 0
        self.requests: list[bytes] = []
        self._servers: list[asyncio.Server] = []
        self._handlers: set[asyncio.Task[None]] = set()

    async def serve(self, handler: Handler, *, context: ssl.SSLContext | None = None, address: str = "::1") -> int:
        async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.accepted += 1
            task = asyncio.current_task()
            assert task is not None
            self._handlers.add(task)
            try:
                with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    await handler(reader, writer)
            finally:
                self._handlers.discard(task)
                if writer.transport is not None:
                    writer.transport.abort()

        server = await asyncio.start_server(count, address, 0, ssl=context)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def answering(self, *parts: bytes) -> Handler:
        """A handler that reads one head and writes the parts."""

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            for part in parts:
                writer.write(part)
                await writer.drain()
            writer.close()
            await writer.wait_closed()

        return handler

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._handlers):
            task.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)


@pytest.fixture
async def farm() -> AsyncIterator[Farm]:
    started = Farm()
    yield started
    await started.close()


class AlertingServer:
    """A blocking TLS server in a thread; asyncio's drops the connection without sending the alert it owes."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
        self._context = context
        self._thread = threading.Thread(target=self._run)
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> int:
        self._thread.start()
        return self.port

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            raw.settimeout(2)
            spare = raw.dup()  # keeps the connection, so that unread octets do not turn the alert into a RST
            with spare:
                with contextlib.suppress(OSError), self._context.wrap_socket(raw, server_side=True) as secure:
                    secure.recv(1000)
                raw.close()
                spare.settimeout(2)
                with contextlib.suppress(OSError):
                    spare.shutdown(socket.SHUT_WR)
                    while spare.recv(1000):
                        pass


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


def server_context(*certs: trustme.LeafCert, alpn: str = "") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certs[0].configure_cert(context)
    if alpn:
        context.set_alpn_protocols([alpn])
    return context


@pytest.fixture(scope="session")
def good(ca: trustme.CA) -> trustme.LeafCert:
    return ca.issue_cert(NAME, "::1")


@pytest.fixture
def tls(ca: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> TlsSettings:
    with ca.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        settings = TlsSettings()
        settings.verifying(Alpn.NONE)
        settings.verifying(Alpn.HTTP2)
        settings.verifying(Alpn.EITHER)
    return settings


@pytest.fixture
def road() -> FreeRoad:
    return FreeRoad()


@pytest.fixture
def dialer(tls: TlsSettings, road: FreeRoad) -> PinnedDialer:
    limits = Timeouts(tcp=0.5, tls=0.4, http=0.4)
    return PinnedDialer(
        policy=Policy(timeouts=limits), pacing=road, gate=open_gate, tls=tls, contact="https://contact.test/"
    )


def open_gate(address: str, *, internal: bool, zone: str) -> str:
    return ""


def web(
    port: int, *, protocol: Protocol = Protocol.HTTPS, path: str = "/", name: str = NAME
) -> tuple[Endpoint, Target]:
    return (
        Endpoint(name=name, address="::1", port=port),
        Target(host=name, port=port, protocol=protocol, path=path),
    )
