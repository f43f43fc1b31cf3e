"""HTTP/1.1 over a pinned endpoint, as an httpx transport: one connection, one request, no pool, nothing resolved.

httpx's own pool costs 1.5 ms of CPU more per request and shares connections between names. The response is parsed by
llhttp through httptools: 0.004 ms for headers and 20 kB of body, where h11 takes 0.106 ms (measured).
httpx is imported through ``leanhttpx`` only.
"""

import zlib
from functools import lru_cache
from time import perf_counter

import httptools

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint
from ipv6check.net.certificate import Certificates
from ipv6check.net.classify import Broken
from ipv6check.net.connection import Connection
from ipv6check.net.journey import Journey, Limits, establish
from ipv6check.net.tls import Alpn, TlsSettings
from ipv6check.net.web.decode import MAX_DECODED, MAX_RAW, GzipDecoder, is_gzip
from ipv6check.net.web.leanhttpx import httpx
from ipv6check.net.web.reply import Sent

_MAX_HEAD = 65_536  # octets of all heads, interim ones included
_MAX_FIELDS = 256
_MAX_INTERIM = 16
_NOT_IN_H2 = frozenset({b"host", b"connection"})  # RFC 9113 sections 8.2.2 and 8.3.1
_H2_SETTINGS = 4  # frame type (RFC 9113 section 6.5)


class ResponseReader:
    """Takes octets until the final response is complete or large enough. ``Broken`` tells what is wrong with it."""

    def __init__(self) -> None:
        self.done = False
        self.status = 0
        self.version = ""
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.raw_octets = 0
        self.truncated = False
        self.received = 0
        self.spoke_h2 = False
        self._parser = httptools.HttpResponseParser(self)
        self._head_octets = 0
        self._in_body = False
        self._sized = False
        self._interim = 0
        self._decoder: GzipDecoder | None = None
        self._broken: Broken | None = None

    # -- octets in ------------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Parse the next octets."""
        if not self.received and len(data) >= 9 and data[3] == _H2_SETTINGS and data[5:9] == b"\0\0\0\0":
            self.spoke_h2 = True
            raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "http2_without_alpn")
        self.received += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "switching_protocols") from None
        except httptools.HttpParserError as error:
            # what follows a complete response is not ours to judge
            if not self.done and self._broken is None:
                raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, type(error).__name__) from None
        if self._broken is not None:
            raise self._broken
        if not self._in_body and not self.done:
            self._head_octets += len(data)
            if self._head_octets > _MAX_HEAD:
                raise Broken(Failure.HTTP_HEADER_TOO_LARGE, Phase.HTTP)

    def eof(self) -> None:
        """The server closed: the end of a body without a length, else a response cut off."""
        if self._in_body and not self._sized:
            self._finish()
        elif self.received:
            raise Broken(Failure.CLOSED, Phase.HTTP, "response_cut_off")

    def release(self) -> None:
        """Let go of the parser, which holds this reader: else the page would wait for the collector of cycles."""
        del self._parser

    # -- called by the parser -------------------------------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field of a head, or a trailer field, which is ignored."""
        if self.done or self._in_body:
            return
        self.headers.append((name.lower(), value))
        if len(self.headers) > _MAX_FIELDS or len(name) + len(value) > _MAX_HEAD:
            self._break(Failure.HTTP_HEADER_TOO_LARGE, "")

    def on_headers_complete(self) -> None:
        """A head is complete: an interim one is dropped, the final one decides how the body is read."""
        if self.done or self._broken is not None:
            return
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            self._interim += 1
            self.headers.clear()
            if self._interim > _MAX_INTERIM:
                self._break(Failure.HTTP_MALFORMED, "endless_interim_responses")
            return
        if not 200 <= status <= 599:
            self._break(Failure.HTTP_MALFORMED, "status_out_of_range")
            return
        self.status = status
        self.version = self._parser.get_http_version()
        self._in_body = True
        names = {name: value for name, value in self.headers}
        self._sized = b"content-length" in names or b"chunked" in names.get(b"transfer-encoding", b"").lower()
        if is_gzip(names.get(b"content-encoding", b"")):
            self._decoder = GzipDecoder()

    def on_body(self, data: bytes) -> None:
        """Part of the body, chunk framing already removed."""
        if self.done or self._broken is not None:
            return
        left = MAX_RAW - self.raw_octets
        if len(data) > left:
            data = data[:left]
            self.truncated = True
        self.raw_octets += len(data)
        if self._decoder is None:
            self.body += data
        else:
            try:
                self.body += self._decoder.decode(data, MAX_DECODED - len(self.body))
            except zlib.error:
                self._break(Failure.HTTP_MALFORMED, "content_encoding")
                return
            if self._decoder.stopped:
                self.truncated = True
        if self.truncated:
            self.done = True

    def on_message_complete(self) -> None:
        """The body is complete, or an interim head is."""
        if self._in_body and self._broken is None:
            self._finish()

    def _finish(self) -> None:
        if self._decoder is not None and not self._decoder.complete and self.raw_octets:
            self.truncated = True
        self.done = True

    def _break(self, failure: Failure, detail: str) -> None:
        if self._broken is None:
            self._broken = Broken(failure, Phase.HTTP, detail)


