"""SVC001: an open port is not a service."""

import pytest
from msgspec.structs import replace

from ipv6check.checks.svc001_service_unanswered import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6, V6_B, endpoint, failed, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass service-answers", id="answers"),
        pytest.param([endpoint(failed())], "fail service-no-connection", id="tcp"),
        pytest.param([endpoint(failed(Failure.TIMEOUT, phase=Phase.TLS))], "fail service-tls-failed", id="tls"),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_EXPIRED, phase=Phase.TLS))],
            "fail service-certificate-invalid",
            id="certificate",
        ),
        pytest.param([endpoint(failed(Failure.TIMEOUT, phase=Phase.EXCHANGE))], "fail service-no-reply", id="silent"),
        pytest.param(
            [endpoint(failed(Failure.UNEXPECTED_REPLY, phase=Phase.EXCHANGE))],
            "fail service-unexpected-reply",
            id="unexpected",
        ),
        pytest.param([endpoint(served(), failed(address=V6_B))], "pass service-answers", id="other-dead"),
        pytest.param(
            [endpoint(served(), failed(Failure.CLOSED, V6_B, phase=Phase.EXCHANGE))],
            "fail service-no-reply",
            id="one-broken-after-tcp",
        ),
        pytest.param([endpoint(failed(), failed(Failure.BUDGET, V6_B))], "unknown undecided", id="undecided"),
        pytest.param([endpoint(failed(), barred={V6_B: "opted_out"})], "unknown opted-out", id="opted-out-beside-dead"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def over(protocol, *v6, v4=()):
    """The evidence of one service in a protocol."""
    return replace(endpoint(*v6, v4=v4), target=f"{protocol}://mail.example.vn:1")


SILENT = failed(Failure.TIMEOUT, phase=Phase.EXCHANGE)
SILENT_B = failed(Failure.TIMEOUT, V6_B, phase=Phase.EXCHANGE)
SILENT_V4 = failed(Failure.TIMEOUT, V4, phase=Phase.EXCHANGE)


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        pytest.param(over("ntp", SILENT, v4=(SILENT_V4,)), "unknown silence", id="silent-everywhere"),
        pytest.param(over("ntp", SILENT), "unknown silence", id="silent-and-no-ipv4"),
        pytest.param(over("ntp", SILENT, v4=(served(V4),)), "fail datagram-unanswered", id="ipv4-answers"),
        pytest.param(over("ntp", served(), SILENT_B), "fail datagram-unanswered", id="another-address-answers"),
        pytest.param(
            over("snmp", failed(Failure.REFUSED, phase=Phase.EXCHANGE)),
            "fail datagram-unanswered",
            id="port-unreachable",
        ),
        pytest.param(over("dns", served()), "pass service-answers", id="answers"),
        pytest.param(over("smtp", SILENT, v4=(SILENT_V4,)), "unknown silence", id="a-patient-mail-server"),
        pytest.param(over("smtp", SILENT, v4=(served(V4),)), "fail service-no-reply", id="mail-over-ipv4-only"),
        pytest.param(over("ssh", SILENT), "fail service-no-reply", id="ssh-greets-at-once"),
        pytest.param(
            over("smtp", failed(Failure.RATE_LIMITED, phase=Phase.EXCHANGE)), "unknown undecided", id="mail-refuses-us"
        ),
        pytest.param(
            over("smtp", failed(Failure.LOCAL_PORT_BLOCKED)), "unknown undecided", id="port-25-is-closed-here"
        ),
    ],
)
def test_silence_is_no_proof_by_itself(evidence, says):
    assert said(CHECK, evidence) == says
