"""The commands of operations: monitoring plugin, metrics, alerts without sending, a watch that is stopped."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.conftest import Run
from tests.loopback.operations.sinks import hook


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 0, "IPV6 OK - 2 of 5 ready, 2 not, 1 undecided | rate=40%;;;0;100 high=60%;;;0;100 coverage=80%"),
        (["-w", "50:", "-c", "30:"], 1, "IPV6 WARNING"),
        (["-w", "50:", "-c", "45:"], 2, "rate=40%;50:;45:;0;100"),
        (["-m", "failed", "-c", "1"], 2, "failed=2;;1;0;5"),
        (["-m", "unknown", "-w", "0"], 1, "unknown=1;0;;0;5"),
        (["-m", "days_left", "-c", "30:"], 3, "cannot be measured"),
        (["--agency", "so", "-c", "100:"], 0, "2 of 2 ready"),
        (["--max-age", "1h"], 3, "hours old"),
        (["-w", "many"], 3, "IPV6 UNKNOWN - 'many' is no range"),
        (["--nosuch"], 3, "IPV6 UNKNOWN - unrecognized arguments: --nosuch"),
        (["--db", "sqlite:///nosuch.db"], 3, "IPV6 UNKNOWN - there is no database"),
        (["--agency", "nobody"], 3, "nobody"),
        (["--help"], 3, "usage: ipv6check nagios"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_monitoring_plugin(ask: Run, arguments: list[str], code: int, told: str) -> None:
    age = [] if "--max-age" in arguments else ["--max-age", "999w"]
    done = ask("nagios", *age, *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    assert told in done.stdout


def test_metrics_for_the_textfile_collector(ask: Run, place: Path) -> None:
    assert ask("report", "-f", "prom-targets", "-o", "ipv6check.prom").stdout == ""
    path = place / "ipv6check.prom"
    assert path.stat().st_mode & 0o777 == 0o644
    families = {one.name: one for one in text_string_to_metric_families(path.read_text(encoding="utf-8"))}
    rates = {one.labels["key"]: one.value for one in families["ipv6check_conversion_ratio"].samples}
    assert rates[""] == 0.4
    targets = {one.labels["asset"]: one.value for one in families["ipv6check_target_ready"].samples}
    assert targets["good"] == 1
    assert targets["dead"] == 0
    assert "never" not in targets  # what could not be told is no zero
    assert not [one for family in families.values() for one in family.samples if one.timestamp]


SETTINGS = '[alerts]\nsilence_after = ""\n[alerts.channels.ops]\nurl = "env:OPS"\n'


def test_alerts_are_printed_and_neither_sent_nor_remembered(ask: Run, place: Path) -> None:
    (place / "ipv6check.toml").write_text(SETTINGS, encoding="utf-8")
    with hook() as sink:
        url = f"json://[::1]:{sink.port}/t0ken"
        before = ask("alert", "--dry-run", OPS=url)
        assert before.returncode == 0
        assert "to ops: ipv6check" in before.stdout
        assert "good.example.vn" in before.stdout
        assert ask("alert", "--dry-run", OPS=url).stdout == before.stdout
        assert sink.posts == []
        shown = ask("config", "show", "--origin", OPS=url).stdout
        assert "alerts.channels.ops.url = env:OPS" in shown
        sent = ask("alert", OPS=url, IPV6CHECK_LOG_FORMAT="json")
        assert len(sink.posts) == 1
        assert ask("alert", OPS=url).returncode == 0
        assert len(sink.posts) == 1
    assert "t0ken" not in before.stdout + before.stderr + shown + sent.stderr


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ('[alerts.channels.ops]\nurl = "json://host/t0ken"\n', "alerts.channels.ops.url"),
        ('[alerts]\nquiet = "late"\n', "alerts.quiet"),
        ('[alerts]\nquit = "22:00-06:00"\n', "alerts.quit"),
        ('[alerts.channels.ops]\nurl = "env:NOT_SET"\n', "NOT_SET"),
        ('[alerts.channels.ops]\nurl = "file:missing"\n', "missing"),
        ("", "channel"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(ask: Run, place: Path, settings: str, named: str) -> None:
    (place / "ipv6check.toml").write_text(settings, encoding="utf-8")
    done = ask("alert", "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "t0ken" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


INVENTORY = "schema: ipv6check.inventory/1\nassets: [{id: a, kind: device, name: a, targets: ['::1']}]\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "--cron or --every"),
        (["--every", "1h", "--cron", "0 * * * *"], "--cron or --every"),
        (["--cron", "0 25 * * *"], "--cron"),
        (["--every", "1s"], "minute"),
        (["--every", "1h", "--jitter", "much"], "--jitter"),
        (["--every", "1h", "--metrics", "out.txt"], ".prom"),
        (["--cron", "0 * * * *", "--timezone", "Nowhere/Land"], "Nowhere/Land"),
    ],
)
def test_a_wrong_option_of_watch_is_named(ask: Run, place: Path, arguments: list[str], named: str) -> None:
    (place / "a.yaml").write_text(INVENTORY, encoding="utf-8")
    done = ask("watch", "a.yaml", *arguments)
    assert done.returncode == 2
    assert named in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["term", "int"])
def test_a_watch_that_waits_stops_cleanly(place: Path, number: signal.Signals, code: int) -> None:
    (place / "a.yaml").write_text(INVENTORY, encoding="utf-8")
    command = [sys.executable, "-m", "ipv6check", "watch", "a.yaml", "--every", "1d", "--heartbeat", "beat.json"]
    with subprocess.Popen([*command, "--log-format", "json"], cwd=place, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while not (place / "beat.json").exists() and time.monotonic() < deadline:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        _, told = process.communicate(timeout=20)
    assert process.returncode == code
    assert [line for line in told.splitlines() if '"event": "stopped"' in line]
    assert '"state": "stopped"' in (place / "beat.json").read_text(encoding="utf-8")
