"""A check made elsewhere: the question goes to a vantage with IPv6, and its reply stands in for a look of ours."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from ipv6check import __version__
from ipv6check.alertsettings import secret
from ipv6check.checks.registry import RULESET
from ipv6check.model.asset import asset_key, evidence_key
from ipv6check.model.record import in_full
from ipv6check.model.remote import CHECK_PATH, REMOTE_SCHEMA, Envelope, Question, Refusal, Reply
from ipv6check.model.trouble import Trouble
from ipv6check.net.clients.agent import Agent, AgentRefused, AgentSilent, post
from ipv6check.settings import Settings
from ipv6check.wiring.pipelines.checking import Checked, CheckRequest
from ipv6check.wiring.pipelines.waiting import Run

_MENDABLE = frozenset({400, 401, 403, 404, 405, 409, 413})


def agent_of(settings: Settings) -> Agent:
    """The agent that the settings name. Raises Trouble, also where settings speak of this machine's own looks."""
    if settings.exclude:
        raise Trouble("--exclude: this machine looks at nothing with --via; give the opt-out list to the agent")
    token = secret(settings.via_token, "via_token") if settings.via_token else ""
    if not token.isascii() or not token.isprintable():
        raise Trouble("via_token: the token holds characters that no header may")
    return Agent(url=settings.via, token=token, ca=settings.via_ca, certificate=settings.via_cert)


def through(agent: Agent) -> Run:
    """Looks made by ``agent``."""

    async def run(request: CheckRequest) -> Checked:
        question = Question(
            schema=REMOTE_SCHEMA,
            ruleset=RULESET,
            tool=__version__,
            # What it belongs to and who owns it stays here.
            assets=tuple(replace(one, agency="", owner="", tags=(), origin=None) for one in request.subjects.listed),
            rules=tuple(check.rule.code for check in request.checks),
            policy=_plain(request.policy),
            stated=dict(request.stated),
            dns_only=request.dns_only,
            timeout_s=request.timeout_s or 0.0,
        )
        octets = msgspec.json.encode(question)
        status, body = await post(agent, CHECK_PATH, octets, look_s=request.timeout_s or 0.0)
        return _checked(request, _reply(agent, status, body))

    return run


def _plain(policy: object) -> dict[str, object]:
    found = msgspec.to_builtins(in_full(policy))
    assert isinstance(found, dict)
    return found


def _reply(agent: Agent, status: int, body: bytes) -> Reply:
    """The reply in an answer. Raises AgentRefused or AgentSilent with the sentence that the vantage gave."""
    if status != 200:
        said = _sentence(body)
        kind = AgentRefused if status in _MENDABLE else AgentSilent
        raise kind(f"{agent.url}: the agent answers {status}{f': {said}' if said else ''}")
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
        if envelope.schema != REMOTE_SCHEMA or envelope.ruleset != RULESET:
            raise AgentRefused(
                f"{agent.url}: the agent runs ipv6check {envelope.tool[:40]} with rule set {envelope.ruleset[:60]}, "
                f"this is {__version__} with {RULESET}: install the same version on both"
            )
        return msgspec.json.decode(body, type=Reply)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise AgentSilent(f"{agent.url}: does not answer as an agent; is this the right address?") from None


def _sentence(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Refusal).detail[:500]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ""


def _checked(request: CheckRequest, reply: Reply) -> Checked:
    """The reply as if the look had been made here; only what was asked about is taken from it."""
    subjects = request.subjects
    scan = replace(
        reply.scan,
        inventory=subjects.source,
        inventory_digest=subjects.digest,
        mandate=request.mandate.id,
        skipped_rows=subjects.skipped,
    )
    wanted: Mapping[str, frozenset[str]] = {
        asset.id: frozenset((asset_key(asset.id), *(evidence_key(target, asset.view) for target in asset.targets)))
        for asset in subjects.listed
    }
    rules = frozenset(check.rule.code for check in request.checks)
    results = {}
    for result in reply.results:
        if result.asset in wanted:
            kept = tuple(one for one in result.evidence if one.target in wanted[result.asset])
            verdicts = tuple(verdict for verdict in result.verdicts if verdict.rule in rules)
            results[result.asset] = replace(result, evidence=kept, verdicts=verdicts)
    faults = [f"internal errors at the agent: {reply.crashes}; the traces are in its log"] if reply.crashes else []
    return Checked(request, scan, results, crashes=faults, timed_out=reply.timed_out)
