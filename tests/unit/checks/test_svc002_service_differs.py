"""SVC002: both families are told the same."""

import pytest
from msgspec.structs import replace

from ipv6check.checks.svc002_service_differs import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6_B, endpoint, failed, name, no, said, served


def told(contact, **facts):
    return replace(contact, facts=tuple(facts.items()))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(told(served(), starttls="yes"), v4=(told(served(V4), starttls="yes"),))],
                     "pass service-alike", id="alike"),
        pytest.param([endpoint(told(served(), starttls="no"), v4=(told(served(V4), starttls="yes"),))],
                     "fail service-differs", id="no-encryption-over-ipv6"),
        pytest.param([endpoint(told(served(), rcode="NOERROR"), told(served(V6_B), rcode="REFUSED"),
                               v4=(told(served(V4), rcode="NOERROR"),))],
                     "fail service-differs", id="one-address-refuses"),
        pytest.param([endpoint(told(served(), stratum="2", software="a"), v4=(told(served(V4), stratum="3"),))],
                     "pass service-alike", id="what-may-differ"),
        pytest.param([endpoint(told(served(), rcode="SERVFAIL"), v4=(told(served(V4), rcode="NOERROR"),))],
                     "pass service-alike", id="what-may-pass"),
        pytest.param([endpoint(told(served(), starttls="454"), v4=(told(served(V4), starttls="yes"),))],
                     "pass service-alike", id="no-encryption-just-now"),
        pytest.param([endpoint(told(served(), starttls="refused"), v4=(told(served(V4), starttls="yes"),))],
                     "pass service-alike", id="refused-just-now"),
        pytest.param([endpoint(failed(Failure.RATE_LIMITED, phase=Phase.EXCHANGE), v4=(served(V4),))],
                     "unknown undecided", id="undecided"),
        pytest.param([endpoint(failed(), v4=(served(V4),))], "not-applicable service-not-answering", id="dead"),
        pytest.param([endpoint(served(), v4=(failed(address=V4),))],
                     "not-applicable ipv4-not-answering", id="ipv4-dead"),
        pytest.param([endpoint(served(), v4=(failed(Failure.LOCAL_NO_ROUTE, V4),))],
                     "unknown ipv4-undecided", id="ipv4-undecided"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
    ],
)  # fmt: skip
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
