"""What is said about paths on which one thing is wrong, and what is not said where nothing is."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab.chain import KINDS, R1, R2, RESOLVER, address, address4
from tests.lab.conftest import or_skip
from tests.lab.lab import ROOT, Lab, chained
from tests.lab.scanning import COMMAND, read_report

REACHED, NOT_TOLD = 0, 3
DEAD = ("prohibited", "unrouted", "dropped", "looping")
POLICY = """\
schema: ipv6check.policy/1
id: hasty
timeouts: {tcp: 0.4, tls: 0.8, http: 1.2, echo: 0.4}
retries: {connect_timeout: [0.1], refused: [0.1], reset: [0.1], tls_http_timeout: [0.1], second_look_s: 0.5,
  selftest_gap_s: 0.2}
pacing: {new_per_prefix: 0, per_prefix: 0, per_address: 0, backoff_scale: 0}
"""


@pytest.fixture(scope="module")
def chain() -> Iterator[Lab]:
    """Client, two routers, server."""
    with or_skip(chained()) as lab:
        yield lab


def run(chain: Lab, *words: str | Path, before: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    done = chain.run([*before, *COMMAND, *words, "--resolver", f"[{RESOLVER}]:53"], cwd=ROOT, timeout=90)
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


def traced(chain: Lab, directory: Path, *kinds: str, before: tuple[str, ...] = ()) -> dict[str, Any]:
    """Kind to what ``trace -6`` says of it, one process for all."""
    policy = directory / "hasty.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    names = [f"{kind}.path.test" for kind in kinds]
    done = run(chain, "trace", "-6", *names, "--policy", policy, "--format", "json", before=before)
    return dict(zip(kinds, map(json.loads, done.stdout.splitlines()), strict=True))


def of(told: dict[str, Any], means: str) -> dict[str, Any]:
    """The path by one means to the only address of a trace."""
    (one,) = told["trace"]["addresses"]
    return next(path for path in one["paths"] if path["means"] == means)


def codes(told: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in told["findings"]}


@pytest.fixture(scope="module")
def told(chain: Lab, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every kind traced over IPv6, and what left the client meanwhile."""
    chain.reset_counters()
    found = traced(chain, tmp_path_factory.mktemp("trace"), *KINDS)
    return found | {"counters": chain.counters()}


def test_a_black_hole_and_nothing_else_is_named(told: dict[str, Any]) -> None:
    named = {kind for kind in KINDS if "path_mtu_black_hole" in codes(told[kind])}
    assert named == {"swallowed"}
    attempts = told["swallowed"]["trace"]["addresses"][0]["contact"]["attempts"]
    assert attempts[-1]["failure"] == "path_mtu_black_hole"
    assert attempts[-1]["detail"] == "octets_missing", "TCP itself saw that octets were lost"


def test_a_hop_that_says_what_it_carries_is_told_and_is_no_fault(told: dict[str, Any]) -> None:
    assert told["narrow"]["works"]
    (finding,) = told["narrow"]["findings"]
    assert finding["code"] == "told_too_big"
    assert (finding["args"]["hop"], finding["args"]["mtu"]) == (R1, 1280)
    assert told["wide"]["works"]
    assert not told["wide"]["findings"]


@pytest.mark.parametrize("means", ["tcp", "echo"])
@pytest.mark.parametrize(
    ("kind", "end", "last"),
    [
        ("wide", "reached", (3, "answer", address("wide"))),
        ("narrow", "reached", (3, "answer", address("narrow"))),
        ("swallowed", "reached", (3, "answer", address("swallowed"))),
        ("prohibited", "refused", (2, "admin_prohibited", R2)),
        ("unrouted", "refused", (2, "no_route", R2)),
        ("dropped", "silent", (1, "hop_limit", R1)),
    ],
)
def test_a_path_ends_where_it_ends(
    told: dict[str, Any], kind: str, end: str, last: tuple[Any, ...], means: str
) -> None:
    path = of(told[kind], means)
    assert path["end"] == end
    assert [hop["limit"] for hop in path["hops"]] == list(range(1, last[0] + 1))
    hop = path["hops"][-1]
    assert (hop["limit"], hop["told"], hop["address"]) == last


