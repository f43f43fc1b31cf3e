"""A machine that lacks sockets, ports or permissions says less, never something else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.lab.lab import Lab
from tests.lab.runs import Bench, Ended, short_policy
from tests.lab.scanning import compare, few_of_each, summary, truth_about
from tests.lab.truth import FAIL, PASS, UNKNOWN

UNTRUSTWORTHY = 3
_PORTS = "/proc/sys/net/ipv4/ip_local_port_range"


@pytest.fixture
def bench(lab: Lab, tmp_path: Path) -> Bench:
    return Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=few_of_each(lab, tmp_path, 2),
        policy=short_policy(tmp_path),
    )


def test_64_file_descriptors_are_enough(bench: Bench) -> None:
    ended = bench.run(before=("prlimit", "--nofile=64:64"))
    truth = truth_about(bench.lab, bench.inventory)
    assert ended.code == 0, ended.stderr
    assert len(bench.states()) == len(truth)
    wrong = compare(truth, ended.verdicts)
    assert not wrong, summary(wrong)


def test_without_free_ports_nothing_is_blamed_on_a_target(bench: Bench) -> None:
    """Six ports for everything: what could not be sent is unknown."""
    lab = bench.lab
    before = lab.run(["cat", _PORTS]).stdout.strip()
    _write(lab, "61000 61005", _PORTS)
    try:
        ended = bench.run()
    finally:
        _write(lab, before, _PORTS)
    truth = truth_about(lab, bench.inventory)
    assert ended.code in (0, UNTRUSTWORTHY), ended.stderr
    assert len(bench.states()) == len(truth)
    _assert_nothing_false(truth, ended)


def test_echo_without_permission_is_unknown_and_nothing_else_changes(bench: Bench) -> None:
    lab = bench.lab
    groups = "/proc/sys/net/ipv4/ping_group_range"
    before = lab.run(["cat", groups]).stdout.strip()
    _write(lab, "1 0", groups)
    try:
        ended = bench.run(before=("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"))
    finally:
        _write(lab, before, groups)
    truth = truth_about(lab, bench.inventory)
    assert ended.code == 0, ended.stderr
    told = {status for (_, rule), (status, _) in ended.verdicts.items() if rule == "ICM001"}
    assert UNKNOWN in told
    assert not told & {PASS, FAIL}
    wrong = [one for one in compare(truth, ended.verdicts) if one.rule != "ICM001"]
    assert not wrong, summary(wrong)


def _assert_nothing_false(truth: list[Mapping[str, Any]], ended: Ended) -> None:
    """Unknown in place of a verdict is honest; a verdict in place of another is not. A page that could not be fetched
    over one family leaves nothing to compare."""
    false = [one for one in compare(truth, ended.verdicts) if one.false]
    assert not false, summary(false)


def _write(lab: Lab, value: str, path: str) -> None:
    done = lab.run(["sh", "-c", f"echo '{value}' > {path}"])
    assert done.returncode == 0, done.stderr
