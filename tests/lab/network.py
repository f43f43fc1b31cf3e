"""Two network namespaces and what lies between them; runs inside the namespaces that the entry point made.

The process itself is in the client's namespace. The servers' namespace is held by a sleeping child. Between them is
a veth pair, or two TUN devices joined by the forwarder, which adds delay and loss. Faults are firewall rules on the
servers' side; the counters that prove what was never sent are on the client's.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.lab.plan import CLIENT4, CLIENT6, GATEWAY4, GATEWAY6, LOCAL4, LOCAL6, RESOLVER4
from tests.lab.world import EMBEDDED4, prefix6

# Neighbour discovery and multicast listener reports are the kernel's own (RFC 4861, 3810), not the program's.
_KERNEL_ICMP6 = "130-137,143"
# Everything outside 2000::/3, and the blocks inside it that are no place for a service.
_SPECIAL6 = (
    "::/3,4000::/2,8000::/1,2001::/23,2001:db8::/32,2002::/16,3fff::/20,3ffe::/16"  # the rest of 2000::/3 is global
)
_SPECIAL4 = (
    "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,192.0.0.0/24,192.0.2.0/24,"
    f"192.88.99.0/24,192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,224.0.0.0/3,{EMBEDDED4}"
)
ZERO_COUNTERS = ("nft", "reset", "counters", "table", "inet", "watch")
_COUNTERS = ("special6", "special4", "ipv4", "to_resolver4", "tcp6_syn", "tcp4_syn", "dns_direct", "dns", "echo6")


class Network:
    """The client's and the servers' namespace, wired up by ``start`` and taken down by ``stop``."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._holder: subprocess.Popen[bytes] | None = None
        self._forwarder: subprocess.Popen[bytes] | None = None

    @property
    def servers_pid(self) -> int:
        """A process inside the servers' namespace."""
        assert self._holder is not None
        return self._holder.pid

    @property
    def forwarder_pid(self) -> int | None:
        """The forwarder's process, if there is one."""
        return self._forwarder.pid if self._forwarder else None

    def start(self, *, forwarder: list[str] | None = None) -> None:
        """Make the servers' namespace, the link, addresses, routes and firewalls. ``forwarder`` is its command line
        up to the two devices; None joins the namespaces by a veth pair."""
        self._holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec sleep infinity"], stdout=-1)
        assert self._holder.stdout is not None
        self._holder.stdout.readline()
        _sysctl({"net/ipv4/ping_group_range": "0 0"})
        if forwarder is None:
            _run(["ip", "link", "add", "lab0", "type", "veth", "peer", "name", "lab0", "netns", str(self.servers_pid)])
        else:
            self._forwarder = subprocess.Popen([*forwarder, "lab0", str(self.servers_pid), "lab0"], stdout=-1)
            assert self._forwarder.stdout is not None
            if self._forwarder.stdout.readline() != b"ready\n":
                raise RuntimeError("the forwarder did not start")
        _tune()
        _ip(_addresses(CLIENT6, CLIENT4))
        _ip([f"route add default via {GATEWAY6} dev lab0", f"route add default via {GATEWAY4} dev lab0"])
        _nft(_watch())
        self._inside(["ip", "-batch", "-"], "\n".join(_addresses(GATEWAY6, GATEWAY4)))
        self._inside(["sh", "-c", _TUNE_SERVERS])
        routes = [f"route add local {prefix} dev lo" for prefix in LOCAL6]
        routes += [f"route add local {prefix} dev lo" for prefix in LOCAL4]
        self._inside(["ip", "-batch", "-"], "\n".join(routes))
        self._inside(["nft", "-f", "-"], _faults())

    def stop(self) -> None:
        """End what was started here; the namespaces go with their last process."""
        for process in (self._forwarder, self._holder):
            if process is not None:
                process.send_signal(signal.SIGTERM if process is self._forwarder else signal.SIGKILL)
                process.wait(10)

    def _inside(self, command: list[str], text: str = "") -> None:
        _run(["nsenter", f"--net=/proc/{self.servers_pid}/ns/net", *command], text)