@pytest.mark.parametrize("means", ["tcp", "echo"])
def test_a_circle_is_seen_as_one(told: dict[str, Any], means: str) -> None:
    path = of(told["looping"], means)
    assert path["end"] == "loop"
    assert len(path["hops"]) <= 8


def test_a_reset_in_the_targets_name_is_nearer_than_the_target(told: dict[str, Any]) -> None:
    assert len(of(told["refused"], "tcp")["hops"]) < len(of(told["refused"], "echo")["hops"])


def test_extension_headers_that_are_dropped_are_information(told: dict[str, Any]) -> None:
    assert {"fragments_lost", "destination_options_lost"} <= codes(told["plain"])
    assert told["plain"]["works"]
    assert codes(told["wide"]).isdisjoint({"fragments_lost", "destination_options_lost"})


def test_with_ipv6_only_nothing_else_leaves(told: dict[str, Any]) -> None:
    counted = told["counters"]
    assert (counted["ipv4"], counted["elsewhere6"]) == (0, 0)
    assert counted["tcp6"] > 0


def test_nothing_is_sent_to_special_purpose_addresses(chain: Lab) -> None:
    chain.reset_counters()
    done = run(chain, "trace", "fd00::1", "2001:db8::1", "[::ffff:29.0.0.1]:443", "[2002:1d00:1::1]:443")
    counted = chain.counters()
    assert done.returncode == NOT_TOLD, done.stdout + done.stderr
    assert (counted["ipv4"], counted["tcp6"], counted["elsewhere6"]) == (0, 0, 0)


def test_without_any_right_only_crafted_packets_are_missing(chain: Lab, tmp_path: Path) -> None:
    bare = ("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw")
    found = traced(chain, tmp_path, "wide", "prohibited", before=bare)
    for means in ("tcp", "echo"):
        assert of(found["wide"], means)["end"] == "reached"
        assert of(found["prohibited"], means)["hops"][-1]["told"] == "admin_prohibited"
    (one,) = found["wide"]["trace"]["addresses"]
    headers = {header["header"]: header["reply"] for header in one["headers"]}
    assert headers["fragments"]["told"] == "answer"
    assert headers["destination_options"]["failure"] == "local_permission"
    assert "destination_options_lost" not in codes(found["wide"])


def test_raw_sockets_do_where_ping_sockets_are_forbidden(chain: Lab, tmp_path: Path) -> None:
    group = "/proc/sys/net/ipv4/ping_group_range"
    forbid = ("sh", "-c", f"echo '1 0' > {group}; \"$@\"; code=$?; echo '0 0' > {group}; exit $code", "sh")
    found = traced(chain, tmp_path, "narrow", "unrouted", before=forbid)
    assert of(found["narrow"], "echo")["end"] == "reached"
    assert of(found["unrouted"], "echo")["hops"][-1]["told"] == "no_route"
    assert codes(found["narrow"]) == {"told_too_big"}


def test_both_families_stand_side_by_side_with_their_networks(chain: Lab, tmp_path: Path) -> None:
    table = tmp_path / "networks.csv"
    table.write_text("prefix,name\n2d00::/16,Trung tâm dữ liệu\n2d00::/12,too wide\n30.0.0.0/24,VNPT\n", "utf-8")
    done = run(chain, "trace", "wide.path.test", "--networks", table, "--lang", "en")
    assert done.returncode == REACHED, done.stderr
    head = next(line for line in done.stdout.splitlines() if f"[{address('wide')}]:443" in line)
    assert f"{address4('wide')}:443" in head
    assert "(Trung tâm dữ liệu)" in done.stdout
    assert "(VNPT)" in done.stdout
    assert f"{R1} " in done.stdout, "a router"
    (reached,) = [line for line in done.stdout.splitlines() if line.split()[:2] == ["3", address("wide")]]
    assert "too wide" not in reached, "the longest prefix names it"


