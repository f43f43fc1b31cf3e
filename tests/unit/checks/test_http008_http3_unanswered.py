"""HTTP008: HTTP/3 where it is announced, and only with a contrast to measure it by."""

import pytest
from msgspec.structs import replace

from ipv6check.checks.http008_http3_unanswered import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.http3 import Announced
from tests.factories import V4, V6, V6_B, binding, endpoint, failed, http3, judged, name, no, said, served

SILENT = failed(Failure.TIMEOUT, phase=Phase.EXCHANGE)
SILENT_4 = failed(Failure.TIMEOUT, V4, phase=Phase.EXCHANGE)
BLOCKED = failed(Failure.LOCAL_PORT_BLOCKED, phase=Phase.EXCHANGE)
ALERT, ALERT_4 = failed(Failure.TLS_ALERT, phase=Phase.TLS), failed(Failure.TLS_ALERT, V4, phase=Phase.TLS)
UNREAD = binding(outcome=DnsOutcome.SERVFAIL)
LIMITED = failed(Failure.RATE_LIMITED, phase=Phase.HTTP)
ONLY_6 = name(a=no(DnsOutcome.NODATA, "A"))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ([http3(served())], "pass http3-answers"),
        ([http3(served(), announced=Announced.HTTPS_RECORD)], "pass http3-answers"),
        ([http3(announced=Announced.NOWHERE)], "not-applicable not-announced"),
        (
            [http3(announced=Announced.UNTOLD), binding(outcome=DnsOutcome.SERVFAIL)],
            "unknown announcement-dns-undecided",
        ),
        ([http3(elsewhere="alt.vn:443", port=0)], "unknown announced-elsewhere"),
        ([http3()], "unknown undecided"),
        ([http3(failed(Failure.LOCAL_NOT_INSTALLED, phase=Phase.ROUTE))], "unknown http3-not-installed"),
        # silence needs an answer elsewhere; the net has seen to it that the port is open near us
        ([http3(SILENT, v4=(served(V4),))], "fail http3-silent"),
        ([http3(SILENT, served(V6_B))], "fail http3-silent"),
        ([http3(SILENT, v4=(SILENT_4,))], "unknown silence"),
        ([http3(SILENT), ONLY_6], "unknown silence"),
        ([http3(BLOCKED, v4=(served(V4),))], "unknown undecided"),
        ([http3(BLOCKED, served(V6_B))], "unknown undecided"),
        # an answer that is none
        ([http3(failed(Failure.REFUSED, phase=Phase.EXCHANGE), v4=(served(V4),))], "fail http3-refused"),
        ([http3(ALERT, v4=(served(V4),))], "fail http3-handshake-failed"),
        ([http3(ALERT, v4=(ALERT_4,))], "not-applicable http3-fails-alike"),
        ([http3(ALERT, v4=(SILENT_4,))], "not-applicable http3-fails-alike"),
        ([http3(ALERT)], "unknown http3-uncompared"),
        ([http3(ALERT, v4=(failed(Failure.LOCAL_ERROR, V4),))], "unknown http3-uncompared"),
        ([http3(ALERT), ONLY_6], "fail http3-handshake-failed"),
        (
            [http3(failed(Failure.CERTIFICATE_EXPIRED, phase=Phase.TLS), v4=(served(V4),))],
            "fail http3-certificate-invalid",
        ),
        ([http3(failed(Failure.HTTP_MALFORMED, phase=Phase.HTTP), v4=(served(V4),))], "fail http3-no-reply"),
        ([http3(SILENT, failed(Failure.CLOSED, V6_B, phase=Phase.HTTP), v4=(served(V4),))], "fail http3-no-reply"),
        ([http3(failed(Failure.RATE_LIMITED, phase=Phase.HTTP))], "unknown undecided"),
        # statuses: the address's own over TCP first, IPv4's where they differ
        ([http3(served(status=404), v4=(served(V4, status=404),))], "pass http3-answers-alike"),
        ([http3(served(status=404), v4=(served(V4),))], "fail http3-status-differs"),
        ([http3(served(status=404))], "unknown http3-uncompared"),
        ([endpoint(served(status=404)), http3(served(), v4=(served(V4, status=500),))], "pass http3-answers"),
        # nothing to compare with
        ([endpoint(failed())], "not-applicable no-ipv6-reply"),
        ([endpoint(replace(LIMITED, http=served(status=429).http))], "unknown undecided"),
        ([endpoint(failed(Failure.LOCAL_ERROR))], "unknown undecided"),
        ([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address"),
        ([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided"),
        ([endpoint(barred={V6: "opted_out"})], "unknown opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def test_a_fail_names_the_address_the_port_and_how_many_there_are():
    args = judged(CHECK, http3(SILENT, served(V6_B))).args
    assert (args["address"], args["port"], args["count"], args["total"]) == (V6, 443, 1, 2)
