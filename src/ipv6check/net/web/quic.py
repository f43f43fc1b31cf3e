"""One HTTP/3 request over QUIC to one literal address (RFC 9000, RFC 9114), by aioquic (extra ``http3``).

aioquic only makes and reads packets here. Its own client would resolve the name, may take IPv4 for it, and follows a
server to another address; ours has a socket that is connected to the literal, and sends nowhere else. Imported only
where a site announced HTTP/3.
"""

import asyncio
import logging
import socket
import ssl
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter

import pylsqpack
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted, QuicEvent, StreamDataReceived, StreamReset
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import crypto

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint
from ipv6check.net.certificate import judge_trusted, judge_unverified
from ipv6check.net.classify import Broken, connect_failure
from ipv6check.net.journey import Journey, Limits
from ipv6check.net.web.decode import MAX_DECODED, MAX_RAW, GzipDecoder, is_gzip
from ipv6check.net.web.reply import Sent

logging.getLogger("quic").disabled = True  # it warns of what is evidence here

_PEER = ("pinned", 0)  # no address that aioquic could compare with one a server would like us to move to
_MOST_OCTETS = 2 * MAX_RAW
_MOST_DATAGRAMS = 2048
_MAX_HEAD = 65_536
_MAX_INTERIM = 16
_ALERTS = range(0x100, 0x200)  # RFC 9001 section 4.8
_CERTIFICATE_REQUIRED, _PROTOCOL_VERSION = 116, 70
_SPOILT = (ValueError, LookupError, ArithmeticError, TypeError, AssertionError, RuntimeError, UnsupportedAlgorithm)
"""What aioquic, which expects a peer that means well, may raise at octets that are none of QUIC's."""


class Roots:
    """Whom the vantage trusts, as the TLS contexts do; read once, since that takes 20 ms of CPU."""

    def __init__(self) -> None:
        self._store: crypto.X509Store | None = None

    def verify_code(self, leaf: crypto.X509, chain: list[crypto.X509]) -> int:
        """OpenSSL's word for a chain, 0 if it verified."""
        if self._store is None:
            self._store = crypto.X509Store()
            paths = ssl.get_default_verify_paths()
            if paths.cafile or paths.capath:
                self._store.load_locations(paths.cafile, paths.capath)
        try:
            crypto.X509StoreContext(self._store, leaf, chain).verify_certificate()
        except crypto.X509StoreContextError as error:
            return int(error.errors[0])
        return 0


class _Http3(H3Connection):
    """Without a QPACK table of the server's making, by which few octets unfold into gigabytes, and without pushes."""

    def _init_connection(self) -> None:
        self._max_table_capacity = self._blocked_streams = 0
        self._decoder = pylsqpack.Decoder(0, 0)
        self._max_push_id = None
        super()._init_connection()

    @property
    def is_spoilt(self) -> bool:
        """True once the server broke the protocol."""
        return bool(self._is_done)


