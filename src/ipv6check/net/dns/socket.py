"""UDP and TCP to one DNS server.

Many queries share a connected UDP socket: the kernel drops what comes from elsewhere, and a query needs no socket of
its own. A socket is replaced after 200 queries or 10 s, so that its random port does not live long enough to be found.
Its ids are used once: a second or late answer to one of them is dropped in silence, any other id was never sent.
``add_reader`` with our own ``recv`` loop reads a burst of answers per wake-up and costs less than a datagram transport.
An ICMP error makes libuv (uvloop) stop watching a socket: whoever reads one retires the socket or watches it anew.
"""

import asyncio
import errno
import os
import secrets
import socket
import struct
from collections.abc import Coroutine

from ipv6check.net.dns.server import Server
from ipv6check.net.dns.wire import Question

QUERIES_PER_SOCKET = 200
SOCKET_LIFE_S = 10.0
SIGNS = 2  # forgery signs after which a query goes to TCP: one more packet is listened to after the first
TCP_AT_ONCE = 32
_CLOCK_STEP_S = 0.001  # a timer may fire this much before its time
_MOST_READ = 64  # datagrams per wake-up, so that a flood does not hold the event loop
_REMOTE = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ECONNRESET, errno.EPROTO})
# what the kernel makes of ICMP errors (net/ipv6/icmp.c, net/ipv4/icmp.c): "prohibited" is EACCES with IPv6
_TOLD = _REMOTE | {errno.EACCES, errno.ENETUNREACH, errno.ENOPROTOOPT, errno.EHOSTDOWN, errno.EMSGSIZE}


class DnsTimeout(Exception):
    """Nobody answered in time."""


class Unreachable(Exception):
    """The way to the server, or the server's host, said no."""


class Forged(Exception):
    """Answers arrived that answer nothing we asked; ask again over TCP."""


class LocalFault(Exception):
    """This machine could not send: no socket, no memory, no route."""


class Tally:
    """What the queries of one look-up took. ``urgent``: they need not wait for their turn behind the scan's."""

    __slots__ = ("ignored", "over_tcp", "queries", "urgent")

    def __init__(self, *, urgent: bool = False) -> None:
        self.urgent = urgent
        self.queries = 0
        self.ignored = 0
        self.over_tcp = False


class _Pending:
    __slots__ = ("deadline", "ignored", "question", "waiter")

    def __init__(self, question: Question, waiter: asyncio.Future[bytes], deadline: float) -> None:
        self.question = question
        self.waiter = waiter
        self.deadline = deadline
        self.ignored = 0


