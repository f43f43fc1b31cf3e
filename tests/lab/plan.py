"""Where everything lives: the addresses of client, resolver, name servers, and the prefixes they lie in."""

from dataclasses import dataclass

CLIENT6, CLIENT4 = "2d0c::2", "30.0.0.2"
GATEWAY6, GATEWAY4 = "2d0c::1", "30.0.0.1"
RESOLVER6, RESOLVER4 = "2d0d::53", "30.53.0.53"

# What the server side answers for, whole (AnyIP): names of every class, the resolver, the name servers.
LOCAL6 = ("2d00::/16", "2d0d::/16", "2d0e::/16")
LOCAL4 = ("29.0.0.0/8", "30.53.0.0/16")


@dataclass(frozen=True, slots=True)
class Server:
    """One address pair of a name server, and the name it has in its zone's NS records."""

    name: str
    v6: str
    v4: str


def _server(name: str, level: int, number: int) -> Server:
    return Server(name, f"2d0e:{level:x}:{number:x}::53", f"30.53.{level * 64 + (number >> 8)}.{number & 0xFF}")


ROOT = tuple(_server(f"{letter}.nic.root.", 1, number) for number, letter in enumerate("abc", 1))
VN = tuple(_server(f"{letter}.dns-servers.vn.", 2, number) for number, letter in enumerate("ab", 1))
GOV_VN = tuple(_server(f"{letter}.dns.gov.vn.", 2, number) for number, letter in enumerate("ab", 3))
ANCHORS = tuple(f"[{server.v6}]:53" for server in ROOT)


def province_servers(province: int) -> tuple[Server, ...]:
    """The two name servers of a province, in its own zone."""
    zone = f"p{province:02d}.gov.vn."
    return tuple(_server(f"ns{number}.{zone}", 3, 2 * province + number) for number in (1, 2))
