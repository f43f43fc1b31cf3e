"""HTTP/2 for servers that speak nothing else: one request on one connection of its own.

The frames are read and written by the ``h2`` package without its I/O; limits and reading of the response are those
of HTTP/1.1. Imported only when a server asked for it.
"""

import ssl
import zlib
from time import perf_counter

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions

from ipv6check.model.failure import Failure, Phase
from ipv6check.net.certificate import Certificates
from ipv6check.net.classify import NO_APPLICATION_PROTOCOL, Broken
from ipv6check.net.connection import Connection
from ipv6check.net.journey import Journey, Limits, establish
from ipv6check.net.web.decode import MAX_DECODED, MAX_RAW, GzipDecoder, is_gzip
from ipv6check.net.web.reply import Sent

_STREAM = 1
_MAX_OCTETS = 2 * MAX_RAW  # frames of all kinds, so that endless PING or SETTINGS end
_MAX_HEAD = 65_536
_MAX_INTERIM = 16


class StreamReader:
    """Takes octets of the connection until the response on the one stream is complete or large enough."""

    def __init__(self, connection: Connection) -> None:
        self.done = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.raw_octets = 0
        self.received = 0
        self.truncated = False
        self._interim = 0
        self._decoder: GzipDecoder | None = None
        self._connection = connection
        self._state = h2.connection.H2Connection(
            config=h2.config.H2Configuration(client_side=True, header_encoding=None)
        )

    def opening(self, method: bytes, authority: bytes, path: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
        """The preface and the request."""
        state = self._state
        state.local_settings.max_header_list_size = _MAX_HEAD
        state.initiate_connection()
        fields = [(b":method", method), (b":authority", authority), (b":scheme", b"https"), (b":path", path), *headers]
        state.send_headers(_STREAM, fields, end_stream=True)
        state.increment_flow_control_window(MAX_RAW)
        state.increment_flow_control_window(MAX_RAW, _STREAM)
        return state.data_to_send()

    def feed(self, data: bytes) -> None:
        """Frames of the connection; answers to SETTINGS and PING go out at once."""
        self.received += len(data)
        if self.received > _MAX_OCTETS:
            raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "too_many_frames")
        try:
            for event in self._state.receive_data(data):
                self._on(event)
                if self.done:
                    return
        except h2.exceptions.DenialOfServiceError:
            raise Broken(Failure.HTTP_HEADER_TOO_LARGE, Phase.HTTP) from None
        except (h2.exceptions.H2Error, ValueError) as error:
            raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, type(error).__name__) from None
        answer = self._state.data_to_send()
        if answer:
            self._connection.write(answer)

    def eof(self) -> None:
        """A connection that ends before its stream did is cut off."""

    def _on(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.ResponseReceived(headers=headers):
                self._take_head([(bytes(name), bytes(value)) for name, value in headers or ()])
            case h2.events.InformationalResponseReceived():
                self._interim += 1
                if self._interim > _MAX_INTERIM:
                    raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "endless_interim_responses")
            case h2.events.DataReceived(data=data):
                self._take_body(data or b"")
            case h2.events.StreamEnded():
                self.done = self.status > 0
            case h2.events.StreamReset() | h2.events.ConnectionTerminated() if not self.done:
                raise Broken(Failure.CLOSED, Phase.HTTP, f"http2_error_{event.error_code or 0:d}")

    def _take_head(self, headers: list[tuple[bytes, bytes]]) -> None:
        fields = dict(headers)
        status = fields.get(b":status", b"")
        if not status.isdigit() or not 200 <= int(status) <= 599:
            raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "status_out_of_range")
        self.status = int(status)
        self.headers = [(name, value) for name, value in headers if not name.startswith(b":")]
        if is_gzip(fields.get(b"content-encoding", b"")):
            self._decoder = GzipDecoder()

    def _take_body(self, data: bytes) -> None:
        left = MAX_RAW - self.raw_octets
        self.truncated = len(data) > left
        data = data[:left]
        self.raw_octets += len(data)
        if self._decoder is None:
            self.body += data
        else:
            try:
                self.body += self._decoder.decode(data, MAX_DECODED - len(self.body))
            except zlib.error:
                raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "content_encoding") from None
            self.truncated = self.truncated or self._decoder.stopped
        if self.truncated or self.raw_octets >= MAX_RAW:
            self.truncated = self.done = True


async def ask_h2(
    sent: Sent, context: ssl.SSLContext, limits: Limits, journey: Journey, certificates: Certificates
) -> StreamReader:
    """One connection that offers h2 only, one request. Raises ``Broken``."""
    connection = await establish(sent.endpoint, context, limits, journey, certificates)
    started = perf_counter()
    try:
        if connection.tls is None or connection.tls.selected_alpn_protocol() != "h2":
            raise Broken(Failure.TLS_ALERT, Phase.TLS, NO_APPLICATION_PROTOCOL)
        reader = StreamReader(connection)
        opening = reader.opening(sent.method, sent.authority, sent.path, sent.fields)
        await connection.converse(opening, reader, phase=Phase.HTTP, timeout_s=limits.http_s)
        return reader
    finally:
        journey.http_ms = (perf_counter() - started) * 1000
        connection.abort()
