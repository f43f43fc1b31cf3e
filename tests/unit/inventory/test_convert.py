"""What is written is read again as the same inventory."""

import json
from pathlib import Path

import msgspec
import pytest

from ipv6check.inventory.convert import NotFlat, as_csv, as_jsonl, as_yaml
from ipv6check.inventory.load import open_inventory
from ipv6check.model.asset import Asset

SHIPPED = Path(__file__).parents[3] / "inventories"
DATA = Path(__file__).parents[2] / "data" / "inventory"
FILES = sorted([*SHIPPED.glob("*.yaml"), *SHIPPED.glob("*.csv"), *SHIPPED.glob("*.xlsx"), *DATA.glob("*.csv")])


def bare(assets) -> list[Asset]:
    return [msgspec.structs.replace(asset, origin=None) for asset in assets]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_yaml_gives_back_everything(write, path: Path) -> None:
    before = open_inventory(path, skip_invalid=True)
    after = open_inventory(write("out.yaml", "".join(as_yaml(before))))
    assert bare(after) == bare(before)
    assert dict(after.agencies) == dict(before.agencies)
    assert after.mandate == before.mandate


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".csv"], ids=lambda path: path.name)
def test_csv_gives_back_the_assets_and_their_agencies(write, path: Path) -> None:
    before = open_inventory(path, skip_invalid=True)
    if not before.count:
        return
    after = open_inventory(write("out.csv", "".join(as_csv(before, delimiter=";"))))
    assert bare(after) == bare(before)
    # A table keeps the agencies that have assets, and those above them.
    kept = {one.id: one.parent for one in after.agencies.values()}
    assert kept.items() <= {one.id: one.parent for one in before.agencies.values()}.items()
    assert {asset.agency for asset in before} - {""} <= kept.keys()


def test_csv_says_what_one_row_cannot(write) -> None:
    inventory = open_inventory(SHIPPED / "example.yaml")
    with pytest.raises(NotFlat, match="expect different things"):
        list(as_csv(inventory))


def test_csv_gives_a_spreadsheet_no_formula(write) -> None:
    path = write("a.csv", 'kind,name,agency,owner\nsoftware,"=HYPERLINK(1)",+A,@x\n')
    before = open_inventory(path)
    text = "".join(as_csv(before))
    assert "'=HYPERLINK(1)" in text
    assert "'+A" in text
    assert "'@x" in text
    assert bare(open_inventory(write("b.csv", text))) == bare(before)


def test_json_lines_are_the_assets_each_with_its_schema() -> None:
    inventory = open_inventory(SHIPPED / "example.yaml")
    lines = [json.loads(line) for line in as_jsonl(inventory)]
    schemas = [line.pop("schema") for line in lines]
    assert schemas == ["ipv6check.agency/1"] * 3 + ["ipv6check.asset/1"] * inventory.count
    assert [msgspec.convert(line, Asset) for line in lines[3:]] == list(inventory)


def test_an_empty_inventory_is_written_too(write) -> None:
    inventory = open_inventory(write("a.yaml", "schema: ipv6check.inventory/1\n"))
    assert list(open_inventory(write("b.yaml", "".join(as_yaml(inventory))))) == []
