"""A way to IPv4 for a client that has none: tayga as NAT64 beside the servers, and as CLAT beside the client (464XLAT).

Both are real translators on TUN devices: what a DNS64 resolver makes up leads to the servers' IPv4 side.
"""

import contextlib
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.lab.lab import ROOT, Lab
from tests.lab.plan import CLIENT4, CLIENT6, GATEWAY4

PREFIX = "2d0e:6464::/96"
CLAT4, CLAT6 = "192.0.0.1", "2d0c:464::1"
_POOL = "30.64.0.0/24"
_NAT64 = f"""\
tun-device nat64
ipv4-addr 30.64.0.254
ipv6-addr 2d0c:6464::1
prefix {PREFIX}
dynamic-pool {_POOL}
data-dir {{directory}}
"""
_CLAT = f"""\
tun-device clat
ipv4-addr 192.0.0.2
ipv6-addr 2d0c:464::2
prefix {PREFIX}
map {CLAT4} {CLAT6}
"""
# The servers answer for all of 2d0e::/16 (AnyIP); a longer route in the same table takes the prefix out of it.
_NAT64_UP = f"""
set -e
ip link set nat64 up
ip -6 route add {PREFIX} dev nat64 table local
ip route add {_POOL} dev nat64
ip -6 route add {CLAT6}/127 via {CLIENT6} dev lab0
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
"""
_NAT64_DOWN = f"""
echo 0 > /proc/sys/net/ipv6/conf/all/forwarding
ip -6 route del {CLAT6}/127
"""
_CLAT_UP = f"""
set -e
ip link set clat up
ip addr add {CLAT4}/29 dev clat
ip route add default dev clat
ip -6 route add {CLAT6}/127 dev clat
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
"""
_CLAT_DOWN = "echo 0 > /proc/sys/net/ipv6/conf/all/forwarding"
_NO_IPV4 = "ip -4 addr flush dev lab0"
_IPV4_AGAIN = f"ip addr add {CLIENT4}/24 dev lab0 && ip route add default via {GATEWAY4} dev lab0"


@contextlib.contextmanager
def without_ipv4(lab: Lab) -> Iterator[None]:
    """The client has no IPv4 address and no IPv4 route."""
    _shell(lab, _NO_IPV4)
    try:
        yield
    finally:
        _shell(lab, _IPV4_AGAIN)


@contextlib.contextmanager
def nat64(lab: Lab, directory: Path) -> Iterator[None]:
    """Addresses of PREFIX lead to the servers over IPv4."""
    with _tayga(lab, directory, _NAT64, (_NAT64_UP, _NAT64_DOWN), servers=True):
        yield


@contextlib.contextmanager
def clat(lab: Lab, directory: Path) -> Iterator[None]:
    """The client's IPv4 is a translator's: needs ``nat64``, and a client without IPv4 of its own."""
    with _tayga(lab, directory, _CLAT, (_CLAT_UP, _CLAT_DOWN), servers=False):
        yield


@contextlib.contextmanager
def _tayga(lab: Lab, directory: Path, configuration: str, shell: tuple[str, str], *, servers: bool) -> Iterator[None]:
    device = configuration.split()[1]
    path = directory / f"{device}.conf"
    path.write_text(configuration.format(directory=directory), encoding="ascii")
    with held(lab, ["tayga", "-d", "--nodetach", "-c", path], directory / f"{device}.log", servers=servers):
        for _ in range(100):
            if not lab.run(["ip", "link", "show", device], servers=servers).returncode:
                break
            time.sleep(0.02)
        _shell(lab, shell[0], servers=servers)
        try:
            yield
        finally:
            _shell(lab, shell[1], servers=servers)


@contextlib.contextmanager
def held(lab: Lab, command: Sequence[str | Path], log: Path, *, servers: bool) -> Iterator[None]:
    """A program that runs in one of the lab's namespaces meanwhile."""
    with log.open("wb") as output:
        running = subprocess.Popen(
            lab.command(command, servers=servers),
            cwd=ROOT,
            env=lab.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        running.terminate()
        running.wait(10)


def _shell(lab: Lab, script: str, *, servers: bool = False) -> None:
    done = lab.run(["sh", "-c", script], servers=servers)
    assert done.returncode == 0, done.stderr
