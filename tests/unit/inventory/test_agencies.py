"""Agencies that are only named: ids, levels, mergers, and independence of the order of rows."""

import pytest

from ipv6check.inventory.agencies import slug
from ipv6check.inventory.load import open_inventory
from ipv6check.inventory.tree import descendants


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Sở Y tế", "so-y-te"),
        ("Đắk Lắk", "dak-lak"),
        ("  Bà Rịa - Vũng Tàu ", "ba-ria-vung-tau"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con"),
    ],
)
def test_slugs(text: str, made: str) -> None:
    assert slug(text) == made


def test_a_name_without_latin_letters_still_has_a_slug() -> None:
    assert slug("総務省") == slug("総務省") != slug("外務省")


def test_spellings_that_differ_in_case_and_blanks_are_one_agency(write) -> None:
    path = write("a.csv", "domain,agency\na.example,Sở Y tế\nb.example, sở  y tế\nc.example,Sở Y Tế\n")
    assert list(open_inventory(path).agencies) == ["so-y-te"]


def test_names_that_only_differ_in_marks_are_two_whatever_the_order(write) -> None:
    rows = ["a.example,Xã Mỹ Thạnh", "b.example,Xã Mỹ Thanh"]
    first = open_inventory(write("a.csv", "\n".join(["domain,agency", *rows])))
    second = open_inventory(write("b.csv", "\n".join(["domain,agency", *reversed(rows)])))
    ids = {asset.name: asset.agency for asset in first}
    assert ids == {asset.name: asset.agency for asset in second}
    assert len(set(ids.values())) == 2
    assert all(one.startswith("xa-my-thanh-") for one in ids.values())


def test_a_bureau_is_a_child_and_equal_names_are_one(write) -> None:
    path = write("a.csv", "domain,agency,bureau\na.example,A,B\nb.example,A,A\nc.example,,B\nd.example,A,\n")
    inventory = open_inventory(path)
    assert [asset.agency for asset in inventory] == ["a/b", "a", "b", "a"]
    assert (inventory.agencies["a/b"].parent, inventory.agencies["b"].parent) == ("a", None)
    assert descendants(inventory.agencies, "a") == {"a", "a/b"}


def test_a_merger_is_dated(write, errors) -> None:
    path = write(
        "a.csv",
        "domain,agency,agency level,successor,agency valid to\n"
        "bentre.gov.vn,Bến Tre,province,Vĩnh Long,2025-06-30\nvinhlong.gov.vn,Vĩnh Long,province,Vĩnh Long,\n",
    )
    agencies = open_inventory(path).agencies
    assert agencies["ben-tre"].succeeded_by == ("vinh-long",)
    assert str(agencies["ben-tre"].valid_to) == "2025-06-30"
    assert agencies["vinh-long"].succeeded_by == ()
    assert agencies["vinh-long"].level == "province"
    path = write("b.csv", "domain,agency,successor,agency valid to\na.example,A,B,June\n")
    assert errors(path) == ["b.csv:2: 'June' is not a date such as 2025-12-31"]
