"""The only place where errors of the operating system, of OpenSSL and of parsers become words of ``Failure``.

Errno by ICMPv6 message follows Linux (net/ipv6/icmp.c, ``tab_unreach``): code 0 gives ENETUNREACH, 1, 5 and 6
EACCES, 2 and 3 EHOSTUNREACH, 4 ECONNREFUSED. The same numbers also come from our own routing table, so
``local_route_error`` asks the kernel for a route first.
"""

import errno
import socket
import ssl

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint

_RESOURCES = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EAGAIN},
)
_AMBIGUOUS = {
    errno.ENETUNREACH: Failure.NO_ROUTE,
    errno.EHOSTUNREACH: Failure.ADDRESS_UNREACHABLE,
    errno.EACCES: Failure.ADMIN_PROHIBITED,
    errno.ENETDOWN: Failure.NO_ROUTE,
    errno.EHOSTDOWN: Failure.ADDRESS_UNREACHABLE,
    # ICMPv6 parameter problem: something at the address refuses the header, so nothing accepts TCP there
    errno.EPROTO: Failure.ADDRESS_UNREACHABLE,
}
_CONNECT = {
    errno.ECONNREFUSED: Failure.REFUSED,
    errno.ECONNRESET: Failure.RESET,
    errno.ECONNABORTED: Failure.RESET,
    errno.EPIPE: Failure.RESET,
    errno.ETIMEDOUT: Failure.TIMEOUT,
    errno.EPERM: Failure.LOCAL_PERMISSION,
    errno.EAFNOSUPPORT: Failure.LOCAL_NO_ROUTE,
    **_AMBIGUOUS,
}
# X509_V_ERR_* of OpenSSL's x509_vfy.h
_VERIFY = {
    9: Failure.CERTIFICATE_NOT_YET_VALID,
    10: Failure.CERTIFICATE_EXPIRED,
    18: Failure.CERTIFICATE_SELF_SIGNED,
    2: Failure.CERTIFICATE_UNKNOWN_ISSUER,
    19: Failure.CERTIFICATE_UNKNOWN_ISSUER,
    20: Failure.CERTIFICATE_UNKNOWN_ISSUER,
    21: Failure.CERTIFICATE_UNKNOWN_ISSUER,
    27: Failure.CERTIFICATE_UNKNOWN_ISSUER,
    62: Failure.CERTIFICATE_WRONG_NAME,
    64: Failure.CERTIFICATE_WRONG_NAME,
}
_VERSION_REASONS = frozenset(
    {
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "UNSUPPORTED_PROTOCOL",
        "VERSION_TOO_LOW",
        "NO_PROTOCOLS_AVAILABLE",
        "SSLV3_ALERT_UNSUPPORTED_PROTOCOL",
    },
)
NO_APPLICATION_PROTOCOL = "tlsv1_alert_no_application_protocol"
_HANDSHAKE_RECORD = 0x16
_ALERT_RECORD = 0x15
_CERTIFICATE_REQUEST = 13


class Broken(Exception):
    """How a contact broke off: the phase, the word, and a detail. It never leaves ``net``.

    ``verify_code`` is OpenSSL's when a certificate did not verify, else 0.
    """

    def __init__(self, failure: Failure, phase: Phase, detail: str = "", *, verify_code: int = 0) -> None:
        super().__init__(failure, phase, detail)
        self.failure = failure
        self.phase = phase
        self.detail = detail
        self.verify_code = verify_code


def scope_of(zone: str) -> int:
    """The scope id of a link-local zone: an interface name or number; 0 for none. Raises OSError if unknown."""
    if not zone:
        return 0
    return int(zone) if zone.isdigit() else socket.if_nametoindex(zone)


def local_route_error(endpoint: Endpoint) -> int:
    """The errno of our own route look-up for the address, or 0 if the kernel knows a way.

    A UDP ``connect()`` looks the route and the source address up and sends nothing (RFC 1122 4.1.3.5 leaves it local).
    """
    family = socket.AF_INET6 if endpoint.family == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.setblocking(False)
            if family == socket.AF_INET6:
                probe.connect((endpoint.address, endpoint.port, 0, scope_of(endpoint.zone)))
            else:
                probe.connect((endpoint.address, endpoint.port))
    except OSError as error:
        return error.errno or errno.EIO
    return 0


