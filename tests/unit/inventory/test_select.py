"""Choosing part of an inventory."""

import pytest

from ipv6check.inventory.load import open_inventory
from ipv6check.inventory.select import Selection, UnknownAgency
from ipv6check.model.asset import Kind

TEXT = """\
kind,agency,bureau,name,target,tags
domain,A,,,one.example,portal;web
domain,A,B,,two.example,mail
service,A,B,Mail,mail.two.example:25,mail
domain,C,,,three.test,portal
"""


@pytest.mark.parametrize(
    ("selection", "hosts"),
    [
        (Selection(), ["one.example", "two.example", "mail.two.example", "three.test"]),
        (Selection(agencies=("a",)), ["one.example", "two.example", "mail.two.example"]),
        (Selection(agencies=("a/b", "c")), ["two.example", "mail.two.example", "three.test"]),
        (Selection(agencies=(" b ",)), ["two.example", "mail.two.example"]),
        (Selection(tags=("PORTAL",)), ["one.example", "three.test"]),
        (Selection(kinds=(Kind.SERVICE,)), ["mail.two.example"]),
        (Selection(names=("*.example",)), ["one.example", "two.example", "mail.two.example"]),
        (Selection(names=("THREE.test.",)), ["three.test"]),
        (Selection(names=("mail",)), ["mail.two.example"]),
        (Selection(agencies=("a",), tags=("mail",), kinds=(Kind.DOMAIN,)), ["two.example"]),
        (Selection(tags=("none",)), []),
        (Selection(limit=2), ["one.example", "two.example"]),
        (Selection(names=("t*",), limit=1), ["two.example"]),
    ],
)
def test_fields_narrow_and_values_widen(write, selection: Selection, hosts: list[str]) -> None:
    inventory = open_inventory(write("a.csv", TEXT))
    assert [asset.host for asset in selection.apply(inventory, inventory.agencies)] == hosts
    assert selection.is_all is (selection == Selection())


def test_an_unknown_agency_is_an_error_and_not_an_empty_scan(write) -> None:
    inventory = open_inventory(write("a.csv", TEXT))
    with pytest.raises(UnknownAgency, match="'X'"):
        Selection(agencies=("X",)).apply(inventory, inventory.agencies)
