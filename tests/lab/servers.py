"""The real servers of the lab: NSD for the zones, Unbound as resolver, nginx for the web. All in the foreground.

Each runs in the servers' namespace, pinned to one core, and dies with the process that started it.
"""

import shutil
import socket
import struct
import subprocess
import time
from pathlib import Path

from tests.lab.delegations import anchors
from tests.lab.plan import GOV_VN, RESOLVER4, RESOLVER6, ROOT, VN, Server, province_servers
from tests.lab.webserver import write_nginx
from tests.lab.world import World, address6
from tests.lab.zones import bogus, write_zones, zone_file

PROGRAMS = ("nsd", "named", "unbound", "nginx", "nft", "ip", "unshare", "nsenter", "taskset", "setpriv")
READY_S = 20.0


def missing_programs() -> list[str]:
    """Which programs of Debian's packages nsd, bind9, unbound, nginx-light, nftables, iproute2, util-linux are not
    here."""
    return [program for program in PROGRAMS if _find(program) is None]


class Servers:
    """Everything that answers. ``start`` returns when every socket answers."""

    def __init__(self, world: World, directory: Path, *, servers_pid: int, core: int | None, access_log: bool) -> None:
        self._world = world
        self._directory = directory
        self._core = core
        self._access_log = access_log
        self._enter = ["nsenter", f"--net=/proc/{servers_pid}/ns/net"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Write every configuration, start every server, wait until all answer. Raises RuntimeError with the log of
        one that died, TimeoutError if one stays silent."""
        zones = write_zones(self._world, self._directory / "zones")
        provinces = tuple(server for number in range(self._world.provinces) for server in province_servers(number))
        operators = {"root": ROOT, "vn": VN, "gov-vn": GOV_VN, "provinces": provinces}
        for operator, servers in operators.items():
            configuration = self._write_nsd(operator, servers, zones[operator])
            self._launch(f"nsd-{operator}", ["nsd", "-d", "-c", str(configuration)])
        self._launch("nginx", ["nginx", "-c", str(write_nginx(self._world, self._directory, self._access_log))])
        self._launch("unbound", ["unbound", "-d", "-p", "-c", str(self._write_unbound())])
        for operator, servers in operators.items():
            self._await(f"nsd-{operator}", servers[-1].v6, zones[operator][-1])
        for operator, servers in operators.items():
            self._await(f"nsd-{operator}", servers[0].v4, zones[operator][0])
        self._await("unbound", RESOLVER6, "gov.vn.")
        self._await_tcp("nginx", address6("healthy", 1), 443)

    def stop(self) -> None:
        """End them all, by pid."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _launch(self, name: str, command: list[str]) -> None:
        program = _find(command[0])
        if program is None:
            raise RuntimeError(f"{command[0]} is not installed")
        pin = ["taskset", "-c", str(self._core)] if self._core is not None else []
        with (self._directory / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [*self._enter, "setpriv", "--pdeathsig", "TERM", *pin, program, *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _write_nsd(self, operator: str, servers: tuple[Server, ...], zones: list[str]) -> Path:
        lines = [
            "server:",
            *(f"  ip-address: {address}" for server in servers for address in (server.v6, server.v4)),
            "  ip-freebind: yes",
            "  server-count: 1",
            "  tcp-count: 500",
            '  username: ""',
            '  chroot: ""',
            '  database: ""',
            f'  zonesdir: "{self._directory / "zones"}"',
            f'  pidfile: "{self._directory / f"nsd-{operator}.pid"}"',
            f'  xfrdfile: "{self._directory / f"nsd-{operator}.xfrd"}"',
            f'  xfrdir: "{self._directory}"',
            f'  zonelistfile: "{self._directory / f"nsd-{operator}.list"}"',
            "  hide-version: yes",
            "  rrl-ratelimit: 0",
            "  rrl-whitelist-ratelimit: 0",
            "remote-control:",
            "  control-enable: no",
        ]
        for zone in zones:
            lines += ["zone:", f'  name: "{zone}"', f'  zonefile: "{zone_file(self._directory / "zones", zone)}"']
        path = self._directory / f"nsd-{operator}.conf"
        path.write_text("\n".join([*lines, ""]), encoding="ascii")
        return path

    def _write_unbound(self) -> Path:
        hints = self._directory / "root.hints"
        hints.write_text(
            "".join(f". 3600000 NS {s.name}\n{s.name} 3600000 AAAA {s.v6}\n{s.name} 3600000 A {s.v4}\n" for s in ROOT),
            encoding="ascii",
        )
        # A trust anchor over an unsigned zone: validation must fail, with CD=1 the answer is there (RFC 4035).
        digest = "ab" * 32
        wrong = (f"{name}. DS 12345 13 2 {digest}" for name in bogus(self._world))
        anchored = [f'  trust-anchor: "{anchor}"' for anchor in (*wrong, *anchors())]
        path = self._directory / "unbound.conf"
        text = _UNBOUND.format(directory=self._directory, hints=hints, v6=RESOLVER6, v4=RESOLVER4)
        path.write_text(text + "\n".join([*anchored, ""]), encoding="ascii")
        return path

    def _await(self, name: str, address: str, zone: str) -> None:
        """Ask for the zone's SOA until NOERROR comes back."""
        query = _query(zone)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        deadline = time.monotonic() + READY_S
        while True:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.settimeout(0.1)
                sock.connect((address, 53))
                try:
                    sock.send(query)
                    answer = sock.recv(4096)
                except (TimeoutError, ConnectionRefusedError):
                    answer = b""
            if len(answer) > 12 and answer[3] & 0x0F == 0:
                return
            self._check(name, deadline)

    def _await_tcp(self, name: str, address: str, port: int) -> None:
        deadline = time.monotonic() + READY_S
        while True:
            try:
                with socket.create_connection((address, port), timeout=1):
                    return
            except OSError:
                self._check(name, deadline)

    def _check(self, name: str, deadline: float) -> None:
        process = self.processes[name]
        if process.poll() is not None:
            log = (self._directory / f"{name}.log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{name} ended with {process.returncode}: {log[-2000:]}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} does not answer after {READY_S:.0f} s")
        time.sleep(0.01)


def _query(zone: str) -> bytes:
    """A question for the zone's SOA, recursion desired."""
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in zone.split(".") if label)
    return struct.pack("!6H", 4321, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", 6, 1)


def _find(program: str) -> str | None:
    """Where a program is; Debian keeps servers in /usr/sbin, which a user's PATH may lack."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")


_UNBOUND = """\
server:
  directory: "{directory}"
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  verbosity: 0
  interface: {v6}
  interface: {v4}
  ip-freebind: yes
  access-control: ::/0 allow
  access-control: 0.0.0.0/0 allow
  num-threads: 1
  outgoing-range: 4096
  num-queries-per-thread: 4096
  msg-cache-size: 64m
  rrset-cache-size: 128m
  edns-buffer-size: 1232
  max-udp-size: 1232
  module-config: "validator iterator"
  root-hints: "{hints}"
  ratelimit: 0
  ip-ratelimit: 0
"""
