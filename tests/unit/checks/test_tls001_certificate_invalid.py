"""TLS001: judged by certificates that were seen, and by nothing else."""

import pytest
from msgspec.structs import replace

from ipv6check.checks.tls001_certificate_invalid import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6, V6_B, endpoint, failed, judged, lookup, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass certificate-valid", id="valid"),
        pytest.param(
            [endpoint(failed(Failure.TIMEOUT, phase=Phase.HTTP))], "pass certificate-valid", id="http-broken-later"
        ),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_EXPIRED, phase=Phase.TLS))],
            "fail certificate-expired",
            id="certificate_expired",
        ),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_NOT_YET_VALID, phase=Phase.TLS))],
            "fail certificate-not-yet-valid",
            id="certificate_not_yet_valid",
        ),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_WRONG_NAME, phase=Phase.TLS))],
            "fail certificate-wrong-name",
            id="certificate_wrong_name",
        ),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_SELF_SIGNED, phase=Phase.TLS))],
            "fail certificate-self-signed",
            id="certificate_self_signed",
        ),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_UNKNOWN_ISSUER, phase=Phase.TLS))],
            "fail certificate-unknown-issuer",
            id="certificate_unknown_issuer",
        ),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_INVALID, phase=Phase.TLS))],
            "fail certificate-invalid",
            id="certificate_invalid",
        ),
        pytest.param(
            [endpoint(served(), failed(Failure.CERTIFICATE_EXPIRED, V6_B, phase=Phase.TLS))],
            "fail certificate-expired",
            id="one-of-two",
        ),
        pytest.param([endpoint(served(), failed(address=V6_B))], "pass certificate-valid", id="other-dead"),
        pytest.param([endpoint(failed())], "not-applicable no-certificate-seen", id="tcp-dead"),
        pytest.param(
            [endpoint(failed(Failure.TIMEOUT, phase=Phase.TLS))], "not-applicable no-certificate-seen", id="tls-timeout"
        ),
        pytest.param([endpoint(failed(Failure.LOCAL_ERROR))], "unknown undecided", id="ours"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


@pytest.mark.parametrize(
    ("fault", "same"), [(Failure.CERTIFICATE_EXPIRED, True), (Failure.CERTIFICATE_SELF_SIGNED, False)]
)
def test_only_the_same_fault_on_ipv4_is_the_same(fault, same):
    bad = failed(Failure.CERTIFICATE_EXPIRED, phase=Phase.TLS)
    verdict = judged(CHECK, endpoint(bad, v4=(failed(fault, V4, phase=Phase.TLS),)))
    assert (verdict.args["same_on_ipv4"], verdict.args["expires"]) == (same, "2026-05-27")


def test_of_several_certificates_the_first_to_end_is_told():
    later = served(V6, certificate="aa")
    sooner = served(V6_B, certificate="bb")
    sooner = replace(
        sooner, certificate=replace(sooner.certificate, not_after=later.certificate.not_after - 3 * 86_400)
    )
    verdict = judged(CHECK, name(lookup(V6, V6_B)), endpoint(later, sooner))
    assert verdict.args["expires"] == "2026-05-26"
    assert verdict.args["address"] == V6_B
