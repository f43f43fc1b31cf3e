"""HTTP007: what a page loads from others."""

import pytest

from ipv6check.checks.http007_foreign_resource_without_ipv6 import CHECK
from ipv6check.model.dns import DnsOutcome
from tests.factories import no, resource, resources, said


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (resources(resource("cdn.net", own=False)), "pass foreign-hosts-have-ipv6"),
        (resources(resource("cdn.net", no(DnsOutcome.NODATA), own=False)), "fail foreign-host-without-ipv6"),
        (resources(resource("cdn.net", no(DnsOutcome.TIMEOUT), own=False)), "unknown host-dns-undecided"),
        (resources(resource("own.example.vn", no(DnsOutcome.NODATA))), "pass no-foreign-hosts"),
        (resources(cut=True), "unknown page-cut"),
        (resources(page=""), "not-applicable no-page"),
    ],
)
def test_truth_table(evidence, says):
    assert said(CHECK, evidence) == says
