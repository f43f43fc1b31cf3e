"""DEV001: without an address a device fails, since no other rule would count."""

import pytest
from msgspec.structs import replace

from ipv6check.checks.dev001_management_unreachable import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6_B, endpoint, failed, judged, literal, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served(port=22))], "pass management-answers", id="answers"),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_SELF_SIGNED, phase=Phase.TLS))],
            "pass management-answers",
            id="self-signed",
        ),
        pytest.param([endpoint(failed(), served(V6_B))], "pass management-answers", id="one-of-two"),
        pytest.param([endpoint(failed())], "fail management-over-ipv4-only", id="dead"),
        pytest.param([endpoint(failed(), v4=(failed(address=V4),))], "fail management-unreachable", id="dead-on-both"),
        pytest.param([endpoint(failed(Failure.LOCAL_NO_ROUTE))], "unknown undecided", id="ours"),
        pytest.param([endpoint(failed(), barred={V6_B: "opted_out"})], "unknown opted-out", id="opted-out"),
        pytest.param([literal(V4), endpoint()], "fail no-ipv6-address", id="ipv4-literal"),
        pytest.param([name(no(DnsOutcome.NODATA)), endpoint()], "fail no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL)), endpoint()], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "fail only-special-addresses", id="special"),
        pytest.param([endpoint()], "unknown undecided", id="nothing-known"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


SILENT = failed(Failure.TIMEOUT, phase=Phase.EXCHANGE, port=161)
MUTE_V4 = failed(Failure.TIMEOUT, phase=Phase.EXCHANGE, address=V4, port=161)


def plane(protocol: str, *v6, v4=()):
    return replace(endpoint(*v6, v4=v4), target=f"{protocol}://edge-1.example.vn:161")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        pytest.param(plane("snmp", served(port=161)), "pass management-answers", id="snmp"),
        pytest.param(
            plane("snmp", SILENT, v4=(served(V4, port=161),)), "fail management-over-ipv4-only", id="snmp-on-ipv4"
        ),
        pytest.param(plane("snmp", SILENT, v4=(MUTE_V4,)), "unknown silence", id="snmp-nowhere"),
        pytest.param(plane("ntp", SILENT), "unknown silence", id="ntp-without-ipv4"),
        pytest.param(plane("ntp", SILENT, served(V6_B)), "pass management-answers", id="ntp-at-another-address"),
        pytest.param(plane("snmp", failed(Failure.REFUSED, phase=Phase.EXCHANGE)), "fail management-unreachable",
                     id="snmp-refused"),
        pytest.param(plane("snmp", failed(Failure.LOCAL_PORT_BLOCKED, phase=Phase.EXCHANGE), v4=(served(V4),)),
                     "unknown undecided", id="udp-blocked-near-us"),
        pytest.param(plane("ssh", failed(Failure.UNEXPECTED_REPLY, phase=Phase.EXCHANGE)),
                     "fail management-unreachable", id="no-ssh-behind-the-port"),
        pytest.param(plane("ssh", failed(Failure.RATE_LIMITED, phase=Phase.EXCHANGE)), "unknown undecided", id="busy"),
        pytest.param(plane("tls", failed(Failure.CERTIFICATE_SELF_SIGNED, phase=Phase.TLS)), "pass management-answers",
                     id="https-self-signed"),
        pytest.param(plane("tls", failed(Failure.RESET, phase=Phase.TLS), v4=(served(V4),)),
                     "fail management-over-ipv4-only", id="https-on-ipv4"),
    ],
)  # fmt: skip
def test_each_plane_answers_in_its_own_protocol(asked, says):
    assert said(CHECK, asked) == says


def test_the_verdict_names_the_plane():
    verdict = judged(CHECK, plane("tls", failed(Failure.RESET, phase=Phase.TLS), v4=(served(V4),)))
    assert dict(verdict.args)["plane"] == "HTTPS"
    assert dict(verdict.args)["ipv4_address"] == V4
