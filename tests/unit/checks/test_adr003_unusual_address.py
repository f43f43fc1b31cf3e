"""ADR003: addresses that are global on paper only."""

import pytest

from ipv6check.checks.adr003_unusual_address import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import V6, endpoint, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass addresses-usual", id="usual"),
        pytest.param([endpoint(served(), served("2001:4:112::1"))], "fail unusual-address", id="as112"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
