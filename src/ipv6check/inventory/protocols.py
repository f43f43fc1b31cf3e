"""The protocol names a service target may carry, and what is spoken for them so far.

Only TCP and TLS connections with an optional exchange are made for services other than the web. A name whose own
conversation comes later (SMTP with STARTTLS, SSH banners …) maps to the connection it starts with.
"""

from ipv6check.inventory.normalise import Malformed, shown
from ipv6check.model.target import Protocol

# name: (what is spoken, default port; 0 for none). Ports from the IANA registry of service names.
KNOWN: dict[str, tuple[Protocol, int]] = {
    "https": (Protocol.HTTPS, 443),
    "http": (Protocol.HTTP, 80),
    "tcp": (Protocol.TCP, 0),
    "tls": (Protocol.TLS, 0),
    "ssl": (Protocol.TLS, 0),
    "amqp": (Protocol.TCP, 5672),
    "amqps": (Protocol.TLS, 5671),
    "bgp": (Protocol.TCP, 179),
    "dns": (Protocol.TCP, 53),
    "domain": (Protocol.TCP, 53),
    "domain-s": (Protocol.TLS, 853),
    "dot": (Protocol.TLS, 853),
    "ftp": (Protocol.TCP, 21),
    "ftps": (Protocol.TLS, 990),
    "git": (Protocol.TCP, 9418),
    "imap": (Protocol.TCP, 143),
    "imaps": (Protocol.TLS, 993),
    "kerberos": (Protocol.TCP, 88),
    "ldap": (Protocol.TCP, 389),
    "ldaps": (Protocol.TLS, 636),
    "mqtt": (Protocol.TCP, 1883),
    "mqtts": (Protocol.TLS, 8883),
    "mssql": (Protocol.TCP, 1433),
    "mysql": (Protocol.TCP, 3306),
    "netconf": (Protocol.TCP, 830),
    "oracle": (Protocol.TCP, 1521),
    "pop3": (Protocol.TCP, 110),
    "pop3s": (Protocol.TLS, 995),
    "postgres": (Protocol.TCP, 5432),
    "postgresql": (Protocol.TCP, 5432),
    "rdp": (Protocol.TCP, 3389),
    "redis": (Protocol.TCP, 6379),
    "rsync": (Protocol.TCP, 873),
    "sftp": (Protocol.TCP, 22),
    "sip": (Protocol.TCP, 5060),
    "sips": (Protocol.TLS, 5061),
    "smb": (Protocol.TCP, 445),
    "smtp": (Protocol.TCP, 25),
    "smtps": (Protocol.TLS, 465),
    "ssh": (Protocol.TCP, 22),
    "submission": (Protocol.TCP, 587),
    "submissions": (Protocol.TLS, 465),
    "telnet": (Protocol.TCP, 23),
    "whois": (Protocol.TCP, 43),
    "xmpp": (Protocol.TCP, 5222),
}
_UDP_ONLY = frozenset({"udp", "ntp", "snmp", "syslog", "radius", "dhcp", "dhcpv6", "tftp", "quic", "h3", "doq"})
_BY_PORT: dict[int, Protocol] = {
    port: spoken for spoken, port in KNOWN.values() if spoken is not Protocol.TCP and port != 0
}


def protocol(name: str) -> tuple[Protocol, int]:
    """What is spoken for a protocol name, and its default port (0 for none). Raises ``Malformed``."""
    word = name.strip().lower()
    if word in KNOWN:
        return KNOWN[word]
    if word in _UDP_ONLY:
        raise Malformed(f"the protocol {shown(word)} runs over UDP, which is not tested yet")
    raise Malformed(f"the protocol {shown(word)} is not known; tcp or tls with a port always works")


def protocol_of_port(port: int) -> Protocol:
    """What is spoken where only the port is given: https on 443, http on 80, TLS where it comes first, else TCP."""
    return _BY_PORT.get(port, Protocol.TCP)