def counters() -> dict[str, int]:
    """Packets that left the client, by counter name; runs in the client's namespace."""
    listing = json.loads(_run(["nft", "-j", "list", "table", "inet", "watch"]))
    found = (entry["counter"] for entry in listing["nftables"] if "counter" in entry)
    return {counter["name"]: counter["packets"] for counter in found}


def _addresses(v6: str, v4: str) -> list[str]:
    return [
        "link set lo up",
        f"addr add {v6}/64 dev lab0 nodad",
        f"addr add {v4}/24 dev lab0",
        "link set lab0 txqueuelen 10000 up",
    ]


def _watch() -> str:
    """Counters on what leaves the client. A mapped address (::ffff:0:0/96) leaves as IPv4, into EMBEDDED4."""
    return "\n".join(
        [
            "table inet watch {",
            *(f"counter {name} {{ }}" for name in _COUNTERS),
            "chain out { type filter hook output priority 0; policy accept;",
            f"icmpv6 type {{ {_KERNEL_ICMP6} }} accept",
            f"ip6 daddr {{ {_SPECIAL6} }} counter name special6",
            f"ip daddr {{ {_SPECIAL4} }} counter name special4",
            f"ip daddr {RESOLVER4} counter name to_resolver4",
            f"ip daddr != {RESOLVER4} counter name ipv4",
            "tcp flags & (syn | ack) == syn meta nfproto ipv6 counter name tcp6_syn",
            "tcp flags & (syn | ack) == syn meta nfproto ipv4 counter name tcp4_syn",
            "ip6 daddr 2d0e::/16 udp dport 53 counter name dns_direct",
            "udp dport 53 counter name dns",
            "icmpv6 type echo-request counter name echo6",
            "}",
            "}",
        ]
    )


def _faults() -> str:
    """What the classes suffer from. A black hole drops before any socket; a path-MTU black hole drops what the
    server sends in full-size packets, and no Packet Too Big is sent for it."""
    return "\n".join(
        [
            "table inet faults {",
            "chain early { type filter hook prerouting priority -300; policy accept;",
            f"ip6 daddr {prefix6('blackhole')} drop",
            "}",
            "chain in { type filter hook input priority 0; policy accept;",
            f"ip6 daddr {prefix6('refused')} meta l4proto tcp reject with tcp reset",
            f"ip6 daddr {prefix6('prohibited')} reject with icmpv6 type admin-prohibited",
            f"ip6 daddr {prefix6('plainonly')} tcp dport 443 reject with tcp reset",
            f"tcp dport 80 ip6 daddr != {prefix6('plainonly')} reject with tcp reset",
            "}",
            "}",
            "table netdev path {",
            'chain out { type filter hook egress device "lab0" priority 0; policy accept;',
            f"ip6 saddr {prefix6('pmtu')} meta length > 1294 drop",
            "}",
            "}",
        ]
    )


_TUNE_SERVERS = """
set -e
cd /proc/sys/net
echo 1 > ipv6/ip_nonlocal_bind
echo 0 > ipv6/icmp/ratelimit
echo 0 > ipv4/icmp_ratelimit
echo 16384 > core/somaxconn
echo 16384 > ipv4/tcp_max_syn_backlog
echo 0 > ipv4/tcp_mtu_probing
"""


def _tune() -> None:
    _sysctl({"net/ipv4/ip_local_port_range": "1024 65535", "net/ipv4/tcp_mtu_probing": "0"})


def _sysctl(values: dict[str, str]) -> None:
    for key, value in values.items():
        Path("/proc/sys", key).write_text(value, encoding="ascii")


def _ip(lines: list[str]) -> None:
    _run(["ip", "-batch", "-"], "\n".join(lines))


def _nft(rules: str) -> None:
    _run(["nft", "-f", "-"], rules)


def _run(command: list[str], text: str = "") -> str:
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"}
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.stdout.write(json.dumps(counters()))
