"""HTTP/3 where a site announced it."""

from enum import StrEnum
from typing import ClassVar

from ipv6check.model.contact import Contact
from ipv6check.model.evidence_base import Evidence


class Announced(StrEnum):
    """Where HTTP/3 was announced, or that nobody could tell whether it is."""

    NOWHERE = ""
    ALT_SVC = "alt-svc"
    HTTPS_RECORD = "https-record"
    UNTOLD = "untold"


class Http3Evidence(Evidence, tag="http3/1", gc=False, frozen=True, kw_only=True):
    """HTTP/3 at the addresses of a site that announced it: by Alt-Svc (RFC 7838) in a response that was measured, or by
    the ALPN of its HTTPS record (RFC 9460).

    ``port`` is the announced UDP port. ``elsewhere`` is an announced ``HOST:PORT`` that was not tried, since only the
    site's own host is, at 443 and at the target's port. ``v6`` are IPv6 addresses that replied over TCP, ``v4`` one
    IPv4 address, tried only where something was wrong over IPv6. ``sampled``: there were more addresses.
    """

    needs_confirmation: ClassVar[bool] = True

    announced: Announced = Announced.NOWHERE
    port: int = 0
    elsewhere: str = ""
    v6: tuple[Contact, ...] = ()
    v4: tuple[Contact, ...] = ()
    sampled: bool = False
