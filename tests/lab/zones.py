"""Zone files: root, vn., gov.vn. and one zone a province, each with two dual-stack name servers or more."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.lab.delegations import delegation_of_dark, delegations
from tests.lab.plan import GOV_VN, ROOT, VN, Server, province_servers
from tests.lab.world import Name, World

V4ONLY_TARGET = "v4only-target"
GOV6, GOV4 = "2d00:1:ffff::80", "29.250.0.80"


def write_zones(world: World, directory: Path) -> dict[str, list[str]]:
    """Write every zone to ``directory/ZONE.zone``; return which zones each of the four operators serves."""
    directory.mkdir(parents=True, exist_ok=True)
    provinces = {f"p{number:02d}.gov.vn.": province_servers(number) for number in range(world.provinces)}
    _write(directory, ".", ROOT, [*_delegation("vn.", VN), *delegation_of_dark(), *_elsewhere()])
    _write(directory, "vn.", VN, _delegation("gov.vn.", GOV_VN))
    below = [line for zone, servers in provinces.items() for line in _delegation(zone, servers)]
    _write(directory, "gov.vn.", GOV_VN, [*below, *delegations("gov.vn.")])
    members: dict[int, list[Name]] = defaultdict(list)
    for name in world.names:
        members[name.province].append(name)
    for number, (zone, servers) in enumerate(provinces.items()):
        _write(directory, zone, servers, [line for name in members[number] for line in _records(name, zone)])
    return {"root": ["."], "vn": ["vn."], "gov-vn": ["gov.vn."], "provinces": list(provinces)}


def zone_file(directory: Path, zone: str) -> Path:
    """Where a zone is written."""
    return directory / f"{zone.rstrip('.') or 'root'}.zone"


def bogus(world: World) -> list[str]:
    """The names whose DNSSEC is broken: the resolver has a trust anchor for them, the zone has no keys."""
    return [name.name for name in world.of("servfail") if name.variant % 2 == 0]


def _write(directory: Path, zone: str, servers: tuple[Server, ...], lines: Iterable[str]) -> None:
    head = [
        f"$ORIGIN {zone}",
        "$TTL 3600",
        f"@ SOA {servers[0].name} hostmaster.{zone.lstrip('.')} 1 7200 1800 1209600 300",
        *(f"@ NS {server.name}" for server in servers),
        *_glue(servers),
    ]
    zone_file(directory, zone).write_text("\n".join([*head, *lines, ""]), encoding="ascii")


def _delegation(zone: str, servers: tuple[Server, ...]) -> list[str]:
    return [*(f"{zone} NS {server.name}" for server in servers), *_glue(servers)]


def _glue(servers: tuple[Server, ...]) -> list[str]:
    return [line for server in servers for line in (f"{server.name} AAAA {server.v6}", f"{server.name} A {server.v4}")]


def _elsewhere() -> list[str]:
    """Names outside vn. that a client may ask for to learn about its resolver: the one by which synthesised AAAA
    records are detected (RFC 7050), and a root server's. The root zone holds them itself here."""
    servers = [line for server in ROOT for line in (f"AAAA {server.v6}", f"A {server.v4}")]
    return [
        "ipv4only.arpa. A 192.0.0.170",
        "ipv4only.arpa. A 192.0.0.171",
        *(f"a.root-servers.net. {line}" for line in servers),
        # Real inventories of the US government: all of gov. is one dual-stack host here, mil. does not exist.
        f"*.gov. AAAA {GOV6}",
        f"*.gov. A {GOV4}",
    ]


def _records(name: Name, zone: str) -> Iterable[str]:
    owner = f"{name.name}."
    if name.kind == "servfail" and name.variant % 2:
        # A lame delegation: the server exists, and refuses what it was never told to serve (RFC 8499).
        yield f"{owner} NS ns.{owner}"
        yield f"ns.{owner} AAAA {GOV_VN[0].v6}"
        yield f"ns.{owner} A {GOV_VN[0].v4}"
        return
    yield from (f"{owner} AAAA {address}" for address in name.aaaa)
    yield from (f"{owner} A {address}" for address in name.a)
    if name.kind == "twin":
        yield f"{owner.removeprefix('www.')} A {name.a[0]}"
    if name.kind == "redirect4":
        yield f"{V4ONLY_TARGET}.{zone} A {name.a[0]}"
