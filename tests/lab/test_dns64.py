"""A resolver with DNS64 (Unbound's module) and a prefix of its own: what it makes up is never the target's."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import ROOT as REPOSITORY
from tests.lab.lab import Lab
from tests.lab.nat64 import CLAT4, PREFIX, clat, held, nat64, without_ipv4
from tests.lab.plan import ROOT
from tests.lab.scanning import COMMAND, compare, few_of_each, scan, summary, truth_about

RESOLVER = "2d0d::64"
CONFIGURATION = """\
server:
  interface: {resolver}
  ip-freebind: yes
  username: ""
  chroot: ""
  pidfile: ""
  directory: "{directory}"
  root-hints: "{directory}/root.hints"
  use-syslog: no
  access-control: ::/0 allow
  do-not-query-localhost: no
  module-config: "dns64 iterator"
  dns64-prefix: {prefix}
  local-zone: "ipv4only.arpa." static
  local-data: "ipv4only.arpa. A 192.0.0.170"
  local-data: "ipv4only.arpa. AAAA 2d0e:6464::c000:aa"
remote-control:
  control-enable: no
"""


@pytest.fixture(scope="module")
def dns64(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The resolver, in the network of the servers."""
    directory = tmp_path_factory.mktemp("dns64")
    hints = "".join(f". 3600000 NS {one.name}\n{one.name} 3600000 AAAA {one.v6}\n" for one in ROOT)
    (directory / "root.hints").write_text(hints, encoding="ascii")
    path, log = directory / "unbound.conf", directory / "log"
    path.write_text(CONFIGURATION.format(resolver=RESOLVER, directory=directory, prefix=PREFIX), encoding="ascii")
    with held(lab, ["unbound", "-d", "-p", "-c", path], log, servers=True):
        for _ in range(50):
            done = lab.run(["dig", "+time=1", "+tries=1", "+short", f"@{RESOLVER}", "ipv4only.arpa", "AAAA"])
            if "2d0e:6464::c000:aa" in done.stdout:
                break
        else:
            raise AssertionError(log.read_text(errors="replace")[-2000:])
        yield RESOLVER


@pytest.fixture(scope="module")
def translated(lab: Lab, dns64: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A resolver with DNS64, a NAT64 behind its prefix, and a client without IPv4."""
    if (
        not os.access("/dev/net/tun", os.R_OK | os.W_OK)
        or shutil.which("tayga", path=lab.environment()["PATH"]) is None
    ):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("NAT64 needs /dev/net/tun and tayga")
    with nat64(lab, tmp_path_factory.mktemp("nat64")), without_ipv4(lab):
        yield dns64


def test_a_made_up_address_is_never_the_targets(lab: Lab, dns64: str, tmp_path: Path) -> None:
    inventory = few_of_each(lab, tmp_path, 2, kinds=["healthy", "v4only", "v6only", "refused"])
    ipv4_only = {row["asset"] for row in truth_about(lab, inventory) if row["class"] == "v4only"}
    made_up = lab.run(["dig", "+short", f"@{dns64}", min(ipv4_only), "AAAA"]).stdout
    outcome = scan(lab, tmp_path, "--resolver", f"[{dns64}]:53", inventory=inventory)
    assert outcome.code == 0, outcome.stderr
    wrong = compare(truth_about(lab, inventory), outcome.verdicts)
    assert not wrong, summary(wrong)
    assert "2d0e:6464::" in made_up
    synthesised = {asset for (asset, rule), (_, tag) in outcome.verdicts.items() if tag == "aaaa-synthesised"}
    assert synthesised == ipv4_only


def test_the_prefix_is_told_with_the_vantage(lab: Lab, dns64: str, tmp_path: Path) -> None:
    options = [word for anchor in ROOT for word in ("--anchor", f"[{anchor.v6}]:53")]
    looked = lab.run([*COMMAND, "doctor", "--resolver", f"[{dns64}]:53", *options, "--json"], cwd=REPOSITORY)
    assert json.loads(looked.stdout)["nat64_prefixes"] == [PREFIX]


KINDS = ("healthy", "v4only", "v6only", "refused", "redirect4")
_COMPARES = ("TLS002", "HTTP002", "HTTP003", "LAT001", "LAT002")


def test_behind_nat64_an_ipv4_only_service_works_and_is_not_called_ready(
    lab: Lab, translated: str, tmp_path: Path
) -> None:
    """The translator serves it to every client here; the verdicts are those of a vantage that has IPv4."""
    inventory = few_of_each(lab, tmp_path, 2, kinds=KINDS)
    truth = truth_about(lab, inventory)
    ipv4_only = {row["asset"] for row in truth if row["class"] == "v4only"}
    name = min(ipv4_only)
    fetched = lab.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{remote_ip}", *_resolved(lab, name)])
    assert fetched.stdout.startswith("200 2d0e:6464::"), fetched.stderr
    lab.reset_counters()
    outcome = scan(lab, tmp_path, "--resolver", f"[{translated}]:53", inventory=inventory)
    assert outcome.code == 0, outcome.stderr
    assert lab.counters()["ipv4"] == 0
    wrong = [one for one in compare(truth, outcome.verdicts) if one.rule not in _COMPARES]
    assert not wrong, summary(wrong)
    assert {asset for (asset, _), (_, tag) in outcome.verdicts.items() if tag == "aaaa-synthesised"} == ipv4_only
    for (asset, rule), (status, tag) in outcome.verdicts.items():
        if rule in _COMPARES:  # without IPv4 there is nothing to compare with
            assert status not in ("pass", "fail"), (asset, rule, tag)
        if rule == "OFF003" and asset in ipv4_only:
            assert status == "fail", tag


def test_a_clat_is_told_from_a_vantage_without_ipv4(lab: Lab, translated: str, tmp_path: Path) -> None:
    """Over a CLAT everything is reached and nothing is proven; the same vantage without it is a proof."""
    seen = _doctor(lab, translated)
    assert PREFIX in seen["NAT64"]
    assert "no IPv4 here" in seen["NAT64"]
    assert seen["CLAT"] == "none"
    healthy = next(row["asset"] for row in lab.truth() if row["class"] == "healthy")
    address = lab.run(["dig", "+short", f"@{RESOLVER}", healthy, "A"]).stdout.split()[-1]
    with clat(lab, tmp_path):
        url = ["--resolve", f"{healthy}:443:{address}", f"https://{healthy}/"]
        fetched = lab.run(["curl", "-4", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{local_ip}", *url])
        seen = _doctor(lab, translated)
    assert fetched.stdout == f"200 {CLAT4}", fetched.stderr
    assert "no IPv4 here" not in seen["NAT64"]
    assert CLAT4 in seen["CLAT"]


def _doctor(lab: Lab, resolver: str) -> dict[str, str]:
    """What the command says, by the last word of each line's heading."""
    options = [word for anchor in ROOT for word in ("--anchor", f"[{anchor.v6}]:53")]
    looked = lab.run([*COMMAND, "doctor", "--resolver", f"[{resolver}]:53", *options], cwd=REPOSITORY)
    lines = [line for line in looked.stdout.splitlines() if line.startswith(("ok", "FAIL"))]
    return {line[6:20].split()[-1]: line[20:].strip() for line in lines}


def _resolved(lab: Lab, name: str) -> list[str]:
    """Options and URL of curl, which asks the lab's usual resolver, so that the address is told by hand."""
    address = lab.run(["dig", "+short", f"@{RESOLVER}", name, "AAAA"]).stdout.split()[-1]
    return ["--resolve", f"{name}:443:[{address}]", f"https://{name}/"]
