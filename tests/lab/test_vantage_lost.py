"""A vantage that goes blind in the middle of a scan: waited for, then either whole again or told."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab.lab import ROOT, Lab
from tests.lab.plan import RESOLVER4, RESOLVER6
from tests.lab.runs import Bench, packets, short_policy, until
from tests.lab.scanning import compare, few_of_each, read_report, summary, truth_about
from tests.lab.truth import FAIL, UNKNOWN

UNTRUSTWORTHY = 3


@contextmanager
def dark(lab: Lab) -> Iterator[None]:
    """IPv6 connections and echoes vanish; those of the self-test to the anchors are counted in the same table."""
    rules = "meta nfproto ipv6 tcp dport 53 counter drop\nmeta nfproto ipv6 meta l4proto tcp drop\n"
    text = f"table inet dark {{\nchain out {{\ntype filter hook output priority 10;\n{rules}"
    done = lab.run(["nft", "-f", "-"], input=f"{text}icmpv6 type echo-request drop\n}}\n}}\n")
    assert done.returncode == 0, done.stderr
    try:
        yield
    finally:
        lab.run(["nft", "delete", "table", "inet", "dark"])


def _bench(lab: Lab, directory: Path, patience: float) -> Bench:
    return Bench(
        lab=lab,
        directory=directory,
        db=f"sqlite:///{directory / 'scan.db'}",
        inventory=few_of_each(lab, directory, 3),
        policy=short_policy(directory, concurrency=12, patience=patience),
        resolver=f"{RESOLVER4}:53",
    )


def test_dark_for_a_while_costs_time_only(lab: Lab, tmp_path: Path) -> None:
    bench = _bench(lab, tmp_path, 40)
    truth = truth_about(lab, bench.inventory)
    with bench.started() as process:
        assert until(lambda: len(bench.states()) >= len(truth) // 10, process)
        with dark(lab):
            # Three anchors were tried in the dark: a self-test has begun, and fails.
            assert until(lambda: packets(lab, "dark") >= 3, process)
        assert process.wait(50) == 0, (tmp_path / "stderr.log").read_text()
    assert bench.scan_state() == "complete"
    false = [one for one in compare(truth, read_report(bench.report)) if one.false]
    assert not false, summary(false)
    with bench.report.open(encoding="utf-8") as report:
        assert json.loads(report.readline())["scan"]["trustworthy"] is True


def test_dark_for_good_is_told_and_blamed_on_nobody(lab: Lab, tmp_path: Path) -> None:
    bench = _bench(lab, tmp_path, 2)
    truth = truth_about(lab, bench.inventory)
    with bench.started() as process:
        assert until(lambda: len(bench.states()) >= len(truth) // 10, process)
        with dark(lab):
            assert process.wait(50) == UNTRUSTWORTHY, (tmp_path / "stderr.log").read_text()
    false = [one for one in compare(truth, read_report(bench.report)) if one.said == FAIL]
    assert not false, summary(false)


@pytest.mark.parametrize("how", ["silent", "servfail"])
def test_a_resolver_that_fails_for_all_proves_nothing(lab: Lab, tmp_path: Path, how: str) -> None:
    """Silent: its packets are dropped."""
    bench = Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=few_of_each(lab, tmp_path, 1),
        policy=short_policy(tmp_path),
        resolver=f"[{RESOLVER6 if how == 'silent' else '2d0d::67'}]:53",
    )
    with _broken(lab) if how == "silent" else _servfail(lab):
        ended = bench.run()
    assert ended.code == UNTRUSTWORTHY, ended.stderr
    assert ended.verdicts
    assert {status for (_, rule), (status, _) in ended.verdicts.items() if rule != "DNS004"} == {UNKNOWN}


@contextmanager
def _broken(lab: Lab) -> Iterator[None]:
    text = "table inet mute {\nchain out {\ntype filter hook output priority 10;\n"
    done = lab.run(["nft", "-f", "-"], input=f"{text}ip6 daddr {RESOLVER6} drop\n}}\n}}\n")
    assert done.returncode == 0, done.stderr
    try:
        yield
    finally:
        lab.run(["nft", "delete", "table", "inet", "mute"])


@contextmanager
def _servfail(lab: Lab) -> Iterator[None]:

    command = [sys.executable, "-m", "tests.lab.servfail", "2d0d::67"]
    server = subprocess.Popen(
        lab.command(command, servers=True), cwd=ROOT, env=lab.environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield
    finally:
        server.kill()
        server.communicate()
