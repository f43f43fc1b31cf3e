"""A vantage that looks for others: the web application behind ``ipv6check agent``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ipv6check import __version__
from ipv6check.alertsettings import secret
from ipv6check.checks.registry import CHECKS, RULESET
from ipv6check.logs import event, logger
from ipv6check.model.mandate import Mandate
from ipv6check.model.policy import Policy
from ipv6check.model.prefixes import Prefixes
from ipv6check.model.remote import CHECK_PATH, REMOTE_SCHEMA, Envelope, Question, Refusal, Reply
from ipv6check.model.trouble import Trouble
from ipv6check.remote.allowance import Allowance
from ipv6check.remote.file import AgentFile, read_agent_file
from ipv6check.remote.restraint import restrained
from ipv6check.remote.visitors import LEAST_TOKEN, Visitors
from ipv6check.settings import Settings
from ipv6check.wiring.inputs import read_mandate, read_optout, read_policy
from ipv6check.wiring.pipelines.checking import Checked, CheckRequest, run_check
from ipv6check.wiring.pipelines.subjects import Subjects

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

MOST_OCTETS = 512 * 1024
SLOWEST_BODY_S = 10.0
RESERVE_S = 30.0
"""What a look may take beyond its limit: self-tests, and what is in flight when the limit comes."""

_log = logger("agent")


class _Refused(Exception):
    """An answer that is no reply; ``wait_s`` is when to come again, if that helps."""

    def __init__(self, status: int, detail: str, *, wait_s: float = 0.0) -> None:
        super().__init__(detail)
        self.status, self.detail, self.wait_s = status, detail, wait_s


@dataclass(slots=True)
class Desk:
    """Takes questions, and answers those that may be asked. ``running`` looks are under way; none waits."""

    file: AgentFile
    settings: Settings
    mandate: Mandate
    policy: Policy
    visitors: Visitors
    running: int = 0

    async def reply(self, request: Request) -> Reply:
        """The reply to one request. Raises _Refused."""
        visitor = self.visitors.who(request.headers.get("authorization", ""))
        if not visitor:
            raise _Refused(401, "the token is missing or not one of this vantage's")
        wait = self.visitors.wait_s(visitor, time.monotonic())
        if wait:
            raise _Refused(429, f"{visitor} asks more often than agreed", wait_s=wait)
        question = _question(await _body(request))
        asked = self._request(question)
        if self.running >= self.file.limits.at_once:
            raise _Refused(503, f"{self.running} looks are under way here; ask again", wait_s=5.0)
        self.running += 1
        started = time.monotonic()
        try:
            checked = await _while_connected(request, self._look(asked))
        finally:
            self.running -= 1
        event(
            _log,
            "looked",
            visitor=visitor,
            peer=request.client.host if request.client else "",
            assets=len(question.assets),
            first=question.assets[0].name[:253],
            seconds=round(time.monotonic() - started, 3),
        )
        for trace in checked.crashes:
            event(_log, "crashed", level="error", trace=trace)
        return Reply(
            schema=REMOTE_SCHEMA,
            ruleset=RULESET,
            tool=__version__,
            scan=checked.scan,
            results=tuple(checked.results.values()),
            timed_out=checked.timed_out,
            crashes=len(checked.crashes),
        )

    def _request(self, question: Question) -> CheckRequest:
        allowance = Allowance(self.file, Prefixes(self.policy.treat_as_global))
        refusal = allowance.refusal(question.assets, question.stated)
        if refusal:
            raise _Refused(403, refusal)
        policy, fault = restrained(question.policy, self.policy)
        if fault:
            raise _Refused(400, f"the policy cannot be used: {fault}")
        wanted = frozenset(question.rules)
        most = self.file.limits.seconds
        return CheckRequest(
            settings=self.settings,
            subjects=Subjects(question.assets, {}, "", ""),
            mandate=self.mandate,
            policy=policy,
            checks=tuple(check for check in CHECKS if check.rule.code in wanted),
            stated=question.stated,
            dns_only=question.dns_only,
            timeout_s=min(question.timeout_s, most) if question.timeout_s > 0 else most,
        )

    async def _look(self, asked: CheckRequest) -> Checked:
        try:
            async with asyncio.timeout((asked.timeout_s or 0.0) + RESERVE_S):
                return await run_check(asked, by_signals=False)
        except TimeoutError:
            raise _Refused(504, "the look did not end in time") from None
        except Trouble as trouble:
            event(_log, "trouble", level="error", detail=str(trouble))
            raise _Refused(500, "this vantage could not look; its log says why") from None


def application(desk: Desk) -> Starlette:
    """The application. Needs Starlette."""
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    def as_json(value: object, status: int, wait_s: float = 0.0) -> Response:
        headers = {"Cache-Control": "no-store", "Connection": "close"}
        if wait_s:
            headers["Retry-After"] = str(int(wait_s) + 1)
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return Response(msgspec.json.encode(value), status, headers, "application/json")

    async def check(request: Request) -> Response:
        try:
            return as_json(await desk.reply(request), 200)
        except _Refused as refusal:
            peer = request.client.host if request.client else ""
            event(_log, "refused", level="warning", peer=peer, status=refusal.status, detail=refusal.detail)
            return as_json(Refusal(schema=REMOTE_SCHEMA, detail=refusal.detail), refusal.status, refusal.wait_s)

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"Connection": "close"})

    return Starlette(routes=[Route(CHECK_PATH, check, methods=["POST"]), Route("/healthz", healthz)])


def _question(octets: bytes) -> Question:
    """The question in a body. Raises _Refused."""
    try:
        envelope = msgspec.json.decode(octets, type=Envelope)
        if envelope.schema != REMOTE_SCHEMA or envelope.ruleset != RULESET:
            raise _Refused(
                409,
                f"this vantage runs ipv6check {__version__} with rule set {RULESET}, the question comes from "
                f"{envelope.tool[:40]} with {envelope.ruleset[:60]}: install the same version on both",
            )
        return msgspec.json.decode(octets, type=Question)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _Refused(400, f"this is no question: {str(error)[:200]}") from None


async def _body(request: Request) -> bytes:
    """The whole body, if it is small and comes in time. Raises _Refused."""
    from starlette.requests import ClientDisconnect

    octets = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_BODY_S):
            async for chunk in request.stream():
                octets += chunk
                if len(octets) > MOST_OCTETS:
                    raise _Refused(413, f"a question has at most {MOST_OCTETS >> 10} KiB")
    except TimeoutError:
        raise _Refused(408, "the question did not come in time") from None
    except ClientDisconnect:
        raise _Refused(400, "the question broke off") from None
    return bytes(octets)


async def _while_connected(request: Request, work: Awaitable[Checked]) -> Checked:
    """``work``, unless whoever asked goes away first: then it is cancelled. Raises _Refused."""
    looking = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnected(request.receive))
    try:
        await asyncio.wait((looking, leaving), return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            return looking.result()
        raise _Refused(499, "whoever asked has gone")
    finally:
        for task in (looking, leaving):
            task.cancel()
        await asyncio.gather(looking, leaving, return_exceptions=True)


async def _disconnected(receive: Callable[[], Awaitable[object]]) -> None:
    while True:
        message = await receive()
        if isinstance(message, dict) and message.get("type") == "http.disconnect":
            return


def open_desk(path: Path, settings: Settings) -> Desk:
    """The desk of an agent file. Raises Problems and Trouble, also for a secret that is not there or too short."""
    file = read_agent_file(path)
    tokens = {name: secret(reference, f"{path}: tokens.{name}") for name, reference in file.tokens.items()}
    for name, token in tokens.items():
        if len(token) < LEAST_TOKEN:
            raise Trouble(f"{path}: tokens.{name}: has less than {LEAST_TOKEN} characters; make one at random")
    if len(set(tokens.values())) < len(tokens):
        raise Trouble(f"{path}: tokens: two visitors have the same token")
    read_optout(settings)  # whose faults are told now, not at the first question
    mandate = read_mandate(settings)
    return Desk(
        file=file,
        settings=settings,
        mandate=mandate,
        policy=read_policy(settings, None),
        visitors=Visitors(tokens, per_minute=file.limits.per_minute),
    )
