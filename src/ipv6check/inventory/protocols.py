"""The protocol names a service target may carry, what is spoken for them, and on which port.

A name without a conversation of its own (amqp, mysql …) maps to the TCP or TLS connection that it starts with.
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
    "udp": (Protocol.UDP, 0),
    "amqp": (Protocol.TCP, 5672),
    "amqps": (Protocol.TLS, 5671),
    "bgp": (Protocol.TCP, 179),
    "dns": (Protocol.DNS, 53),
    "domain": (Protocol.DNS, 53),
    "domain-s": (Protocol.DOT, 853),
    "dns-tcp": (Protocol.DNS_TCP, 53),
    "doh": (Protocol.DOH, 443),
    "dot": (Protocol.DOT, 853),
    "ftp": (Protocol.TCP, 21),
    "ftps": (Protocol.TLS, 990),
    "git": (Protocol.TCP, 9418),
    "imap": (Protocol.IMAP, 143),
    "imaps": (Protocol.IMAPS, 993),
    "kerberos": (Protocol.TCP, 88),
    "ldap": (Protocol.LDAP, 389),
    "ldaps": (Protocol.LDAPS, 636),
    "mqtt": (Protocol.TCP, 1883),
    "mqtts": (Protocol.TLS, 8883),
    "mssql": (Protocol.TCP, 1433),
    "mysql": (Protocol.TCP, 3306),
    "netconf": (Protocol.SSH, 830),
    "ntp": (Protocol.NTP, 123),
    "oracle": (Protocol.TCP, 1521),
    "pop3": (Protocol.POP3, 110),
    "pop3s": (Protocol.POP3S, 995),
    "postgres": (Protocol.TCP, 5432),
    "postgresql": (Protocol.TCP, 5432),
    "rdp": (Protocol.RDP, 3389),
    "redis": (Protocol.TCP, 6379),
    "rsync": (Protocol.TCP, 873),
    "sftp": (Protocol.SSH, 22),
    "sip": (Protocol.SIP, 5060),
    "sip-tcp": (Protocol.SIP_TCP, 5060),
    "sips": (Protocol.SIPS, 5061),
    "smb": (Protocol.TCP, 445),
    "snmp": (Protocol.SNMP, 161),
    "smtp": (Protocol.SMTP, 25),
    "smtps": (Protocol.SUBMISSIONS, 465),
    "ssh": (Protocol.SSH, 22),
    "submission": (Protocol.SUBMISSION, 587),
    "submissions": (Protocol.SUBMISSIONS, 465),
    "telnet": (Protocol.TCP, 23),
    "whois": (Protocol.TCP, 43),
    "xmpp": (Protocol.TCP, 5222),
}
_UDP_ONLY = frozenset({"syslog", "radius", "dhcp", "dhcpv6", "tftp", "quic", "h3", "doq"})
_BY_PORT: dict[int, Protocol] = {
    port: spoken if spoken.is_web else Protocol.TLS
    for spoken, port in KNOWN.values()
    if port and (spoken.is_web or spoken.uses_tls) and spoken is not Protocol.DOH
}


def protocol(name: str) -> tuple[Protocol, int]:
    """What is spoken for a protocol name, and its default port (0 for none). Raises ``Malformed``."""
    word = name.strip().lower()
    if word in KNOWN:
        return KNOWN[word]
    if word in _UDP_ONLY:
        raise Malformed(
            f"the protocol {shown(word)} has no question that anybody answers; use udp with send and expect"
        )
    raise Malformed(f"the protocol {shown(word)} is not known; tcp or tls with a port always works")


def protocol_of_port(port: int) -> Protocol:
    """What is spoken where only the port is given: https on 443, http on 80, TLS where it comes first, else TCP."""
    return _BY_PORT.get(port, Protocol.TCP)
