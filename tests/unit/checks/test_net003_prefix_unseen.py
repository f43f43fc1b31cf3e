"""NET003: an address of the prefix that somebody saw; nobody's silence counts against a network."""

import pytest

from ipv6check.checks.net003_prefix_unseen import CHECK
from ipv6check.model.imported import Source
from tests.factories import AT, V4, document, imported, said, sighting

INSIDE, OUTSIDE = "2405:4800:1::5", "2405:4800:2::5"
LAN = document(prefix="2405:4800:1::/48")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([LAN, imported(sighting(INSIDE))], "pass prefix-seen", id="inside"),
        pytest.param([LAN, imported(sighting(OUTSIDE), sighting(INSIDE))], "pass prefix-seen", id="one-inside"),
        pytest.param([LAN, imported(sighting(OUTSIDE))], "unknown prefix-unseen", id="outside"),
        pytest.param([LAN, imported(sighting("fe80::1"))], "unknown prefix-unseen", id="link-local"),
        pytest.param([LAN, imported(sighting(INSIDE, source=Source.NETBOX))], "unknown prefix-unseen", id="netbox"),
        pytest.param(
            [LAN, imported(sighting(INSIDE, seen_at=AT - 91 * 86_400))], "unknown sightings-stale", id="stale"
        ),
        pytest.param([document(prefix=""), imported(sighting(INSIDE))], "unknown prefix-unfit", id="no-prefix"),
        pytest.param([document(prefix=f"{V4}/24"), imported(sighting(INSIDE))], "unknown prefix-unfit", id="ipv4"),
        pytest.param(
            [document(prefix="fd00::/8"), imported(sighting("fd00::1"))], "unknown prefix-unfit", id="ula-public"
        ),
        pytest.param([LAN, imported()], "not-applicable nothing-imported", id="nothing"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
