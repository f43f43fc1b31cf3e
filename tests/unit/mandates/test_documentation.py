"""The examples of docs/mandates.md are files that load."""

import re
from datetime import date
from pathlib import Path

import pytest

from ipv6check.checks.registry import RULES
from ipv6check.files.yamlfile import parse_yaml
from ipv6check.inventory.load import open_inventory
from ipv6check.mandates.load import SHIPPED, load_mandate, parse_mandate
from ipv6check.mandates.schema import MandateFile

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "mandates.md").read_text(encoding="utf-8")
WHOLE, DOCUMENTS, UNITS = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_mandate_loads_and_shows_every_field() -> None:
    document = parse_yaml(WHOLE.encode(), file="docs/mandates.md")
    mandate = parse_mandate(document, known_rules=frozenset(RULES))
    assert mandate.period.deadline == date(2027, 12, 31)
    fields = {field.alias or name for name, field in MandateFile.model_fields.items()}
    assert fields == set(document.value)


def test_the_documents_of_an_agency_load(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"schema: ipv6check.inventory/1\n{DOCUMENTS}", encoding="utf-8")
    agency = open_inventory(path).agencies["vn/86"]
    assert [one.kind for one in agency.documents] == ["plan-issued", "own-prefix-asn"]
    assert agency.documents[1].paper.expires == date(2027, 5, 1)


def test_the_inventory_with_units_loads(tmp_path: Path) -> None:
    units = (ROOT / "inventories" / "vn-units-2025.yaml").read_text(encoding="utf-8")
    (tmp_path / "vn-units-2025.yaml").write_text(units, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(UNITS, encoding="utf-8")
    inventory = open_inventory(tmp_path / "own.yaml")
    [asset] = inventory
    assert inventory.agencies[asset.agency].succeeded_by == ("vn/86/28756",)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_mandate_stands_in_the_table_with_its_deadline(name: str) -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    deadline = load_mandate(name, known_rules=frozenset(RULES)).period.deadline
    if name not in ("template", "dual-stack"):
        assert str(deadline) in row
