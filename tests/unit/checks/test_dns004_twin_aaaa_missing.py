"""DNS004: the twin must keep up with the name, if it is in use."""

import pytest

from ipv6check.checks.dns004_twin_aaaa_missing import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import lookup, name, no, said, twin


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([twin()], "pass twin-aaaa-present", id="both"),
        pytest.param([twin(no(DnsOutcome.NODATA))], "fail twin-aaaa-missing", id="missing"),
        pytest.param([twin(lookup("64:ff9b::1", synthesised=True))], "fail twin-aaaa-missing", id="dns64"),
        pytest.param([twin(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="error"),
        pytest.param(
            [twin(no(DnsOutcome.NODATA), no(DnsOutcome.SERVFAIL, "A"))], "unknown dns-undecided", id="a-error"
        ),
        pytest.param(
            [twin(no(DnsOutcome.NXDOMAIN), no(DnsOutcome.NXDOMAIN, "A"))], "not-applicable twin-unused", id="unused"
        ),
        pytest.param([twin(twin_name="")], "not-applicable no-twin", id="none"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
