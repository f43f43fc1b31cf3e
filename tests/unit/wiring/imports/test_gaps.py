"""What an inventory lacks, seen from zones and certificates."""

from pathlib import Path

from ipv6check.inventory.load import open_inventory
from ipv6check.net.dns.zonetext import read_zone
from ipv6check.store.open import open_store
from ipv6check.wiring.imports.gaps import GapFinder, look_at_scan
from tests.stored import SCAN_ID, fill

ZONE = Path(__file__).parents[3] / "data" / "sources" / "example.zone"


def finder(tmp_path, *names: str) -> GapFinder:
    path = tmp_path / "inventory.txt"
    path.write_text("\n".join(names) + "\n")
    return GapFinder(open_inventory(path))


def test_names_of_a_zone_that_nobody_lists(tmp_path):
    found = finder(tmp_path, "https://www.example.vn/login", "mail.example.vn:25/smtp", "Example.VN")
    found.look_at_zone(read_zone(ZONE.read_text(), file="zone"), file="zone")
    assert [(gap.name, gap.where) for gap in found.gaps().gaps] == [
        ("ns1.example.vn", "example.vn"),
        ("portal.example.vn", "example.vn"),
    ]


def test_names_in_certificates_once_wildcards_apart_and_foreign_ones_counted(tmp_path):
    found = finder(tmp_path, "www.example.vn", "192.0.2.1")
    names = ("www.example.vn", "API.example.vn", "*.apps.example.vn", "cdn.example.com", "192.0.2.1", "bad name")
    for host in ("www.example.vn", "other.example.vn"):
        found.look_at_certificate("aa", names, host=host)
    gaps = found.gaps()
    assert [(gap.name, gap.found_in, gap.where) for gap in gaps.gaps] == [
        ("api.example.vn", "certificate", "www.example.vn")
    ]
    assert [gap.name for gap in gaps.wildcards] == ["*.apps.example.vn"]
    assert (gaps.foreign, gaps.certificates) == (1, 1)


def test_bodies_that_share_a_public_suffix_are_foreign_to_each_other(tmp_path):
    found = finder(tmp_path, "www.bentre.gov.vn")
    found.look_at_certificate("aa", ["portal.bentre.gov.vn", "www.hanoi.gov.vn"], host="www.bentre.gov.vn")
    assert [gap.name for gap in found.gaps().gaps] == ["portal.bentre.gov.vn"]
    assert found.gaps().foreign == 1


async def test_certificates_of_a_stored_scan_are_read(tmp_path):
    await fill(tmp_path / "scans.db")
    found = finder(tmp_path, "good.example.vn")
    async with await open_store(f"sqlite:///{tmp_path / 'scans.db'}", create=False) as store:
        assert await look_at_scan(found, store, "latest") == SCAN_ID
    assert found.gaps().certificates == 1
