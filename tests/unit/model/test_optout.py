"""Reading and asking the opt-out list."""

import pytest

from ipv6check.model.optout import OptOut, parse_optout
from ipv6check.net.gate import Gate

LIST = """\ufeff# who asked
portal.example.vn   # the portal alone
.school.example
*.Clinic.EXAMPLE.
2001:db8:5::/48
192.0.2.7

"""


def test_a_good_list():
    listed, faults = parse_optout(LIST)
    assert faults == []
    for host in ("portal.example.vn", "PORTAL.example.vn.", "school.example", "a.b.school.example", "x.clinic.example"):
        assert listed.name(host), host
    for host in ("example.vn", "www.portal.example.vn", "preschool.example", "example", "", "vn"):
        assert not listed.name(host), host
    assert listed.address("2001:db8:5:9::1")
    assert listed.name("2001:db8:5:9::1")
    assert listed.address("192.0.2.7")
    assert not listed.address("192.0.2.8")


def test_an_international_name_is_kept_as_a_labels():
    listed, faults = parse_optout("München.example\n.bücher.example\n")
    assert faults == []
    assert listed.name("xn--mnchen-3ya.example")
    assert listed.name("a.xn--bcher-kva.example")


@pytest.mark.parametrize(
    "line",
    ["a b", "*", ".", "a..b", "http://x.example/", "2001:db8::1/32", "1.2.3.4.5", "x" * 64, "*.a.*.b", "300.0.0.1"],
)
def test_each_bad_line_is_named_and_none_hides_another(line):
    _, faults = parse_optout(f"ok.example\n{line}\nfine.example\n{line}\n")
    assert [number for number, _ in faults] == [2, 4]
    assert line[:20] in faults[0][1]


def test_nobody_is_opted_out_of_an_empty_list():
    listed, faults = parse_optout("# nothing\n")
    assert not listed
    assert not faults
    assert not listed.name("a.example")
    assert not listed.address("2001:db8::1")


def test_the_gate_asks_the_list_first():
    listed, _ = parse_optout("::1\n2606:4700::/32\n")
    gate = Gate(optout=listed, treat_as_global=["::1/128", "127.0.0.0/8"])
    assert gate.bar("::1", internal=True) == "opted_out"
    assert gate.bar("2606:4700::1", internal=False) == "opted_out"
    assert gate.bar("127.0.0.1", internal=False) == ""
    assert gate.bar("fd00::1", internal=False) == "ula"
    assert gate.bar("fe80::1", internal=False, zone="eth0") == ""
    assert gate.bar("nonsense", internal=False) == "malformed"
    assert Gate(optout=OptOut()).bar("::1", internal=True) == "loopback"
