"""NET001: a prefix on file."""

import pytest

from ipv6check.checks.net001_prefix_undocumented import CHECK
from ipv6check.model.policy import Policy
from tests.factories import document, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([document()], "pass prefix-documented", id="global"),
        pytest.param([document(prefix="fd00:1::/48", internal=True)], "pass prefix-documented", id="ula-internal"),
        pytest.param([document(prefix="fd00:1::/48")], "fail prefix-not-usable", id="ula-public"),
        pytest.param([document(prefix="2001:db8::/32")], "fail prefix-not-usable", id="documentation"),
        pytest.param([document(prefix="")], "fail prefix-undocumented", id="none"),
        pytest.param([document(prefix="10.0.0.0/8")], "fail prefix-not-ipv6", id="ipv4"),
        pytest.param([document(prefix="2a00::1")], "fail prefix-not-ipv6", id="address"),
        pytest.param([document(prefix="2a00::/999")], "fail prefix-not-ipv6", id="nonsense"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def test_a_prefix_that_the_policy_treats_as_global_passes():
    lab = Policy(treat_as_global=("2001:db8::/32",))
    assert said(CHECK, document(prefix="2001:db8:1::/48"), policy=lab) == "pass prefix-documented"
