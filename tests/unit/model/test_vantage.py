"""Which vantage proves something about networks without IPv4."""

import pytest

from ipv6check.model.vantage import SelfTest, Vantage

SIX = SelfTest(at=0, ipv6=True, dns=True, ipv4=False)
BOTH = SelfTest(at=0, ipv6=True, dns=True, ipv4=True)


@pytest.mark.parametrize(
    ("facts", "proves"),
    [
        ({}, True),
        ({"nat64_prefixes": ("64:ff9b::/96",)}, True),
        ({"source_v4": "192.0.0.2", "clat": True}, False),
        ({"source_v4": "10.0.0.2"}, False),
        ({"selftests": (SIX, BOTH)}, False),
        ({"families": (6,)}, False),
        ({"selftests": ()}, False),
    ],
    ids=["none", "nat64", "clat", "route", "an anchor answered", "not looked at", "not tested"],
)
def test_only_a_place_that_looked_and_found_no_ipv4_proves_anything(facts, proves):
    vantage = Vantage(**{"name": "v", "families": (6, 4), "selftests": (SIX,)} | facts)
    assert vantage.without_ipv4 is proves
