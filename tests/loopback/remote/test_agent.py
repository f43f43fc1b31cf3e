"""A check through an agent: both commands, real TLS, a real name server; and what strangers try on it."""

import asyncio
import json
import signal
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import trustme

from ipv6check.checks.registry import RULESET
from ipv6check.demo.nameserver import NameServer
from ipv6check.demo.province import HOSTS, host
from ipv6check.model.asset import Asset, Kind, View
from ipv6check.model.remote import REMOTE_SCHEMA, Question
from ipv6check.model.target import Protocol, Target

NAME = host("v6site")
TOKEN = "0123456789abcdef-a-token-of-the-test"
LAB = """\
schema: ipv6check.policy/1
id: lab
treat_as_global: ["::1/128"]
retries: {second_look_s: null, refused: [0.01], selftest_gap_s: 0.01}
"""


class World:
    """A name server, an anchor, a service that greets and one that never says a word, and the agents of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.visits = folder, 0
        self.names = NameServer(HOSTS)
        self.servers: list[asyncio.Server] = []
        self.agents: list[asyncio.subprocess.Process] = []
        self.where: tuple[str, ...] = ()

    async def start(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.folder / "ca.pem"))
        for name in ("server", "client"):
            made = authority.issue_cert("::1" if name == "server" else "client.test")
            made.private_key_and_cert_chain_pem.write_to_path(str(self.folder / f"{name}.pem"))
        (self.folder / "lab.yaml").write_text(LAB, encoding="utf-8")
        resolver = await self.names.start()
        for greet in (self._stand, self._greet, self._say_nothing):
            self.servers.append(await asyncio.start_server(greet, "::1", 0))
        anchor, self.service, self.silent = (one.sockets[0].getsockname()[1] for one in self.servers)
        self.where = ("--resolver", f"[::1]:{resolver}", "--anchor", f"[::1]:{anchor}", "--vantage", "far")

    async def stop(self) -> None:
        for agent in self.agents:
            if agent.returncode is None:
                agent.kill()
                await agent.wait()
        for server in self.servers:
            server.close()
        await self.names.stop()

    async def agent(self, *, policy: str = "lab.yaml", clients: bool = False, limits: str = "{}") -> int:
        """The port of a new agent."""
        path = self.folder / f"agent-{len(self.agents)}.yaml"
        let_in = "" if clients else "tokens: {ci: env:AGENT_TOKEN}\n"
        tls = "{certificate: server.pem, key: server.pem" + (", clients: ca.pem}" if clients else "}")
        path.write_text(
            f'schema: ipv6check.agent/1\nlisten: "[::1]:0"\ntls: {tls}\n{let_in}limits: {limits}\n'
            f"allow: {{hosts: [{NAME}, '::1'], ports: [{self.service}, {self.silent}]}}\n",
            encoding="utf-8",
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ipv6check", "agent", path.name, "--policy", policy, *self.where,
            "--log-format", "json", cwd=self.folder, stderr=asyncio.subprocess.PIPE, env=environment(),
        )  # fmt: skip
        self.agents.append(process)
        assert process.stderr is not None
        line = json.loads(await process.stderr.readline())
        assert line["event"] == "listening", line
        return int(line["on"].rpartition(":")[2])

    async def log(self) -> str:
        """What the last agent told its log, which is stopped for it."""
        agent = self.agents[-1]
        agent.terminate()
        _, said = await agent.communicate()
        return said.decode()

    async def check(self, port: int, target: str, *more: str, token: str = TOKEN) -> tuple[int, str, str]:
        """Exit code, standard output and error of a check through the agent."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ipv6check", "check", target, "--via", f"https://[::1]:{port}", "--via-ca", "ca.pem",
            *more, cwd=self.folder, env=environment(AGENT_TOKEN=token),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, error = await process.communicate()
        assert b"Traceback" not in out + error
        return process.returncode or 0, out.decode(), error.decode()

    async def post(self, port: int, body: bytes, *, token: str = TOKEN, length: int | None = None) -> int:
        """The status that a question of ours gets; 0 if the connection ends without one."""
        reader, writer = await self.connect(port)
        try:
            writer.write(head(len(body) if length is None else length, token) + body)
            return int((await reader.readline() or b"x 0").split()[1])
        except OSError:
            return 0
        finally:
            writer.close()

    async def connect(self, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        trust = ssl.create_default_context(cafile=self.folder / "ca.pem")
        return await asyncio.open_connection("::1", port, ssl=trust, server_hostname="::1")

    async def _greet(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()

    async def _stand(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def _say_nothing(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()


def environment(**more: str) -> dict[str, str]:
    import os

    return {**{name: value for name, value in os.environ.items() if not name.startswith("IPV6CHECK_")},
            "AGENT_TOKEN": TOKEN, **more}  # fmt: skip


def head(length: int, token: str) -> bytes:
    fields = f"POST /v1/check HTTP/1.1\r\nHost: agent\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}"
    return f"{fields}\r\n\r\n".encode()


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    made = World(folder)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


def question(port: int, *, name: str = NAME, ruleset: str = RULESET, **more: object) -> bytes:
    target = Target(host=name, port=port, protocol=Protocol.TCP, expect=str(more.pop("expect", "")))
    asset = Asset(id="a", kind=Kind.SERVICE, name="a", targets=(target,), view=View(more.pop("view", "public")))
    return msgspec.json.encode(
        Question(
            schema=REMOTE_SCHEMA, ruleset=ruleset, tool="test", assets=(asset,), rules=("TCP001", "ADR002"),
            policy={}, timeout_s=20.0, **more,
        )
    )  # fmt: skip


async def test_an_agent_with_ipv6_judges_for_one_without(tmp_path: Path) -> None:
    async with world(tmp_path) as far:
        port = await far.agent()
        token = ("--via-token", "env:AGENT_TOKEN")
        code, out, error = await far.check(port, f"{NAME}:{far.service}/tcp", *token, "-f", "json")
        assert code == 0, error
        told = json.loads(out)
        assert told["scan"]["vantage"]["name"] == "far"
        assert told["scan"]["inventory"] == "command line"
        assert far.visits == 1
        code, _, error = await far.check(port, f"{NAME}:{far.service}/tcp", *token, token="0123456789wrong")
        assert code == 2
        assert "401" in error
        code, _, error = await far.check(port, "www.example.org", *token)
        assert code == 2
        assert "www.example.org:443" in error
        far.agents[0].send_signal(signal.SIGTERM)
        assert await far.agents[0].wait() == 143
        code, out, error = await far.check(port, f"{NAME}:{far.service}/tcp", *token)
        assert (code, out) == (3, "")
        assert "cannot be reached" in error
        assert TOKEN not in error
        assert far.visits == 1


async def test_a_name_that_points_inside_is_not_contacted_for_a_stranger(tmp_path: Path) -> None:
    async with world(tmp_path) as far:
        port = await far.agent(policy="ci")
        code, out, _ = await far.check(
            port, f"{NAME}:{far.service}/tcp", "--via-token", "env:AGENT_TOKEN", "--policy", "lab.yaml", "-f", "json"
        )
        assert code == 1
        tags = {one["tag"] for one in json.loads(out)["assets"][0]["verdicts"] if one["status"] == "fail"}
        assert "only-special-addresses" in tags
        assert await far.post(port, question(far.service, name="::1")) == 403
        assert far.visits == 0


async def test_what_is_not_agreed_is_refused(tmp_path: Path) -> None:
    async with world(tmp_path) as far:
        port = await far.agent()
        slow_head = asyncio.create_task(_never_asks(far, port))
        slow_body = asyncio.create_task(far.post(port, b"{", length=100))
        good = question(far.service)
        statuses = {
            "good": await far.post(port, good),
            "no such token": await far.post(port, good, token="guess"),
            "internal": await far.post(port, question(far.service, view="internal")),
            "other port": await far.post(port, question(22)),
            "other rules": await far.post(port, question(far.service, ruleset="0.0")),
            "no JSON": await far.post(port, b"{"),
            "another's JSON": await far.post(port, b"[1]"),
            "nested": await far.post(port, b'{"schema":' + b"[" * 100_000),
            "too long": await far.post(port, b" " * 600_000, length=600_000),
        }
        assert statuses == {
            "good": 200, "no such token": 401, "internal": 403, "other port": 403, "other rules": 409, "no JSON": 400,
            "another's JSON": 400, "nested": 400, "too long": 413,
        }  # fmt: skip
        assert far.visits == 1
        assert await slow_head == b""
        assert await slow_body == 408


async def _never_asks(far: World, port: int) -> bytes:
    """What comes back over a connection on which the head of a request never ends."""
    reader, writer = await far.connect(port)
    writer.write(b"POST /v1/check HTTP/1.1\r\nHost:")
    try:
        return await reader.read()
    finally:
        writer.close()


async def test_looks_are_limited_and_end_with_whoever_asked(tmp_path: Path) -> None:
    async with world(tmp_path) as far:
        port = await far.agent(limits="{at_once: 1, per_minute: 600, seconds: 60}")
        body = question(far.silent, expect="hello")
        body = body.replace(b'"TCP001"', b'"SVC001"')
        _, writer = await far.connect(port)
        writer.write(head(len(body), TOKEN) + body)
        while (status := await far.post(port, question(far.service))) == 200:
            assert far.visits < 200
        assert status == 503
        writer.close()
        while (status := await far.post(port, question(far.service))) == 503:
            pass
        assert status == 200
        assert '"status": 499' in await far.log()  # it was given up, and not waited for


async def test_a_visitor_that_asks_too_often_waits(tmp_path: Path) -> None:
    async with world(tmp_path) as far:
        port = await far.agent(limits="{per_minute: 2}")
        statuses = [await far.post(port, question(22)) for _ in range(3)]
        assert statuses == [403, 403, 429]


async def test_without_a_client_certificate_nobody_gets_in(tmp_path: Path) -> None:
    async with world(tmp_path) as far:
        port = await far.agent(clients=True)
        code, out, error = await far.check(port, f"{NAME}:{far.service}/tcp")
        assert (code, out) == (3, "")
        assert "cannot be reached" in error
        code, _, error = await far.check(port, f"{NAME}:{far.service}/tcp", "--via-cert", "client.pem")
        assert code == 0, error
        assert far.visits == 1


async def test_a_secret_on_the_command_line_is_refused_and_not_repeated(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ipv6check", "check", "www.example.vn", "--via", "https://a.example", "--via-token",
        "hunter2", cwd=tmp_path, env=environment(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, error = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert b"env:NAME" in error
    assert b"hunter2" not in error
