"""A chain of routers with one fault a prefix: client – r1 – r2 – server; runs inside fresh namespaces.

The link between the routers carries 1280 octets for every prefix but ``wide``. The server answers for all of them
(AnyIP), so a fault is one route or one rule on a router. Prints one JSON line when all answers, and holds it until
stdin ends: ``python -m tests.lab.chain DIRECTORY``.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.lab.pki import Authority

KINDS = ("wide", "narrow", "swallowed", "slow", "prohibited", "unrouted", "dropped", "looping", "plain", "refused")
"""``narrow``: too big a packet is told so; ``swallowed``: nobody is told; ``slow``: the server waits before it speaks;
``plain``: no packet with an extension header passes. The others are what a router does with every packet."""

R1, R2 = "2d0c::1", "2d01::2"
"""Where the routers answer from: their side of the link that leads back to the client."""

CLIENT6, CLIENT4 = "2d0c::2", "30.0.0.2"
RESOLVER = "2d02::53"
SLOW_S = 2.5  # longer than a phase may take under the policy of the tests, shorter than anybody's patience


def prefix(kind: str) -> str:
    """The IPv6 prefix of a kind."""
    return f"2d00:{KINDS.index(kind) + 1:x}::/32"


def address(kind: str) -> str:
    """The address of the kind's server; its IPv4 one is 29.0.0.NUMBER, of the kinds that have one."""
    return f"2d00:{KINDS.index(kind) + 1:x}::80"


def address4(kind: str) -> str:
    """The IPv4 address of a kind."""
    return f"29.0.0.{KINDS.index(kind) + 1}"


class Chain:
    """The namespaces of the routers and the server, each held by a sleeping process."""

    def __init__(self) -> None:
        self.pids: dict[str, int] = {}
        self._holders: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Make the namespaces, links, routes and faults."""
        for name in ("r1", "r2", "server"):
            holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec sleep infinity"], stdout=-1)
            assert holder.stdout is not None
            holder.stdout.readline()
            self._holders.append(holder)
            self.pids[name] = holder.pid
        Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0", encoding="ascii")
        for name in ("client", "r1", "r2", "server"):  # a neighbour is known at once, not after a second
            self._shell(
                name, "for one in accept_dad dad_transmits; do echo 0 > /proc/sys/net/ipv6/conf/default/$one; done"
            )
        self._run("client", f"ip link add lab0 type veth peer name north netns {self.pids['r1']}")
        self._run("r1", f"ip link add south type veth peer name north netns {self.pids['r2']}")
        self._run("r2", f"ip link add south type veth peer name north netns {self.pids['server']}")
        for name, text in _ADDRESSES.items():
            self._run(name, "ip -batch -", text)
        for name in ("r1", "r2"):
            self._shell(name, _FORWARD)
        self._shell("server", "echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind")
        self._run("client", "ip -batch -", "\n".join(map(_own_source, KINDS)))
        self._run("r1", "ip -batch -", "\n".join([f"route add {prefix(kind)} {_far(kind)}" for kind in KINDS]))
        self._run("r2", "ip -6 -batch -", "\n".join(map(_at_r2, KINDS)))
        self._run("r2", "ip -6 -batch -", _back())
        self._run("server", "ip -batch -", "route add local 2d00::/16 dev lo\nroute add local 29.0.0.0/8 dev lo")
        for name in ("r1", "r2"):
            self._run(name, "nft -f -", _rules())
        self._run("client", "nft -f -", _COUNTERS)

    def stop(self) -> None:
        """End the holders; the namespaces go with them."""
        for holder in self._holders:
            holder.send_signal(signal.SIGKILL)
            holder.wait(10)

    def inside(self, name: str) -> list[str]:
        """The words that enter a namespace."""
        return [] if name == "client" else ["nsenter", f"--net=/proc/{self.pids[name]}/ns/net"]

    def _shell(self, name: str, script: str) -> None:
        self._run(name, "sh -e", script)

    def _run(self, name: str, command: str, text: str = "") -> None:
        words = [*self.inside(name), *command.split()]
        done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name}: {command}: {done.stderr.strip()}\n{text}")


def _own_source(kind: str) -> str:
    """The client has an address for each kind: what the server learns about the path to one (RFC 8201 section 5.2)
    must not help the others."""
    mine = f"2d0c::{KINDS.index(kind) + 1:x}:1"
    return f"addr add {mine}/64 dev lab0 nodad\nroute add {prefix(kind)} via {R1} src {mine}"


def _far(kind: str) -> str:
    """r1's way to a kind; towards a narrow one nothing above 1280 octets is forwarded."""
    return f"via {R2}" + ("" if kind == "wide" else " mtu lock 1280")


