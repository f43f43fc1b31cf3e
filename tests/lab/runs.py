"""Scans of the installed command that are watched and disturbed while they run."""

import contextlib
import json
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.lab.lab import ROOT, Lab
from tests.lab.scanning import COMMAND, Verdicts, read_report

DEADLINE_S = 45.0
STATES = "SELECT asset, pending FROM judgement"

# Every wait short, no good-neighbour limits: the lab's servers are our own.
_POLICY = """\
schema: ipv6check.policy/1
id: lab-short
concurrency: {concurrency}
timeouts: {{dns_udp: [0.5, 0.5, 1], dns_tcp: 1, tcp: {tcp}, tls: 1, http: 2, echo: 0.5}}
retries:
  connect_timeout: [0.1, 0.2]
  refused: [0.1]
  reset: [0.1]
  tls_http_timeout: [0.1]
  server_error: [0.1]
  rate_limited: [0.1]
  local: [0.1, 0.3]
  servfail: [0.03, 0.1]
  second_look_s: {second_look}
  retry_after_s: 1
  selftest_gap_s: 0.3
  selftest_patience_s: {patience}
pacing: {{connections: 0, per_address: 0, per_prefix: 0, new_per_prefix: 0, burst_per_prefix: 0,
         public_resolver_qps: 0, local_resolver_qps: 0, authority_qps: 0, backoff_scale: 0}}
"""


def short_policy(
    directory: Path, *, concurrency: int = 100, tcp: float = 1, second_look: float = 1, patience: float = 30
) -> Path:
    """A policy file for a scan of seconds."""
    path = directory / "short.yaml"
    path.write_text(
        _POLICY.format(concurrency=concurrency, tcp=tcp, second_look=second_look, patience=patience), encoding="utf-8"
    )
    return path


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What one disturbed scan is made of: the lab, its database, inventory and policy."""

    lab: Lab
    directory: Path
    db: str
    inventory: Path
    policy: Path
    resolver: str = ""

    def command(self, *extra: str | Path) -> list[str]:
        """The command line of the scan; its report goes to ``report.jsonl``."""
        told = self.lab.scan_options()
        told[told.index("--policy") + 1] = str(self.policy)
        if self.resolver:
            told[told.index("--resolver") + 1] = self.resolver
        words = ["scan", self.inventory, "--db", self.db, "-q", "-f", "jsonl", "-o", self.report, *extra]
        return [*COMMAND, *(str(word) for word in words), *told]

    @property
    def report(self) -> Path:
        """The report of the last scan that ended by itself."""
        return self.directory / "report.jsonl"

    def run(self, *extra: str | Path, before: Sequence[str] = (), timeout: float = 55) -> "Ended":
        """Run to the end. ``before`` is put before the command line, e.g. prlimit."""
        self.report.unlink(missing_ok=True)
        done = self.lab.run([*before, *self.command(*extra)], cwd=ROOT, timeout=timeout)
        assert "Traceback" not in done.stderr, done.stderr
        return Ended(done.returncode, done.stderr, read_report(self.report) if self.report.exists() else {})

    @contextlib.contextmanager
    def started(self, *extra: str | Path) -> Iterator["subprocess.Popen[bytes]"]:
        """The scan as a process that is under way; killed at the end of the block if it still lives."""
        log: IO[bytes]
        with (self.directory / "stderr.log").open("wb") as log:
            process = subprocess.Popen(
                self.lab.command(self.command(*extra)),
                cwd=ROOT,
                env=self.lab.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait(10)

    def states(self) -> dict[str, bool]:
        """Every stored result: asset → whether it awaits its second look."""
        return {asset: bool(pending) for asset, pending in self._rows(STATES)}

    def scan_state(self) -> str:
        """The state of the newest scan."""
        rows = self._rows("SELECT state FROM scan ORDER BY number DESC LIMIT 1")
        return str(rows[0][0]) if rows else ""

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        if self.db.startswith("sqlite"):
            path = Path(self.db.removeprefix("sqlite:///"))
            if not path.exists():
                return []
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as connection:
                try:
                    return connection.execute(query).fetchall()
                except sqlite3.OperationalError:  # the tables are not there yet
                    return []
        import psycopg

        with psycopg.connect(self.db) as server:
            try:
                return server.execute(query.encode()).fetchall()
            except psycopg.errors.UndefinedTable:
                return []


@dataclass(frozen=True)
class Ended:
    """A scan that ended by itself."""

    code: int
    stderr: str
    verdicts: Verdicts


def until(condition: Callable[[], bool], process: "subprocess.Popen[bytes] | None" = None) -> bool:
    """True as soon as the condition holds; False if the process ended before. Fails after the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        if process is not None and process.poll() is not None:
            return condition()
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.02)
    return True


def lull(bench: Bench, least: int, *, quiet_s: float = 1.5) -> Callable[[], bool]:
    """A condition: at least so many results are stored, some await the second look, and none came for a while.

    This is how the wait before the second look shows from outside; every shorter pause is a moment as good as any.
    """
    last, since = -1, 0.0

    def holds() -> bool:
        nonlocal last, since
        states = bench.states()
        if len(states) != last:
            last, since = len(states), time.monotonic()
        return last >= least and any(states.values()) and time.monotonic() - since >= quiet_s

    return holds


def certain(truth: Sequence[Mapping[str, Any]], verdicts: Verdicts) -> dict[tuple[str, str], str]:
    """The statuses of verdicts that chance does not decide, for comparing two scans of one world."""
    fixed = {(row["asset"], rule) for row in truth for rule, true in row["rules"].items() if len(true) == 1}
    return {key: status for key, (status, _) in verdicts.items() if key in fixed}


def contacted(lab: Lab) -> set[str]:
    """The hosts that nginx has logged."""
    lines = (lab.directory / "access.log").read_text(encoding="utf-8").splitlines()
    return {line.split()[3] for line in lines}


def forget_contacts(lab: Lab) -> None:
    """Empty the log of nginx."""
    (lab.directory / "access.log").write_bytes(b"")


def packets(lab: Lab, table: str) -> int:
    """Packets counted by the anonymous counters of a table of the client's firewall."""
    done = lab.run(["nft", "-j", "list", "table", "inet", table])
    assert done.returncode == 0, done.stderr
    rules = (entry["rule"]["expr"] for entry in json.loads(done.stdout)["nftables"] if "rule" in entry)
    return sum(part["counter"]["packets"] for expr in rules for part in expr if "counter" in part)
