"""The lab is what it says: each class of names behaves as the truth has it, seen with plain sockets."""

import json
import re
import sys
from collections.abc import Mapping

import pytest

from tests.lab.lab import ROOT, Lab
from tests.lab.world import CLASSES, MIX, World

USUAL = r"200 \w+"
# class: AAAA, A, GET over IPv6, GET over IPv4 (even and odd variants where they differ)
EXPECTED: Mapping[str, tuple[str, str, str, str]] = {
    "healthy": ("NOERROR", "NOERROR", USUAL, USUAL),
    "v4only": ("NODATA", "NOERROR", "", USUAL),
    "blackhole": ("NOERROR", "NOERROR", "tcp timeout", USUAL),
    "refused": ("NOERROR", "NOERROR", "tcp ConnectionRefusedError", USUAL),
    "wrongname": ("NOERROR", "NOERROR", "tls certificate 62", f"tls certificate 62|{USUAL}"),
    "expired": ("NOERROR", "NOERROR", "tls certificate 10", f"tls certificate 10|{USUAL}"),
    "http500": ("NOERROR", "NOERROR", r"500 \w+", USUAL),
    "otherpage": ("NOERROR", "NOERROR", USUAL, USUAL),
    "pmtu": ("NOERROR", "NOERROR", "tls timeout", USUAL),
    "special": ("NOERROR", "NOERROR", r"tcp \w+", USUAL),
    "nxdomain": ("NXDOMAIN", "NXDOMAIN", "", ""),
    "servfail": ("SERVFAIL", "SERVFAIL", "", ""),
    "v6only": ("NOERROR", "NODATA", USUAL, ""),
    "onedead": ("NOERROR", "NOERROR", USUAL, USUAL),
    "onespecial": ("NOERROR", "NOERROR", rf"{USUAL}|tcp \w+", USUAL),
    "redirect4": ("NOERROR", "NOERROR", r"302 \w+", r"302 \w+"),
    "plainonly": ("NOERROR", "NOERROR", "tcp ConnectionRefusedError", USUAL),
    "twin": ("NOERROR", "NOERROR", USUAL, USUAL),
    "prohibited": ("NOERROR", "NOERROR", "tcp PermissionError", USUAL),
}


@pytest.fixture(scope="module")
def seen(lab: Lab) -> dict[str, list[dict[str, str]]]:
    """What plain sockets saw of three names of each class, by class."""
    chosen: dict[str, list[str]] = {}
    for row in lab.truth():
        names = chosen.setdefault(row["class"], [])
        if len(names) < 3:
            names.append(row["asset"])
    names = [name for group in chosen.values() for name in group]
    done = lab.run([sys.executable, "-m", "tests.lab.look", *names], cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {kind: [found[name] for name in group] for kind, group in chosen.items()}


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_behaves_as_the_truth_says(seen: dict[str, list[dict[str, str]]], kind: str) -> None:
    aaaa, a, over6, over4 = EXPECTED[kind]
    assert seen[kind]
    for facts in seen[kind]:
        assert (facts["AAAA"], facts["A"]) == (aaaa, a)
        assert re.fullmatch(over6, facts["6"]), facts
        assert re.fullmatch(over4, facts["4"]), facts


def test_both_ways_of_a_bad_certificate_occur(seen: dict[str, list[dict[str, str]]]) -> None:
    for kind in ("wrongname", "expired"):
        assert {facts["4"].split()[0] for facts in seen[kind]} == {"tls", "200"}


def test_only_otherpage_serves_another_page_over_ipv6(seen: dict[str, list[dict[str, str]]]) -> None:
    assert all(facts["6"] == facts["4"] for kind in ("healthy", "twin") for facts in seen[kind])
    assert all(facts["6"] != facts["4"] for facts in seen["otherpage"])


def test_servers_answer_at_their_own_addresses(lab: Lab) -> None:
    """The delegation is walked from the root, over either family, as a resolver would."""
    for server, zone, owner in (
        ("2d0e:1:1::53", "p00.gov.vn", "vn."),
        ("2d0e:2:1::53", "p00.gov.vn", "gov.vn."),
        ("30.53.128.3", "p00.gov.vn", "p00.gov.vn."),
    ):
        done = lab.run(["dig", f"@{server}", zone, "NS", "+norecurse", "+noall", "+authority", "+answer"])
        assert done.stdout.split()[0] == owner, done.stdout


def test_the_firewall_counts_what_leaves_the_client(lab: Lab) -> None:
    lab.reset_counters()
    assert set(lab.counters().values()) == {0}
    for address in ("2001:db8::1", "10.1.2.3"):
        lab.run([sys.executable, "-c", f"import socket; socket.create_connection(('{address}', 80), 0.2)"])
    counted = lab.counters()
    assert counted["special6"] > 0
    assert counted["special4"] > 0
    assert counted["ipv4"] > 0
    assert counted["tcp6_syn"] > 0


def test_a_world_follows_from_its_seed() -> None:
    assert World(300, seed=1).names == World(300, seed=1).names
    assert World(300, seed=1).names != World(300, seed=2).names


def test_a_mix_holds_the_shares_it_promises() -> None:
    world = World(10_000)
    for kind, share in MIX.items():
        assert abs(len(world.of(kind)) - 100 * share) <= 1
    addresses = [address for name in world.names for address in (*name.aaaa, *name.a)]
    assert len(addresses) - len(set(addresses)) == len([a for a in addresses if a == "::1"]) - 1
