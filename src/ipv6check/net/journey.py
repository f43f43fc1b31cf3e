"""How far one connection came and how long each phase took, kept apart from whether it succeeded."""

import ssl
from time import perf_counter

from ipv6check.model.contact import Certificate
from ipv6check.model.policy import Timeouts
from ipv6check.model.target import Endpoint
from ipv6check.net.certificate import Certificates, leaf_seen
from ipv6check.net.classify import Broken
from ipv6check.net.connection import Connection
from ipv6check.net.path.fullsize import FullSize


class Limits:
    """Seconds each phase may take in all, the IPv6 address to connect from (empty: the system's choice), the name told
    to mail servers (empty: our address), and what all connections together tell about full-size packets."""

    __slots__ = ("ehlo", "full_size", "http_s", "source", "tcp_s", "tls_s")

    def __init__(self, timeouts: Timeouts, *, source: str = "", ehlo: str = "") -> None:
        self.source = source
        self.ehlo = ehlo
        self.full_size = FullSize()
        self.tcp_s = timeouts.tcp
        self.tls_s = timeouts.tls
        self.http_s = timeouts.http


class Journey:
    """Filled phase by phase. ``tcp_ms`` is set only when the TCP handshake was finished; ``tls_ms`` and ``http_ms``
    also hold the time a phase took that failed. ``wants_h2``: the server may speak HTTP/2 only. ``mss`` is the largest
    TCP segment either side may send, 0 for what the links allow. ``unverified`` is the leaf (DER) of a handshake that
    did not verify."""

    __slots__ = ("certificate", "http_ms", "mss", "tcp_ms", "tls_ms", "tls_version", "unverified", "wants_h2")

    def __init__(self, *, mss: int = 0) -> None:
        self.mss = mss
        self.tcp_ms: float | None = None
        self.tls_ms: float | None = None
        self.http_ms: float | None = None
        self.certificate: Certificate | None = None
        self.tls_version = ""
        self.unverified: bytes | None = None
        self.wants_h2 = False


async def establish(
    endpoint: Endpoint, context: ssl.SSLContext | None, limits: Limits, journey: Journey, certificates: Certificates
) -> Connection:
    """TCP, then TLS if there is a context. Raises ``Broken`` with the socket closed; else the caller must abort."""
    started = perf_counter()
    connection = await Connection.open(endpoint, timeout_s=limits.tcp_s, source=limits.source, mss=journey.mss)
    journey.tcp_ms = (perf_counter() - started) * 1000
    if context is None:
        return connection
    started = perf_counter()
    try:
        await connection.start_tls(context, endpoint.name or endpoint.address, timeout_s=limits.tls_s)
    except BaseException as error:
        if isinstance(error, Broken) and error.verify_code and connection.tls is not None:
            journey.unverified, journey.tls_version = leaf_seen(connection.tls)
        connection.abort()
        raise
    finally:
        journey.tls_ms = (perf_counter() - started) * 1000
    limits.full_size.look(connection, endpoint.family)
    assert connection.tls is not None
    journey.tls_version = connection.tls.version() or ""
    if context.verify_mode is ssl.CERT_REQUIRED:
        journey.certificate = certificates.verified(connection.tls)
    return connection