class PinnedTransport(httpx.AsyncBaseTransport):
    """Sends a GET over one new connection to ``request.extensions["endpoint"]``, an ``Endpoint``.

    ``extensions["journey"]`` is filled on the way, so that it is known how far a request came that broke off with
    ``Broken``. The response's content is decoded and capped; ``extensions["truncated"]`` and ``["raw_octets"]`` tell
    by how much, and ``Content-Encoding`` is left out because it no longer holds.
    """

    def __init__(self, tls: TlsSettings, certificates: Certificates) -> None:
        self._tls = tls
        self._certificates = certificates

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One connection, one GET. Raises ``Broken``."""
        endpoint: Endpoint = request.extensions["endpoint"]
        journey: Journey = request.extensions["journey"]
        limits: Limits = request.extensions["limits"]
        if request.extensions["alpn"] is Alpn.HTTP2:
            from ipv6check.net.web.h2 import ask_h2  # only for the few servers that speak nothing else

            sent = Sent(
                endpoint,
                b"GET",
                request.headers.get("host", "").encode(),
                request.url.raw_path,
                [(name.lower(), value) for name, value in request.headers.raw if name.lower() not in _NOT_IN_H2],
            )
            stream = await ask_h2(sent, self._tls.verifying(Alpn.HTTP2), limits, journey, self._certificates)
            return as_response(
                stream.status,
                stream.headers,
                bytes(stream.body),
                version="2",
                truncated=stream.truncated,
                raw_octets=stream.raw_octets,
            )
        context = self._tls.verifying(Alpn.HTTP1) if request.url.scheme == "https" else None
        connection = await establish(endpoint, context, limits, journey, self._certificates)
        try:
            return await self._ask(connection, request, limits, journey)
        finally:
            limits.full_size.look(connection, endpoint.family)
            connection.abort()

    async def _ask(
        self, connection: Connection, request: httpx.Request, limits: Limits, journey: Journey
    ) -> httpx.Response:
        reader = ResponseReader()
        started = perf_counter()
        try:
            await connection.converse(request_octets(request), reader, phase=Phase.HTTP, timeout_s=limits.http_s)
        except Broken as broken:
            silent = broken.failure is Failure.CLOSED and not reader.received
            journey.wants_h2 = request.url.scheme == "https" and (silent or reader.spoke_h2)
            raise
        finally:
            reader.release()
            journey.http_ms = (perf_counter() - started) * 1000
        return as_response(
            reader.status,
            reader.headers,
            bytes(reader.body),
            version=reader.version,
            truncated=reader.truncated,
            raw_octets=reader.raw_octets,
        )


def as_response(
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    *,
    version: str,
    truncated: bool,
    raw_octets: int,
) -> httpx.Response:
    """A response whose body is decoded already; a coding that was never offered stays as an extension."""
    coding = b""
    kept = []
    for name, value in headers:
        if name == b"content-encoding":
            coding = value.strip().lower()
        else:
            kept.append((name, value))
    decoded = coding in (b"", b"identity", b"gzip", b"x-gzip")
    return httpx.Response(
        status,
        headers=kept,
        stream=httpx.ByteStream(body),
        extensions={
            "body": body,
            "version": version,
            "truncated": truncated,
            "raw_octets": raw_octets,
            "readable": decoded,
        },
    )


def fields_of(response: httpx.Response) -> dict[str, str]:
    """The fields of a head by their names in lower case, repeated ones joined (RFC 9110 section 5.3): httpx reads its
    list anew for each look."""
    fields: dict[str, str] = {}
    for name, value in response.headers.raw:
        try:
            key, text = name.decode("ascii"), value.decode()
        except UnicodeDecodeError:
            key, text = name.decode("latin-1"), value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


_NO_BODY = httpx.ByteStream(b"")


@lru_cache(maxsize=1024)
def _url(text: str) -> httpx.URL:
    """Reading a URL costs 0.07 ms; both families, every address and every try ask for the same one, close together."""
    return httpx.URL(text)


def get_request(
    url_parts: tuple[str, str, int | None, str],
    headers: list[tuple[bytes, bytes]],
    *,
    endpoint: Endpoint,
    journey: Journey,
    limits: Limits,
    alpn: Alpn = Alpn.HTTP1,
) -> httpx.Request:
    """A GET of (scheme, host, port or None, path) at a pinned endpoint. Raises ``Broken`` for what is no URL."""
    scheme, host, port, path = url_parts
    authority = f"[{host}]" if ":" in host else host
    text = f"{scheme}://{authority}{'' if port is None else f':{port}'}{path}"
    try:
        return httpx.Request(
            "GET",
            _url(text),
            headers=headers,
            stream=_NO_BODY,
            extensions={"endpoint": endpoint, "journey": journey, "limits": limits, "alpn": alpn},
        )
    except (httpx.InvalidURL, ValueError) as error:
        raise Broken(Failure.LOCAL_ERROR, Phase.HTTP, str(error)) from None


def request_octets(request: httpx.Request) -> bytes:
    """The request as it goes over the wire; httpx has percent-encoded what could break out of its line."""
    lines = [b"GET " + request.url.raw_path + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n"