class _Mailbox(asyncio.DatagramProtocol):
    """Datagrams as they come; only those of the connected address and port do."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.letters: deque[bytes] = deque()
        self.count = self.octets = 0
        self.error: Exception | None = None

    @property
    def is_full(self) -> bool:
        """True once more came than any page takes."""
        return self.count > _MOST_DATAGRAMS or self.octets > _MOST_OCTETS

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.count += 1
        self.octets += len(data)
        if not self.is_full:
            self.letters.append(data)
        self.arrived.set()

    def error_received(self, exc: Exception) -> None:
        self.error = exc
        self.arrived.set()


class Answer:
    """The response on the one request stream, until it is complete or large enough."""

    def __init__(self) -> None:
        self.done = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.raw_octets = 0
        self.truncated = False
        self._interim = 0
        self._decoder: GzipDecoder | None = None

    def take_head(self, headers: list[tuple[bytes, bytes]]) -> None:
        """A head, an interim one or the final one; trailers are passed over."""
        if self.status:
            return
        fields = dict(headers)
        status = int(fields.get(b":status", b"0") or 0)
        if 100 <= status < 200:
            self._interim += 1
            if self._interim > _MAX_INTERIM:
                raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "endless_interim_responses")
            return
        if not 200 <= status <= 599:
            raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "status_out_of_range")
        self.status = status
        self.headers = [(name.lower(), value) for name, value in headers if not name.startswith(b":")]
        if is_gzip(fields.get(b"content-encoding", b"")):
            self._decoder = GzipDecoder()

    def take_body(self, data: bytes) -> None:
        """The next octets of the body."""
        left = MAX_RAW - self.raw_octets
        self.truncated = self.truncated or len(data) > left
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


class _Exchange:
    """One connection: a mailbox on one side, aioquic's state on the other, and the deadlines of both phases."""

    def __init__(self, mailbox: _Mailbox, transport: asyncio.DatagramTransport, endpoint: Endpoint, host: str) -> None:
        configuration = QuicConfiguration(
            alpn_protocols=H3_ALPN, is_client=True, server_name=host, verify_mode=ssl.CERT_NONE, max_data=MAX_RAW * 2
        )
        self.quic = QuicConnection(configuration=configuration)
        self.answer = Answer()
        self.shaken = False
        self._mailbox, self._transport, self._endpoint = mailbox, transport, endpoint
        self._loop = asyncio.get_running_loop()
        self._http: _Http3 | None = None
        self._stream = -1
        self._head_octets = 0
        self._phase = Phase.TLS

    async def shake(self, timeout_s: float) -> None:
        """The handshake; the certificate is looked at by whoever called."""
        self.quic.connect(_PEER, self._loop.time())
        await self._until(lambda: self.shaken, timeout_s)

    async def ask(self, sent: Sent, timeout_s: float) -> None:
        """The request, and its response into ``answer``."""
        self._phase = Phase.HTTP
        self._http = _Http3(self.quic)
        self._stream = self.quic.get_next_available_stream_id()
        pseudo = [
            (b":method", sent.method),
            (b":scheme", b"https"),
            (b":authority", sent.authority),
            (b":path", sent.path),
        ]
        self._http.send_headers(self._stream, [*pseudo, *sent.fields], end_stream=True)
        await self._until(lambda: self.answer.done, timeout_s)

    def close(self) -> None:
        """Say good-bye where somebody was met."""
        if self._mailbox.count:
            self.quic.close(error_code=ErrorCode.H3_NO_ERROR)
            self._send()

    async def _until(self, is_done: Callable[[], bool], timeout_s: float) -> None:
        """Read and write until it is done. Raises ``Broken``: TIMEOUT in the phase EXCHANGE if nothing ever came."""
        try:
            async with asyncio.timeout(timeout_s):
                while not is_done():
                    self._send()
                    await self._wait()
                    self._read()
        except TimeoutError:
            raise Broken(Failure.TIMEOUT, self._phase if self._mailbox.count else Phase.EXCHANGE) from None
        except _SPOILT as error:
            failure = Failure.TLS_MALFORMED if self._phase is Phase.TLS else Failure.HTTP_MALFORMED
            raise Broken(failure, self._phase, type(error).__name__) from None

    def _send(self) -> None:
        """Everything that is due, to the pinned address only."""
        for octets, where in self.quic.datagrams_to_send(self._loop.time()):
            if where == _PEER:
                self._transport.sendto(octets)

    async def _wait(self) -> None:
        """Until a datagram comes or a timer of QUIC's runs out."""
        due = self.quic.get_timer()
        try:
            async with asyncio.timeout_at(due):
                await self._mailbox.arrived.wait()
        except TimeoutError:
            self.quic.handle_timer(self._loop.time())

    def _read(self) -> None:
        self._mailbox.arrived.clear()
        if self._mailbox.error is not None:
            self._fail(self._mailbox.error)
        while self._mailbox.letters:
            self.quic.receive_datagram(self._mailbox.letters.popleft(), _PEER, self._loop.time())
            while (event := self.quic.next_event()) is not None:
                self._on(event)
                if self.answer.done:
                    return
        while (event := self.quic.next_event()) is not None:
            self._on(event)
        if self.quic._close_event is not None:  # the event itself comes only when the draining period is over
            raise self._terminated(self.quic._close_event)
        if self._mailbox.is_full:
            raise Broken(Failure.HTTP_MALFORMED, self._phase, "too_many_frames")

    def _fail(self, error: Exception) -> None:
        """An ICMP error: the phase tells whether anything had come before."""
        if not isinstance(error, OSError):
            raise Broken(Failure.LOCAL_ERROR, Phase.ROUTE, type(error).__name__)
        found = connect_failure(error, self._endpoint)
        raise Broken(found.failure, self._phase if self._mailbox.count else Phase.EXCHANGE, found.detail)

    def _on(self, event: QuicEvent) -> None:
        match event:
            case HandshakeCompleted(alpn_protocol=chosen):
                if chosen not in H3_ALPN:
                    raise Broken(Failure.TLS_ALERT, Phase.TLS, "no_application_protocol")
                self.shaken = True
            case StreamReset(stream_id=stream, error_code=code) if stream == self._stream:
                raise Broken(Failure.CLOSED, Phase.HTTP, f"http3_error_{code:#x}")
            case StreamDataReceived(stream_id=stream, data=data) if stream == self._stream and not self.answer.status:
                self._head_octets += len(data)
                if self._head_octets > _MAX_HEAD:
                    raise Broken(Failure.HTTP_HEADER_TOO_LARGE, Phase.HTTP)
        if self._http is not None:
            self._on_http(self._http, event)

    def _on_http(self, http: _Http3, event: QuicEvent) -> None:
        for told in http.handle_event(event):
            if isinstance(told, HeadersReceived) and told.stream_id == self._stream:
                self.answer.take_head(told.headers)
            elif isinstance(told, DataReceived) and told.stream_id == self._stream:
                self.answer.take_body(told.data)
            else:
                continue
            if told.stream_ended and self.answer.status:
                self.answer.done = True
            elif told.stream_ended:
                raise Broken(Failure.CLOSED, Phase.HTTP, "response_cut_off")
        if http.is_spoilt and not self.answer.done:
            raise Broken(Failure.HTTP_MALFORMED, Phase.HTTP, "http3_protocol")

    def _terminated(self, event: ConnectionTerminated) -> Broken:
        """The server closed, or aioquic gave up."""
        code = event.error_code
        if "common protocol version" in event.reason_phrase:
            return Broken(Failure.QUIC_VERSION, Phase.TLS)
        if event.frame_type is not None and code in _ALERTS:  # an application's codes begin at the same number
            alert = code - _ALERTS.start
            if alert == _CERTIFICATE_REQUIRED:
                return Broken(Failure.CLIENT_CERTIFICATE_REQUIRED, Phase.TLS)
            failure = Failure.TLS_VERSION if alert == _PROTOCOL_VERSION else Failure.TLS_ALERT
            return Broken(failure, self._phase, f"alert_{alert}")
        return Broken(Failure.CLOSED, self._phase, f"quic_error_{code:#x}")


