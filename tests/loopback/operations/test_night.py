"""A night of watching: real scans of a real server that dies and returns, on an accelerated clock."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from ipv6check.alertsettings import AlertSettings
from ipv6check.demo.nameserver import NameServer
from ipv6check.demo.policy import DEMO
from ipv6check.demo.province import HOSTS, host
from ipv6check.model.trouble import Trouble
from ipv6check.net.clients.notifier import AppriseNotifier
from ipv6check.settings import Settings
from ipv6check.store.open import open_store
from ipv6check.wiring.inputs import choose_checks, read_inventory, read_mandate
from ipv6check.wiring.scans.scanning import Request
from ipv6check.wiring.watching.alerting import Alerter, make_alerter
from ipv6check.wiring.watching.process import Pulse, Watcher
from ipv6check.wiring.watching.rounds import Rounds
from ipv6check.wiring.watching.schedule import Every
from tests.loopback.operations.sinks import Hook, hook

POLICY = replace(
    DEMO,
    retries=replace(DEMO.retries, refused=(0.01,), second_look_s=0.05, selftest_gap_s=0.01, jitter=0.0),
)
V6_NAME = host("v6site")
EVENING = datetime(2026, 6, 1, 20, 0, tzinfo=UTC).timestamp()


class FastClock:
    """A clock on which a pause is over as soon as everybody else has had a turn."""

    def __init__(self) -> None:
        self.now = EVENING

    def utc(self) -> float:
        return self.now

    async def pause(self, seconds: float, stop: asyncio.Event) -> None:
        self.now += seconds
        await asyncio.sleep(0)


class Listener:
    """A server on ::1 that can die and return on the same port."""

    def __init__(self) -> None:
        self.port = 0
        self.visits = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._greet, "::1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        with contextlib.suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()


class Night:
    """The world of a watch: a service that may die, another that stays, anchors, a name server, a web hook."""

    def __init__(self, folder: Path, sink: Hook) -> None:
        self.folder, self.sink, self.clock = folder, sink, FastClock()
        self.mortal, self.steady = Listener(), Listener()
        self.anchors = [Listener(), Listener()]
        self.names = NameServer(HOSTS)
        self.settings = Settings()
        self.scans = 0

    @property
    def inventory(self) -> Path:
        return self.folder / "inventory.yaml"

    async def start(self, monkeypatch: pytest.MonkeyPatch, **alerts: object) -> None:
        for listener in (self.mortal, self.steady, *self.anchors):
            await listener.start()
        port = await self.names.start()
        self.inventory.write_text(
            "schema: ipv6check.inventory/1\n"
            "agencies: [{id: so, name: {vi: Sở Thử nghiệm, en: Test Department}, level: department}]\n"
            "assets:\n"
            f"  - {{id: mortal, kind: service, agency: so, name: mortal, targets: ['[::1]:{self.mortal.port}/tcp']}}\n"
            f"  - {{id: steady, kind: service, agency: so, targets: ['{V6_NAME}:{self.steady.port}/tcp']}}\n",
            encoding="utf-8",
        )
        monkeypatch.setenv("OPS_HOOK", f"json://[::1]:{self.sink.port}/")
        self.settings = Settings(
            db=f"sqlite:///{self.folder / 'watch.db'}",
            resolver=(f"[::1]:{port}",),
            anchor=tuple(f"[::1]:{one.port}" for one in self.anchors),
            vantage="night",
            lang="en",
            alerts=AlertSettings.model_validate(
                {"channels": {"ops": {"url": "env:OPS_HOOK", "topics": ["asset", "vantage", "silence"]}}} | alerts
            ),
        )

    async def stop(self) -> None:
        for listener in (self.mortal, self.steady, *self.anchors):
            await listener.stop()
        await self.names.stop()

    def request(self) -> Request:
        inventory = read_inventory([self.inventory])
        return Request(
            settings=self.settings,
            inventory=inventory,
            mandate=read_mandate(self.settings, inventory.mandate),
            policy=POLICY,
            checks=choose_checks(["DNS", "ADR", "TCP", "SVC"]),
        )

    def alerter(self, request: Request) -> Alerter | None:
        return make_alerter(
            self.settings.alerts,
            request.mandate,
            inventory=", ".join(request.inventory.files),
            language="en",
            notifier=AppriseNotifier(),
        )

    async def watch(
        self, most: int, before: Callable[[int], object] | None = None, *, at_once: bool = False
    ) -> tuple[Pulse, Rounds]:
        """One process that watches for ``most`` scans; ``before(n)`` is awaited before the n-th scan of the night."""
        rounds = Rounds(request=self.request, alerter=self.alerter, stop=asyncio.Event(), clock=self.clock)

        async def run() -> None:
            self.scans += 1
            happening = before(self.scans) if before else None
            if asyncio.iscoroutine(happening):
                await happening
            await rounds.run()

        watcher = Watcher(
            schedule=Every("1h"),
            run=run,
            clock=self.clock,
            stop=rounds.stop,
            jitter=lambda: 0.0,
            tell=lambda pulse: None,
            idle=rounds.idle,
        )
        await watcher.watch(most=most, at_once=at_once)
        return watcher.pulse, rounds

    @property
    def told(self) -> list[str]:
        """The lines of all messages that arrived."""
        return [line for one in self.sink.messages for line in one["message"].splitlines() if line[:1] in "✗✓" and line]


@asynccontextmanager
async def night(folder: Path, monkeypatch: pytest.MonkeyPatch, **alerts: object) -> AsyncIterator[Night]:
    with hook() as sink:
        world = Night(folder, sink)
        await world.start(monkeypatch, **alerts)
        try:
            yield world
        finally:
            await world.stop()


async def test_a_server_that_dies_and_returns_is_told_once_each_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch is stopped and started again while the server is dead, and again after it has returned."""
    async with night(tmp_path, monkeypatch) as world:

        def happens(scan: int) -> object:
            return {3: world.mortal.stop, 5: world.mortal.start}.get(scan, lambda: None)()

        for most in (3, 2, 1):
            pulse, _ = await world.watch(most, happens)
            assert pulse.failed == 0
        assert world.scans == 6
        assert world.clock.utc() - EVENING == pytest.approx(6 * 3600, abs=60)
        down, up = world.told
        assert down.startswith("✗ mortal (Test Department) fell from “ready” to “not ready”.")
        assert "refused" in down
        assert up.startswith("✓ mortal (Test Department) has recovered")
        async with await open_store(world.settings.db) as store:
            assert len(await store.scans()) == 6


