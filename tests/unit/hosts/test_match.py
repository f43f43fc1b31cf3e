"""Who is meant: by name, address, card or tag, and never by a guess."""

from datetime import UTC, datetime

import pytest

from ipv6check.hosts.document import read_host
from ipv6check.hosts.ground import Ground
from ipv6check.hosts.match import match_entries, match_host
from ipv6check.hosts.reading import Contents, Entry, Refused
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.host import HOST_SCHEMA, HostAddress, HostDocument, HostProcess, HostSocket
from ipv6check.model.imported import Bundle, Provenance, Source
from ipv6check.model.target import Protocol, Target
from ipv6check.wiring.scans.imported import Imports

CARD = "00:11:22:33:44:55"
ORIGIN = Provenance(source=Source.HOST, vantage="web-1", file="f", sha256="", taken_at=1000.0)
HTTPS = Target(host="www.example.vn", port=443, protocol=Protocol.HTTPS)
NGINX = HostProcess(pid=7, name="nginx", unit="nginx.service")


def asset(known: str, kind: Kind, *targets: Target, **more: object) -> Asset:
    return Asset(**{"id": known, "kind": kind, "name": known, "targets": targets} | more)


def device(name: str, host: str = "", **more: object) -> Asset:
    return asset(name, Kind.DEVICE, *([Target(host=host, port=22, protocol=Protocol.TCP)] if host else []), **more)


def host(*names: str, addresses: tuple[str, ...] = ("2a00:1450::1",), name: str = "web-1") -> HostDocument:
    return HostDocument(
        schema=HOST_SCHEMA,
        tool="t",
        taken_at=datetime(2026, 11, 1, tzinfo=UTC),
        vantage=name,
        name=name,
        names=names,
        addresses=tuple(HostAddress(interface="eth0", address=one, prefix_length=64) for one in addresses),
        sockets=(
            HostSocket(transport="tcp", address="0.0.0.0", port=443, uid=0, processes=(NGINX,)),
            HostSocket(transport="tcp", address="::", port=22, uid=0, v6only=False),
        ),
    )


def told(document: HostDocument, *assets: Asset, private: bool = False) -> dict[str, list[str]]:
    claims = match_host(document, ORIGIN, Ground(assets, private=private)).claims
    return {one.asset: [each.wanted for each in one.listenings] for one in claims}


@pytest.mark.parametrize(
    ("document", "assets", "expected"),
    [
        pytest.param(host("www.example.vn"), [asset("w", Kind.SERVICE, HTTPS)], {"w": ["tcp/443"]}, id="name"),
        pytest.param(host("WWW.Example.VN."), [asset("w", Kind.SERVICE, HTTPS)], {"w": ["tcp/443"]}, id="case"),
        pytest.param(host(name="www"), [asset("w", Kind.SERVICE, HTTPS)], {}, id="a-short-name-is-no-full-name"),
        pytest.param(
            host(name="localhost"),
            [asset("w", Kind.SERVICE, Target(host="localhost", port=443, protocol=Protocol.TCP))],
            {},
            id="localhost-is-nobody",
        ),
        pytest.param(host(), [asset("w", Kind.SERVICE, HTTPS, tags=("host:web-1",))], {"w": ["tcp/443"]}, id="tag"),
        pytest.param(host(), [asset("nginx", Kind.SOFTWARE)], {}, id="software-needs-its-host"),
        pytest.param(
            host(), [asset("nginx", Kind.SOFTWARE, tags=("host:web-1",))], {"nginx": ["process nginx"]}, id="software"
        ),
        pytest.param(
            host(),
            [asset("erp", Kind.SOFTWARE, tags=("host:web-1", "port:tcp/443"))],
            {"erp": ["tcp/443"]},
            id="software-by-port",
        ),
    ],
)
def test_a_host_speaks_of_the_assets_that_name_it(document, assets, expected):
    assert told(document, *assets) == expected


def test_a_private_address_tells_who_is_meant_only_within_one_agency():
    service = asset("w", Kind.SERVICE, Target(host="10.0.0.1", port=443, protocol=Protocol.TCP))
    document = host(addresses=("10.0.0.1",))
    assert told(document, service) == {}
    assert told(document, service, private=True) == {"w": ["tcp/443"]}


