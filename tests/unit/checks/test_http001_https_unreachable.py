"""HTTP001: the page over IPv6, step by step."""

import pytest
from msgspec import structs

from ipv6check.checks.http001_https_unreachable import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6, V6_B, endpoint, failed, judged, name, no, said, served


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([endpoint(served())], "pass https-works", id="works"),
        pytest.param([endpoint(served(status=301))], "pass https-works", id="redirect"),
        pytest.param([endpoint(served(), failed(address=V6_B))], "pass https-works", id="other-dead"),
        pytest.param([endpoint(failed())], "fail https-no-connection", id="tcp"),
        pytest.param([endpoint(failed(Failure.TLS_ALERT, phase=Phase.TLS))], "fail https-tls-failed", id="tls"),
        pytest.param([endpoint(failed(Failure.TIMEOUT, phase=Phase.TLS))], "fail https-tls-timeout", id="tls-timeout"),
        pytest.param(
            [endpoint(failed(Failure.PATH_MTU_BLACK_HOLE, phase=Phase.TLS))],
            "fail https-path-mtu-black-hole",
            id="black-hole-in-tls",
        ),
        pytest.param(
            [endpoint(failed(Failure.PATH_MTU_BLACK_HOLE, phase=Phase.HTTP))],
            "fail https-path-mtu-black-hole",
            id="black-hole-in-http",
        ),
        pytest.param(
            [endpoint(failed(Failure.CERTIFICATE_EXPIRED, phase=Phase.TLS))],
            "fail https-certificate-invalid",
            id="certificate",
        ),
        pytest.param([endpoint(failed(Failure.HTTP_MALFORMED, phase=Phase.HTTP))], "fail https-no-response", id="http"),
        pytest.param(
            [endpoint(failed(Failure.TIMEOUT, phase=Phase.HTTP))], "fail https-response-timeout", id="http-timeout"
        ),
        pytest.param([endpoint(served(status=500))], "fail https-status-not-accepted", id="500"),
        pytest.param([endpoint(served(status=404))], "fail https-status-not-accepted", id="404"),
        pytest.param([endpoint(served(status=404), accepted=(404,))], "pass https-works", id="404-expected"),
        pytest.param(
            [endpoint(served(status=200), accepted=(204,))], "fail https-status-not-accepted", id="200-not-expected"
        ),
        pytest.param(
            [endpoint(served(), failed(Failure.RESET, V6_B, phase=Phase.TLS))],
            "fail https-tls-failed",
            id="one-broken-after-tcp",
        ),
        pytest.param(
            [endpoint(served(status=401), v4=(served(V4, status=401),))], "pass https-login-required", id="401-alike"
        ),
        pytest.param([endpoint(served(status=403))], "fail https-status-not-accepted", id="403-on-ipv6-only"),
        pytest.param([endpoint(served(status=403), v4=())], "unknown undecided", id="403-not-compared"),
        pytest.param([endpoint(served(status=429))], "unknown undecided", id="429"),
        pytest.param([endpoint(served(status=503, retry_after_s=120.0))], "unknown undecided", id="503-retry-after"),
        pytest.param([endpoint(served(status=503))], "fail https-status-not-accepted", id="503"),
        pytest.param([endpoint(served(status=403, challenge=True))], "unknown undecided", id="challenge"),
        pytest.param(
            [endpoint(failed(Failure.RATE_LIMITED, phase=Phase.HTTP))], "unknown undecided", id="rate-limited"
        ),
        pytest.param([endpoint(failed(), failed(Failure.BUDGET, V6_B))], "unknown undecided", id="dead-and-undecided"),
        pytest.param(
            [endpoint(served(), failed(Failure.BUDGET, V6_B))], "pass https-works", id="undecided-before-tcp-is-tcp002"
        ),
        pytest.param(
            [endpoint(served(), failed(Failure.LOCAL_ERROR, V6_B, phase=Phase.TLS))],
            "unknown undecided",
            id="undecided-after-tcp",
        ),
        pytest.param([endpoint(failed(), barred={V6_B: "opted_out"})], "unknown opted-out", id="opted-out-beside-dead"),
        pytest.param([name(no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns-error"),
        pytest.param([endpoint(barred={"fc00::1": "ula"})], "not-applicable only-special-addresses", id="only-special"),
        pytest.param([endpoint(barred={V6: "opted_out"})], "unknown opted-out", id="opted-out"),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says


def test_a_login_page_without_any_ipv4_is_judged_by_what_the_inventory_expects():
    v6_only = name(a=no(DnsOutcome.NODATA, "A"))
    assert said(CHECK, v6_only, endpoint(served(status=401), v4=())) == "fail https-status-not-accepted"
    assert said(CHECK, v6_only, endpoint(served(status=401), v4=(), accepted=(401,))) == "pass https-works"


@pytest.mark.parametrize(("status", "same"), [(500, True), (502, False), (200, False)])
def test_only_the_same_status_on_ipv4_is_the_same_fault(status, same):
    verdict = judged(CHECK, endpoint(served(status=500), v4=(served(V4, status=status),)))
    assert (verdict.status, verdict.args["same_on_ipv4"]) == ("fail", same)


def test_a_missing_text_fails_and_a_log_in_page_does_not_excuse_it():
    reply = {"attempts": failed(Failure.UNEXPECTED_REPLY, phase=Phase.HTTP).attempts}
    found = structs.replace(served(status=403), **reply)
    alike = structs.replace(served(V4, status=403), **reply)
    assert said(CHECK, endpoint(structs.replace(served(), **reply))) == "fail https-text-missing"
    assert said(CHECK, endpoint(found, v4=(alike,), accepted=(403,))) == "fail https-text-missing"