def connect_failure(error: OSError, endpoint: Endpoint) -> Broken:
    """What a failed ``connect()`` says, after our own route was looked up where the errno could be either's."""
    code = error.errno or 0
    detail = errno.errorcode.get(code, type(error).__name__)
    if isinstance(error, TimeoutError):
        return Broken(Failure.TIMEOUT, Phase.TCP, detail)
    if code in _AMBIGUOUS or code == errno.EADDRNOTAVAIL:
        ours = local_route_error(endpoint)
        if ours in _RESOURCES and ours != errno.EADDRNOTAVAIL:
            return Broken(Failure.LOCAL_RESOURCES, Phase.ROUTE, errno.errorcode[ours])
        if ours:
            return Broken(Failure.LOCAL_NO_ROUTE, Phase.ROUTE, detail)
    if code in _RESOURCES:
        return Broken(Failure.LOCAL_RESOURCES, Phase.ROUTE, detail)
    failure = _CONNECT.get(code, Failure.LOCAL_ERROR)
    return Broken(failure, Phase.ROUTE if failure.is_ours else Phase.TCP, detail)


def stream_failure(error: Exception | None, phase: Phase) -> Broken:
    """Why an open connection ended: a FIN (``None``) is CLOSED, a RST is RESET, an ICMP error keeps its word."""
    if error is None:
        return Broken(Failure.CLOSED, phase)
    code = getattr(error, "errno", None) or 0
    detail = errno.errorcode.get(code, type(error).__name__)
    if isinstance(error, TimeoutError):
        return Broken(Failure.TIMEOUT, phase, detail)
    if code in _RESOURCES:
        return Broken(Failure.LOCAL_RESOURCES, phase, detail)
    # errors after the handshake without a number are transports that were closed under us
    return Broken(_CONNECT.get(code, Failure.RESET), phase, detail)


def tls_failure(error: ssl.SSLError, phase: Phase, *, received: bytes = b"") -> Broken:
    """What an error of OpenSSL says. ``received`` are the first raw octets the server sent in the handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        code = error.verify_code
        return Broken(verify_failure(code), Phase.TLS, error.verify_message or "", verify_code=code)
    reason = error.reason or _reason_in(str(error))
    detail = reason.lower()
    if reason in _VERSION_REASONS:
        return Broken(Failure.TLS_VERSION, phase, detail)
    if reason == "TLSV13_ALERT_CERTIFICATE_REQUIRED":
        # TLS 1.3 tells this only after our side of the handshake is done (RFC 8446 section 4.4.2.4)
        return Broken(Failure.CLIENT_CERTIFICATE_REQUIRED, Phase.TLS, detail)
    if received and received[0] not in (_HANDSHAKE_RECORD, _ALERT_RECORD):
        return Broken(Failure.TLS_MALFORMED, phase, "not_tls")
    if "_ALERT_" in reason or reason == "TLSV1_UNRECOGNIZED_NAME":
        if phase is Phase.TLS and asked_for_certificate(received):
            return Broken(Failure.CLIENT_CERTIFICATE_REQUIRED, phase, detail)
        return Broken(Failure.TLS_ALERT, phase, detail)
    return Broken(Failure.TLS_MALFORMED, phase, detail)


def _reason_in(message: str) -> str:
    """OpenSSL's reason out of ``[SSL] tlsv1 alert no application protocol (_ssl.c:1006)``: the table that older
    Pythons turn numbers into names with ends before ALPN."""
    words = message.partition("] ")[2].partition(" (")[0]
    return words.replace(" ", "_").upper()


def verify_failure(code: int) -> Failure:
    """The word for one X509_V_ERR code, before the certificate itself was read."""
    return _VERIFY.get(code, Failure.CERTIFICATE_INVALID)


def asked_for_certificate(received: bytes) -> bool:
    """True if the server's plain handshake records (TLS 1.2, RFC 5246 7.4.4) hold a CertificateRequest."""
    messages = bytearray()
    at = 0
    while at + 5 <= len(received) and received[at] == _HANDSHAKE_RECORD:
        length = int.from_bytes(received[at + 3 : at + 5])
        messages += received[at + 5 : at + 5 + length]
        at += 5 + length
    at = 0
    while at + 4 <= len(messages):
        if messages[at] == _CERTIFICATE_REQUEST:
            return True
        at += 4 + int.from_bytes(messages[at + 1 : at + 4])
    return False
