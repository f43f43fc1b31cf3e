"""A vantage that cannot see says so: exit 3, and unknown for what it could not test. Proofs of the DNS stand."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import Lab
from tests.lab.plan import GATEWAY6, GOV_VN, RESOLVER4
from tests.lab.scanning import Outcome, few_of_each, scan, truth_about
from tests.lab.truth import FAIL, PASS, UNKNOWN

UNTRUSTWORTHY = 3
OVER_IPV4 = ("--resolver", f"{RESOLVER4}:53")
_DNS_RULES = ("DNS", "ADR")
_ABOUT_SERVERS = ("DNS005", "DNS006", "DNS007", "DNS008", "DNS010", "DNS011", "DNS012", "DNS013")


@contextlib.contextmanager
def no_route(lab: Lab) -> Iterator[None]:
    """The client has no IPv6 route but to its own link."""
    _do(lab, "ip", "-6", "route", "del", "default")
    try:
        yield
    finally:
        _do(lab, "ip", "-6", "route", "add", "default", "via", GATEWAY6, "dev", "lab0")


@contextlib.contextmanager
def dropping(lab: Lab, *rules: str) -> Iterator[None]:
    """The client's own network swallows what matches one of the rules."""
    lines = ["table inet broken {", "chain out {", "type filter hook output priority 10;"]
    done = lab.run(["nft", "-f", "-"], input="\n".join([*lines, *(f"{rule} drop" for rule in rules), "}", "}", ""]))
    assert done.returncode == 0, done.stderr
    try:
        yield
    finally:
        _do(lab, "nft", "delete", "table", "inet", "broken")


def test_without_an_ipv6_route_only_the_dns_is_judged(lab: Lab, tmp_path: Path) -> None:
    inventory = few_of_each(lab, tmp_path)
    with no_route(lab):
        outcome = scan(lab, tmp_path, *OVER_IPV4, inventory=inventory)
    _judged_only_by_dns(lab, inventory, outcome)


def test_a_black_hole_at_the_vantage_is_nobodys_fault(lab: Lab, tmp_path: Path) -> None:
    """A default route that leads nowhere: every connection times out, as from dead servers."""
    inventory = few_of_each(lab, tmp_path)
    with dropping(lab, "meta nfproto ipv6 meta l4proto { tcp, udp }", "icmpv6 type echo-request"):
        outcome = scan(lab, tmp_path, *OVER_IPV4, inventory=inventory)
    _judged_only_by_dns(lab, inventory, outcome)


@pytest.mark.parametrize(
    "resolver",
    [
        pytest.param("[2d0d::99]:53", id="nobody there"),
        # It never recurses: a referral for its own zones, REFUSED for all else. Empty answer sections prove nothing.
        pytest.param(f"[{GOV_VN[0].v6}]:53", id="an authoritative server"),
    ],
)
def test_without_a_resolver_nothing_is_judged(lab: Lab, tmp_path: Path, resolver: str) -> None:
    inventory = few_of_each(lab, tmp_path, 1)
    outcome = scan(lab, tmp_path, "--resolver", resolver, inventory=inventory)
    assert outcome.code == UNTRUSTWORTHY, outcome.stderr
    assert outcome.verdicts
    assert {status for (_, rule), (status, _) in outcome.verdicts.items() if rule != "DNS004"} == {UNKNOWN}


def test_without_ipv4_nothing_is_said_about_parity(lab: Lab, tmp_path: Path) -> None:
    """A dead IPv4 side of the vantage is no fault of IPv6, and no proof that both families serve the same."""
    inventory = few_of_each(lab, tmp_path, 2, kinds=["healthy", "refused", "http500", "otherpage", "expired"])
    with dropping(lab, "meta nfproto ipv4"):
        outcome = scan(lab, tmp_path, inventory=inventory)
    for row in truth_about(lab, inventory):
        for rule in ("TLS002", "HTTP002", "HTTP003"):
            assert outcome.verdicts[row["asset"], rule][0] not in (PASS, FAIL)
        for rule in ("DNS001", "TCP001", "HTTP001"):
            assert outcome.verdicts[row["asset"], rule][0] in row["rules"][rule]


def _judged_only_by_dns(lab: Lab, inventory: Path, outcome: Outcome) -> None:
    """DNS verdicts are true or unknown; beyond the DNS nothing is passed or failed; and the exit code says so."""
    assert outcome.code == UNTRUSTWORTHY, outcome.stderr
    for (asset, rule), (said, tag) in outcome.verdicts.items():
        if rule in _ABOUT_SERVERS:  # their addresses are known, and nobody could be asked there
            assert said not in (PASS, FAIL), (asset, rule, said, tag)
    proven = 0
    for row in truth_about(lab, inventory):
        for rule, true in row["rules"].items():
            said, tag = outcome.verdicts[row["asset"], rule]
            if rule.startswith(_DNS_RULES):
                assert said == UNKNOWN or said in true, (row["asset"], rule, said, tag)
            else:
                assert said not in (PASS, FAIL), (row["asset"], rule, said, tag)
        if row["class"] in ("v4only", "nxdomain"):
            assert outcome.verdicts[row["asset"], "DNS001"][0] == FAIL
            proven += 1
        if row["class"] == "special":
            assert outcome.verdicts[row["asset"], "ADR001"][0] == FAIL
            proven += 1
    assert proven >= 3


def _do(lab: Lab, *command: str) -> None:
    done = lab.run(command)
    assert done.returncode == 0, done.stderr
