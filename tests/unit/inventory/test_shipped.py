"""The inventories this project ships."""

from datetime import date
from pathlib import Path

import pytest

from ipv6check.inventory.load import lint, open_inventory
from ipv6check.model.asset import Kind

SHIPPED = Path(__file__).parents[3] / "inventories"
NOT_PUBLIC = "2001:db8::1 is not a public address; if the asset is meant for inside only, say view: internal"
# Examples live on documentation addresses and leave papers out on purpose; the README says so.
EXPECTED = {
    "ben-tre.yaml": [
        "2 agencies of the level 'department' ended without successor, the first is 'vn/83/so-nong-nghiep-ptnt': their "
        "assets will be shown under the body above them"
    ],
    "vn-provinces.csv": [],
    "vn-units-2025.yaml": [
        *(
            f"'vn/86-old/{old}' was split ({new}): its assets will be shown under the body above these"
            for old, new in (
                ("860/29719", "vn/86/29719, vn/86/29836"),
                ("860/29764", "vn/86/29770, vn/86/29767"),
                ("861/29770", "vn/86/29771, vn/86/29770"),
                ("861/29771", "vn/86/29771, vn/86/29770"),
                ("862/29821", "vn/86/29767, vn/86/29821"),
            )
        ),
        "26 agencies of the level 'district' ended without successor, the first is 'vn/83/829': their assets will be "
        "shown under the body above them",
        "lists no assets",
    ],
    "example.yaml": [],
    "example.csv": ["the software 'ERP' has no attestation, so it cannot become ready"],
    "example-excel.csv": [],
    "example.xlsx": [NOT_PUBLIC],
    "example.txt": [NOT_PUBLIC],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_loads_without_errors_and_with_the_warnings_it_is_meant_to_have(name: str) -> None:
    report = lint([SHIPPED / name], today=date(2026, 11, 23))
    assert report.errors == ()
    assert [warning.message for warning in report.warnings] == EXPECTED[name]


def test_nothing_is_shipped_untested() -> None:
    assert {
        path.name for path in SHIPPED.iterdir() if path.is_file() and path.suffix not in (".md", ".py")
    } == EXPECTED.keys()


def test_ben_tre_lists_only_names_that_were_seen() -> None:
    inventory = open_inventory(SHIPPED / "ben-tre.yaml")
    assert inventory.mandate == "vn-ben-tre-2025"
    ben_tre = {asset.host for asset in inventory if asset.agency.startswith("vn/83")}
    assert ben_tre == {
        "bentre.gov.vn",
        "www.bentre.gov.vn",
        "ocop.bentre.gov.vn",
        "tinbai.bentre.gov.vn",
        "map-xtdt.bentre.gov.vn",
        "snnptnt.bentre.gov.vn",
        "dost-bentre.gov.vn",
    }
    agency = inventory.agencies["vn/83"]
    assert (agency.valid_to, agency.succeeded_by) == (date(2025, 6, 30), ("vn/86",))
    assert inventory.agencies["vn/84"].succeeded_by == ("vn/86",)


def test_the_provinces_are_63_portals_and_29_were_merged() -> None:
    inventory = open_inventory(SHIPPED / "vn-provinces.csv")
    assets = list(inventory)
    assert len(assets) == 63
    assert {(asset.kind, asset.tags) for asset in assets} == {(Kind.APPLICATION, ("portal",))}
    ended = [agency for agency in inventory.agencies.values() if agency.valid_to is not None]
    assert len(ended) == 29
    assert len(inventory.agencies) - len(ended) - 1 == 34  # Thừa Thiên Huế was renamed, not merged
    assert inventory.agencies["ben-tre"].succeeded_by == ("vinh-long",)


def test_the_example_shows_every_kind() -> None:
    assert {asset.kind for asset in open_inventory(SHIPPED / "example.yaml")} == set(Kind)