def test_listeners_that_no_asset_names_are_told():
    assert match_host(host(), ORIGIN, Ground([])).unmatched == ("tcp/22 uid 0", "tcp/443 nginx")


def entries(*listed: Entry, assets: list[Asset]):
    found = match_entries(Contents(Source.NEIGHBOURS, listed), listed, ORIGIN, Ground(assets, private=True))
    return {one.asset: [each.addresses for each in one.sightings] for one in found.claims}, found.unmatched


SEEN = Entry(line=1, addresses=("2a00:1450::7",), mac=CARD)
LINK = Entry(line=2, ipv4=("10.0.0.7",), mac=CARD)


def test_a_neighbour_is_known_by_address_by_a_card_that_was_tied_or_not_at_all():
    by_address, _ = entries(SEEN, assets=[device("a", "2a00:1450::7")])
    assert by_address == {"a": [("2a00:1450::7",)]}
    by_card, _ = entries(SEEN, LINK, assets=[device("b", "10.0.0.7")])
    assert by_card == {"b": [("2a00:1450::7",)]}
    by_tag, _ = entries(SEEN, assets=[device("c", tags=(f"mac:{CARD}",))])
    assert by_tag == {"c": [("2a00:1450::7",)]}
    nobody, unmatched = entries(SEEN, LINK, assets=[device("d", "10.0.0.8")])
    assert nobody == {}
    assert unmatched == (f"2a00:1450::7 {CARD}",)


def test_two_devices_of_one_card_get_nothing_and_that_is_told():
    claims, [unmatched] = entries(SEEN, assets=[device("a", tags=(f"mac:{CARD}",)), device("b", tags=(f"mac:{CARD}",))])
    assert claims == {}
    assert "a and b" in unmatched


def test_an_address_belongs_to_the_network_with_the_longest_prefix():
    wide, narrow = (asset(name, Kind.NETWORK, prefix=prefix) for name, prefix in PREFIXES)
    assert entries(SEEN, assets=[wide, narrow])[0] == {"narrow": [("2a00:1450::7",)]}


PREFIXES = (("wide", "2a00:1450::/32"), ("narrow", "2a00:1450::/64"))


def test_what_a_scan_takes_up_is_of_the_same_asset_and_target():
    service = asset("w", Kind.SERVICE, HTTPS, tags=("host:web-1",))
    bundle = Bundle(provenance=ORIGIN, claims=match_host(host(), ORIGIN, Ground([service])).claims)
    imports = Imports([bundle], at=2000.0)
    [evidence] = imports.of(service)
    assert evidence.observed_at == 2000.0
    assert evidence.missing == ()
    other = Target(host="b.example.vn", port=443, protocol=Protocol.HTTPS)
    [partial] = imports.of(asset("w", Kind.SERVICE, HTTPS, other))
    assert partial.missing == (other.key,)
    assert imports.of(asset("w", Kind.SERVICE, other)) == ()
    assert imports.of(asset("w", Kind.SERVICE, HTTPS, name="another")) == ()


@pytest.mark.parametrize(
    "change",
    [
        '"schema":"ipv6check.host/2"',
        '"schema":"ipv6check.host/1","taken_at":"2026-11-01T00:00:00"',
        '"schema":"ipv6check.host/1","name":""',
        '"schema":"ipv6check.host/1","name":"' + "x" * 300 + '"',
        '"schema":"ipv6check.host/1","sockets":[{"transport":"tcp","address":"x","port":1,"uid":0}]',
        '"schema":"ipv6check.host/1","sockets":[{"transport":"tcp","address":"::","port":0,"uid":0}]',
        '"schema":"ipv6check.host/1","sockets":[{"transport":"sctp","address":"::","port":1,"uid":0}]',
        '"schema":"ipv6check.host/1","surprise":1',
    ],
)
def test_a_document_that_no_host_can_have_written_is_refused(change):
    base = '{"tool":"t","taken_at":"2026-11-01T00:00:00Z","vantage":"v","name":"n",' + change + "}"
    with pytest.raises(Refused, match=r"^h\.json: "):
        read_host(base, "h.json")
