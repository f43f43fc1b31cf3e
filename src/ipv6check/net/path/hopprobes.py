"""Probes with a hop limit, without privileges: TCP connections to the target's port, and echo requests.

Each probe is sent once and then asked, by ``look``, what came of it; nothing waits here.
"""

import errno
import os
import select
import socket
import struct
import time
from typing import NamedTuple

from ipv6check.model.failure import Failure
from ipv6check.model.path import Hop, Told
from ipv6check.model.prefixes import number
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import connect_failure, scope_of
from ipv6check.net.path.echosocket import HEADER, EchoSocket
from ipv6check.net.path.icmperrors import IcmpError, arrived_at, next_error, want_errors

_HOPS = {6: (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS), 4: (socket.IPPROTO_IP, socket.IP_TTL)}
_ARRIVED = frozenset({0, errno.ECONNREFUSED, errno.ECONNRESET})
_RTT_AT = 68  # tcpi_rtt in struct tcp_info, microseconds (linux/tcp.h)
_TOKEN_OCTETS = 24


class NotSent(Exception):
    """No probe left this machine, and why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class _Connecting(NamedTuple):
    sock: socket.socket
    sent_at: float


class TcpProbes:
    """A SYN for each hop limit: what the service's own packets meet. A connection that comes about is reset at once."""

    means = "tcp"

    def __init__(self, endpoint: Endpoint, *, source: str = "") -> None:
        """``source`` is the IPv6 address to send from. Sends nothing yet."""
        self.endpoint = endpoint
        self.port = endpoint.port
        self._source = source
        self.own = source or own_address(endpoint)
        self._open: dict[int, _Connecting] = {}

    def send(self, limit: int) -> None:
        """One SYN. Raises NotSent."""
        endpoint = self.endpoint
        six = endpoint.family == 6
        try:
            sock = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM)
        except OSError as error:
            raise NotSent(connect_failure(error, endpoint).failure) from None
        try:
            sock.setblocking(False)
            sock.setsockopt(*_HOPS[endpoint.family], limit)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 0))  # closed by RST
            want_errors(sock, endpoint.family)
            if self._source and six and not endpoint.zone:
                sock.bind((self._source, 0))
            sent_at = time.time()
            where = (endpoint.address, endpoint.port)
            code = sock.connect_ex((*where, 0, scope_of(endpoint.zone)) if six else where)
        except OSError as error:
            sock.close()
            raise NotSent(connect_failure(error, endpoint).failure) from None
        if code not in (0, errno.EINPROGRESS):
            failure = connect_failure(OSError(code, os.strerror(code)), endpoint).failure
            if failure.is_ours:
                sock.close()
                raise NotSent(failure)
        self._open[limit] = _Connecting(sock, sent_at)

    def look(self) -> list[Hop]:
        """What came back since the last look; the probes it is about are closed."""
        poll = select.poll()
        limits = {}
        for limit, probe in self._open.items():
            poll.register(probe.sock, select.POLLIN | select.POLLOUT)
            limits[probe.sock.fileno()] = limit
        found = []
        for descriptor, _ in poll.poll(0):
            limit = limits[descriptor]
            probe = self._open.pop(limit)
            found.append(self._read(limit, probe))
            probe.sock.close()
        return found

    def _read(self, limit: int, probe: _Connecting) -> Hop:
        error = next_error(probe.sock, self.endpoint.family)
        if error is not None:
            return _hop(limit, error, probe.sent_at)
        code = probe.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code not in _ARRIVED:
            return Hop(limit=limit, told=Told.OTHER_ERROR if code != errno.ETIMEDOUT else Told.NOTHING)
        rtt_ms = (time.time() - probe.sent_at) * 1000
        if code == 0:
            told = probe.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RTT_AT + 4)
            rtt_ms = struct.unpack_from("=I", told, _RTT_AT)[0] / 1000
        return Hop(limit=limit, told=Told.ANSWER, address=self.endpoint.address, rtt_ms=round(rtt_ms, 2))

    def drop(self, limit: int) -> None:
        """Wait no longer for this probe."""
        probe = self._open.pop(limit, None)
        if probe is not None:
            probe.sock.close()

    def close(self) -> None:
        """Give everything back."""
        for limit in tuple(self._open):
            self.drop(limit)


class EchoProbes:
    """An echo request for each hop limit, over a ping socket where the system allows one, else over a raw one."""

    means = "echo"
    port = 0

    def __init__(self, endpoint: Endpoint, *, source: str = "") -> None:
        """Raises NotSent without the right to echo."""
        self.endpoint = endpoint
        try:
            self._socket = EchoSocket(endpoint.family, source=source if endpoint.family == 6 else "")
        except PermissionError:
            raise NotSent(Failure.LOCAL_PERMISSION) from None
        except OSError as error:
            raise NotSent(connect_failure(error, endpoint).failure) from None
        want_errors(self._socket.socket, endpoint.family)
        self.own = source if source and endpoint.family == 6 else own_address(endpoint)
        self._payload = os.urandom(_TOKEN_OCTETS)
        self._sent: dict[int, float] = {}

    def send(self, limit: int) -> None:
        """One request, numbered by its hop limit. Raises NotSent."""
        for _ in range(2):  # the first sending may report an error about an earlier request, which the queue holds too
            try:
                self._socket.socket.setsockopt(*_HOPS[self.endpoint.family], limit)
                self._sent[limit] = time.time()
                self._socket.send(self.endpoint.address, scope_of(self.endpoint.zone), limit, self._payload)
            except OSError as error:
                failure = connect_failure(error, self.endpoint).failure
            else:
                return
        if failure.is_ours:
            raise NotSent(failure)

    def look(self) -> list[Hop]:
        """What came back since the last look."""
        found = []
        while (error := next_error(self._socket.socket, self.endpoint.family)) is not None:
            if len(error.quoted) < HEADER.size:
                continue
            _, _, _, identifier, sequence = HEADER.unpack_from(error.quoted)
            mine = self._socket.means == "dgram" or identifier == self._socket.id
            sent_at = self._sent.pop(sequence, None) if mine else None
            if sent_at is not None:
                found.append(_hop(sequence, error, sent_at))
        while True:
            try:
                answer, at = self._socket.receive_timed(arrived_at)
            except OSError:  # nothing left, or an error that the queue holds as well
                return found
            if answer is None or answer.payload != self._payload or not self._is_target(answer.source):
                continue
            sent_at = self._sent.pop(answer.sequence, None)
            if sent_at is not None:
                rtt_ms = round(max(at - sent_at, 0.0) * 1000, 2)
                found.append(Hop(limit=answer.sequence, told=Told.ANSWER, address=answer.source, rtt_ms=rtt_ms))

    def _is_target(self, source: str) -> bool:
        return number(source) == number(self.endpoint.address)

    def drop(self, limit: int) -> None:
        """Wait no longer for this probe."""
        self._sent.pop(limit, None)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()


def own_address(endpoint: Endpoint) -> str:
    """The address that our packets to the endpoint carry; empty without a route. Asking sends nothing."""
    six = endpoint.family == 6
    try:
        with socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM) as asking:
            where = (endpoint.address, endpoint.port)
            asking.connect((*where, 0, scope_of(endpoint.zone)) if six else where)
            return str(asking.getsockname()[0]).partition("%")[0]
    except OSError:
        return ""


def _hop(limit: int, error: IcmpError, sent_at: float) -> Hop:
    rtt_ms = round(max(error.at - sent_at, 0.0) * 1000, 2)
    return Hop(limit=limit, told=error.told, address=error.sender, rtt_ms=rtt_ms)
