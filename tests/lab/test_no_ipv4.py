"""No IPv4 packet in a scan that looks at IPv6 only, except to a resolver that was given by its IPv4 address."""

from pathlib import Path

import pytest

from tests.lab.lab import Lab
from tests.lab.plan import RESOLVER4
from tests.lab.scanning import compare, few_of_each, scan, summary, truth_about

IPV6_ONLY = ("DNS001", "ADR", "TCP", "TLS001", "HTTP001", "HTTP004")


def test_ipv6_only_rules_send_no_ipv4_packet(lab: Lab, tmp_path: Path) -> None:
    inventory = few_of_each(lab, tmp_path, 3)
    lab.reset_counters()
    outcome = scan(lab, tmp_path, "--rules", ",".join(IPV6_ONLY), inventory=inventory)
    counted = lab.counters()
    assert outcome.code == 0, outcome.stderr
    assert (counted["ipv4"], counted["to_resolver4"], counted["special4"]) == (0, 0, 0)
    assert counted["tcp6_syn"] > 0
    wrong = compare(truth_about(lab, inventory), outcome.verdicts, IPV6_ONLY)
    assert not wrong, summary(wrong)


def test_only_the_resolver_is_asked_over_ipv4(lab: Lab, tmp_path: Path) -> None:
    inventory = few_of_each(lab, tmp_path, 2, kinds=["healthy", "v4only", "redirect4"])
    lab.reset_counters()
    options = ("--resolver", f"{RESOLVER4}:53", "--rules", ",".join(IPV6_ONLY))
    outcome = scan(lab, tmp_path, *options, inventory=inventory)
    counted = lab.counters()
    assert outcome.code == 0, outcome.stderr
    assert counted["ipv4"] == 0
    assert counted["to_resolver4"] > 0


@pytest.mark.parametrize("kind", ["healthy", "redirect4"])
def test_a_full_scan_does_look_at_ipv4(lab: Lab, tmp_path: Path, kind: str) -> None:
    """The counter counts: comparing the families needs IPv4."""
    inventory = few_of_each(lab, tmp_path, 1, kinds=[kind])
    lab.reset_counters()
    outcome = scan(lab, tmp_path, inventory=inventory)
    assert outcome.code == 0, outcome.stderr
    assert lab.counters()["tcp4_syn"] > 0
