"""A resolver with DNS64 (Unbound's module) and a prefix of its own: what it makes up is never the target's."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import ROOT as REPOSITORY
from tests.lab.lab import Lab
from tests.lab.plan import ROOT
from tests.lab.scanning import COMMAND, compare, few_of_each, scan, summary, truth_about

RESOLVER, PREFIX = "2d0d::64", "2d0e:6464::/96"
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
    path = directory / "unbound.conf"
    path.write_text(CONFIGURATION.format(resolver=RESOLVER, directory=directory, prefix=PREFIX), encoding="ascii")
    with (directory / "log").open("wb") as log:
        running = subprocess.Popen(
            lab.command(["unbound", "-d", "-p", "-c", str(path)], servers=True),
            cwd=REPOSITORY,
            env=lab.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(50):
            done = lab.run(["dig", "+time=1", "+tries=1", "+short", f"@{RESOLVER}", "ipv4only.arpa", "AAAA"])
            if "2d0e:6464::c000:aa" in done.stdout:
                break
        else:
            raise AssertionError((directory / "log").read_text(errors="replace")[-2000:])
        yield RESOLVER
    finally:
        running.terminate()
        running.wait(10)


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
