"""The installed command as a person meets it: exit codes, one clear sentence, never a traceback."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ipv6check.checks.registry import RULES

INVENTORIES = Path(__file__).parents[2] / "inventories"


def run(*arguments: str, cwd: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IPV6CHECK_", "LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-m", "ipv6check", *arguments],
        cwd=cwd,
        input=stdin,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def test_version_and_help(tmp_path):
    assert run("--version", cwd=tmp_path).stdout.startswith("ipv6check ")
    assert "scan" in run("--help", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["no-such-command"], ["scan"], ["scan", "--no-such-option"], ["scan", "missing.yaml"], ["rule", "XXX999"]],
)
def test_a_wrong_call_is_exit_2(tmp_path, arguments):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr or done.stdout


def test_a_missing_inventory_is_named(tmp_path):
    assert "missing.yaml" in run("scan", "missing.yaml", cwd=tmp_path).stderr


def test_every_fault_of_an_inventory_is_told_with_its_line(tmp_path):
    (tmp_path / "bad.csv").write_text("name,kind\nok.example.vn,domain\nbad domain,domain\nx.example.vn,nonsense\n")
    done = run("inventory", "lint", "bad.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "bad.csv:3:" in done.stdout
    assert "bad.csv:4:" in done.stdout


def test_who_stumbles_over_a_faulty_row_is_told_the_way_around(tmp_path):
    (tmp_path / "bad.csv").write_text("name,kind\nok.example.vn,domain\nbad domain,domain\n")
    done = run("scan", "bad.csv", "--dry-run", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("--skip-invalid leaves faulty rows out and counts them")
    assert run("scan", "bad.csv", "--dry-run", "--skip-invalid", cwd=tmp_path).returncode == 0


def test_a_table_says_what_it_cannot_hold(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "schema: ipv6check.inventory/1\n"
        "agencies:\n"
        "  - {id: syt, name: {vi: Sở Y tế, en: Health}}\n"
        "  - {id: empty, name: Nobody}\n"
        "assets:\n"
        "  - {kind: domain, agency: syt, name: a.example.vn}\n"
    )
    done = run("inventory", "convert", "a.yaml", "--to", "csv", "-o", "a.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "1 agency without assets left out" in done.stderr
    assert "1 agency told in part" in done.stderr
    assert run("inventory", "convert", "a.yaml", "-o", "b.yaml", cwd=tmp_path).stderr == ""


@pytest.mark.parametrize(
    "file", sorted(path.name for path in INVENTORIES.glob("*.*") if path.suffix in (".yaml", ".csv"))
)
def test_every_shipped_inventory_is_free_of_faults(tmp_path, file):
    assert run("inventory", "lint", str(INVENTORIES / file), cwd=tmp_path).returncode == 0


def test_a_dry_run_reads_a_list_from_standard_input_and_makes_no_database(tmp_path):
    done = run("scan", "-", "--dry-run", cwd=tmp_path, stdin="bentre.gov.vn\n# a remark\nvinhlong.gov.vn\n")
    assert done.returncode == 0
    assert done.stdout.count("https://") == 2
    assert not (tmp_path / "ipv6check.db").exists()


@pytest.mark.parametrize("command", ["report", "show x", "scans", "judge", "db check"])
def test_without_a_database_there_is_one_sentence(tmp_path, command):
    done = run(*command.split(), cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "ipv6check.db").exists()


def test_an_empty_database_has_no_scan_to_report(tmp_path):
    assert run("db", "create", cwd=tmp_path).returncode == 0
    assert run("db", "check", cwd=tmp_path).returncode == 0
    assert "no scan" in run("report", cwd=tmp_path).stderr


def test_a_foreign_file_is_never_overwritten(tmp_path):
    precious = tmp_path / "notes.txt"
    precious.write_text("not a database, but dear to somebody\n" * 50)
    before = precious.read_bytes()
    done = run("scans", "--db", "sqlite:///notes.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert precious.read_bytes() == before


def test_a_hostile_inventory_forges_no_line_of_the_log(tmp_path):
    (tmp_path / "bad.csv").write_bytes(b'name,kind\n"x\r\n::error::forged \x1b[31m",domain\n')
    done = run("scan", "bad.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert all(line.startswith("ipv6check: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize("wrong", [["--format", "tabel"], ["--lang", "xx"], ["-o", "nowhere/report.json"]])
def test_a_scan_refuses_a_report_it_could_not_write_before_it_scans(tmp_path, wrong):
    done = run("scan", "-", "--resolver", "[::1]:9", *wrong, cwd=tmp_path, stdin="a.example.vn\n")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "ipv6check.db").exists()


def test_rules_are_explained_in_full(tmp_path):
    listed = run("rule", cwd=tmp_path).stdout.splitlines()
    assert len(listed) == len(RULES)
    explained = run("rule", "dns001", cwd=tmp_path).stdout
    for heading in ("What it looks at", "Passes when", "Fails when", "Cannot tell when", "How to fix", "References"):
        assert heading in explained
    assert len([json.loads(line) for line in run("rule", "--json", cwd=tmp_path).stdout.splitlines()]) == len(RULES)


def test_settings_name_their_origin_and_no_password(tmp_path):
    (tmp_path / "ipv6check.toml").write_text('policy = "lab"\nlang = "vi"\n')
    (tmp_path / ".env").write_text("IPV6CHECK_LANG=en\nIPV6CHECK_OTHER=1\n")
    done = run(
        "config",
        "show",
        "--origin",
        cwd=tmp_path,
        IPV6CHECK_DB="postgresql://scanner:s3cret@db/ipv6",
        HOME=str(tmp_path),
    )
    assert "s3cret" not in done.stdout + done.stderr
    lines = {line.split(" = ")[0]: line for line in done.stdout.splitlines()}
    assert "ipv6check.toml" in lines["policy"]
    assert "en" in lines["lang"]
    assert ".env" in lines["lang"]
    assert "environment" in lines["db"]
    assert "# default" in lines["contact"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["--source", "192.0.2.1"], "not an IPv6 address"),
        (["--exclude", "nowhere.txt"], "nowhere.txt"),
        (["--root", "a.root.example"], "a.root.example"),
        (["--anchor", "a.example"], "[address]:port"),
        (["--log-format", "xml"], "'text' or 'json'"),
        (["--contact", "noc@example.vn\nX-Forged: 1"], "one line"),
        (["--fail-on", "warn"], "not one of fail, unknown, never"),
    ],
)
def test_a_dry_run_tells_what_the_scan_would_stumble_over(tmp_path, told, expected):
    done = run("scan", "-", "--dry-run", *told, cwd=tmp_path, stdin="a.example.vn\n")
    assert done.returncode == 2
    assert expected in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_setting_that_does_not_exist_is_told(tmp_path):
    (tmp_path / "ipv6check.toml").write_text('polcy = "lab"\n')
    done = run("config", "show", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean policy" in done.stderr


def test_a_bad_setting_names_its_source(tmp_path):
    (tmp_path / "ipv6check.toml").write_text("this is not TOML")
    done = run("config", "show", cwd=tmp_path)
    assert done.returncode == 2
    assert "ipv6check.toml" in done.stderr


def test_over_a_hundred_public_targets_need_a_contact(tmp_path):
    (tmp_path / "many.txt").write_text("".join(f"n{number}.example.vn\n" for number in range(101)))
    done = run("scan", "many.txt", "--resolver", "[::1]:9", cwd=tmp_path)
    assert done.returncode == 2
    assert "--contact" in done.stderr


@pytest.mark.parametrize(
    "environment", [{"TERM": "dumb"}, {"LANG": "C"}, {"COLUMNS": "20"}, {"PYTHONIOENCODING": "ascii"}], ids=str
)
def test_a_poor_environment_is_no_fault(tmp_path, environment):
    assert run("rule", "--all", cwd=tmp_path, **environment).returncode == 0


@pytest.mark.parametrize("command", ["rule DNS001", "host", "mandate list"])
def test_the_language_may_be_a_setting(tmp_path, command):
    english = run(*command.split(), "--lang", "en", cwd=tmp_path, IPV6CHECK_LANG="vi").stdout
    assert run(*command.split(), cwd=tmp_path, IPV6CHECK_LANG="vi").stdout != english


def test_no_home_is_no_fault(tmp_path):
    command = [sys.executable, "-m", "ipv6check", "config", "show"]
    bare = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(command, cwd=tmp_path, env=bare, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0


def test_a_closed_standard_output_is_no_fault(tmp_path):
    shell = f"{sys.executable} -m ipv6check rule --all | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 128 + signal.SIGPIPE, "neither good nor findings: nobody read to the end"
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_mandates_are_listed_shown_and_checked(tmp_path):
    listed = run("mandate", "list", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in listed][:2] == ["dual-stack", "vn-ben-tre-2025"]
    copied = run("mandate", "show", "template", "--format", "yaml", "-o", "mine.yaml", cwd=tmp_path)
    assert copied.returncode == 0
    assert run("mandate", "lint", "mine.yaml", cwd=tmp_path).returncode == 0
    shown = json.loads(run("mandate", "show", "mine.yaml", "--format", "json", cwd=tmp_path).stdout)
    assert shown["mandate"]["id"] == "template"
    assert "Thời hạn hoàn thành" in run("mandate", "show", "mine.yaml", "--lang", "vi", cwd=tmp_path).stdout
    (tmp_path / "bad.yaml").write_text((tmp_path / "mine.yaml").read_text().replace("DNS001", "DNS999"))
    done = run("mandate", "lint", "mine.yaml", "bad.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "bad.yaml:" in done.stdout
    assert "did you mean" in done.stdout
    assert "mine.yaml" not in done.stdout
    assert run("mandate", "show", "nonsense", cwd=tmp_path).returncode == 2
