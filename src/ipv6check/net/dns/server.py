"""Where to send a query: one server's address and port."""

import ipaddress
import re
import socket
from functools import cached_property

_BRACKETS = re.compile(r"\[([^\]]+)\](?::(\d{1,5}))?\Z")
_WITH_AT = re.compile(r"([^@]+)@(\d{1,5})\Z")
_V4_PORT = re.compile(r"(\d+\.\d+\.\d+\.\d+):(\d{1,5})\Z")


class Server:
    """A DNS server by literal address of either family; link-local ones carry their zone (``fe80::1%eth0``)."""

    def __init__(self, address: str, port: int = 53) -> None:
        """Raise ValueError for what is not an address and a port."""
        self.address = str(ipaddress.ip_address(address))
        if not 0 < port < 65536:
            raise ValueError(f"{port} is not a port")
        self.port = port

    def __str__(self) -> str:
        if self.port == 53:
            return self.address
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    def __repr__(self) -> str:
        return f"Server({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Server) and (self.address, self.port) == (other.address, other.port)

    def __hash__(self) -> int:
        return hash((self.address, self.port))

    @property
    def family(self) -> socket.AddressFamily:
        """AF_INET or AF_INET6."""
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET

    @cached_property
    def sockaddr(self) -> tuple[str, int] | tuple[str, int, int, int]:
        """What connect() takes; OSError if the zone names no interface of this machine."""
        if ":" not in self.address:
            return (self.address, self.port)
        host, _, zone = self.address.partition("%")
        scope = (int(zone) if zone.isdigit() else socket.if_nametoindex(zone)) if zone else 0
        return (host, self.port, 0, scope)

    @cached_property
    def is_local(self) -> bool:
        """True for loopback, private, unique-local and link-local addresses: nobody else's good will is used up."""
        address = ipaddress.ip_address(self.address.partition("%")[0])
        return address.is_loopback or address.is_link_local or address.is_private


def parse_server(text: str) -> Server:
    """A server from ``ADDR``, ``[ADDR]:port``, ``ADDR:port`` (IPv4) or ``ADDR@port``; ValueError with a sentence."""
    text = text.strip()
    for pattern in (_BRACKETS, _WITH_AT, _V4_PORT):
        match = pattern.match(text)
        if match:
            address, port = match.group(1), match.group(2) or "53"
            break
    else:
        address, port = text, "53"
    try:
        return Server(address, int(port))
    except ValueError:
        raise ValueError(
            f"{text!r} is no DNS server: write an address, [ADDRESS]:PORT, or ADDRESS@PORT with a port of 1 to 65535"
        ) from None


def system_servers() -> tuple[Server, ...]:
    """The resolvers this machine is set up with; empty if there are none or the file cannot be read."""
    import dns.resolver  # 40 ms that a scan with --resolver does not need

    try:
        configured = dns.resolver.Resolver(configure=True)
    except (dns.resolver.NoResolverConfiguration, OSError):
        return ()
    found: list[Server] = []
    for nameserver in configured.nameservers:
        try:
            found.append(Server(str(nameserver), configured.port))
        except ValueError:
            continue  # a DoH URL, which only dnspython speaks
    return tuple(dict.fromkeys(found))
