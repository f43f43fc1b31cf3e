"""The benchmark: scans of the lab, what they cost, and whether what they say is true.

    python -m tests.lab.bench [--names 1000,10000] [--only "WORD …"] [-o FILE]

The program runs on core 0, every server and the forwarder on core 1. The floor (two blocking TLS connections with a
small GET over a plain socket) is measured in the same lab just before. Queries (UDP to port 53) and connections
(SYN) a target are what the client's firewall counted. Prints Markdown for docs/benchmarks.md.
"""

import argparse
import json
import platform
import re
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.lab.lab import ROOT, Lab, LabUnavailable, Options, running
from tests.lab.measure import Cost, measure, raise_file_limit
from tests.lab.scanning import COMMAND, Wrong, compare, read_report, scan_command, summary

# What a scan is asked for. "full" is every rule a domain has; "core" the catalogue of the main job: per healthy name
# AAAA, A and SOA, the zone's RFC 4074 pairs once a zone, an echo and a TLS connection with
# a GET over both families.
PROFILES: dict[str, tuple[str, ...]] = {
    "full": (),
    "core": (
        *("DNS001", "DNS002", "DNS003", "DNS004", "ADR001", "ADR002", "ADR003", "TCP001", "TCP002", "ICM001"),
        *("TLS001", "TLS002", "HTTP001", "HTTP002", "HTTP003", "HTTP004", "HTTP005", "LAT001"),
    ),
    "ipv6-only": ("DNS001", "HTTP001"),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of the table. ``delay`` None is a direct link, 0 and 40 go through the forwarder."""

    names: int
    population: str
    profile: str
    delay: float | None = None
    loss: float = 0.0

    @property
    def link(self) -> str:
        """The link in a word."""
        if self.delay is None:
            return "direct"
        return f"{2 * self.delay:.0f} ms, {2 * self.loss:g} %"

    @property
    def lab(self) -> Options:
        """The lab this case needs."""
        return Options(names=self.names, population=self.population, delay=self.delay, loss=self.loss)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a case. ``tail_s``: from 95 % of the assets judged to the end of the scan. ``sent`` are the packets
    that left, by the firewall's counter."""

    case: Case
    floor_ms: float
    cost: Cost
    wrong: list[Wrong]
    tail_s: float | None
    lag_ms: str
    sent: dict[str, int]

    def row(self) -> str:
        """A row of the Markdown table."""
        case, cost = self.case, self.cost
        assets = len({one.asset for one in self.wrong})
        false = sum(one.false for one in self.wrong)
        missing = sum(not one.said for one in self.wrong)
        undecided = len(self.wrong) - false - missing
        cells = (
            f"{case.names:,}",
            case.population,
            case.profile,
            case.link,
            f"{cost.cpu_s * 1000 / case.names:.2f}",
            f"{self.floor_ms:.2f}",
            f"{self.sent['dns'] / case.names:.2f}",
            f"{(self.sent['tcp6_syn'] + self.sent['tcp4_syn']) / case.names:.2f}",
            f"{cost.wall_s:.1f}",
            f"{case.names / cost.wall_s:.0f}",
            "-" if self.tail_s is None else f"{self.tail_s:.1f}",
            f"{cost.rss_mb:.0f}",
            self.lag_ms,
            f"{cost.servers * 100:.0f} %{' **server-bound**' if cost.server_bound else ''}",
            f"{false} false, {undecided} undecided, {missing} missing, in {assets} names",
            str(cost.code),
        )
        return f"| {' | '.join(cells)} |"


HEAD = (
    "| names | population | profile | link | CPU-ms/target | floor | queries | connections | wall s | targets/s "
    "| tail s | peak RSS MB | loop lag p99 ms | servers' core | wrong verdicts | exit |\n" + "|---" * 16 + "|"
)


def cases(sizes: list[int]) -> list[Case]:
    """The whole matrix for these sizes; the forwarder's cases at the size of 10,000 or, without it, the largest."""
    found = [
        Case(names=names, population=population, profile=profile)
        for names in sizes
        for population in ("healthy", "mix")
        for profile in PROFILES
    ]
    far = 10_000 if 10_000 in sizes else max(sizes)
    for delay, loss in ((0.0, 0.0), (40.0, 0.25)):
        found += [Case(names=far, population="mix", profile="full", delay=delay, loss=loss)]
    return found


def main() -> int:
    """Run the cases, one lab for all that need the same, and write the table as it grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.bench")
    parser.add_argument("--names", default="1000,10000", help="sizes; 100000 takes a while")
    parser.add_argument("--only", default="", help="words that must all occur in a case, e.g. 'mix full direct'")
    parser.add_argument("-o", "--output", type=Path, help="also write the table to a file")
    options = parser.parse_args()
    raise_file_limit()
    chosen = [
        case
        for case in cases([int(size) for size in options.names.split(",")])
        if all(word in f"{case.population} {case.profile} {case.link} {case.names}" for word in options.only.split())
    ]
    results: list[Result] = []
    try:
        for wanted in dict.fromkeys(case.lab for case in chosen):
            with running(wanted) as lab:
                floor = _floor(lab)
                for case in (case for case in chosen if case.lab == wanted):
                    results.append(_run(lab, case, floor))
                    _say(f"{results[-1].row()}\n{summary(results[-1].wrong)}")
    except LabUnavailable as why:
        _say(f"bench: {why}")
        return 5
    table = "\n".join([_machine(), "", HEAD, *(result.row() for result in results), ""])
    sys.stdout.write(table)
    if options.output:
        options.output.write_text(table, encoding="utf-8")
    return 0


def _run(lab: Lab, case: Case, floor_ms: float) -> Result:
    with tempfile.TemporaryDirectory(prefix="ipv6check-bench-") as name:
        directory = Path(name)
        rules = PROFILES[case.profile]
        extra = ["-f", "none", *(["--rules", ",".join(rules)] if rules else [])]
        log = directory / "log"
        lab.reset_counters()
        cost = measure(
            lab.command(scan_command(lab, directory / "scan.db", *extra), core=0),
            core=1 if lab.options.pinned else None,
            env=_installed(lab),
            cwd=ROOT,
            log=log,
        )
        sent = lab.counters()
        report = directory / "report.jsonl"
        command = [*COMMAND, "report", "--db", f"sqlite:///{directory / 'scan.db'}", "-f", "jsonl", "-o", report]
        lab.run(command, cwd=ROOT)
        verdicts = read_report(report) if report.exists() else {}
        text = log.read_text(encoding="utf-8", errors="replace")
        lag = re.search(r"lag\D*([\d.]+) ms", text)
        if cost.code:
            _say(text[-2000:])
        return Result(
            case=case,
            floor_ms=floor_ms,
            cost=cost,
            wrong=compare(lab.truth(), verdicts, rules or None),
            tail_s=_tail(directory / "scan.db"),
            lag_ms=lag[1] if lag else "-",
            sent=sent,
        )


def _installed(lab: Lab) -> dict[str, str]:
    """The environment of a scan that finds its modules compiled, as an installed command does."""
    compiled = {"PYTHONPYCACHEPREFIX": str(lab.directory / "compiled")}
    env = {key: value for key, value in lab.environment().items() if key != "PYTHONDONTWRITEBYTECODE"} | compiled
    if not (lab.directory / "compiled").exists():
        warm = scan_command(lab, lab.directory / "warm.db", "-f", "none", "--limit", "1")
        lab.run(warm, env=env, cwd=ROOT)
    return env


def _floor(lab: Lab) -> float:
    """The floor in CPU-ms a target; from fewer targets over a long link, where each takes half a second."""
    count = "30" if lab.options.delay else "300"
    done = lab.run([sys.executable, "-m", "tests.lab.floor", lab.inventory, count], core=0, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(json.loads(done.stdout)["cpu_ms_per_target"])


def _tail(database: Path) -> float | None:
    """Seconds from the moment 95 % of the assets had their last judgement to the end of the scan."""
    if not database.exists():
        return None
    connection = sqlite3.connect(database)
    try:
        moments = [row[0] for row in connection.execute("SELECT judged_at FROM judgement ORDER BY judged_at")]
        ended = connection.execute("SELECT max(ended) FROM scan").fetchone()[0]
    finally:
        connection.close()
    if not moments or ended is None:
        return None
    return float(ended - moments[int(len(moments) * 0.95)])


def _machine() -> str:
    """What the figures were measured on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    try:
        import uvloop

        loop = f"uvloop {uvloop.__version__}"
    except ImportError:
        loop = "asyncio"
    return f"{model}, Linux {platform.release()}, CPython {platform.python_version()}, {loop}"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
