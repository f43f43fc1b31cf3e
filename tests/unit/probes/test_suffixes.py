"""The quick reading of the public-suffix list says what the package's own reader says."""

from importlib.resources import files

import pytest
from publicsuffixlist import PublicSuffixList

from ipv6check.probes.suffixes import is_registrable

THEIRS = PublicSuffixList()
LINES = (files("publicsuffixlist") / "public_suffix_list.dat").read_text(encoding="utf-8").splitlines()
RULES = [line.encode("idna").decode() if not line.isascii() else line for line in LINES if line and line[0] not in "/ "]


@pytest.mark.parametrize("start", range(5))
def test_both_readers_agree_on_and_around_every_rule(start):
    for rule in RULES[start::5]:
        suffix = rule.removeprefix("!").replace("*", "city")
        for host in (suffix, f"a.{suffix}", f"b.a.{suffix}", suffix.partition(".")[2]):
            if host:
                assert is_registrable(host) == (THEIRS.privatesuffix(host) == host), host


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("bentre.gov.vn", True),
        ("dvc.bentre.gov.vn", False),
        ("gov.vn", False),
        ("vn", False),
        ("example.unheard-of", True),
        ("unheard-of", False),
        ("www.ck", True),
        ("city.kawasaki.jp", True),
        ("a.b.kawasaki.jp", True),
        ("xn--fiq228c5hs.xn--55qx5d.cn", True),
        ("xn--0.gov.vn", True),
    ],
)
def test_known_names(host, expected):
    assert is_registrable(host) is expected
