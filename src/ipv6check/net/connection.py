"""One TCP connection to one literal address, with TLS on top where asked; each phase has its own overall deadline.

TLS runs over memory buffers in the protocol itself. That costs less than asyncio's TLS transport, times the phases
apart, and shows why a handshake broke: the raw octets, the alert, and whether TCP ended by FIN or RST. Nothing here
resolves a name, and nothing outlives the call that opened it.
"""

import asyncio
import errno
import socket
import ssl
from typing import Protocol, Self, cast

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import Broken, connect_failure, scope_of, stream_failure, tls_failure
from ipv6check.net.stall import largest_segment, sign_of_loss
from ipv6check.net.tls import host_for_tls

_RECORD = 16_384  # octets in one TLS record (RFC 8446 section 5.1)
_KEPT_HANDSHAKE = 16_384  # raw octets of a handshake kept to tell why it broke
_KEPT_EARLY = 65_536  # octets accepted before somebody asked for them


class Consumer(Protocol):
    """Who takes the octets. ``done`` ends the phase; ``feed`` and ``eof`` may raise ``Broken``."""

    done: bool

    def feed(self, data: bytes) -> None:
        """The next octets, in order."""

    def eof(self) -> None:
        """The server closed its side."""


class Connection(asyncio.Protocol):
    """See the module. Call ``open``, then ``start_tls`` and ``converse`` as needed, then ``abort``, always."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._phase = Phase.TCP
        self._consumer: Consumer | None = None
        self._early: list[bytes] = []
        self._early_octets = 0
        self._ended = False
        self._end_error: Exception | None = None
        self._handshake: list[bytes] | None = None
        self._handshake_octets = 0
        self.tls: ssl.SSLObject | None = None

    # -- what callers do ------------------------------------------------------------------------------------------

    @classmethod
    async def open(cls, endpoint: Endpoint, *, timeout_s: float, source: str = "", mss: int = 0) -> Self:
        """Connect to the literal, over IPv6 from ``source`` if it is given; ``mss`` clamps the segments of both
        directions. Raises ``Broken``; on cancellation the socket is closed by the loop."""
        loop = asyncio.get_running_loop()
        connection = cls(loop)
        try:
            async with asyncio.timeout(timeout_s):
                if endpoint.zone or mss:
                    await connection._open_prepared(endpoint, source, mss)
                else:
                    family = socket.AF_INET6 if endpoint.family == 6 else socket.AF_INET
                    await loop.create_connection(
                        lambda: connection,
                        endpoint.address,
                        endpoint.port,
                        family=family,
                        flags=socket.AI_NUMERICHOST,
                        local_addr=(source, 0) if source and endpoint.family == 6 else None,
                    )
        except TimeoutError:
            connection.abort()
            raise Broken(Failure.TIMEOUT, Phase.TCP) from None
        except OSError as error:
            raise connect_failure(error, endpoint) from None
        except BaseException:
            connection.abort()
            raise
        return connection

    async def _open_prepared(self, endpoint: Endpoint, source: str, mss: int) -> None:
        """Connect by a socket of our own: only its address carries a link-local zone (RFC 4007), and only before the
        connection can the segment size be agreed upon (RFC 6691)."""
        six = endpoint.family == 6
        sock = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            if mss:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)
            if source and six and not endpoint.zone:
                sock.bind((source, 0))
            # not loop.sock_connect(): uvloop 0.23 loses the scope id
            where = (endpoint.address, endpoint.port)
            code = sock.connect_ex((*where, 0, scope_of(endpoint.zone)) if six else where)
            if code == errno.EINPROGRESS:
                writable = self._loop.create_future()
                self._loop.add_writer(sock, _settle, writable)
                try:
                    await writable
                finally:
                    self._loop.remove_writer(sock)
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise OSError(code, errno.errorcode.get(code, ""))
            await self._loop.create_connection(lambda: self, sock=sock)
        except BaseException:
            sock.close()
            raise

    async def start_tls(self, context: ssl.SSLContext, name: str, *, timeout_s: float) -> None:
        """Shake hands as a client for ``name``. Raises ``Broken``."""
        self._phase = Phase.TLS
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        try:
            self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host_for_tls(name))
        except ValueError as error:  # a name that cannot be an A-label; UnicodeError is one
            raise Broken(Failure.LOCAL_ERROR, Phase.TLS, str(error)) from None
        self._handshake = []
        for data in self._taken_early():
            self._incoming.write(data)
            self._handshake.append(data)
        self._waiter = self._loop.create_future()
        self._shake()
        if self._ended:
            self._fail(stream_failure(self._end_error, Phase.TLS))
        await self._finish(timeout_s)
        self._handshake = None

    async def converse(self, send: bytes, consumer: Consumer, *, phase: Phase, timeout_s: float) -> None:
        """Send, and feed what comes back to the consumer until it is done. Raises ``Broken``."""
        self._phase = phase
        self._consumer = consumer
        self._waiter = self._loop.create_future()
        if send and not self._ended:
            try:
                self._send(send)
            except ssl.SSLError as error:
                raise tls_failure(error, phase) from None
        for data in self._taken_early():
            self._feed(data)
        if self.tls is not None:
            self._decrypt()
        if self._ended:
            self._end()
        await self._finish(timeout_s)

    def write(self, data: bytes) -> None:
        """Send more while a conversation goes on."""
        if not self._ended:
            self._send(data)

    @property
    def here(self) -> str:
        """Our own address, without a zone."""
        name = self._transport.get_extra_info("sockname") if self._transport is not None else None
        return str(name[0]).partition("%")[0] if name else "::"

    def largest_segment(self) -> int:
        """Octets of the largest TCP segment that has arrived; 0 if that is not known."""
        sock = self._transport.get_extra_info("socket") if self._transport is not None else None
        return largest_segment(sock) if sock is not None else 0

    def abort(self) -> None:
        """Close at once. The descriptor is free after the loop's next turn."""
        if self._transport is not None:
            self._transport.abort()

    # -- what the loop calls --------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without saying so

    def data_received(self, data: bytes) -> None:
        if self.tls is not None:
            self._incoming.write(data)
            if self._handshake is not None:
                if self._handshake_octets < _KEPT_HANDSHAKE:
                    self._handshake.append(data)
                    self._handshake_octets += len(data)
                self._shake()
            elif self._consumer is not None:
                self._decrypt()
            else:
                self._hold(len(data))
        elif self._consumer is not None:
            self._feed(data)
        else:
            self._early.append(data)
            self._hold(len(data))

    def eof_received(self) -> bool:
        self._ended = True
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended:
            self._ended = True
            self._end_error = exc
            self._end()

    # -- inside ---------------------------------------------------------------------------------------------------

    async def _finish(self, timeout_s: float) -> None:
        """Wait for the phase to end; the deadline is one for the whole phase, so a trickle does not extend it.

        No frame keeps the future: with the failure it holds, whose trace holds the frame, it would be a cycle that
        keeps a connection and its page until the collector comes.
        """
        waiter = self._waiter
        assert waiter is not None
        try:
            if waiter.done():
                waiter.result()
                return
            deadline = self._loop.call_later(timeout_s, self._expire)
            try:
                await waiter
            finally:
                deadline.cancel()
        finally:
            self._waiter = None
            self._consumer = None
            del waiter

    def _expire(self) -> None:
        """The phase took too long."""
        self._fail(Broken(Failure.TIMEOUT, self._phase, self._stalled_at()))

    def _stalled_at(self) -> str:
        """What TCP knows of the octets that did not come."""
        sock = self._transport.get_extra_info("socket") if self._transport is not None else None
        return sign_of_loss(sock) if sock is not None and not self._ended else ""

    def _hold(self, octets: int) -> None:
        self._early_octets += octets
        if self._early_octets > _KEPT_EARLY and self._transport is not None:
            self._transport.pause_reading()

    def _taken_early(self) -> list[bytes]:
        early, self._early = self._early, []
        if self._early_octets > _KEPT_EARLY and self._transport is not None and not self._ended:
            self._transport.resume_reading()
        self._early_octets = 0
        return early

    def _send(self, data: bytes) -> None:
        assert self._transport is not None
        if self.tls is None:
            self._transport.write(data)
        else:
            self.tls.write(data)
            self._transport.write(self._outgoing.read())

    def _shake(self) -> None:
        assert self.tls is not None
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
        except ssl.SSLError as error:
            self._flush()  # the alert that tells the server why
            self._fail(tls_failure(error, Phase.TLS, received=b"".join(self._handshake or ())))
        else:
            self._flush()
            self._handshake = None
            self._succeed()

    def _flush(self) -> None:
        if self._outgoing.pending and self._transport is not None and not self._ended:
            self._transport.write(self._outgoing.read())

    def _decrypt(self) -> None:
        tls = self.tls
        consumer = self._consumer
        assert tls is not None
        try:
            while consumer is not None and not consumer.done:
                data = tls.read(_RECORD)
                if not data:
                    self._ended = True
                    self._end()
                    return
                self._feed(data)
                consumer = self._consumer if self._waiter is not None and not self._waiter.done() else None
        except ssl.SSLWantReadError:
            self._flush()
        except ssl.SSLZeroReturnError:
            self._ended = True
            self._end()
        except ssl.SSLError as error:
            self._fail(tls_failure(error, self._phase))

    def _feed(self, data: bytes) -> None:
        consumer = self._consumer
        if consumer is None or consumer.done:
            return
        try:
            consumer.feed(data)
        except Broken as broken:
            self._fail(broken)
        else:
            if consumer.done:
                self._succeed()

    def _end(self) -> None:
        """The server closed or reset: the consumer may be content with that, a handshake is not."""
        if self._waiter is None or self._waiter.done():
            return
        consumer = self._consumer
        if consumer is None or self._end_error is not None:
            self._fail(stream_failure(self._end_error, self._phase))
            return
        try:
            consumer.eof()
        except Broken as broken:
            self._fail(broken)
        else:
            if consumer.done:
                self._succeed()
            else:
                self._fail(stream_failure(None, self._phase))

    def _succeed(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, broken: Broken) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(broken)


def _settle(future: "asyncio.Future[None]") -> None:
    """Set a future that may be called upon more than once, or be cancelled."""
    if not future.done():
        future.set_result(None)
