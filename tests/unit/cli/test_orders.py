"""Which reports of one run go where."""

import pytest

from ipv6check.cli.orders import Order, orders
from ipv6check.model.trouble import Trouble


@pytest.mark.parametrize(
    ("formats", "outputs", "expected"),
    [
        ([], [], [("table", "-")]),
        ([], ["a.txt"], [("table", "a.txt")]),
        (["json"], ["a.json"], [("json", "a.json")]),
        (["junit=j.xml", "sarif=s.sarif"], [], [("junit", "j.xml"), ("sarif", "s.sarif")]),
        (["junit=j.xml", "table"], [], [("junit", "j.xml"), ("table", "-")]),
        (["junit", "sarif", "table"], ["j.xml", "s.sarif"], [("junit", "j.xml"), ("sarif", "s.sarif"), ("table", "-")]),
        (["csv=a=b.csv"], [], [("csv", "a=b.csv")]),
        (["none"], [], []),
    ],
)
def test_formats_and_outputs_are_paired(formats, outputs, expected):
    assert orders(formats, outputs) == tuple(Order(*one) for one in expected)


@pytest.mark.parametrize(
    ("formats", "outputs"),
    [
        (["json", "table"], []),
        (["json=a", "table=a"], []),
        (["json=a", "table"], ["a"]),
        (["json=a"], ["b"]),
        (["json="], []),
        (["none", "json"], []),
        (["none"], ["a"]),
    ],
)
def test_two_reports_never_share_a_place_and_no_option_is_ignored(formats, outputs):
    with pytest.raises(Trouble):
        orders(formats, outputs)
