"""ADR002: a bad address among good ones is named."""

import pytest

from ipv6check.checks.adr002_special_purpose_address import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import V6, endpoint, judged, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass all-addresses-usable", id="good"),
        pytest.param([endpoint(served(), barred={"fc00::1": "ula"})], "fail some-special-addresses", id="mixed"),
        pytest.param(
            [endpoint(served(), barred={V6: "opted_out"})], "pass all-addresses-usable", id="opted-out-is-no-fault"
        ),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def test_the_bad_address_is_named():
    args = judged(CHECK, endpoint(served(), barred={"fc00::1": "ula"})).args
    assert (args["address"], args["cause"], args["count"]) == ("fc00::1", "ula", 1)
