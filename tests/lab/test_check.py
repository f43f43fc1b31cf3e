"""``ipv6check check`` against real servers: the right exit code, the right sentence, and nothing it must not do."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.lab import ROOT, Lab
from tests.lab.plan import RESOLVER4
from tests.lab.runs import short_policy
from tests.lab.scanning import COMMAND
from tests.lab.test_vantage import no_route
from tests.lab.world import address6
from tests.lab.zones import zone_file

PASSED, FAILED, NOT_PROVEN = 0, 1, 3
ZONE = "p00.gov.vn"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """The policy ``ci`` with every wait a fraction of a second."""
    path = short_policy(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("second_look_s: 1", "second_look_s: null"))
    return path


def command(lab: Lab, *words: str | Path, resolver: str = "") -> list[str]:
    """The command line, as a pipeline in the lab would give it."""
    told = lab.scan_options()[:-4]  # without --policy and --contact
    if resolver:
        told[1] = resolver
    return [*COMMAND, "check", *(str(word) for word in words), *told, "--lang", "en"]


def check(lab: Lab, *words: str | Path, resolver: str = "") -> "subprocess.CompletedProcess[str]":
    done = lab.run(command(lab, *words, resolver=resolver), cwd=ROOT, timeout=60)
    assert "Traceback" not in done.stdout + done.stderr
    return done


def first(lab: Lab, kind: str, *, zone: str = ZONE) -> str:
    """The first name of a class in the zone."""
    return next(row["asset"] for row in lab.truth() if row["class"] == kind and row["asset"].endswith(f".{zone}"))


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        ("healthy", PASSED, "Passed"),
        ("v4only", FAILED, "no AAAA record"),
        ("wrongname", FAILED, "for another name"),
        ("blackhole", FAILED, "no answer in time"),
        ("special", FAILED, "ADR001"),
        ("servfail", NOT_PROVEN, "SERVFAIL"),
    ],
)
def test_a_name_gets_its_exit_code_and_a_sentence(lab: Lab, policy: Path, kind: str, code: int, says: str) -> None:
    done = check(lab, first(lab, kind), "--policy", policy)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    assert ("→" in done.stdout) == (code != PASSED)  # how to fix it


def test_a_proven_failure_decides_beside_an_unknown_and_reports_go_where_they_belong(
    lab: Lab, policy: Path, tmp_path: Path
) -> None:
    names = [first(lab, kind) for kind in ("healthy", "servfail", "v4only")]
    junit, sarif, report = (tmp_path / name for name in ("junit.xml", "out.sarif", "report.json"))
    formats = ["-f", f"junit={junit}", "-f", f"sarif={sarif}", "-f", f"json={report}", "-f", "github"]
    done = check(lab, *names, "--policy", policy, *formats)
    assert done.returncode == FAILED
    assert done.stdout.startswith("::error title=DNS001")
    readiness = [asset["readiness"] for asset in json.loads(report.read_text(encoding="utf-8"))["assets"]]
    assert sorted(readiness) == ["not-ready", "ready", "unknown"]
    assert "<failure" in junit.read_text(encoding="utf-8")
    assert len(json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]) == 1
    assert not list(ROOT.glob("*.db"))
    rest = check(lab, *names[:2], "--policy", policy)
    assert rest.returncode == NOT_PROVEN


def test_without_ipv6_the_dns_is_judged_and_nothing_else_passes(lab: Lab, policy: Path) -> None:
    resolver = f"{RESOLVER4}:53"
    with no_route(lab):
        healthy = check(lab, first(lab, "healthy"), "--policy", policy, resolver=resolver)
        missing = check(lab, first(lab, "v4only"), "--policy", policy, resolver=resolver)
        by_dns = check(lab, first(lab, "healthy"), "--policy", policy, "--dns-only", resolver=resolver)
    assert (healthy.returncode, missing.returncode, by_dns.returncode) == (NOT_PROVEN, FAILED, PASSED)
    assert healthy.stderr.count("no working IPv6") == 1
    assert "Only what the DNS proves" in by_dns.stderr


def test_dns_only_sends_nothing_but_questions(lab: Lab, policy: Path) -> None:
    log = lab.directory / "access.log"
    before = log.read_text(encoding="utf-8")
    name = first(lab, "expired")
    done = check(lab, name, "--policy", policy, "--dns-only")
    assert done.returncode == PASSED, done.stdout + done.stderr
    assert name not in log.read_text(encoding="utf-8")[len(before) :]


def test_before_the_dns_change_an_address_is_judged_as_the_name(lab: Lab, policy: Path) -> None:
    """The name does not exist yet; SNI, Host and certificate are its own all the same."""
    name, healthy, dead = f"soon.{ZONE}", address6("healthy", 7), address6("blackhole", 7)
    good = check(lab, name, "--policy", policy, "--resolve", f"{name}=[{healthy}]")
    assert good.returncode == PASSED, good.stdout + good.stderr
    assert "given by hand" in good.stderr
    assert check(lab, name, "--policy", policy, "--address", healthy).returncode == PASSED
    bad = check(lab, name, "--policy", policy, "--resolve", f"{name}:443=[{healthy}],[{dead}]")
    assert bad.returncode == FAILED
    assert "TCP002" in bad.stdout
    wrong = check(lab, "soon.example.vn", "--policy", policy, "--address", healthy)
    assert wrong.returncode == FAILED
    assert "for another name" in wrong.stdout


def test_an_address_given_by_hand_is_contacted_no_more_than_one_from_the_dns(lab: Lab, policy: Path) -> None:
    lab.reset_counters()
    for address in ("2001:db8::80", "::ffff:29.255.0.1"):
        done = check(lab, f"soon.{ZONE}", "--policy", policy, "--address", address)
        assert done.returncode == FAILED, address
        assert "ADR001" in done.stdout
    counted = lab.counters()
    assert (counted["special6"], counted["special4"]) == (0, 0)


@contextlib.contextmanager
def waiting(lab: Lab, *words: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """A check under way, ended with the block."""
    line = lab.command(command(lab, *words))
    env = lab.environment() | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        line, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_wait_turns_green_when_the_record_appears(lab: Lab, policy: Path) -> None:
    """The zone's servers are asked, not the resolver: it would remember the absence for 300 s."""
    name = f"late.{ZONE}"
    with waiting(lab, name, "--policy", policy, "--wait", "50s") as process:
        assert process.stderr is not None
        assert "no AAAA record yet; asked again in" in process.stderr.readline()
        with zone_file(lab.directory / "zones", ZONE).open("a", encoding="ascii") as zone:
            zone.write(f"{name}. AAAA {address6('healthy', 9)}\n")
        os.kill(lab.pids["nsd-provinces"], signal.SIGHUP)
        stdout, stderr = process.communicate(timeout=50)
    assert process.returncode == PASSED, stdout + stderr
    assert "Passed" in stderr
    assert "may remember" not in stderr


