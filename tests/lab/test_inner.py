"""Nobody leads the scanner inside: not by a redirect, not by a name that changes its address. The firewall counts."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lab.lab import ROOT, Lab
from tests.lab.plan import RESOLVER6
from tests.lab.runs import Bench, packets, short_policy
from tests.lab.scanning import few_of_each
from tests.lab.truth import PASS
from tests.lab.world import address6

REBINDER6 = "2d0d::66"


@contextmanager
def strange_ports_counted(lab: Lab) -> Iterator[None]:
    """Count what leaves for a port other than those of DNS and the web: table ``ports``."""
    rules = "tcp dport != { 53, 80, 443 } tcp flags & (syn | ack) == syn counter\nudp dport != 53 counter"
    text = f"table inet ports {{\nchain out {{\ntype filter hook output priority 1;\n{rules}\n}}\n}}\n"
    done = lab.run(["nft", "-f", "-"], input=text)
    assert done.returncode == 0, done.stderr
    try:
        yield
    finally:
        lab.run(["nft", "delete", "table", "inet", "ports"])


def test_no_redirect_leads_inside(lab: Lab, tmp_path: Path) -> None:
    names = [row["asset"] for row in lab.truth() if row["class"] == "healthy"]
    inner = [row["asset"] for row in lab.truth() if row["class"] == "special"]
    targets = [
        *("https://[::1]/", "https://[fe80::1]/", "https://[fe80::1%25lo]/", "https://[fd00:ec2::254]/"),
        *("https://[::ffff:127.0.0.1]/", "https://[::ffff:a9fe:a9fe]/", "https://[64:ff9b::7f00:1]/"),
        *("http://169.254.169.254/latest/meta-data/", "https://127.0.0.1/", "https://2130706433/"),
        *("https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "https://localhost/"),
        *("file:///etc/passwd", "ftp://example.gov/", "gopher://[::1]:70/", "data:text/html,x"),
        *(f"https://{names[-1]}:22/", f"https://{names[-1]}:8443/", f"http://{names[-1]}:25/"),
        *(f"https://user@{names[-1]}:6379/", f"https://{names[-1]}@[::1]/"),
        *(f"https://{name}/" for name in inner),
    ]
    lines = ["id,kind,target", *(f'r{i},application,"https://{names[i]}/to?u={to}"' for i, to in enumerate(targets))]
    inventory = tmp_path / "redirects.csv"
    inventory.write_text("\n".join([*lines, ""]), encoding="utf-8")
    bench = Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=inventory,
        policy=short_policy(tmp_path),
    )
    lab.reset_counters()
    with strange_ports_counted(lab):
        ended = bench.run()
        assert packets(lab, "ports") == 0
    counted = lab.counters()
    assert ended.code == 0, ended.stderr
    assert (counted["special6"], counted["special4"]) == (0, 0)
    assert counted["tcp6_syn"] >= len(targets)
    log = (lab.directory / "access.log").read_text(encoding="utf-8")
    assert log.count(" GET /to?u=") >= len(targets), "the redirects were never seen"
    followed = [to for i, to in enumerate(targets) if ended.verdicts[f"r{i}", "HTTP004"][0] == PASS]
    assert not followed


def test_a_name_that_changes_its_address_is_pinned(lab: Lab, tmp_path: Path) -> None:
    """The first answer is checked and used for every step; the later ones lead inside and are refused."""
    inventory = few_of_each(lab, tmp_path, 1, kinds=["healthy"])
    name = inventory.read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    good = address6("healthy", int(name.split(".")[0].rpartition("-")[2]))
    command = [sys.executable, "-m", "tests.lab.rebinder", REBINDER6, RESOLVER6, name, good]
    bench = Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=inventory,
        policy=short_policy(tmp_path),
        resolver=f"[{REBINDER6}]:53",
    )
    rebinder = subprocess.Popen(
        lab.command(command, servers=True), cwd=ROOT, env=lab.environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert rebinder.stdout is not None
        assert rebinder.stdout.readline() == "ready\n"
        lab.reset_counters()
        ended = bench.run()
    finally:
        rebinder.kill()
        rebinder.communicate()
    counted = lab.counters()
    assert ended.code == 0, ended.stderr
    assert (counted["special6"], counted["special4"]) == (0, 0)
    assert ended.verdicts[name, "DNS001"][0] == PASS
