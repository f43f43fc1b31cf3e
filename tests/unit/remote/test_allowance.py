"""What strangers may have looked at: nothing that is not named, and nothing special-purpose whatever is named."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ipv6check.model.address import classify
from ipv6check.model.asset import Asset, Kind, View
from ipv6check.model.prefixes import Prefixes
from ipv6check.model.target import Protocol, Target
from ipv6check.remote.allowance import Allowance
from ipv6check.remote.file import AgentFile

GLOBAL = "2a00:1450::1"


def allowance(*hosts: str, ports: tuple[int, ...] = (443,), targets: int = 3, lab: tuple[str, ...] = ()) -> Allowance:
    file = AgentFile.model_validate(
        {"schema": "ipv6check.agent/1", "allow": {"hosts": hosts, "ports": ports}, "limits": {"targets": targets}}
    )
    return Allowance(file, Prefixes(lab))


def asset(host: str, *, port: int = 443, view: View = View.PUBLIC, count: int = 1, **more: object) -> Asset:
    target = Target(host=host, port=port, protocol=Protocol.HTTPS, **more)
    return Asset(id=host, kind=Kind.SERVICE, name=host, targets=(target,) * count, view=view)


OPEN = ("www.example.vn", ".gov.example", "::/0", "0.0.0.0/0")


@pytest.mark.parametrize("host", ["www.example.vn", "gov.example", "a.b.gov.example", GLOBAL])
def test_what_is_named_may_be_looked_at(host: str) -> None:
    assert allowance(*OPEN).refusal([asset(host)], {}) == ""


@pytest.mark.parametrize(
    "host",
    [
        "example.vn", "notgov.example", "www.example.vn.attacker.example", "localhost", "metadata.google.internal",
        "::1", "::", "127.0.0.1", "10.0.0.1", "169.254.169.254", "fd00::1", "fe80::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "fd00:ec2::254", "100.64.0.1",
    ],
)  # fmt: skip
def test_nothing_else_may(host: str) -> None:
    assert allowance(*OPEN).refusal([asset(host)], {}) != ""


@pytest.mark.parametrize(
    "wrong",
    [
        asset("www.example.vn", port=22),
        asset("www.example.vn", view=View.INTERNAL),
        asset("www.example.vn", count=4),
        asset("WWW.example.vn"),
        asset("www.example.vn."),
        asset("[2a00:1450::1]"),
        asset("2a00:1450:0::1"),
        asset("www.example.vn", zone="eth0"),
        asset("www.example.vn", path="/a b"),
        asset("www.example.vn", path="/\r\nHost: other.example"),
        asset("www.example.vn", path="http://other.example/"),
        asset("www.example.vn", send="x" * 5000),
    ],
)
def test_ports_numbers_and_forms_are_kept(wrong: Asset) -> None:
    assert allowance(*OPEN).refusal([wrong], {}) != ""


def test_one_bad_target_refuses_the_question() -> None:
    assert "other.example" in allowance(*OPEN).refusal([asset("www.example.vn"), asset("other.example")], {})


@pytest.mark.parametrize(
    ("stated", "allowed"),
    [
        ({"www.example.vn": (GLOBAL,)}, True),
        ({"www.example.vn": ("::1",)}, False),
        ({"www.example.vn": (GLOBAL, "192.168.0.1")}, False),
        ({"other.example": (GLOBAL,)}, False),
        ({"www.example.vn": ("www.example.vn",)}, False),
    ],
)
def test_addresses_given_by_hand_must_be_listed_and_global(stated: dict[str, tuple[str, ...]], allowed: bool) -> None:
    assert (allowance(*OPEN).refusal([asset("www.example.vn")], stated) == "") is allowed
    names_only = allowance("www.example.vn")
    assert names_only.refusal([asset("www.example.vn")], stated) != ""


@given(st.integers(min_value=0, max_value=2**128 - 1), st.integers(min_value=0, max_value=127))
def test_no_special_purpose_address_is_ever_admitted(value: int, shift: int) -> None:
    literal = str(IPv6Address(value >> shift))
    if not classify(literal).reachable:
        assert allowance(*OPEN).refusal([asset(literal)], {}) != ""


def test_a_lab_admits_its_own_prefixes_and_only_if_they_are_listed() -> None:
    assert allowance("::1", lab=("::1/128",)).refusal([asset("::1")], {}) == ""
    assert allowance("www.example.vn", lab=("::1/128",)).refusal([asset("::1")], {}) != ""


def test_an_empty_question_is_refused() -> None:
    assert allowance(*OPEN).refusal([], {}) != ""
    assert allowance(*OPEN).refusal([replace(asset("www.example.vn"), targets=())], {}) != ""
