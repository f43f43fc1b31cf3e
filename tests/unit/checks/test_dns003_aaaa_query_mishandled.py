"""DNS003: a server is blamed only for what it said to AAAA after it answered A."""

import pytest

from ipv6check.checks.dns003_aaaa_query_mishandled import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import authority, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.NODATA))], "pass aaaa-handled", id="nodata"),
        pytest.param([authority((DnsOutcome.NODATA, DnsOutcome.ANSWER))], "pass aaaa-handled", id="ipv6-only-name"),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.TIMEOUT))], "fail aaaa-dropped", id="dropped"),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.NXDOMAIN))], "fail aaaa-nxdomain", id="nxdomain"),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.SERVFAIL))], "fail aaaa-servfail", id="servfail"),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.NOTIMP))], "fail aaaa-notimp", id="notimp"),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.FORMERR))], "fail aaaa-formerr", id="formerr"),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.REFUSED))], "fail aaaa-refused", id="refused"),
        pytest.param(
            [authority((DnsOutcome.ANSWER, DnsOutcome.OTHER_RCODE))], "fail aaaa-other-rcode", id="other-rcode"
        ),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.MALFORMED))], "fail aaaa-malformed", id="malformed"),
        pytest.param([authority((DnsOutcome.TIMEOUT, DnsOutcome.TIMEOUT))], "unknown servers-undecided", id="silent"),
        pytest.param([authority((DnsOutcome.LAME, DnsOutcome.REFUSED))], "unknown servers-undecided", id="lame"),
        pytest.param([authority((DnsOutcome.ANSWER, DnsOutcome.LOCAL_ERROR))], "unknown servers-undecided", id="ours"),
        pytest.param(
            [authority((DnsOutcome.ANSWER, DnsOutcome.ANSWER), (DnsOutcome.ANSWER, DnsOutcome.TIMEOUT))],
            "fail aaaa-dropped",
            id="one-of-two",
        ),
        pytest.param(
            [authority((DnsOutcome.NXDOMAIN, DnsOutcome.NXDOMAIN))], "not-applicable name-nonexistent", id="nonexistent"
        ),
        pytest.param([authority(found=DnsOutcome.SERVFAIL)], "unknown zone-undecided", id="no-zone"),
        pytest.param([authority()], "unknown servers-undecided", id="no-servers"),
        pytest.param([authority(found=DnsOutcome.NOT_ASKED)], "not-applicable no-name", id="literal"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
