"""``ipv6check demo`` on a machine that has nothing: no network but loopback, no privileges, no home."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

LIMIT_S = 30.0
UNPRIVILEGED = 65534
SOURCE = Path(__file__).parents[2] / "src"


def _namespace(*inner: str) -> list[str]:
    """A network namespace of its own, where only loopback is up: whatever else were sent to would be unreachable."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = [*user, "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *inner]
    return ["unshare", *words]


@pytest.fixture
def isolated() -> None:
    """Skips where the system does not let us make a namespace; CI must."""
    done = subprocess.run(_namespace("true"), capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"no network namespaces: {done.stderr}")
        pytest.skip(f"no network namespaces here: {done.stderr.strip()}")


def _demo(folder: Path, *before: str, **environment: str) -> "tuple[subprocess.CompletedProcess[str], float]":
    env = {name: value for name, value in os.environ.items() if not name.startswith("IPV6CHECK_") and name != "HOME"}
    began = time.monotonic()
    done = subprocess.run(
        [*before, sys.executable, "-m", "ipv6check", "demo", "--folder", str(folder), "--lang", "en"],
        env=env | {"PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        cwd=folder.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    return done, time.monotonic() - began


@pytest.mark.usefixtures("isolated")
def test_demo_runs_with_nothing_but_loopback(tmp_path: Path) -> None:
    """Nothing of it needs, or reaches, any other network; and it needs neither home nor a terminal."""
    folder = tmp_path / "demo"
    done, took = _demo(folder, *_namespace(), LANG="C", TERM="dumb", COLUMNS="20")
    assert done.returncode == 0, done.stderr + done.stdout
    assert took < LIMIT_S
    assert "Traceback" not in done.stderr
    assert "equals the truth" in done.stderr
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert "DNS001" in report or "%" in report
    assert (folder / "demo.db").stat().st_size > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests run without privileges anyway")
def test_demo_needs_no_privileges_and_no_home(tmp_path: Path) -> None:
    """As nobody, without capabilities, in a folder of its own; the program is copied to where it may read."""
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed")
    as_nobody = [
        "setpriv",
        f"--reuid={UNPRIVILEGED}",
        f"--regid={UNPRIVILEGED}",
        "--clear-groups",
        "--bounding-set=-all",
        "--inh-caps=-all",
        "--no-new-privs",
    ]
    probe = [*as_nobody, sys.executable, "-c", "import httpx, dns, sqlalchemy, cryptography"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this Python lies where an unprivileged user cannot read it")
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.geteuid() and parent.name.startswith(("pytest-", "popen-", "test_")):
            parent.chmod(0o755)
    place = tmp_path / "place"
    place.mkdir(mode=0o755)
    os.chown(place, UNPRIVILEGED, UNPRIVILEGED)
    source = tmp_path / "src"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    done, took = _demo(place / "demo", *as_nobody, PYTHONPATH=str(source))
    assert done.returncode == 0, done.stderr + done.stdout
    assert took < LIMIT_S
    assert (place / "demo" / "report.md").stat().st_uid == UNPRIVILEGED
    assert "Traceback" not in done.stderr
