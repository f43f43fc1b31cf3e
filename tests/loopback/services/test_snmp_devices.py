"""Which devices are asked over SNMP, and what reaches the store and the screen."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loopback.services.test_snmp_reading import agent  # noqa: F401 - fixture

pytest.importorskip("pysnmp")

INVENTORY = """\
schema: ipv6check.inventory/1
agencies: [{{id: a, name: A, level: ministry}}]
assets:
  - {{id: reads, kind: device, agency: a, name: reads, targets: ["::1"], ports: [{port}/snmp], view: internal}}
  - {{id: loop, kind: device, agency: a, name: loop, targets: ["127.0.0.1"], ports: [{port}/snmp], view: internal}}
  - {{id: named, kind: device, agency: a, name: named, targets: ["localhost.test"], ports: [{port}/snmp]}}
  - {{id: other, kind: device, agency: a, name: other, targets: ["2400:1::1"], ports: [22]}}
"""
POLICY = "schema: ipv6check.policy/1\nid: here\ntreat_as_global: ['::1/128']\n"


@pytest.fixture
def run(tmp_path: Path, agent: int):  # noqa: F811
    (tmp_path / "devices.yaml").write_text(INVENTORY.format(port=agent), encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")

    def run(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        words = (sys.executable, "-m", "ipv6check", "import", "snmp", "--inventory", "devices.yaml", *options)
        return subprocess.run(
            words, cwd=tmp_path, env=os.environ | variables, capture_output=True, text=True, timeout=100, check=False
        )

    return run


def test_only_addresses_that_may_be_contacted_are_asked_and_secrets_stay_away(run, tmp_path: Path) -> None:
    done = run(
        *("--user", "nina", "--auth", "env:WORD", "--policy", "policy.yaml", "--db", "sqlite:///x.db"),
        WORD="a-long-secret",
    )
    assert done.returncode == 3, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("snmp [::1]:")
    assert any(line.startswith("loop: not read at 127.0.0.1:") and line.endswith(": loopback") for line in lines)
    assert any(line.startswith("named: ") and line.endswith(": name_not_address") for line in lines)
    assert "other" not in done.stdout
    stored = "".join(sqlite3.connect(tmp_path / "x.db").iterdump())
    assert "snmp [::1]:" in stored
    assert "a-long-secret" not in stored + done.stdout + done.stderr


def test_without_permission_loopback_is_not_contacted(run) -> None:
    done = run("--community", "env:WORD", "--dry-run", WORD="sesame")
    assert done.returncode == 3
    assert "reads: not read at [::1]:" in done.stdout
    assert "loopback" in done.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--community", "sesame"), "never by itself"),
        (("--community", "env:NOT_SET_HERE"), "not set"),
        (("--user", "nina"), "--auth"),
        ((), "--community"),
        (("--user", "nina", "--auth", "env:WORD"), "8 characters"),
    ],
)
def test_wrong_secrets_are_refused_without_being_quoted(run, options: tuple[str, ...], says: str) -> None:
    done = run(*options, WORD="short-w")
    assert done.returncode == 2
    assert says in done.stderr
    assert "sesame" not in done.stderr
    assert "short-w" not in done.stderr
