"""The closed vocabulary of what can go wrong on the wire, and the phase it goes wrong in.

Words are stored, compared and translated; they are produced by ``ipv6check.net.classify``, and
the black holes, which take several connections to tell, by ``ipv6check.probes.blackhole``.
"""

from enum import StrEnum


class Phase(StrEnum):
    """The step of one contact in which it ended."""

    ROUTE = "route"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"
    EXCHANGE = "exchange"
    ECHO = "echo"


class Failure(StrEnum):
    """Why one attempt did not succeed; the target's, the path's, or ours (``is_ours``)."""

    # the path or the target
    TIMEOUT = "timeout"
    REFUSED = "refused"
    RESET = "reset"
    CLOSED = "closed"
    NO_ROUTE = "no_route"
    ADDRESS_UNREACHABLE = "address_unreachable"
    ADMIN_PROHIBITED = "admin_prohibited"
    PATH_MTU_BLACK_HOLE = "path_mtu_black_hole"  # a stall that small segments end; told by probes.blackhole
    # TLS
    TLS_ALERT = "tls_alert"
    TLS_VERSION = "tls_version"
    TLS_MALFORMED = "tls_malformed"
    QUIC_VERSION = "quic_version"
    CLIENT_CERTIFICATE_REQUIRED = "client_certificate_required"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CERTIFICATE_WRONG_NAME = "certificate_wrong_name"
    CERTIFICATE_SELF_SIGNED = "certificate_self_signed"
    CERTIFICATE_UNKNOWN_ISSUER = "certificate_unknown_issuer"
    CERTIFICATE_INVALID = "certificate_invalid"
    # HTTP and other exchanges
    HTTP_MALFORMED = "http_malformed"
    HTTP_HEADER_TOO_LARGE = "http_header_too_large"
    RATE_LIMITED = "rate_limited"
    UNEXPECTED_REPLY = "unexpected_reply"
    # ours: never the target's fault, never a fail
    LOCAL_NO_ROUTE = "local_no_route"
    LOCAL_RESOURCES = "local_resources"
    LOCAL_PERMISSION = "local_permission"
    LOCAL_ERROR = "local_error"
    LOCAL_BLACK_HOLE = "local_black_hole"  # nobody's full-size packets reach this vantage
    LOCAL_PORT_BLOCKED = "local_port_blocked"  # nobody answered us on port 25, or over UDP on that port
    LOCAL_NOT_INSTALLED = "local_not_installed"  # an optional library that it takes
    BUDGET = "budget"
    NOT_CONTACTED = "not_contacted"

    @property
    def is_ours(self) -> bool:
        """True for what says something about this machine or our limits, and nothing about the target."""
        return self in _OURS

    @property
    def is_certificate(self) -> bool:
        """True for a certificate that did not verify."""
        return self.value.startswith("certificate_")


_OURS = frozenset(
    {
        Failure.LOCAL_NO_ROUTE,
        Failure.LOCAL_RESOURCES,
        Failure.LOCAL_PERMISSION,
        Failure.LOCAL_ERROR,
        Failure.LOCAL_BLACK_HOLE,
        Failure.LOCAL_PORT_BLOCKED,
        Failure.LOCAL_NOT_INSTALLED,
        Failure.BUDGET,
        Failure.NOT_CONTACTED,
    }
)