class _Socket:
    """One connected socket and the queries on their way through it.

    One timer serves all of them: a timer each would cost as much as the rest of the query.
    """

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop, buffer: bytearray) -> None:
        self._loop = loop
        self._buffer = buffer
        self._pending: dict[int, _Pending] = {}
        self._spent: set[int] = set()
        self._retired = False
        self._timer: asyncio.TimerHandle | None = None
        self._ids = list(struct.unpack(f"!{QUERIES_PER_SOCKET}H", os.urandom(2 * QUERIES_PER_SOCKET)))
        self.sent = 0
        self.born = loop.time()
        self._socket = socket.socket(server.family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.connect(server.sockaddr)  # binds to a random free port as well
            loop.add_reader(self._socket.fileno(), self._read)
        except BaseException:
            self._socket.close()
            raise

    @property
    def is_fresh(self) -> bool:
        return not self._retired and self.sent < QUERIES_PER_SOCKET and self._loop.time() - self.born < SOCKET_LIFE_S

    def retire(self) -> None:
        """Take no new query; close with the last answer."""
        self._retired = True
        if not self._pending:
            self.close()

    def close(self) -> None:
        """Close now; whoever still waits is told so."""
        self._retired = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
        self._fail_all(LocalFault("closed"))

    async def ask(self, question: Question, body: bytes, timeout: float, tally: Tally) -> bytes:
        """Send once and wait for the answer to this id and question."""
        query_id = self._new_id()
        try:
            self._send(query_id.to_bytes(2, "big") + body)
        except OSError as error:
            raise LocalFault(errno.errorcode.get(error.errno or 0, "?")) from error
        self.sent += 1
        tally.queries += 1
        waiter: asyncio.Future[bytes] = self._loop.create_future()
        deadline = self._loop.time() + timeout
        pending = self._pending[query_id] = _Pending(question, waiter, deadline)
        if self._timer is None or deadline < self._timer.when():
            self._wake_at(deadline)
        try:
            return await waiter
        finally:
            tally.ignored += pending.ignored
            self._pending.pop(query_id, None)
            self._spent.add(query_id)
            if self._retired and not self._pending:
                self.close()

    def _send(self, wire: bytes) -> None:
        try:
            self._socket.send(wire)
        except OSError:
            # An ICMP error about an earlier datagram comes out here, and reading it cleared it. Answers may still be
            # on their way to this socket. An error of this machine's own comes out again.
            self._watch()
            self._socket.send(wire)

    def _watch(self) -> None:
        """Watch anew; this also drops an event the loop has fetched but not told yet."""
        self._loop.remove_reader(self._socket.fileno())
        self._loop.add_reader(self._socket.fileno(), self._read)

    def _new_id(self) -> int:
        """An id this socket has not used: from the random ones drawn at once, anew where two of those were equal."""
        query_id = self._ids.pop() if self._ids else secrets.randbits(16)
        while query_id in self._pending or query_id in self._spent:
            query_id = secrets.randbits(16)
        return query_id

    def _wake_at(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._expire)

    def _expire(self) -> None:
        """End the queries that waited long enough, and come back for the next."""
        self._timer = None
        now = self._loop.time() + _CLOCK_STEP_S
        for query_id, pending in list(self._pending.items()):
            if pending.deadline <= now:
                del self._pending[query_id]
                self._spent.add(query_id)
                if not pending.waiter.done():
                    pending.waiter.set_exception(DnsTimeout())
        if self._pending:
            self._wake_at(min(pending.deadline for pending in self._pending.values()))

    def _read(self) -> None:
        for count in range(_MOST_READ):
            try:
                size = self._socket.recv_into(self._buffer)
            except (BlockingIOError, InterruptedError):
                if not count:  # woken by an error that somebody has read already
                    self._watch()
                return
            except OSError as error:
                told = error.errno in _TOLD
                self._fail_all(Unreachable() if told else LocalFault(errno.errorcode.get(error.errno or 0, "?")))
                self.retire()
                return
            self._receive(bytes(memoryview(self._buffer)[:size]))
            if self._socket.fileno() < 0:
                return

    def _receive(self, wire: bytes) -> None:
        query_id = wire[0] << 8 | wire[1] if len(wire) > 1 else -1
        pending = self._pending.get(query_id)
        if pending is not None and pending.question.is_answered_by(wire):
            del self._pending[query_id]
            self._spent.add(query_id)
            if not pending.waiter.done():
                pending.waiter.set_result(wire)
        elif pending is None and query_id in self._spent:
            return
        else:
            # a known id tells whose question is under attack; an unknown one may aim at any of them
            self._mark([pending] if pending is not None else list(self._pending.values()))

    def _mark(self, aimed_at: list[_Pending]) -> None:
        """Count a forgery sign against these queries, and use this port for nothing new."""
        self._retired = True
        for pending in aimed_at:
            pending.ignored += 1
            if pending.ignored >= SIGNS and not pending.waiter.done():
                pending.waiter.set_exception(Forged())

    def _fail_all(self, error: Exception) -> None:
        for query_id, pending in list(self._pending.items()):
            del self._pending[query_id]
            self._spent.add(query_id)
            if not pending.waiter.done():
                pending.waiter.set_exception(error)


class UdpPort:
    """The sockets to one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._current: _Socket | None = None
        self._buffer = bytearray(65535)
        self._draining: list[_Socket] = []
        self._closed = False

    def ask(self, question: Question, body: bytes, timeout: float, tally: Tally) -> Coroutine[None, None, bytes]:
        """One datagram, at most one answer; raises DnsTimeout, Unreachable, Forged or LocalFault.

        ``body`` is the query without its id.
        """
        current = self._current
        if current is None or not current.is_fresh:
            current = self._renew()
        return current.ask(question, body, timeout, tally)

    def _renew(self) -> _Socket:
        if self._closed:
            raise LocalFault("closed")
        if self._current is not None:
            self._draining = [s for s in self._draining if s._socket.fileno() >= 0]
            self._draining.append(self._current)
            self._current.retire()
            self._current = None
        try:
            self._current = _Socket(self._server, asyncio.get_running_loop(), self._buffer)
        except OSError as error:
            raise LocalFault(errno.errorcode.get(error.errno or 0, "?")) from error
        return self._current

    def close(self) -> None:
        """Close every socket, for good."""
        self._closed = True
        for one in (*self._draining, *((self._current,) if self._current is not None else ())):
            one.close()
        self._draining, self._current = [], None


async def ask_tcp(server: Server, question: Question, body: bytes, timeout: float) -> bytes:
    """One query over a connection of its own; ``timeout`` seconds cover connect, query and answer.

    Raises DnsTimeout, Unreachable, LocalFault, and Forged where the answer is to another question.
    """
    wire = secrets.token_bytes(2) + body
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await _connect(server)
            writer.write(struct.pack("!H", len(wire)) + wire)
            (size,) = struct.unpack("!H", await reader.readexactly(2))
            answer = await reader.readexactly(size)
    except TimeoutError as error:
        raise DnsTimeout from error
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise Unreachable from error
    except OSError as error:
        if error.errno in _REMOTE or error.errno == errno.ETIMEDOUT:
            raise Unreachable from error
        raise LocalFault(errno.errorcode.get(error.errno or 0, "?")) from error
    finally:
        if writer is not None:
            writer.transport.abort()
    if answer[:2] != wire[:2] or not question.is_answered_by(answer):
        raise Forged
    return answer


async def _connect(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    raw = socket.socket(server.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        await asyncio.get_running_loop().sock_connect(raw, server.sockaddr)
        return await asyncio.open_connection(sock=raw)
    except BaseException:
        raw.close()
        raise