async def test_a_database_that_is_away_is_survived_and_what_happened_meanwhile_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night(tmp_path, monkeypatch) as world:
        gone = tmp_path / "elsewhere"

        async def happens(scan: int) -> None:
            if scan == 2:
                (tmp_path / "watch.db").rename(gone)
                (tmp_path / "watch.db").mkdir()
                await world.mortal.stop()
            if scan == 4:
                (tmp_path / "watch.db").rmdir()
                gone.rename(tmp_path / "watch.db")

        pulse, _ = await world.watch(4, happens)
        assert (pulse.runs, pulse.failed, pulse.in_a_row) == (4, 2, 0)
        assert [line[:8] for line in world.told] == ["✗ mortal"]


async def test_a_sick_vantage_is_told_and_no_target_is_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with night(tmp_path, monkeypatch) as world:

        async def happens(scan: int) -> None:
            for listener in (*world.anchors, world.mortal):
                if scan == 2:
                    await listener.stop()
                if scan == 4:
                    await listener.start()

        await world.watch(5, happens)
        assert [line.split()[1:4] for line in world.told] == [["The", "vantage", "night"]] * 2
        assert [line[0] for line in world.told] == ["✗", "✓"]


async def test_a_message_that_was_refused_is_sent_when_the_service_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night(tmp_path, monkeypatch) as world:

        async def happens(scan: int) -> None:
            if scan == 2:
                await world.mortal.stop()
                world.sink.refuse(503)

        await world.watch(2, happens)
        refused = len(world.sink.posts)
        assert refused >= 1
        world.sink.refuse(200)
        world.sink.posts.clear()
        await world.watch(1)
        assert [line[:8] for line in world.told] == ["✗ mortal"]


async def test_quiet_hours_hold_messages_and_send_them_together_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night(tmp_path, monkeypatch, quiet="20:30-00:30", timezone="UTC") as world:

        def happens(scan: int) -> object:
            return {2: world.mortal.stop, 3: world.mortal.start}.get(scan, lambda: None)()

        await world.watch(4, happens)  # 21:00 to 00:00
        assert world.sink.posts == []
        await world.watch(1)
        assert len(world.sink.posts) == 1
        assert [line[0] for line in world.told] == ["✗", "✓"]
        assert "1 problems, 1 resolved" in world.sink.messages[0]["title"]


async def test_two_processes_do_not_scan_the_same_inventory_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night(tmp_path, monkeypatch) as world:
        reached = asyncio.Event()
        second: list[Pulse] = []

        async def other() -> None:
            await reached.wait()
            pulse, _ = await world.watch(1, at_once=True)
            second.append(pulse)

        async with await open_store(world.settings.db) as store:
            await world.watch(1, at_once=True)
            scan = (await store.scans())[0]
            from ipv6check.model.scan import ScanState

            await store.update_scan(replace(scan, state=ScanState.RUNNING))
            async with store.hold(scan):
                reached.set()
                await other()
            assert len(await store.scans()) == 1
        assert (second[0].skipped, second[0].failed) == (1, 0)


async def test_a_wrong_inventory_is_told_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with night(tmp_path, monkeypatch) as world:
        good = world.inventory.read_text(encoding="utf-8")

        async def happens(scan: int) -> None:
            world.inventory.write_text("nonsense: [" if scan == 2 else good, encoding="utf-8")

        pulse, _ = await world.watch(3, happens)
        assert (pulse.runs, pulse.failed, pulse.in_a_row) == (3, 1, 0)


def test_a_channel_without_its_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_THERE", raising=False)
    settings = AlertSettings.model_validate({"channels": {"ops": {"url": "env:NOT_THERE"}}})
    mandate = read_mandate(Settings())
    with pytest.raises(Trouble, match="NOT_THERE"):
        make_alerter(settings, mandate, inventory="x", language="en", notifier=AppriseNotifier())
