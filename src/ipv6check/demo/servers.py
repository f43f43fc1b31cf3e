"""The demo's web, mail and management servers, on free ports of ::1 and 127.0.0.1."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

from ipv6check.demo.pki import Authority
from ipv6check.demo.province import HOSTS, ZONE, Host

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PORTS = ("web", "refused", "blackhole", "mute", "smtp", "oldmail", "ssh", "closed")


class Servers:
    """Everything that listens. ``ports`` maps a role to the port number both families share."""

    def __init__(self) -> None:
        self.authority = Authority()
        self.ports: dict[str, int] = {}
        self._hosts = {host.name: host for host in HOSTS}
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._servers: list[asyncio.Server] = []
        self._sockets: list[socket.socket] = []
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Bind every port on both families and serve what belongs there."""
        default = self._tls_context()
        for role in PORTS:
            v6, v4 = self._pair()
            self.ports[role] = int(v6.getsockname()[1])
            match role:
                case "web":
                    await self._serve(v6, self._web, default)
                    await self._serve(v4, self._web, default)
                case "refused":
                    await self._serve(v4, self._web, default)
                case "blackhole":
                    self._fill_backlog(v6)
                    await self._serve(v4, self._web, default)
                case "mute":
                    await self._serve(v6, self._mute, None)
                    await self._serve(v4, self._web, default)
                case "smtp" | "oldmail" | "ssh":
                    banner = b"SSH-2.0-demo\r\n" if role == "ssh" else b"220 mail.tinh-mau.test ESMTP\r\n"
                    wrong = b"554 no service over IPv6\r\n"
                    await self._serve(v6, _says(wrong if role == "oldmail" else banner), None)
                    await self._serve(v4, _says(banner), None)

    async def stop(self) -> None:
        """Close every listener and every connection."""
        for server in self._servers:
            server.close()
        for writer in tuple(self._writers):
            writer.close()
        for sock in self._sockets:
            sock.close()
        await asyncio.sleep(0)

    def _pair(self) -> tuple[socket.socket, socket.socket]:
        """One free port number, bound on ::1 and on 127.0.0.1, not listening yet: connecting is refused."""
        for _ in range(100):
            v6 = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
            v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            v6.bind(("::1", 0))
            v4 = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                v4.bind(("127.0.0.1", v6.getsockname()[1]))
            except OSError:
                v6.close()
                v4.close()
                continue
            self._sockets += [v6, v4]
            return v6, v4
        raise OSError("no port is free on both ::1 and 127.0.0.1")

    def _fill_backlog(self, listener: socket.socket) -> None:
        """Make a port that swallows connection attempts: its queue of unaccepted connections is full."""
        listener.listen(0)
        for _ in range(4):
            filler = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(listener.getsockname())
            self._sockets.append(filler)

    async def _serve(self, sock: socket.socket, handler: Handler, context: ssl.SSLContext | None) -> None:
        async def tracked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.add(writer)
            try:
                await handler(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
                pass
            finally:
                self._writers.discard(writer)
                writer.close()

        self._servers.append(await asyncio.start_server(tracked, sock=sock, ssl=context))

    def _tls_context(self) -> ssl.SSLContext:
        """The context of the zone's apex, which hands over to the asked host's own by its SNI name."""
        default = self.authority.context(ZONE)

        def by_name(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            host = self._hosts.get(name or "")
            if host is not None:
                connection.context = self._context_of(host)

        default.sni_callback = by_name
        return default

    def _context_of(self, host: Host) -> ssl.SSLContext:
        if host.name not in self._contexts:
            wrong = host.behaviour == "wrongname"
            self._contexts[host.name] = self.authority.context(
                f"another.{ZONE}" if wrong else host.name, expired=host.behaviour == "expired"
            )
        return self._contexts[host.name]

    async def _web(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One GET, answered as the host behaves over the family it came by."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        name = next(
            (line[5:].strip().rsplit(":", 1)[0] for line in head.split("\r\n") if line.lower().startswith("host:")), ""
        )
        over_v6 = ":" in writer.get_extra_info("peername")[0]
        host = self._hosts.get(name)
        behaviour = host.behaviour if host else "healthy"
        extra, status, body = "", "200 OK", page(name)
        if over_v6 and behaviour == "error500":
            status, body = "500 Internal Server Error", "<title>500</title>"
        elif over_v6 and behaviour == "differs":
            body = "<title>It works!</title><p>This is the default web page for this server.</p>"
        elif behaviour == "busy":
            status, extra, body = "503 Service Unavailable", "Retry-After: 3600\r\n", "<title>busy</title>"
        elif behaviour == "leaves":
            status, extra = "302 Found", f"Location: https://v4only.{ZONE}:{self.ports['web']}/\r\n"
        octets = body.encode()
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{extra}"
            f"Content-Length: {len(octets)}\r\nConnection: close\r\n\r\n".encode()
            + octets
        )
        await writer.drain()

    async def _mute(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Accept, and never say a word."""
        while await reader.read(4096):
            pass


def page(name: str) -> str:
    """A small Vietnamese home page."""
    items = "".join(f"<li>Thủ tục hành chính số {number}</li>" for number in range(40))
    return f"<!doctype html><html lang=vi><title>Cổng thông tin {name}</title><h1>{name}</h1><ul>{items}</ul></html>"


def _says(banner: bytes) -> Handler:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(banner)
        await writer.drain()
        await reader.read(1024)

    return speak
