"""OFF002: what the inventory documents, and nothing else."""

import pytest

from ipv6check.checks.off002_ipv4_documented import CHECK
from tests.factories import V4, V6, document, said

NET4, ROUTER4 = "10.1.0.0/16", "10.1.0.1"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        pytest.param({}, "pass no-ipv4-documented", id="ipv6-all-over"),
        pytest.param({"addresses": (V6, V4)}, "fail ipv4-address-documented", id="one-address"),
        pytest.param({"prefix": NET4}, "fail ipv4-prefix-documented", id="prefix"),
        pytest.param({"gateway": ROUTER4}, "fail ipv4-gateway-documented", id="gateway"),
        pytest.param({"addresses": (), "prefix": "", "gateway": ""}, "not-applicable nothing-documented", id="nothing"),
        pytest.param({"addresses": (V6,), "prefix": "", "gateway": ""}, "pass no-ipv4-documented", id="device"),
    ],
)
def test_truth_table(facts, says):
    assert said(CHECK, document(**facts)) == says