def _at_r2(kind: str) -> str:
    """What r2 does with a kind's packets."""
    ways = {"unrouted": "unreachable", "dropped": "blackhole", "prohibited": "prohibit"}
    if kind == "looping":
        return f"route add {prefix(kind)} via 2d01::1"
    if kind in ways:
        return f"route add {ways[kind]} {prefix(kind)}"
    return f"route add {prefix(kind)} via 2d02::3"


def _back() -> str:
    """r2's way back to the client: by where a packet comes from, 1280 octets for all but the wide kind."""
    lines = ["route add 2d0c::/64 via 2d01::1", "route add 2d0c::/64 via 2d01::1 mtu lock 1280 table 100"]
    lines += [f"rule add from {prefix(kind)} lookup 100" for kind in KINDS if kind != "wide"]
    return "\n".join(lines)


def _rules() -> str:
    """Packet Too Big about the swallowed kind goes nowhere: to the server by its address, to the client by the
    destination of the packet it quotes. Extension headers to and from the plain kind are dropped."""
    group = f"0x2d00{KINDS.index('swallowed') + 1:04x}"
    plain = prefix("plain")
    return "\n".join(
        [
            "table inet faults {",
            "chain out { type filter hook output priority 0; policy accept;",
            f"icmpv6 type packet-too-big ip6 daddr {prefix('swallowed')} drop",
            f"icmpv6 type packet-too-big @th,256,32 {group} drop",
            "}",
            "chain through { type filter hook forward priority 0; policy accept;",
            f"ip6 daddr {plain} exthdr dst exists drop",
            f"ip6 daddr {plain} exthdr frag exists drop",
            f"ip6 daddr {prefix('refused')} meta l4proto tcp reject with tcp reset",
            "}",
            "}",
        ]
    )


_FORWARD = (
    "cd /proc/sys/net; echo 1 > ipv6/conf/all/forwarding; echo 1 > ipv4/ip_forward; echo 0 > ipv6/icmp/ratelimit;"
    " echo 0 > ipv4/icmp_ratelimit"
)
_ADDRESSES = {
    "client": f"""link set lo up
addr add {CLIENT6}/64 dev lab0 nodad
addr add {CLIENT4}/24 dev lab0
link set lab0 up
route add default via {R1}
route add default via 30.0.0.1""",
    "r1": f"""link set lo up
addr add {R1}/64 dev north nodad
addr add 30.0.0.1/24 dev north
addr add 2d01::1/64 dev south nodad
addr add 30.1.0.1/24 dev south
link set north up
link set south up
route add 2d02::/64 via {R2}
route add 29.0.0.0/8 via 30.1.0.2""",
    "r2": f"""link set lo up
addr add {R2}/64 dev north nodad
addr add 30.1.0.2/24 dev north
addr add 2d02::2/64 dev south nodad
addr add 30.2.0.2/24 dev south
link set north up
link set south up
route add 30.0.0.0/24 via 30.1.0.1
route add 29.0.0.0/8 via 30.2.0.3""",
    "server": f"""link set lo up
addr add 2d02::3/64 dev north nodad
addr add {RESOLVER}/64 dev north nodad
addr add 30.2.0.3/24 dev north
link set north up
route add default via 2d02::2
route add default via 30.2.0.2""",
}
_COUNTERS = """table inet watch {
counter ipv4 { }
counter tcp6 { }
counter elsewhere6 { }
chain out { type filter hook output priority 0; policy accept;
icmpv6 type { 130-137, 143 } accept
oif lo accept
meta nfproto ipv4 counter name ipv4
tcp flags & (syn | ack) == syn meta nfproto ipv6 counter name tcp6
ip6 daddr != { 2d00::/16, 2d02::53 } counter name elsewhere6
}
}"""


def main() -> int:
    """Bring the chain up and hold it."""
    directory = Path(sys.argv[1])
    began = time.monotonic()
    authority = Authority(directory / "pki")
    names = [f"{kind}.path.test" for kind in KINDS]
    certificate = authority.issue("fat", names + [f"alias-{number}.path.test" for number in range(100)])
    chain = Chain()
    server = None
    try:
        chain.start()
        server = subprocess.Popen(
            [*chain.inside("server"), sys.executable, "-m", "tests.lab.chainserver", str(certificate)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert server.stdout is not None
        if server.stdout.readline() != b"ready\n":
            raise RuntimeError("the chain's server did not start")
        told = {"pid": os.getpid(), "servers_pid": chain.pids["server"], "pids": chain.pids}
        sys.stdout.write(json.dumps(told | {"seconds": round(time.monotonic() - began, 2)}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        if server is not None:
            server.kill()
            server.wait()
        chain.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
