"""The exporter over a stored scan and real servers: what it serves, what it refuses to aim at, how it stops."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ipv6check.settings import Settings
from ipv6check.store.open import open_store
from ipv6check.wiring.watching.exporter import application
from ipv6check.wiring.watching.probing import Prober
from ipv6check.wiring.watching.scrape import Scrape
from tests.loopback.operations.test_night import POLICY, Night, night
from tests.stored import fill, scan


@asynccontextmanager
async def exporting(settings: Settings, **options: object) -> AsyncIterator[httpx.AsyncClient]:
    app = application(Scrape(settings, per_target=True), Prober(settings, **options))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://exporter") as client:
        yield client


def values(text: str, name: str) -> list[tuple[dict[str, str], float]]:
    found = {one.name: one for one in text_string_to_metric_families(text)}
    return [(one.labels, one.value) for one in found[name].samples] if name in found else []


async def test_metrics_are_those_of_the_latest_scan_and_follow_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    await fill(path)
    settings = Settings(db=f"sqlite:///{path}")
    async with exporting(settings) as client:
        first = await client.get("/metrics")
        assert first.status_code == 200
        assert first.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert values(first.text, "ipv6check_conversion_ratio")[0][1] == 0.4
        assert (await client.get("/metrics")).text == first.text
        async with await open_store(settings.db) as store:
            latest = scan("20260529T000000Z-0badcafe", started=1_780_086_400.0, ended=1_780_086_460.0)
            revision = (await store.revision_of(await store.scan())).number
            await store.create_scan(latest, revision)
        assert values((await client.get("/metrics")).text, "ipv6check_last_run_timestamp_seconds")[0][1] == latest.ended
        assert (await client.get("/healthz")).text == "ok\n"


async def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    async with exporting(Settings(db=f"sqlite:///{tmp_path / 'none.db'}")) as client:
        for place in ("/metrics", "/healthz"):
            answer = await client.get(place)
            assert answer.status_code == 503
            assert "no database" in answer.text


@asynccontextmanager
async def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Night, Settings]]:
    """A scanned world and settings under which /probe may look at loopback."""
    async with night(tmp_path, monkeypatch) as world:
        await world.watch(1, at_once=True)
        policy = tmp_path / "policy.yaml"
        policy.write_text(
            f"schema: ipv6check.policy/1\nid: probe\ntreat_as_global: {json.dumps(POLICY.treat_as_global)}\n"
            "retries: {second_look_s: null, refused: [0.01], selftest_gap_s: 0.01}\n"
            "pacing: {per_address: 0, per_prefix: 0, new_per_prefix: 0}\n",
            encoding="utf-8",
        )
        yield world, world.settings.model_copy(update={"policy": str(policy)})


async def test_a_probe_tells_what_is_true_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scanned(tmp_path, monkeypatch) as (world, settings), exporting(settings) as client:
        where = {"target": "mortal", "module": "TCP,SVC,ADR,DNS"}
        up = await client.get("/probe", params=where)
        assert up.status_code == 200, up.text
        assert values(up.text, "probe_success") == [({}, 1.0)]
        assert values(up.text, "ipv6check_target_ready") == [({}, 1.0)]
        assert values(up.text, "ipv6check_probe_duration_seconds")[0][1] > 0
        await world.mortal.stop()
        down = (await client.get("/probe", params=where)).text
        assert values(down, "probe_success") == [({}, 0.0)]
        assert values(down, "ipv6check_target_ready") == [({}, 0.0)]
        failed = [one["rule"] for one, _ in values(down, "ipv6check_rule_verdict") if one["status"] == "fail"]
        assert "SVC001" in failed


@pytest.mark.parametrize(
    ("target", "allow"),
    [
        ("", ()),
        ("www.example.vn", ()),
        ("mort", ()),
        ("[::1]:22/tcp", ()),
        ("169.254.169.254", ("*.example.vn",)),
        ("http://www.example.vn@127.0.0.1/", ("*.example.vn",)),
        ("evil.test/?.example.vn", ("*.example.vn",)),
        ("x" * 2000, ("*",)),
    ],
)
async def test_a_target_nobody_agreed_to_is_refused(tmp_path: Path, target: str, allow: tuple[str, ...]) -> None:
    await fill(tmp_path / "a.db")
    async with exporting(Settings(db=f"sqlite:///{tmp_path / 'a.db'}"), allowed=allow) as client:
        answer = await client.get("/probe", params={"target": target})
    assert answer.status_code in (400, 403)
    assert "probe_success" not in answer.text


async def test_an_allowed_name_that_points_inside_is_not_contacted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name server says ::1 for every name; the policy does not count that as global here."""
    async with scanned(tmp_path, monkeypatch) as (world, settings):
        plain = settings.model_copy(update={"policy": "ci"})
        async with exporting(plain, allowed=("*.tinh-mau.test",)) as client:
            target = f"www.tinh-mau.test:{world.mortal.port}/tcp"
            visits = world.mortal.visits
            answer = await client.get("/probe", params={"target": target, "module": "TCP,ADR"})
        assert answer.status_code == 200, answer.text
        assert values(answer.text, "probe_success") == [({}, 0.0)]
        assert world.mortal.visits == visits


async def test_no_more_probes_than_agreed(tmp_path: Path) -> None:
    await fill(tmp_path / "a.db")
    async with exporting(Settings(db=f"sqlite:///{tmp_path / 'a.db'}"), most=0) as client:
        assert (await client.get("/probe", params={"target": "good"})).status_code == 503


def test_the_command_listens_and_stops_on_a_signal(tmp_path: Path) -> None:
    import asyncio

    asyncio.run(fill(tmp_path / "ipv6check.db"))
    with socket.socket(socket.AF_INET6) as free:
        free.bind(("::1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ipv6check", "exporter", "--listen", f"[::1]:{port}", "--log-format", "json"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while '"listening"' not in process.stderr.readline():
            assert process.poll() is None
        text = ""
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://[::1]:{port}/metrics", timeout=10) as answer:
                    text = answer.read().decode()
                break
            except urllib.error.URLError:
                assert process.poll() is None
        assert "ipv6check_conversion_ratio" in text
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 143
