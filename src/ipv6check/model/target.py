"""Targets: what gets probed, and the endpoints a probe connects to."""

from enum import StrEnum

from ipv6check.model.record import Record


class Protocol(StrEnum):
    """What is spoken on a target's port. ``tcp``, ``tls`` and ``udp`` connect, and send and expect what the inventory
    says; the others have conversations of their own (``net.conversations``)."""

    HTTPS = "https"
    HTTP = "http"
    TCP = "tcp"
    TLS = "tls"
    UDP = "udp"
    SSH = "ssh"
    SMTP = "smtp"
    SUBMISSION = "submission"
    SUBMISSIONS = "submissions"
    IMAP = "imap"
    IMAPS = "imaps"
    POP3 = "pop3"
    POP3S = "pop3s"
    LDAP = "ldap"
    LDAPS = "ldaps"
    RDP = "rdp"
    SIP = "sip"
    SIP_TCP = "sip-tcp"
    SIPS = "sips"
    DNS = "dns"
    DNS_TCP = "dns-tcp"
    DOT = "dot"
    DOH = "doh"
    NTP = "ntp"
    SNMP = "snmp"

    @property
    def is_web(self) -> bool:
        """True for HTTP with or without TLS."""
        return self in (Protocol.HTTPS, Protocol.HTTP)

    @property
    def uses_tls(self) -> bool:
        """True if the TLS handshake comes right after the TCP handshake."""
        return self in USING_TLS

    @property
    def is_datagram(self) -> bool:
        """True if it runs over UDP, where silence is no answer."""
        return self in DATAGRAMS


DATAGRAMS = frozenset({Protocol.UDP, Protocol.SIP, Protocol.DNS, Protocol.NTP, Protocol.SNMP})
OVER_TCP = frozenset(Protocol) - DATAGRAMS
USING_TLS = frozenset(
    {
        Protocol.HTTPS, Protocol.TLS, Protocol.SUBMISSIONS, Protocol.IMAPS, Protocol.POP3S, Protocol.LDAPS,
        Protocol.SIPS, Protocol.DOT, Protocol.DOH,
    }
)  # fmt: skip
SERVICES = frozenset(Protocol) - {Protocol.HTTPS, Protocol.HTTP}
"""Everything that is not the web."""


class Target(Record, gc=False, frozen=True, kw_only=True):
    """One thing to probe: a host (DNS name as A-label without final dot, or an address literal), a port, a protocol.

    ``path`` is the HTTP request target. ``expected_status`` lists accepted HTTP status codes; empty means any
    below 400. ``send`` and ``expect`` are a TCP or TLS exchange: octets to send (text, escapes already
    decoded) and text the reply must contain; for the web ``expect`` is what the body must hold, as
    ``model.expectation`` reads it. ``required`` is False for a target whose verdicts never decide
    the asset's. ``any_of`` groups targets of one asset of which one pass is enough (management ports of a
    device); empty means the target stands for itself. ``zone`` is the interface of a link-local literal.
    """

    host: str
    port: int
    protocol: Protocol
    path: str = "/"
    expected_status: tuple[int, ...] = ()
    send: str = ""
    expect: str = ""
    required: bool = True
    any_of: str = ""
    zone: str = ""

    @property
    def key(self) -> str:
        """The identity of what is probed, equal for every asset that lists it: ``https://host:443/path``."""
        zoned = f"{self.host}%{self.zone}" if self.zone else self.host
        host = f"[{zoned}]" if ":" in zoned else zoned
        base = f"{self.protocol}://{host}:{self.port}"
        if self.protocol.is_web:
            accepted = ",".join(map(str, self.expected_status))
            expected = f" {self.expect!r}" if self.expect else ""
            return f"{base}{self.path}" + (f" {accepted}" if accepted else "") + expected
        return base + (f" {self.send!r} {self.expect!r}" if self.send or self.expect else "")

    @property
    def is_literal(self) -> bool:
        """True if the host is an address, so nothing is resolved."""
        return ":" in self.host or self.host.replace(".", "").isdigit()


class Endpoint(Record, gc=False, frozen=True, kw_only=True):
    """Where one connection goes: a literal address and port, and the name for SNI and the Host field.

    After the name probe nothing resolves again, so nothing can fall back to another family unseen.
    """

    name: str
    address: str
    port: int
    zone: str = ""

    @property
    def family(self) -> int:
        """4 or 6, told from the literal."""
        return 6 if ":" in self.address else 4
