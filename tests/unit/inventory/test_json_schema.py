"""The JSON Schema that editors get says the same as the reader."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from ipv6check.inventory.schema import json_schema

SHIPPED = Path(__file__).parents[3] / "inventories"


def as_an_editor_sees_it(text: str) -> object:
    value = yaml.safe_load(text)
    return json.loads(json.dumps(value, default=lambda day: day.isoformat() if isinstance(day, date) else None))


@pytest.mark.parametrize("name", ["example.yaml", "ben-tre.yaml"])
def test_shipped_inventories_are_valid(name: str) -> None:
    jsonschema.validate(as_an_editor_sees_it((SHIPPED / name).read_text(encoding="utf-8")), json_schema())


@pytest.mark.parametrize(
    "wrong",
    [
        {"assets": []},
        {"schema": "ipv6check.inventory/2"},
        {"schema": "ipv6check.inventory/1", "asets": []},
        {"schema": "ipv6check.inventory/1", "assets": [{"kind": "toaster"}]},
        {"schema": "ipv6check.inventory/1", "assets": [{"name": "a.example"}]},
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(wrong: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, json_schema())


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
