"""SIGINT and SIGTERM end a scan in good order and soon; a second signal ends it at once."""

import json
import signal
import time
from pathlib import Path

import pytest

from tests.lab.lab import Lab
from tests.lab.runs import Bench, lull, short_policy, until
from tests.lab.scanning import compare, few_of_each, summary, truth_about

GOOD_ORDER_S = 10.0
AT_ONCE_S = 2.0


@pytest.mark.parametrize(
    ("number", "share"), [(signal.SIGINT, 0.1), (signal.SIGTERM, 0.5), (signal.SIGINT, 0.9)], ids=["10", "50", "90"]
)
def test_a_signal_ends_it_soon_and_nothing_is_lost(
    lab: Lab, tmp_path: Path, number: signal.Signals, share: float
) -> None:
    """The last point lies in the wait before the second look: the results that rest on it come all at once."""
    bench = Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=few_of_each(lab, tmp_path, 1),
        policy=short_policy(tmp_path, concurrency=6, second_look=4 if share > 0.5 else 1),
    )
    truth = truth_about(lab, bench.inventory)
    with bench.started() as process:
        late = lull(bench, len(truth) * 2 // 3)
        assert until(late if share > 0.5 else lambda: len(bench.states()) >= share * len(truth), process)
        stored = len(bench.states())
        process.send_signal(number)
        began = time.monotonic()
        code = process.wait(GOOD_ORDER_S + 5)
    assert time.monotonic() - began < GOOD_ORDER_S
    assert code == 128 + number, (tmp_path / "stderr.log").read_text()
    told = (tmp_path / "stderr.log").read_text()
    assert "--resume" in told
    assert "Traceback" not in told
    assert len(bench.states()) >= stored
    assert bench.scan_state() == "interrupted"
    log = tmp_path / "events.jsonl"
    ended = bench.run("--resume", "latest", "--log-format", "json", "--log-file", log)
    assert ended.code == 0, ended.stderr
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [one["event"] for one in events if one["event"] != "second-look"] == ["scan-started", "scan-ended"]
    assert (events[0]["resumed"], events[-1]["state"], events[-1]["crashes"]) == (True, "complete", 0)
    assert bench.scan_state() == "complete"
    wrong = compare(truth, ended.verdicts)
    assert not wrong, summary(wrong)


def test_a_second_signal_ends_it_at_once(lab: Lab, tmp_path: Path) -> None:
    """Black holes keep every connection open for long, so that good order alone would take its grace time."""
    bench = Bench(
        lab=lab,
        directory=tmp_path,
        db=f"sqlite:///{tmp_path / 'scan.db'}",
        inventory=few_of_each(lab, tmp_path, 40, kinds=["blackhole", "v4only"]),
        policy=short_policy(tmp_path, concurrency=20, tcp=20),
    )
    with bench.started() as process:
        assert until(lambda: bool(bench.states()), process)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        code = process.wait(GOOD_ORDER_S)
    assert time.monotonic() - began < AT_ONCE_S
    assert code in (128 + signal.SIGINT, 128 + signal.SIGTERM)
