"""ICMPv6 errors of a router are the path's; what our own table says is ours. In namespaces made for the test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ISOLATED = ["unshare", "-Urnm"]


def has_namespaces() -> bool:
    try:
        made = subprocess.run([*ISOLATED, "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    except OSError:
        return False
    return made.returncode == 0


@pytest.mark.lab
@pytest.mark.skipif(not has_namespaces(), reason="needs unprivileged network namespaces and iproute2")
def test_who_said_unreachable_decides_the_word() -> None:
    root = HERE.parents[2]
    environment = os.environ | {"PYTHON": sys.executable, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
    done = subprocess.run(
        [*ISOLATED, "sh", str(HERE / "routes.sh")],
        env=environment, cwd=root, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert dict(line.split(" ", 1) for line in done.stdout.splitlines()) == {
        "2001:db8:1::2": "tcp refused",
        "2001:db8:2::1": "tcp admin_prohibited",
        "2001:db8:3::1": "tcp no_route",
        "2001:db8:1::99": "tcp address_unreachable",
        "2001:db8:9::1": "route local_no_route",
        "2001:db8:a::1": "route local_no_route",
        "192.0.2.1": "route local_no_route",
        "fe80::2": "tcp refused",
        "fe80::1": "tcp none",
    }
