"""The files that run ipv6check are what their own programs take them for."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from ipv6check.reports.monitoring.as_prom import METRICS
from ipv6check.reports.monitoring.as_unit import KINDS, cron_quoted, unit_quoted
from tests.acceptance.conftest import Run
from tests.programs import needs

OPERATIONS = files("ipv6check").joinpath("data/operations")
RULES_TEST = Path(__file__).parent.parent / "data" / "operations" / "rules-test.yaml"
HARD = {"IPV6CHECK_CONTACT": 'https://x.vn/?a=1%2F&b="$HOME"', "IPV6CHECK_VANTAGE": "Hà Nội: #1"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of every kind, under settings with every sign that could act."""
    place = tmp_path_factory.mktemp("install")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("IPV6CHECK_")}
    for kind in KINDS:
        command = [sys.executable, "-m", "ipv6check", "install", kind, "--to", "."]
        command += ["--timezone", "Asia/Ho_Chi_Minh", "--at", "02:05"]
        subprocess.run(command, cwd=place, env=clean | HARD, check=True, capture_output=True)
    return place


def test_systemd_takes_the_units(written: Path) -> None:
    program = needs("systemd-analyze")
    service = written / "ipv6check.service"
    service.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", service.read_text(), flags=re.MULTILINE))
    done = subprocess.run(
        [program, "verify", "--man=no", service, written / "ipv6check.timer"],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if str(written) in line or "ipv6check" in line]
    assert (done.returncode, told) == (0, [])
    security = subprocess.run(
        [program, "security", "--offline=yes", "--threshold=30", service], capture_output=True, text=True, check=False
    )
    assert security.returncode == 0, security.stdout[-300:]
    calendar = re.search(r"OnCalendar=(.*)", (written / "ipv6check.timer").read_text())
    assert calendar is not None
    assert calendar[1] == "*-*-* 02:05:00 Asia/Ho_Chi_Minh"
    subprocess.run([program, "calendar", calendar[1]], capture_output=True, check=True)


def test_kubernetes_takes_the_manifest(written: Path) -> None:
    program = Path(sys.executable).parent / "kubernetes-validate"
    command = [str(program), "--strict", "--no-warn", str(written / "kubernetes.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    job = yaml.safe_load((written / "kubernetes.yaml").read_text(encoding="utf-8"))["spec"]
    assert (job["concurrencyPolicy"], job["timeZone"], job["schedule"]) == ("Forbid", "Asia/Ho_Chi_Minh", "5 2 * * *")
    container = job["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    assert {one["name"]: one["value"] for one in container["env"]} == HARD


def test_compose_takes_the_file(written: Path) -> None:
    import check_jsonschema

    vendor = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    document = yaml.safe_load((written / "compose.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(json.loads(vendor.read_text(encoding="utf-8"))).validate(document)
    assert document["networks"]["outside"]["enable_ipv6"] is True
    environment = document["services"]["watch"]["environment"]
    assert environment["IPV6CHECK_CONTACT"] == HARD["IPV6CHECK_CONTACT"].replace("$", "$$")


def test_cron_runs_the_command_it_shows(written: Path) -> None:
    line = (written / "ipv6check.cron").read_text(encoding="utf-8").splitlines()[-1]
    assert line.startswith("5 2 * * * ipv6check cd /etc/ipv6check && ")
    assert "watch /etc/ipv6check/inventory.yaml --every 1d --now --runs 1" in line


def test_prometheus_takes_the_rules_and_they_fire_when_they_should(written: Path) -> None:
    program = needs("promtool")
    shutil.copy(RULES_TEST, written)
    for arguments in (["check", "rules", "prometheus-rules.yaml"], ["test", "rules", "rules-test.yaml"]):
        done = subprocess.run([program, *arguments], cwd=written, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_the_metrics(ask: Run) -> None:
    program = needs("promtool")
    text = ask("report", "-f", "prom-targets").stdout
    done = subprocess.run([program, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_rules_and_dashboard_use_only_metrics_that_exist() -> None:
    for name in ("prometheus-rules.yaml", "grafana-dashboard.json"):
        used = set(re.findall(r"\bipv6check_[a-z0-9_]+", OPERATIONS.joinpath(name).read_text(encoding="utf-8")))
        assert used
        assert used <= set(METRICS), name


def test_the_dashboard_can_be_imported() -> None:
    board = json.loads(OPERATIONS.joinpath("grafana-dashboard.json").read_text(encoding="utf-8"))
    variables = {one["name"]: one for one in board["templating"]["list"]}
    assert variables["DS_PROMETHEUS"]["type"] == "datasource"
    panels = board["panels"]
    assert len({one["id"] for one in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not taken & cells, panel["title"]
        taken |= cells
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${DS_PROMETHEUS}"}
        assert all(target["expr"] for target in panel["targets"])


def test_probing_says_whom_to_turn_to_and_for_how_long(ask: Run) -> None:
    told = ask("install", "probing", IPV6CHECK_CONTACT="ipv6@example.vn").stdout
    fields = dict(line.split(": ", 1) for line in told.splitlines() if not line.startswith("#"))
    assert fields["Contact"] == "mailto:ipv6@example.vn"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=300) < left < timedelta(days=365)
    assert fields.keys() == {"Contact", "Expires", "Preferred-Languages", "Description"}


def test_probing_without_a_contact_is_refused(ask: Run) -> None:
    done = ask("install", "probing")
    assert done.returncode == 2
    assert "IPV6CHECK_CONTACT" in done.stderr


def test_a_password_is_never_printed(ask: Run) -> None:
    for kind in ("systemd", "kubernetes"):
        done = ask("install", kind, "--print", IPV6CHECK_DB="postgresql://me:s3cr3t@db/x")
        assert done.returncode == 0
        assert "s3cr3t" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["upstart"], "upstart"),
        (["cron", "--at", "25:00"], "25:00"),
        (["cron", "--timezone", "X/Y"], "X/Y"),
        (["cron", "--to", "no/such"], "no/such"),
        (["systemd", "assets.yaml"], "assets.yaml"),
    ],
)
def test_what_cannot_be_installed_is_named(ask: Run, arguments: list[str], named: str) -> None:
    done = ask("install", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr


def test_an_existing_file_stays(ask: Run, place: Path) -> None:
    (place / "ipv6check.timer").write_text("mine", encoding="utf-8")
    assert ask("install", "systemd", "--to", ".").returncode == 2
    assert (place / "ipv6check.timer").read_text(encoding="utf-8") == "mine"
    assert not (place / "ipv6check.service").exists()


def test_words_of_units_and_of_cron() -> None:
    assert unit_quoted('a "b" 100% $HOME \\') == '"a \\"b\\" 100%% $$HOME \\\\"'
    assert cron_quoted("a 50% b") == r"'a 50\% b'"
