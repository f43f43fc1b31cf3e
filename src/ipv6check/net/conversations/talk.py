"""A connection as conversations see it: say something, hear a whole answer, turn on TLS."""

import ssl
from collections.abc import Callable
from time import perf_counter
from typing import Protocol

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.record import Record
from ipv6check.model.target import Endpoint
from ipv6check.net.certificate import Certificates, read_unjudged
from ipv6check.net.classify import Broken
from ipv6check.net.connection import Connection, Consumer
from ipv6check.net.journey import Journey, Limits
from ipv6check.net.tls import Alpn, TlsSettings, host_for_tls

MOST_OCTETS = 65_536
SHOWN = 200
_HTTPS = 443

Whole = Callable[[bytes], int | None]
"""How many of these octets are one whole answer; None while more must come. May raise ``Broken``."""


class Told(Record, frozen=True, kw_only=True):
    """What a service said first (``reply``), and what was learnt, by name."""

    reply: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class HttpReply(Consumer, Protocol):
    """A reader of one response, as the web's are."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytearray


class Talk:
    """One conversation. The whole of it has the time limit of the HTTP phase, but for a TLS handshake in its middle."""

    def __init__(
        self,
        connection: Connection,
        endpoint: Endpoint,
        limits: Limits,
        journey: Journey,
        tls: TlsSettings,
        certificates: Certificates,
    ) -> None:
        self._connection, self._endpoint, self._limits, self._journey = connection, endpoint, limits, journey
        self._tls, self._certificates = tls, certificates
        self._left_s = limits.http_s
        self._over = b""

    @property
    def here(self) -> str:
        """Our own address on this connection."""
        return self._connection.here

    @property
    def own_name(self) -> str:
        """What we call ourselves to mail servers: a name, or our address as a literal (RFC 5321 section 4.1.3)."""
        return self._limits.ehlo or (f"[IPv6:{self.here}]" if ":" in self.here else f"[{self.here}]")

    @property
    def host(self) -> str:
        """The name, or the address, of the other side."""
        return self._endpoint.name or self._endpoint.address

    @property
    def alpn(self) -> str:
        """What both sides chose by ALPN; empty for nothing."""
        return (self._connection.tls.selected_alpn_protocol() if self._connection.tls else None) or ""

    @property
    def authority(self) -> bytes:
        """The other side as a URL of HTTPS names it."""
        host = host_for_tls(self.host)
        bracketed = f"[{host}]" if ":" in host else host
        port = "" if self._endpoint.port == _HTTPS else f":{self._endpoint.port}"
        return f"{bracketed}{port}".encode("ascii", "replace")

    async def fetch(self, make: "Callable[[Connection], tuple[HttpReply, bytes]]") -> "HttpReply":
        """Say what ``make`` gives besides a reader, and return that when it has read the response."""
        reader, say = make(self._connection)
        started = perf_counter()
        try:
            await self._connection.converse(say, reader, phase=Phase.EXCHANGE, timeout_s=max(self._left_s, 0.001))
        finally:
            took = perf_counter() - started
            self._left_s -= took
            self._journey.http_ms = (self._journey.http_ms or 0.0) + took * 1000
        return reader

    async def hear(self, whole: Whole, *, say: bytes = b"", slow: bool = False) -> bytes:
        """Say something, and hear one whole answer. Raises ``Broken``; what came without being whole is its detail.
        With ``slow`` an answer that has begun well and is not whole in time is no fault: some keep strangers waiting.
        """
        reader = _Reader(whole, self._over)
        self._over = b""
        if reader.done:
            self._connection.write(say)
            self._over = reader.heard[reader.length :]
            return reader.heard[: reader.length]
        started = perf_counter()
        try:
            await self._connection.converse(say, reader, phase=Phase.EXCHANGE, timeout_s=max(self._left_s, 0.001))
        except Broken as broken:
            if broken.failure is Failure.TIMEOUT and reader.heard and slow:
                raise refused(reader.heard) from None
            if broken.failure in (Failure.TIMEOUT, Failure.CLOSED) and reader.heard:
                raise unexpected(reader.heard) from None
            raise
        finally:
            took = perf_counter() - started
            self._left_s -= took
            self._journey.http_ms = (self._journey.http_ms or 0.0) + took * 1000
        self._over = reader.heard[reader.length :]
        return reader.heard[: reader.length]

    def say(self, octets: bytes) -> None:
        """Say something that needs no answer, such as good-bye."""
        self._connection.write(octets)

    async def start_tls(self, *, verify: bool) -> None:
        """Turn the connection into TLS. Without ``verify`` any certificate will do, as between mail servers
        (RFC 7435). Raises ``Broken``, also where the server said something more in clear text (RFC 3207)."""
        if self._over:
            raise unexpected(self._over)
        context = self._tls.verifying(Alpn.NONE) if verify else self._tls.reading(Alpn.NONE)
        started = perf_counter()
        try:
            await self._connection.start_tls(context, self.host, timeout_s=self._limits.tls_s)
        except Broken as broken:  # a second handshake could not read the certificate: it would need the whole talk
            raise Broken(broken.failure, broken.phase, broken.detail) from None
        finally:
            self._journey.tls_ms = (perf_counter() - started) * 1000
        assert self._connection.tls is not None
        self._journey.tls_version = self._connection.tls.version() or ""
        if context.verify_mode is ssl.CERT_REQUIRED:
            self._journey.certificate = self._certificates.verified(self._connection.tls)
        elif der := self._connection.tls.getpeercert(binary_form=True):
            self._journey.certificate = read_unjudged(der, host=host_for_tls(self.host))


class _Reader:
    """Collects until one answer is whole."""

    def __init__(self, whole: Whole, heard: bytes) -> None:
        self.heard, self.length, self.done = heard, 0, False
        self._whole = whole
        if heard:
            self.feed(b"")

    def feed(self, data: bytes) -> None:
        """The next octets."""
        self.heard += data
        length = self._whole(self.heard)
        if length is not None:
            self.length, self.done = length, True
        elif len(self.heard) > MOST_OCTETS:
            raise unexpected(self.heard)

    def eof(self) -> None:
        """Closed: what was said until then is no answer, or the caller would have it."""


def line(heard: bytes) -> int | None:
    """One line (a ``Whole``)."""
    end = heard.find(b"\n")
    return end + 1 if end >= 0 else None


def octets(count: int) -> Whole:
    """So many octets."""
    return lambda heard: count if len(heard) >= count else None


def text_of(heard: bytes) -> str:
    """The answer as text."""
    return heard.decode("utf-8", "replace").strip()


def unexpected(heard: bytes) -> Broken:
    """Another protocol's words, or none."""
    return Broken(Failure.UNEXPECTED_REPLY, Phase.EXCHANGE, text_of(heard[:SHOWN]))


def refused(heard: bytes) -> Broken:
    """The server will not talk to us, here and now."""
    return Broken(Failure.RATE_LIMITED, Phase.EXCHANGE, text_of(heard[:SHOWN]))
