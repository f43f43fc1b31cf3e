"""HTTP/3 on real servers: what fails over IPv6 alone is named, and what may be near us is nobody's fault."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.lab import ROOT, Lab
from tests.lab.plan import RESOLVER6
from tests.lab.scanning import scan


@dataclass(frozen=True)
class Case:
    """A site that announces HTTP/3: the status that each family's QUIC server gives (0: nobody listens), whose
    certificate the one over IPv6 has, families for which UDP is dropped, and the true verdict."""

    true: str
    v6: int = 200
    v4: int = 200
    stranger: bool = False
    dropped: tuple[str, ...] = ()
    path: str = "/h3"


CASES = {
    "good": Case("pass http3-answers"),
    "unannounced": Case("not-applicable not-announced", v6=0, v4=0, path="/"),
    "refused": Case("fail http3-refused", v6=0),
    "silent": Case("fail http3-silent", dropped=("ip6",)),
    "stranger": Case("fail http3-certificate-invalid", stranger=True),
    "status": Case("fail http3-status-differs", v6=404),
    "alike": Case("not-applicable http3-fails-alike", v6=0, v4=0),
    "dark": Case("unknown silence", dropped=("ip6", "ip")),
}


@dataclass(frozen=True)
class Site:
    """A name of the lab that plays a case, with its addresses."""

    name: str
    v6: str
    v4: str


@pytest.fixture(scope="module")
def sites(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """Healthy names of one province, and QUIC servers beside their HTTPS servers."""
    names = [row["asset"] for row in lab.truth() if row["class"] == "healthy"]
    province = names[0].split(".", 1)[1]
    chosen = [name for name in names if name.endswith(f".{province}")][: len(CASES)]
    found = {}
    for case, name in zip(CASES, chosen, strict=True):
        v6, v4 = (lab.run(["dig", "+short", f"@{RESOLVER6}", name, kind]).stdout.strip() for kind in ("AAAA", "A"))
        found[case] = Site(name, v6, v4)
    pki = lab.directory / "pki"
    own = pki / f"{province.partition('.')[0]}.pem"
    words = []
    for case, site in found.items():
        for address, status, strange in ((site.v6, CASES[case].v6, CASES[case].stranger), (site.v4, CASES[case].v4, 0)):
            words += [f"{address}={pki / 'stranger.pem' if strange else own}={status}"] if status else []
    drops = [
        f"{family} daddr {site.v6 if family == 'ip6' else site.v4} udp dport 443 drop"
        for case, site in found.items()
        for family in CASES[case].dropped
    ]
    running = subprocess.Popen(
        lab.command([sys.executable, "-m", "tests.lab.http3server", *words], servers=True),
        cwd=ROOT,
        env=lab.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        with dropping(lab, "quic", *drops):
            yield found
    finally:
        running.terminate()
        running.wait(10)
        if running.stdout is not None:
            running.stdout.close()


@contextlib.contextmanager
def dropping(lab: Lab, table: str, *rules: str) -> Iterator[None]:
    """The servers' network swallows what matches one of the rules."""
    lines = [
        f"table inet {table} {{",
        "chain early {",
        "type filter hook prerouting priority -310;",
        *rules,
        "}",
        "}",
        "",
    ]
    done = lab.run(["nft", "-f", "-"], input="\n".join(lines), servers=True)
    assert done.returncode == 0, done.stderr
    try:
        yield
    finally:
        lab.run(["nft", "delete", "table", "inet", table], servers=True)


def judged(lab: Lab, directory: Path, sites: dict[str, Site]) -> dict[str, str]:
    """One scan of the sites with the rule."""
    lines = [f"{case},application,https://{site.name}{CASES[case].path}" for case, site in sites.items()]
    inventory = directory / "sites.csv"
    inventory.write_text("\n".join(["id,kind,target", *lines, ""]), encoding="ascii")
    outcome = scan(lab, directory, "--rules", "HTTP008", inventory=inventory)
    assert outcome.code == 0, outcome.stderr
    return {case: " ".join(outcome.verdicts[case, "HTTP008"]) for case in sites}


def test_every_case_gets_its_verdict(lab: Lab, sites: dict[str, Site], tmp_path: Path) -> None:
    assert judged(lab, tmp_path, sites) == {case: CASES[case].true for case in CASES}


def test_where_udp_is_lost_over_ipv6_for_everybody_nobody_fails(
    lab: Lab, sites: dict[str, Site], tmp_path: Path
) -> None:
    few = {case: sites[case] for case in ("good", "silent", "refused")}
    with dropping(lab, "all_udp", "meta nfproto ipv6 udp dport 443 drop"):
        assert judged(lab, tmp_path, few) == dict.fromkeys(few, "unknown undecided")
