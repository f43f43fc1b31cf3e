"""DEV002: an address on file."""

import pytest

from ipv6check.checks.dev002_address_undocumented import CHECK
from tests.factories import V4, V6, document, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([document()], "pass address-documented", id="global"),
        pytest.param([document(addresses=("fc00::1",), internal=True)], "pass address-documented", id="ula-internal"),
        pytest.param([document(addresses=("fc00::1",))], "fail address-not-usable", id="ula-public"),
        pytest.param(
            [document(addresses=("fe80::1%eth0",), internal=True)], "fail address-not-usable", id="link-local"
        ),
        pytest.param([document(addresses=(V4,))], "fail address-undocumented", id="ipv4"),
        pytest.param([document(addresses=())], "fail address-undocumented", id="none"),
        pytest.param([document(addresses=("fe80::1", V6))], "pass address-documented", id="one-good"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
