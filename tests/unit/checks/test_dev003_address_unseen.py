"""DEV003: what others saw of a device; nobody's silence counts against it."""

import pytest

from ipv6check.checks.dev003_address_unseen import CHECK
from ipv6check.model.imported import Source
from tests.factories import AT, V6, V6_B, document, imported, judged, said, sighting

OLD = AT - 91 * 86_400


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([imported(sighting(V6))], "pass address-seen", id="neighbour"),
        pytest.param([imported(sighting("fe80::1", V6))], "pass address-seen", id="beside-link-local"),
        pytest.param([imported(sighting("fd00::1")), document(internal=True)], "pass address-seen", id="ula-internal"),
        pytest.param([imported(sighting("fd00::1"))], "unknown seen-without-address", id="ula-public"),
        pytest.param([imported(sighting("fe80::1"))], "unknown seen-without-address", id="link-local"),
        pytest.param([imported(sighting("2001:db8::1"))], "unknown seen-without-address", id="documentation"),
        pytest.param([imported(sighting("::ffff:192.0.2.1"))], "unknown seen-without-address", id="mapped"),
        pytest.param(
            [imported(sighting(proof="ipv6 enable", source=Source.CONFIGURATION))],
            "unknown seen-without-address",
            id="configured",
        ),
        pytest.param([imported(sighting(V6, source=Source.NETBOX))], "unknown seen-without-address", id="netbox"),
        pytest.param([imported(sighting(V6, seen_at=OLD))], "unknown sightings-stale", id="stale"),
        pytest.param([imported()], "not-applicable nothing-imported", id="nothing"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def test_the_newest_address_is_named_with_who_saw_it():
    verdict = judged(CHECK, imported(sighting(V6, seen_at=AT - 7200), sighting(V6_B)))
    assert (verdict.args["address"], verdict.args["vantage"], verdict.args["file"]) == (V6_B, "gw-1", "neigh.txt")