def test_wait_gives_up_and_reports_when_the_time_is_over(lab: Lab, policy: Path) -> None:
    done = check(lab, f"never.{ZONE}", "--policy", policy, "--wait", "2s")
    assert done.returncode == FAILED
    assert "DNS001" in done.stdout


def test_wait_ends_cleanly_on_ctrl_c(lab: Lab, policy: Path) -> None:
    with waiting(lab, f"never.{ZONE}", "--policy", policy, "--wait", "10m") as process:
        assert process.stderr is not None
        process.stderr.readline()
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGINT, stdout + stderr
    assert "Traceback" not in stdout + stderr


def test_what_is_open_when_the_time_is_over_is_unknown(lab: Lab, policy: Path) -> None:
    done = check(lab, first(lab, "blackhole"), "--policy", policy, "--timeout", "1s")
    assert done.returncode == NOT_PROVEN, done.stdout
    assert "--timeout was over" in done.stderr


def test_a_baseline_gates_on_what_is_new(lab: Lab, policy: Path, tmp_path: Path) -> None:
    accepted, inventory = tmp_path / "baseline.json", tmp_path / "names.txt"
    old, healthy, new = first(lab, "v4only"), first(lab, "healthy"), first(lab, "expired")
    inventory.write_text(f"{old}\n{healthy}\n", encoding="utf-8")
    common = ("-i", inventory, "--policy", policy)
    assert check(lab, *common).returncode == FAILED
    assert check(lab, *common, "--write-baseline", accepted).returncode == PASSED
    assert check(lab, *common, "--baseline", accepted).returncode == PASSED
    inventory.write_text(f"{old}\n{healthy}\n{new}\n", encoding="utf-8")
    worse = check(lab, *common, "--baseline", accepted)
    assert worse.returncode == FAILED
    assert "in the baseline" in worse.stdout


def test_nothing_to_check_is_never_a_pass(lab: Lab, policy: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "names.txt"
    inventory.write_text(f"{first(lab, 'healthy')}\n", encoding="utf-8")
    nothing = check(lab, "-i", inventory, "--tag", "none", "--policy", policy)
    assert nothing.returncode == NOT_PROVEN
    assert "Nothing was judged" in nothing.stderr
    assert (
        check(lab, "-i", inventory, "--tag", "none", "--policy", policy, "--fail-on", "never").returncode == NOT_PROVEN
    )
    port = check(lab, f"{first(lab, 'healthy')}:443/tcp", "--require", "TLS", "--policy", policy)
    assert port.returncode == NOT_PROVEN
    assert check(lab, "--policy", policy).returncode == 2