def test_a_scan_tells_where_paths_end_and_what_swallows(chain: Lab, tmp_path: Path) -> None:
    policy, report = tmp_path / "hasty.yaml", tmp_path / "report.jsonl"
    policy.write_text(POLICY, encoding="utf-8")
    inventory = tmp_path / "kinds.csv"
    rows = [f"{kind},domain,a,{kind}.path.test" for kind in KINDS]
    inventory.write_text("\n".join(["id,kind,agency,target", *rows, ""]), encoding="utf-8")
    anchor = ("--anchor", f"[{RESOLVER}]:53")
    rules = ("--rules", "TCP001,HTTP001,PTH001")
    chain.reset_counters()
    words = ("scan", inventory, "--db", f"sqlite:///{tmp_path / 's.db'}", "--policy", policy, *anchor, *rules)
    done = run(chain, *words, "-f", "jsonl", "-o", report)
    assert done.returncode == 0, done.stderr
    said = read_report(report)
    assert {kind: said[kind, "HTTP001"] for kind in KINDS} == {
        **dict.fromkeys(("wide", "narrow", "plain"), ("pass", "https-works")),
        **dict.fromkeys((*DEAD, "refused"), ("fail", "https-no-connection")),
        "swallowed": ("fail", "https-path-mtu-black-hole"),
        "slow": ("fail", "https-response-timeout"),
    }
    assert {kind: said[kind, "PTH001"] for kind in KINDS} == {
        **dict.fromkeys(("wide", "narrow", "plain", "swallowed", "slow", "refused"), ("pass", "path-complete")),
        **dict.fromkeys(("prohibited", "unrouted"), ("fail", "path-refused")),
        "dropped": ("fail", "path-silent"),
        "looping": ("fail", "path-loops"),
    }
    assert chain.counters()["ipv4"] == 0, "rules about IPv6 alone send nothing over IPv4"


def test_a_hole_before_the_vantage_fails_nobody(chain: Lab, tmp_path: Path) -> None:
    """Our own router's link carries 1280 octets only, and nobody is told: every target looks the same."""
    policy = tmp_path / "hasty.yaml"
    policy.write_text(POLICY.replace("second_look_s: 0.5", "second_look_s: null"), encoding="utf-8")
    at_r1 = ["nsenter", f"--net=/proc/{chain.pids['r1']}/ns/net", "sh", "-ec"]
    assert not chain.run([*at_r1, _NARROW_THE_UPLINK]).returncode
    try:
        chain.run(["ip", "-6", "route", "flush", "cache"], servers=True)  # what the server has learnt of the path
        targets = [f"[2d00:1:{site}::80]:443/tls" for site in range(1, 5)]
        anchor = ("--anchor", f"[{RESOLVER}]:53")
        done = run(chain, "check", *targets, "--policy", policy, *anchor, "--require", "TLS001,SVC001", "--lang", "en")
    finally:
        chain.run([*at_r1, _WIDEN_THE_UPLINK])
    assert done.returncode == NOT_TOLD, done.stdout
    assert "nobody's full-size packets reach this vantage" in done.stdout
    assert "path MTU black hole" not in done.stdout


_NARROW_THE_UPLINK = """ip -6 route add 2d0c::/64 dev north metric 10 mtu lock 1280
nft add chain inet faults uplink '{ type filter hook output priority 1; }'
nft add rule inet faults uplink icmpv6 type packet-too-big drop"""
_WIDEN_THE_UPLINK = "ip -6 route del 2d0c::/64 dev north metric 10; nft delete chain inet faults uplink"
