"""Runs the installed command in the lab, and holds what it says against the truth."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.lab import ROOT, Lab
from tests.lab.truth import FAIL, PASS

COMMAND = (sys.executable, "-m", "ipv6check")
Verdicts = Mapping[tuple[str, str], tuple[str, str]]
"""(asset, rule) → (status, tag)."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A verdict that is not true. ``false``: pass said where fail is true, or the other way round."""

    asset: str
    kind: str
    rule: str
    said: str
    tag: str
    true: tuple[str, ...]

    @property
    def false(self) -> bool:
        """True for a verdict that states the opposite of the truth, not merely less."""
        return self.said in (PASS, FAIL)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One finished scan."""

    code: int
    stderr: str
    verdicts: Verdicts = field(repr=False)


def scan_command(lab: Lab, database: Path, *extra: str | Path, inventory: Path | None = None) -> list[str]:
    """The command line of a scan into ``database``. ``--resolver`` among ``extra`` replaces the lab's."""
    words = ["scan", inventory or lab.inventory, "--db", f"sqlite:///{database}", *extra]
    told = lab.scan_options() if "--resolver" not in extra else lab.scan_options()[2:]
    return [*COMMAND, *(str(word) for word in words), *told]


def scan(lab: Lab, directory: Path, *extra: str | Path, inventory: Path | None = None, timeout: float = 300) -> Outcome:
    """Scan as ``scan_command`` and read the report back."""
    report = directory / "report.jsonl"
    command = scan_command(lab, directory / "scan.db", "-f", "jsonl", "-o", report, *extra, inventory=inventory)
    done = lab.run(command, cwd=ROOT, timeout=timeout)
    verdicts = read_report(report) if report.exists() else {}
    return Outcome(code=done.returncode, stderr=done.stderr, verdicts=verdicts)


def read_report(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Every verdict of a report in JSON lines."""
    found = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if "rule" in row:
                found[row["asset"], row["rule"]] = (row["status"], row["tag"])
    return found


def compare(truth: Iterable[Mapping[str, Any]], verdicts: Verdicts, rules: Sequence[str] | None = None) -> list[Wrong]:
    """Every verdict that is not true, and every one that is missing (``said`` is then empty). ``rules``: codes or
    families, where only those were asked for."""
    wrong = []
    for row in truth:
        for rule, true in row["rules"].items():
            if rules is not None and not any(rule.startswith(wanted) for wanted in rules):
                continue
            said, tag = verdicts.get((row["asset"], rule), ("", ""))
            if said not in true:
                wrong.append(Wrong(row["asset"], row["class"], rule, said, tag, tuple(true)))
    return wrong


def summary(wrong: Iterable[Wrong]) -> str:
    """Wrong verdicts by class, rule and what was said, most frequent first: for the message of a failed assertion."""
    kinds = Counter((one.kind, one.rule, one.said, one.tag, one.true) for one in wrong)
    lines = [
        f"{count} x {kind} {rule}: said {said or 'nothing'} ({tag}), true is {' or '.join(true)}"
        for (kind, rule, said, tag, true), count in kinds.most_common(40)
    ]
    return "\n".join(lines)


def few_of_each(lab: Lab, directory: Path, count: int = 2, *, kinds: Sequence[str] | None = None) -> Path:
    """An inventory with ``count`` names of each class (or of ``kinds``)."""
    left: Counter[str] = Counter()
    chosen = set()
    for row in lab.truth():
        if (kinds is None or row["class"] in kinds) and left[row["class"]] < count:
            left[row["class"]] += 1
            chosen.add(row["asset"])
    lines = lab.inventory.read_text(encoding="utf-8").splitlines(keepends=True)
    path = directory / "few.csv"
    path.write_text("".join([lines[0], *(line for line in lines[1:] if line.split(",")[0] in chosen)]), "utf-8")
    return path


def truth_about(lab: Lab, inventory: Path) -> list[Mapping[str, Any]]:
    """The truth of the names in an inventory."""
    names = {line.split(",")[0] for line in inventory.read_text(encoding="utf-8").splitlines()[1:]}
    return [row for row in lab.truth() if row["asset"] in names]
