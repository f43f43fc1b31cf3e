"""DNS002: a name does not exist only if both questions say so."""

import pytest

from ipv6check.checks.dns002_name_nonexistent import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import V6, literal, name, no, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([name()], "pass name-exists", id="exists"),
        pytest.param([name(no(DnsOutcome.NODATA))], "pass name-exists", id="nodata"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "pass name-exists", id="a-answers"),
        pytest.param([name(no(DnsOutcome.NXDOMAIN), no(DnsOutcome.NXDOMAIN, "A"))], "fail name-nonexistent", id="both"),
        pytest.param(
            [name(no(DnsOutcome.NXDOMAIN), no(DnsOutcome.NOT_ASKED, "A"))], "fail name-nonexistent", id="ipv6-only-scan"
        ),
        pytest.param(
            [name(no(DnsOutcome.NXDOMAIN, chain=("gone.example.",)), no(DnsOutcome.NXDOMAIN, "A"))],
            "fail alias-target-nonexistent",
            id="dangling",
        ),
        pytest.param([name(no(DnsOutcome.NXDOMAIN))], "pass name-exists", id="aaaa-nxdomain-but-a"),
        pytest.param(
            [name(no(DnsOutcome.NXDOMAIN), no(DnsOutcome.TIMEOUT, "A"))], "unknown dns-undecided", id="a-timeout"
        ),
        pytest.param(
            [name(no(DnsOutcome.SERVFAIL), no(DnsOutcome.SERVFAIL, "A"))], "unknown dns-undecided", id="errors"
        ),
        pytest.param([literal(V6)], "not-applicable no-name", id="literal"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
