"""Name servers and delegations with one fault each, on real servers: the verdict names the fault, and no other."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab.delegations import DARK_V4, WEB6_OTHER, ZONES, Broken, Host, zone_of_dark
from tests.lab.exchangers import WELL6
from tests.lab.lab import ROOT as REPOSITORY
from tests.lab.lab import Lab
from tests.lab.pages import PORT
from tests.lab.plan import ROOT
from tests.lab.scanning import Outcome, scan

NSD = """\
server:
{addresses}
  ip-freebind: yes
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "{directory}"
  pidfile: "{directory}/pid"
  xfrdfile: "{directory}/xfrd"
  xfrdir: "{directory}"
  zonelistfile: "{directory}/list"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
{zones}
"""
NAMED = """\
options {{
  directory "{directory}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no;
  listen-on-v6 {{ {v6} }}; listen-on {{ {v4} }};
}};
controls {{ }};
{zones}
"""


def _nsd(directory: Path, addresses: list[str], zones: dict[str, str]) -> list[str]:
    directory.mkdir()
    for name, text in zones.items():
        (directory / name).write_text(text, encoding="ascii")
    stanzas = "\n".join(f'zone:\n  name: "{name}"\n  zonefile: "{name}"' for name in zones)
    lines = "\n".join(f"  ip-address: {address}" for address in addresses)
    path = directory / "nsd.conf"
    path.write_text(NSD.format(addresses=lines, directory=directory, zones=stanzas), encoding="ascii")
    return ["nsd", "-d", "-c", str(path)]


def _named(directory: Path, hosts: tuple[Host, ...], zones: dict[str, str]) -> list[str]:
    directory.mkdir()
    for name, text in zones.items():
        (directory / name).write_text(text, encoding="ascii")
    stanzas = "\n".join(f'zone "{name}" {{ type primary; file "{directory / name}"; }};' for name in zones)
    text = NAMED.format(
        directory=directory,
        v6=" ".join(f"{host.v6};" for host in hosts),
        v4=" ".join(f"{host.v4};" for host in hosts),
        zones=stanzas,
    )
    path = directory / "named.conf"
    path.write_text(text, encoding="ascii")
    return ["named", "-g", "-c", str(path)]


def _held_by(*hosts: Host) -> list[Broken]:
    return [zone for zone in ZONES if not set(hosts).isdisjoint((*zone.v6, *zone.v4))]


@contextmanager
def _servers(lab: Lab, directory: Path) -> Iterator[None]:
    first, binds = (Host.NSD_1, Host.NSD_2), (Host.BIND_1, Host.BIND_2)
    held = {zone.name: zone.zone() for zone in _held_by(*first)}
    others = {zone.name: zone.zone(other=True) for zone in _held_by(Host.OTHER) if zone.other_serial}
    commands = [
        _nsd(
            directory / "first",
            [one for host in first for one in (host.v6, host.v4)],
            held,
        ),
        _nsd(directory / "other", [Host.OTHER.v6, Host.OTHER.v4, DARK_V4], others | {"dark": zone_of_dark()}),
        _named(directory / "bind", binds, {zone.name: zone.zone() for zone in _held_by(*binds)}),
        [sys.executable, "-m", "tests.lab.hostile"],
        [sys.executable, "-m", "tests.lab.pages"],
        [sys.executable, "-m", "tests.lab.exchangers"],
    ]
    for host in binds:  # BIND listens on addresses that an interface has, and on no others
        lab.run(["ip", "addr", "add", f"{host.v6}/128", "dev", "lo"], servers=True)
        lab.run(["ip", "addr", "add", f"{host.v4}/32", "dev", "lo"], servers=True)
    running = []
    try:
        for number, command in enumerate(commands):
            with (directory / f"{number}.log").open("wb") as log:
                running.append(
                    subprocess.Popen(
                        lab.command(command, servers=True),
                        cwd=REPOSITORY,
                        env=lab.environment(),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )
                )
        dns = ((host.v6, 53) for host in (Host.NSD_1, Host.OTHER, Host.BIND_2, Host.HOSTILE_2))
        for address in (*dns, (WEB6_OTHER, PORT), (WELL6, 25)):
            ask = f"import socket; socket.create_connection({address!r}, 1)"
            for _ in range(100):
                if lab.run([sys.executable, "-c", f"import time; {ask}"]).returncode == 0:
                    break
            else:
                logs = "\n".join(path.read_text(errors="replace")[-500:] for path in directory.glob("*.log"))
                raise AssertionError(f"{address} never answered: {logs}")
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(10)


@pytest.fixture(scope="module")
def outcome(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One scan of all these zones with the rules of the DNS, and one of those with a page for the fold."""
    assert socket.has_ipv6
    directory = tmp_path_factory.mktemp("delegations")
    roots = [word for server in ROOT for word in ("--root", server.v6)]
    every, paged = directory / "zones.csv", directory / "pages.csv"
    _write(
        every,
        {zone.name: (zone.kind, zone.name if zone.kind == "domain" else f"https://{zone.web}/") for zone in ZONES},
    )
    _write(paged, {zone.name: (zone.kind, f"http://{zone.web}:{PORT}/") for zone in ZONES if zone.page})
    with _servers(lab, directory):
        done = scan(lab, directory, "--rules", "DNS,MAI", *roots, inventory=every)
        (directory / "paged").mkdir()
        rules = "HTTP004,HTTP006,HTTP007,OFF003"
        folded = scan(lab, directory / "paged", "--rules", rules, *roots, inventory=paged)
    assert done.code == 0, done.stderr
    assert folded.code == 0, folded.stderr
    return Outcome(code=0, stderr="", verdicts={**done.verdicts, **folded.verdicts})


def _write(path: Path, assets: dict[str, tuple[str, str]]) -> None:
    lines = ["id,kind,target", *(f"{name},{kind},{target}" for name, (kind, target) in assets.items())]
    path.write_text("\n".join([*lines, ""]), encoding="ascii")


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_the_fault_is_named_and_no_other(outcome: Outcome, zone: Broken) -> None:
    said = {rule: " ".join(outcome.verdicts[zone.name, rule]) for rule in zone.true}
    wrong = {rule: said[rule] for rule, true in zone.true.items() if not f"{said[rule]} ".startswith(f"{true} ")}
    assert not wrong
    forbidden = {
        rule: outcome.verdicts[zone.name, rule]
        for rule, never in zone.never.items()
        if f"{' '.join(outcome.verdicts[zone.name, rule])} ".startswith(f"{never} ")
    }
    assert not forbidden
