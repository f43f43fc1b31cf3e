"""The lab's outer half: a handle on a running lab, for tests, the benchmark and people."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.network import ZERO_COUNTERS
from tests.lab.plan import ANCHORS, RESOLVER6
from tests.lab.servers import missing_programs
from tests.lab.webserver import root_certificate
from tests.lab.world import SEED

ROOT = Path(__file__).parents[2]


class LabUnavailable(Exception):
    """This system cannot run the lab; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How big and how far away. ``delay`` in ms each way; None joins the namespaces by a veth pair instead of the
    forwarder. ``loss`` in percent each way. ``corners``: names of each class that the mix does not hold."""

    names: int = 600
    population: str = "mix"
    corners: int = 0
    seed: int = SEED
    delay: float | None = None
    loss: float = 0.0
    access_log: bool = False
    pinned: bool = True


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A running lab. ``pids`` are the servers' (and the forwarder's) processes."""

    directory: Path
    pid: int
    servers_pid: int
    pids: Mapping[str, int]
    seconds: float
    options: Options
    extra_env: Mapping[str, str] = field(default_factory=dict)

    @property
    def inventory(self) -> Path:
        """Every name, as CSV."""
        return self.directory / "inventory.csv"

    def scan_options(self) -> list[str]:
        """What a scan must be told to trust this world: resolver, anchors, policy, contact."""
        anchors = [word for anchor in ANCHORS for word in ("--anchor", anchor)]
        return ["--resolver", f"[{RESOLVER6}]:53", *anchors, "--policy", "lab", "--contact", "noc@example.vn"]

    def truth(self) -> Iterator[dict[str, Any]]:
        """The truth of every name."""
        with (self.directory / "truth.jsonl").open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def command(self, command: Sequence[str | Path], *, core: int | None = None, servers: bool = False) -> list[str]:
        """The command line that runs ``command`` in the client's namespaces (or the servers')."""
        user = ["--user", "--preserve-credentials"] if _in_user_namespace() else []
        net = self.servers_pid if servers else self.pid
        pin = ["taskset", "-c", str(core)] if core is not None else []
        enter = ["nsenter", f"--target={self.pid}", *user, "--mount", f"--net=/proc/{net}/ns/net", "--wd=."]
        return [*enter, *pin, *(str(word) for word in command)]

    def environment(self) -> dict[str, str]:
        """The environment of commands in the lab: its certificate authority, and no proxy."""
        env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        trust = str(root_certificate(self.directory))
        path = f"{env.get('PATH', '')}:/usr/sbin:/sbin"
        return env | {"SSL_CERT_FILE": trust, "CURL_CA_BUNDLE": trust, "PATH": path} | dict(self.extra_env)

    def run(
        self, command: Sequence[str | Path], *, core: int | None = None, servers: bool = False, **arguments: Any
    ) -> "subprocess.CompletedProcess[str]":
        """Run to the end and capture what it prints; ``arguments`` go to ``subprocess.run``."""
        arguments = {"capture_output": True, "text": True, "env": self.environment()} | arguments
        return subprocess.run(self.command(command, core=core, servers=servers), check=False, **arguments)

    def counters(self) -> dict[str, int]:
        """Packets that left the client since ``reset_counters``, by name; see ``network``."""
        done = self.run([sys.executable, "-m", "tests.lab.network"], cwd=ROOT)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    def reset_counters(self) -> None:
        """Set all counters to 0."""
        done = self.run(ZERO_COUNTERS)
        if done.returncode:
            raise RuntimeError(done.stderr)


@contextlib.contextmanager
def running(options: Options) -> Iterator[Lab]:
    """Bring a lab up, give its handle, take it down. Raises LabUnavailable where the system does not allow it."""
    unavailable = why_not(tun=options.delay is not None)
    if unavailable:
        raise LabUnavailable(unavailable)
    directory = Path(tempfile.mkdtemp(prefix="ipv6check-lab-"))
    with _held(["tests.lab.inside", *_arguments(options, directory)], directory) as told:
        yield Lab(directory=directory, options=options, **told)


@contextlib.contextmanager
def chained() -> Iterator[Lab]:
    """The chain of routers of ``tests.lab.chain``, in the same way."""
    unavailable = why_not()
    if unavailable:
        raise LabUnavailable(unavailable)
    directory = Path(tempfile.mkdtemp(prefix="ipv6check-chain-"))
    with _held(["tests.lab.chain", str(directory)], directory) as told:
        yield Lab(directory=directory, options=Options(), **told)


@contextlib.contextmanager
def _held(module: list[str], directory: Path) -> Iterator[dict[str, Any]]:
    """What an inner half says when it is up; it goes down, and its directory with it, at the end."""
    keeper = subprocess.Popen(
        [*_unshare(), sys.executable, "-m", *module],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"},
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        line = keeper.stdout.readline()
        if not line:
            raise RuntimeError(f"the lab did not come up (exit {keeper.wait(30)}); its reason is on stderr")
        yield json.loads(line)
    finally:
        keeper.stdin.close()
        keeper.stdout.close()
        try:
            keeper.wait(30)
        finally:
            shutil.rmtree(directory, ignore_errors=True)


def why_not(*, tun: bool = False) -> str:
    """Why this system cannot run the lab (with the forwarder, if ``tun``); empty if it can."""
    if tun and not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "the forwarder needs /dev/net/tun, which is missing or not ours to open"
    if tun and shutil.which("gcc") is None:
        return "the forwarder needs gcc"
    missing = missing_programs()
    if missing:
        return f"not installed: {', '.join(missing)}"
    done = subprocess.run([*_unshare(), "true"], capture_output=True, text=True, check=False)
    return f"no namespaces here: {done.stderr.strip()}" if done.returncode else ""


def _in_user_namespace() -> bool:
    """Root needs no user namespace; IPV6CHECK_LAB_ROOTLESS=1 takes one all the same, to try the rootless way."""
    return os.geteuid() != 0 or os.environ.get("IPV6CHECK_LAB_ROOTLESS") == "1"


def _unshare() -> list[str]:
    return ["unshare", "--net", "--mount", *(["--user", "--map-root-user"] if _in_user_namespace() else [])]


def _arguments(options: Options, directory: Path) -> list[str]:
    words = ["--names", options.names, "--population", options.population, "--corners", options.corners]
    words += ["--seed", options.seed, "--loss", options.loss, "--directory", directory]
    if options.delay is not None:
        words += ["--delay", options.delay]
    if options.pinned and (os.cpu_count() or 1) > 1:
        words += ["--servers-core", 1]
    if options.access_log:
        words += ["--access-log"]
    return [str(word) for word in words]