async def ask_h3(sent: Sent, host: str, limits: Limits, journey: Journey, roots: Roots, now: float) -> Answer:
    """One connection to ``sent.endpoint``, one request. ``host`` is the name for SNI and certificate, ``now`` UTC
    seconds. Raises ``Broken``; a failure of the phase EXCHANGE is one before which nothing came back."""
    endpoint = sent.endpoint
    address = f"{endpoint.address}%{endpoint.zone}" if endpoint.zone else endpoint.address
    source = (limits.source, 0) if limits.source and endpoint.family == 6 else None
    mailbox = _Mailbox()
    try:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: mailbox,
            remote_addr=(address, endpoint.port),
            local_addr=source,
            family=socket.AF_INET6 if endpoint.family == 6 else socket.AF_INET,
        )
    except OSError as error:
        found = connect_failure(error, endpoint)
        raise Broken(found.failure, Phase.EXCHANGE, found.detail) from None
    exchange = _Exchange(mailbox, transport, endpoint, host)
    started = perf_counter()
    try:
        await exchange.shake(limits.tls_s)
        journey.tls_ms, journey.tls_version = (perf_counter() - started) * 1000, "TLSv1.3"
        _look_at_certificate(exchange.quic, host, journey, roots, now)
        started = perf_counter()
        try:
            await exchange.ask(sent, limits.http_s)
        finally:
            journey.http_ms = (perf_counter() - started) * 1000
    finally:
        with suppress(*_SPOILT):
            exchange.close()
        transport.abort()
    return exchange.answer


def _look_at_certificate(quic: QuicConnection, host: str, journey: Journey, roots: Roots, now: float) -> None:
    """The server's certificate into the journey. Raises ``Broken`` if a client would not trust it."""
    leaf, chain = quic.tls._peer_certificate, quic.tls._peer_certificate_chain
    if leaf is None:
        raise Broken(Failure.CERTIFICATE_INVALID, Phase.TLS, "none")
    try:
        der = leaf.public_bytes(Encoding.DER)
        code = roots.verify_code(
            crypto.X509.from_cryptography(leaf), [crypto.X509.from_cryptography(one) for one in chain]
        )
    except (*_SPOILT, crypto.Error) as error:
        raise Broken(Failure.CERTIFICATE_INVALID, Phase.TLS, type(error).__name__) from None
    if code:
        failure, faults, journey.certificate = judge_unverified(der, host=host, verify_code=code, now=now)
        raise Broken(failure, Phase.TLS, faults)
    found, journey.certificate = judge_trusted(der, host=host, now=now)
    if found is not None:
        raise Broken(found, Phase.TLS)
