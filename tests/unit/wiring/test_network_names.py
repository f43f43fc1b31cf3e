"""What a machine calls itself to mail servers."""

import pytest

from ipv6check.wiring.network import full_name


@pytest.mark.parametrize(
    ("node", "name"),
    [
        ("scan.example.vn", "scan.example.vn"),
        ("Scan.Example.VN.", "scan.example.vn"),
        ("laptop", ""),
        ("laptop.local", ""),
        ("host.lan", ""),
        ("a_b.example.vn", ""),
        ("..", ""),
        ("", ""),
        ("x y.example.vn", ""),
        ("máy.example.vn", ""),
    ],
)
def test_only_a_name_that_others_can_make_something_of(node: str, name: str) -> None:
    assert full_name(node) == name
