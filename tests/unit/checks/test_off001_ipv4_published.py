"""OFF001: only proven absence of the A record shows that a name no longer offers IPv4."""

import pytest

from ipv6check.checks.off001_ipv4_published import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import V4, V6, judged, literal, lookup, name, no, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param(name(), "fail a-present", id="present"),
        pytest.param(name(a=lookup("10.0.0.1", rdtype="A")), "fail a-present", id="private"),
        pytest.param(name(a=no(DnsOutcome.NODATA, "A")), "pass a-absent", id="nodata"),
        pytest.param(name(a=no(DnsOutcome.NXDOMAIN, "A")), "pass a-absent", id="nxdomain"),
        pytest.param(name(a=no(DnsOutcome.NOT_ASKED, "A")), "unknown dns-undecided", id="not-asked"),
        pytest.param(name(a=lookup(rdtype="A")), "unknown dns-undecided", id="empty-answer"),
        pytest.param(literal(V6), "pass ipv6-literal", id="ipv6-literal"),
        pytest.param(literal(V4), "fail ipv4-literal", id="ipv4-literal"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, damage) == says


@pytest.mark.parametrize("outcome", [one for one in DnsOutcome if not one.is_known])
def test_no_error_is_taken_for_absence(outcome):
    assert judged(CHECK, name(a=no(outcome, "A"))).status == "unknown"
