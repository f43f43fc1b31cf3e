"""ADR001: one fit address is enough; an opt-out is no fault."""

import pytest

from ipv6check.checks.adr001_no_global_address import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import V4, V6, endpoint, literal, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass address-usable", id="global"),
        pytest.param([endpoint(served(), barred={"fc00::1": "ula"})], "pass address-usable", id="mixed"),
        pytest.param(
            [endpoint(barred={"2001:db8::1": "documentation"})], "fail only-special-addresses", id="documentation"
        ),
        pytest.param(
            [endpoint(barred={"2002::1": "sixto4", "2001::1": "teredo"})],
            "fail only-transition-addresses",
            id="transition",
        ),
        pytest.param(
            [endpoint(barred={"2002::1": "sixto4", "fc00::1": "ula"})], "fail only-special-addresses", id="both-sorts"
        ),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
        pytest.param(
            [endpoint(barred={V6: "opted_out", "fc00::1": "ula"})], "unknown opted-out", id="opted-out-and-special"
        ),
        pytest.param([endpoint()], "unknown undecided", id="nothing-known"),
        pytest.param([literal(V4)], "not-applicable no-ipv6-address", id="ipv4-literal"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
