"""Waiting for a record asks the zone's own servers, and never a resolver about the name itself."""

from dataclasses import dataclass, field

import pytest

from ipv6check.model.dns import DnsOutcome, Lookup, ServerAnswer
from ipv6check.wiring.pipelines.publication import Publication, Published

ANSWER, NODATA, NXDOMAIN = DnsOutcome.ANSWER, DnsOutcome.NODATA, DnsOutcome.NXDOMAIN
SILENT, LAME = DnsOutcome.TIMEOUT, DnsOutcome.LAME
ZONES = {"example.vn": "example.vn", "www.example.vn": "example.vn", "sub.example.vn": "sub.example.vn"}
SERVERS = {"example.vn": ("ns1.example.vn", "ns2.example.vn"), "sub.example.vn": ("ns1.sub.example.vn",)}


@dataclass
class Names:
    """Two zones; ``says`` maps a server's address to what it says about AAAA; ``asked`` records resolver questions."""

    says: dict[str, DnsOutcome]
    asked: list[str] = field(default_factory=list)

    async def lookup(self, name: str, rdtype: str, *, fresh: bool = False) -> Lookup:
        self.asked.append(name)
        records = {"NS": SERVERS.get(name, ()), "AAAA": (f"{name}/6",), "A": (f"{name}/4",)}[rdtype]
        return Lookup(name=name, rdtype=rdtype, outcome=ANSWER, records=records)

    async def zone_of(self, name: str) -> tuple[Lookup, str]:
        self.asked.append(name)
        found = ZONES.get(name, "")
        return Lookup(name=name, rdtype="SOA", outcome=ANSWER if found else SILENT), found

    async def ask_server(self, server: str, address: str, name: str) -> ServerAnswer:
        said = self.says.get(address, SILENT)
        return ServerAnswer(server=server, address=address, a=ANSWER, aaaa=said)

    def bar(self, address: str, *, internal: bool, zone: str = "") -> str:
        return "documentation" if address == "barred" else ""


def publication(says):
    names = Names(says)
    return names, Publication(names, names, internal=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({"ns1.example.vn/6": ANSWER, "ns2.example.vn/6": ANSWER}, Published.YES),
        ({"ns1.example.vn/6": NXDOMAIN, "ns2.example.vn/6": NXDOMAIN}, Published.NO),
        ({"ns1.example.vn/6": ANSWER, "ns2.example.vn/6": NODATA}, Published.NO),
        ({"ns1.example.vn/6": ANSWER}, Published.YES),
        ({"ns1.example.vn/4": NODATA, "ns2.example.vn/4": NODATA}, Published.NO),
        ({"ns1.example.vn/6": LAME, "ns2.example.vn/6": LAME}, Published.UNTOLD),
        ({}, Published.UNTOLD),
    ],
    ids=["all have it", "none", "a slow secondary", "one is down", "over IPv4", "lame", "unreachable"],
)
async def test_what_the_servers_say(says, expected):
    _, asked = publication(says)
    assert await asked.state("www.example.vn") is expected


async def test_the_resolver_is_not_asked_about_a_name_that_the_zone_told_of():
    names, asked = publication({"ns1.example.vn/6": NXDOMAIN, "ns2.example.vn/6": NXDOMAIN})
    for _ in range(3):
        assert await asked.state("www.example.vn") is Published.NO
    assert "www.example.vn" not in names.asked
    assert names.asked.count("example.vn") == 2  # the zone and its servers are looked for once


async def test_a_name_with_a_zone_of_its_own_is_asked_where_it_is_served():
    _, asked = publication({"ns1.example.vn/6": LAME, "ns2.example.vn/6": LAME, "ns1.sub.example.vn/6": ANSWER})
    assert await asked.state("sub.example.vn") is Published.YES
