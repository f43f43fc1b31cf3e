"""What the repository offers to pipelines, run for real in bash against the demo's servers, and by their schemas."""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from ipv6check.demo.world import World, running_world

ROOT = Path(__file__).parents[2]
ZONE = "tinh-mau.test"
Shell = Callable[..., "subprocess.CompletedProcess[str]"]

_POLICY = """\
schema: ipv6check.policy/1
id: pipeline
treat_as_global: ["::1/128", "127.0.0.0/8"]
timeouts: {dns_udp: [0.5, 0.5, 1], dns_tcp: 1, tcp: 1, tls: 1, http: 2, echo: 0.5}
retries: {connect_timeout: [0.1], refused: [0.1], servfail: [0.1], second_look_s: null, selftest_gap_s: 0.2}
pacing: {per_address: 0, per_prefix: 0, new_per_prefix: 0, public_resolver_qps: 0, local_resolver_qps: 0}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo's province, served by a thread of its own."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "policy.yaml").write_text(_POLICY, encoding="utf-8")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    manager = running_world(folder)
    try:
        yield asyncio.run_coroutine_threadsafe(manager.__aenter__(), loop).result(30)
    finally:
        asyncio.run_coroutine_threadsafe(manager.__aexit__(None, None, None), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Shell:
    """Run a script as a runner would: ipv6check on the PATH, told of the world by the environment alone."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "ipv6check"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m ipv6check "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("IPV6CHECK_", "GITHUB_", "LC_"))}
    env |= {
        "PATH": f"{programs}:{env.get('PATH', '')}",
        "PYTHONPATH": str(ROOT / "src"),
        "IPV6CHECK_RESOLVER": world.resolver,
        "IPV6CHECK_ANCHOR": " ".join(world.anchors),
        "IPV6CHECK_POLICY": str(world.inventory.parent / "policy.yaml"),
        "IPV6CHECK_LANG": "en",
    }

    def run(script: str, **more: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=work,
            env=env | more,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return run


def port(world: World, asset: str) -> str:
    """The port of an asset in this run's inventory."""
    found = re.search(rf"id: {asset},.*?https://[^:]+:(\d+)/", world.inventory.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def portal(world: World, asset: str) -> str:
    return f"https://{asset.removeprefix('app-')}.{ZONE}:{port(world, asset)}/"


def action_step(shell: Shell, tmp_path: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
    """Every step of the composite action in turn, as the runner would: expressions to values, scripts to bash."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    values = {name: one.get("default", "") for name, one in action["inputs"].items()}
    values |= {name.replace("_", "-"): value for name, value in inputs.items()}
    done = None
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # an input in the text of a script would be a way in
        environment = {
            name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], text)
            for name, text in step.get("env", {}).items()
        }
        files = {name: str(tmp_path / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        where = {
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_WORKSPACE": str(tmp_path / "work"),
        }
        done = shell(step["run"], **environment, **files, **where)
        if done.returncode:
            break
    assert done is not None
    return done


def test_the_action_passes_a_healthy_service_and_writes_what_it_promises(world, shell, tmp_path):
    done = action_step(shell, tmp_path, targets=f"\n  {portal(world, 'app-stttt')}  \n\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exit-code=0\nsarif=ipv6check.sarif\n" in (tmp_path / "github_output").read_text(encoding="utf-8")
    assert "1/1" in (tmp_path / "github_step_summary").read_text(encoding="utf-8")
    results = json.loads((tmp_path / "work" / "ipv6check.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    # the world has one name server, at an address that is never asked
    assert [one for one in results if not one["ruleId"].startswith("DNS")] == []
    assert "<testcase" in (tmp_path / "work" / "ipv6check.xml").read_text(encoding="utf-8")


def test_the_action_fails_an_inventory_at_its_lines(world, shell, tmp_path):
    work = tmp_path / "work" / "inventories"
    work.mkdir()
    (work / "portals.yaml").write_text(world.inventory.read_text(encoding="utf-8"), encoding="utf-8")
    narrowed = "--select\napp-v4only,app-api"
    done = action_step(shell, tmp_path, inventory="inventories/portals.yaml", arguments=narrowed)
    assert done.returncode == 1, done.stderr
    assert re.search(r"^::error file=inventories/portals\.yaml,line=\d+,title=DNS001 ", done.stdout, re.MULTILINE)
    assert "exit-code=1" in (tmp_path / "github_output").read_text(encoding="utf-8")


def test_an_input_of_the_action_is_never_run(world, shell, tmp_path):
    for hostile in (
        '$(touch "$RUNNER_TEMP/pwned")',
        "`touch $RUNNER_TEMP/pwned`",
        "; touch $RUNNER_TEMP/pwned",
        "--help",
    ):
        done = action_step(shell, tmp_path, targets=hostile, require=hostile, mandate="")
        assert done.returncode == 2, hostile
        assert "Usage:" not in done.stdout
    assert not (tmp_path / "pwned").exists()


def test_the_gitlab_job_gates_and_leaves_its_reports(world, shell, tmp_path):
    job = yaml.safe_load((ROOT / "contrib" / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))[".ipv6check"]
    script = "\n".join([*job["before_script"], *job["script"]])
    assert job["artifacts"]["when"] == "always"
    variables = job["variables"] | {"CHECK_TARGETS": f"{portal(world, 'app-api')} {portal(world, 'app-v4only')}"}
    done = shell(script, **variables)
    assert done.returncode == 1, done.stderr
    for kind in ("junit", "codequality", "dotenv"):
        assert (tmp_path / "work" / job["artifacts"]["reports"][kind]).stat().st_size > 0
    issues = json.loads((tmp_path / "work" / "ipv6check-quality.json").read_text(encoding="utf-8"))
    assert {issue["check_name"] for issue in issues if issue["severity"] == "critical"} == {"DNS001"}
    good = shell(script, **(variables | {"CHECK_TARGETS": "", "CHECK_INVENTORY": str(world.inventory),
                                         "CHECK_ARGUMENTS": "--select app-api"}))  # fmt: skip
    assert good.returncode == 0, good.stderr


def test_the_jenkins_step_gates_and_leaves_its_reports(world, shell, tmp_path):
    text = (ROOT / "contrib" / "ci" / "Jenkinsfile").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    (script,) = re.findall(r"script: '''(.*?)'''", text, re.DOTALL)
    for target, code in (("app-api", 0), ("app-expired", 1), ("app-servfail", 3)):
        done = shell(script, TARGETS=portal(world, target), CHECK_ARGUMENTS="")
        assert done.returncode == code, (target, done.stderr)
        assert (tmp_path / "work" / "ipv6check.xml").exists()


def test_the_hook_accepts_a_good_inventory_and_refuses_a_bad_one(world, shell, tmp_path):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["language"] == "python"  # installed from the repository, so its entry is a command of the project
    assert {"id", "name", "entry", "files"} <= set(hook)
    good = shell(f"{hook['entry']} {world.inventory}")
    assert good.returncode == 0, good.stderr
    bad = tmp_path / "work" / "inventory.yaml"
    bad.write_text("schema: ipv6check.inventory/1\nassets:\n  - {kind: nonsense, name: a b}\n", encoding="utf-8")
    done = shell(f"{hook['entry']} inventory.yaml {world.inventory}")
    assert done.returncode != 0
    assert "inventory.yaml:3" in done.stdout
    wanted = re.compile(hook["files"])
    assert all(map(wanted.search, ("inventories/a.yaml", "inventory.csv", "x/inventory-2.xlsx")))
    assert not any(map(wanted.search, ("src/inventory/load.py", "docs/a.yaml")))


@pytest.mark.parametrize(
    ("schema", "file"), [("vendor.github-actions", "action.yml"), ("vendor.gitlab-ci", "contrib/ci/gitlab-ci.yml")]
)
def test_the_files_are_valid_by_the_services_own_schemas(schema, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
