"""HTTP007: what a page loads from others."""

import pytest

from ipv6check.checks.http007_foreign_resource_without_ipv6 import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from tests.factories import judged, knock, knocks, no, resource, resources, said


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (resources(resource("cdn.example.net", own=False)), "pass foreign-hosts-have-ipv6"),
        (resources(resource("cdn.net", no(DnsOutcome.NODATA), own=False)), "fail foreign-host-without-ipv6"),
        (resources(resource("cdn.net", no(DnsOutcome.TIMEOUT), own=False)), "unknown host-dns-undecided"),
        (resources(resource("own.example.vn", no(DnsOutcome.NODATA))), "pass no-foreign-hosts"),
        (resources(cut=True), "unknown page-cut"),
        (resources(page=""), "not-applicable no-page"),
    ],
)
def test_truth_table(evidence, says):
    assert said(CHECK, evidence) == says


def test_a_supplier_that_does_not_answer_over_ipv6_is_named():
    dead = knocks(knock("cdn.example.net", Failure.TIMEOUT))
    evidence = judged(CHECK, resources(resource("cdn.example.net", own=False)), dead)
    assert (evidence.tag, evidence.args["hosts"], evidence.args["cause"]) == (
        "foreign-host-unanswered",
        "cdn.example.net",
        "timeout",
    )
