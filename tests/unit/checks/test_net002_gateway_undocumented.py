"""NET002: a gateway on file that belongs to the prefix."""

import pytest

from ipv6check.checks.net002_gateway_undocumented import CHECK
from tests.factories import document, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([document()], "pass gateway-documented", id="inside"),
        pytest.param([document(gateway="fe80::1")], "pass gateway-link-local", id="link-local"),
        pytest.param([document(gateway="")], "fail gateway-undocumented", id="none"),
        pytest.param([document(gateway="10.0.0.1")], "fail gateway-not-ipv6", id="ipv4"),
        pytest.param([document(gateway="2a00:9::1")], "fail gateway-outside-prefix", id="outside"),
        pytest.param([document(prefix="")], "unknown prefix-missing", id="no-prefix"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
