"""LAT002: which family a client with Happy Eyeballs would use, and what the failure of the other costs."""

import pytest

from ipv6check.checks.eyeballs import Trial, choose, sequential_s
from ipv6check.checks.lat002_ipv6_passed_over import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from tests.factories import V4, V6, V6_B, endpoint, failed, judged, lookup, name, no, said, sampled_ms, served, untried

FAST4 = (sampled_ms(V4, 10.0),)


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        ((endpoint(served()),), "pass ipv6-used"),
        ((endpoint(sampled_ms(V6, 259.0), v4=FAST4),), "pass ipv6-used"),
        ((endpoint(sampled_ms(V6, 261.0), v4=FAST4),), "fail ipv4-used-slow"),
        ((endpoint(failed()),), "fail ipv4-used-dead"),
        ((endpoint(failed(Failure.REFUSED)),), "fail ipv4-used-dead"),
        ((endpoint(failed(), served(V6_B), v4=(sampled_ms(V4, 300.0),)),), "pass ipv6-used-late"),
        ((endpoint(failed(), served(V6_B)),), "fail ipv4-used-some-dead"),
        ((endpoint(served(V6_B), failed()),), "fail ipv4-used-some-dead"),
        ((endpoint(served(V6_B), failed(Failure.REFUSED)),), "fail ipv4-used-some-dead"),
        ((endpoint(served("fd00::1")),), "fail ipv4-ranks-first"),
        ((endpoint(failed(Failure.TIMEOUT, phase=Phase.TLS)),), "pass ipv6-used"),
        ((endpoint(failed(Failure.LOCAL_RESOURCES)),), "unknown undecided"),
        ((endpoint(untried()),), "unknown undecided"),
        ((endpoint(served(), v4=(failed(address=V4),)),), "not-applicable ipv4-not-answering"),
        ((name(a=no(DnsOutcome.NODATA, "A")),), "not-applicable no-ipv4-address"),
        ((name(no(DnsOutcome.NODATA), lookup(V4, rdtype="A")), endpoint()), "not-applicable no-ipv6-address"),
    ],
)
def test_truth_table(evidence, says):
    assert said(CHECK, *evidence) == says


def test_a_black_hole_costs_a_quarter_of_a_second_with_happy_eyeballs_and_tens_of_seconds_without():
    args = judged(CHECK, endpoint(failed())).args
    assert (args["family"], args["wait_ms"], args["least_s"], args["most_s"]) == ("IPv4", 250, 21, 127)


def test_a_refusal_costs_nothing():
    args = judged(CHECK, endpoint(failed(Failure.REFUSED))).args
    assert (args["wait_ms"], args["least_s"], args["most_s"]) == (0, 0, 0)


def test_addresses_are_tried_in_turn_and_a_late_handshake_may_still_win():
    dead, slow, fast = Trial(V6, silent=True), Trial(V6_B, connect_ms=100.0), Trial(V4, connect_ms=400.0)
    choice = choose([dead, slow], [fast])
    assert (choice.winner, choice.wait_ms) == (slow, 500.0)  # at 600 ms; IPv4, begun at 250, at 650
    assert sequential_s([dead, slow], [fast]) == (21, 127)
    assert choose([Trial(V6, connect_ms=700.0)], [fast]).winner is fast  # at 650 ms
    assert choose([Trial(V6, connect_ms=600.0)], [fast]).winner.address == V6


@pytest.mark.parametrize(
    ("address", "behind"),
    [("fd00::1", True), ("2002:c000:204::1", True), ("2001::1", True), ("2001:0:1::1", True), ("2001:db8::1", False),
     ("2001:ee0::1", False), ("2a00::1", False), ("fe80::1", False)],
)  # fmt: skip
def test_some_kinds_of_addresses_rank_behind_ipv4(address, behind):
    assert choose([Trial(address, connect_ms=1.0)], [Trial(V4, connect_ms=1.0)]).ipv4_first is behind
