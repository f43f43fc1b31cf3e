"""HST001: what is bound to which address lets in whom."""

import pytest

from ipv6check.checks.hst001_listens_without_ipv6 import CHECK
from ipv6check.checks.listening import Hearing, hearing
from tests.factories import AT, PROVENANCE, V6, V6_B, judged, listening, on_hosts, said, socket

PROCESS, TARGET = "process nginx", "tcp://www.example.vn:443"
OLD = type(PROVENANCE)(source="host", vantage="web-1", file="f", sha256="", taken_at=AT - 91 * 86_400)


@pytest.mark.parametrize(
    ("sockets", "heard"),
    [
        ((socket("::", v6only=False),), Hearing.DUAL),
        ((socket("::", v6only=True),), Hearing.IPV6_ONLY),
        ((socket("::", v6only=None),), Hearing.IPV6),
        ((socket("::", v6only=True), socket("0.0.0.0")), Hearing.BOTH),
        ((socket("::", v6only=None), socket("0.0.0.0")), Hearing.BOTH),
        ((socket(V6, v6only=True),), Hearing.IPV6_ONLY),
        ((socket("fd00::1", v6only=True), socket("10.0.0.1")), Hearing.BOTH),
        ((socket("0.0.0.0"),), Hearing.IPV4_ONLY),
        ((socket("::ffff:10.0.0.1"),), Hearing.IPV4_ONLY),
        ((socket("0.0.0.0"), socket("::1")), Hearing.IPV6_LOOPBACK),
        ((socket("127.0.0.1"), socket("::1")), Hearing.LOOPBACK),
        ((socket("127.0.0.53"),), Hearing.LOOPBACK),
        ((socket("::1"),), Hearing.LOOPBACK),
        ((socket("fe80::1"), socket("0.0.0.0")), Hearing.IPV6_LINK_LOCAL),
        ((socket("fe80::1%eth0"),), Hearing.IPV6_LINK_LOCAL),
        ((), Hearing.NOTHING),
    ],
)
def test_what_sockets_hear(sockets, heard):
    assert hearing(sockets) is heard
    assert hearing(reversed(sockets)) is heard


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        pytest.param(listening(socket()), "pass listens-on-ipv6", id="dual"),
        pytest.param(listening(socket("0.0.0.0")), "fail listens-on-ipv4-only", id="ipv4"),
        pytest.param(listening(socket("0.0.0.0"), socket("::1")), "fail ipv6-on-loopback-only", id="loopback-6"),
        pytest.param(listening(socket("fe80::1")), "fail ipv6-on-link-local-only", id="link-local"),
        pytest.param(listening(socket("127.0.0.1"), target=TARGET), "fail listens-on-loopback-only", id="loopback"),
        pytest.param(listening(socket("127.0.0.1")), "unknown listens-on-loopback-only", id="software-at-a-port"),
        pytest.param(
            listening(socket("127.0.0.1"), wanted=PROCESS), "unknown listens-on-loopback-only", id="behind-a-proxy"
        ),
        pytest.param(listening(), "unknown nothing-listens", id="nothing"),
        pytest.param(listening(wanted=PROCESS, blind=True), "unknown processes-unseen", id="blind"),
        pytest.param(
            listening(socket("0.0.0.0"), wanted=PROCESS, blind=True), "unknown processes-unseen", id="blind-ipv4"
        ),
        pytest.param(listening(socket(), wanted=PROCESS, blind=True), "pass listens-on-ipv6", id="blind-and-open"),
        pytest.param(listening(socket("0.0.0.0"), blind=True), "fail listens-on-ipv4-only", id="a-port-is-never-blind"),
        pytest.param(
            listening(socket("0.0.0.0", owner="httpd"), socket(V6, owner="nginx")),
            "unknown listeners-differ",
            id="another-process",
        ),
        pytest.param(listening(socket(), has_ipv6=False), "unknown host-without-ipv6", id="no-address"),
        pytest.param(listening(socket(), has_ipv6=None), "pass listens-on-ipv6", id="addresses-unseen"),
        pytest.param(listening(socket(), provenance=OLD), "unknown host-evidence-stale", id="stale"),
        pytest.param(listening(socket("0.0.0.0"), provenance=OLD), "unknown host-evidence-stale", id="stale-fail"),
        pytest.param(listening(socket(V6), address=V6), "pass listens-on-ipv6", id="its-own-address"),
        pytest.param(listening(socket(V6_B), address=V6), "unknown nothing-listens", id="a-neighbours-address"),
        pytest.param(
            listening(socket("0.0.0.0"), socket(V6_B), address=V6), "fail listens-on-ipv4-only", id="not-at-its-address"
        ),
    ],
)
def test_one_host(seen, says):
    assert said(CHECK, on_hosts(seen)) == says


def test_the_worst_host_decides_and_is_named():
    verdict = judged(CHECK, on_hosts(listening(socket()), listening(socket("0.0.0.0"), host="web-2")))
    assert (verdict.status, verdict.args["host"]) == ("fail", "web-2")


def test_a_target_that_no_host_spoke_of_keeps_a_pass_back_and_not_a_fail():
    assert said(CHECK, on_hosts(listening(socket()), missing=("b:443",))) == "unknown host-evidence-partial"
    assert said(CHECK, on_hosts(listening(socket("0.0.0.0")), missing=("b:443",))) == "fail listens-on-ipv4-only"
