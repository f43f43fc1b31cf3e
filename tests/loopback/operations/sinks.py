"""Places on ::1 where messages end: a web hook, a mail server, a collector of traces. Each keeps what it was given."""

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class _Hook(ThreadingHTTPServer):
    address_family = socket.AF_INET6
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("::1", 0), _Taking)
        self.posts: list[tuple[str, bytes]] = []
        self.gets: list[str] = []
        self.status = 200


class _Taking(BaseHTTPRequestHandler):
    server: _Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, body))
        self._answer()

    def do_GET(self) -> None:
        self.server.gets.append(self.path)
        self._answer()

    def _answer(self) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return None


class Hook:
    """A web server that takes everything; ``status`` is what it answers."""

    def __init__(self, server: _Hook) -> None:
        self._server = server
        self.port = server.server_address[1]
        self.posts, self.gets = server.posts, server.gets

    def refuse(self, status: int) -> None:
        self._server.status = status

    @property
    def messages(self) -> list[dict[str, str]]:
        """The JSON that was posted."""
        return [json.loads(body) for _, body in self.posts]


@contextmanager
def hook() -> Iterator[Hook]:
    with _Hook() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield Hook(server)
        finally:
            server.shutdown()
            thread.join()


class _Mail(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("::1", 0), _Session)
        self.mails: list[str] = []


class _Session(socketserver.StreamRequestHandler):
    server: _Mail

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self._say("354 go on")
                lines = []
                while (text := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(text.decode("utf-8", "replace"))
                self.server.mails.append("".join(lines))
            self._say("221 bye" if line == b"QUIT" else "250 ok")
            if line == b"QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    with _Mail() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1], server.mails
        finally:
            server.shutdown()
            thread.join()
