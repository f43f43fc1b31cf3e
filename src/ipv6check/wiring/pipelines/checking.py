"""A check: the real engine over a few assets, results kept in memory, nothing stored."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ipv6check import __version__
from ipv6check.checks.registry import CHECKS, RULESET
from ipv6check.compliance.deadline import today_in
from ipv6check.compliance.standing import take_standing
from ipv6check.engine.events import Crashed, Finished, Judged
from ipv6check.engine.plan import make_plan, waits_for_confirmation
from ipv6check.engine.run import Engine
from ipv6check.model.asset import Asset
from ipv6check.model.check import Check, is_of_asset
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.mandate import Mandate
from ipv6check.model.policy import Policy
from ipv6check.model.result import AssetResult, TargetEvidence
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.standing import Standing
from ipv6check.model.vantage import Vantage
from ipv6check.model.verdict import Verdict
from ipv6check.net.dns.stated import StatedResolver
from ipv6check.policies.load import policy_digest
from ipv6check.probes.registry import PROBES
from ipv6check.settings import Settings
from ipv6check.wiring.inputs import read_optout
from ipv6check.wiring.interrupt import stopped_by_signals
from ipv6check.wiring.network import Network, open_network, reads_links
from ipv6check.wiring.pipelines.subjects import Subjects


@dataclass(frozen=True, kw_only=True)
class CheckRequest:
    """What to check, and how. ``stated`` are addresses given by hand, by name. ``dns_only``: nothing is connected to.
    ``timeout_s`` bounds the whole run; what is open then stays unknown."""

    settings: Settings
    subjects: Subjects
    mandate: Mandate
    policy: Policy
    checks: tuple[Check, ...]
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dns_only: bool = False
    timeout_s: float | None = None


@dataclass(slots=True)
class Checked:
    """What came of it. ``evidence`` is by target key; an asset that was not reached has no result. ``signal`` is the
    number of the one that stopped it, ``crashes`` are traces of faults of the program."""

    request: CheckRequest
    scan: Scan
    results: dict[str, AssetResult] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)
    signal: int = 0
    timed_out: bool = False

    @property
    def evidence(self) -> dict[str, tuple[AnyEvidence, ...]]:
        """Everything seen, by target key."""
        return {one.target: one.evidence for result in self.results.values() for one in result.evidence}

    def verdicts(self, asset: Asset) -> tuple[Verdict, ...]:
        """The verdicts on one asset; none if it was not reached."""
        result = self.results.get(asset.id)
        return result.verdicts if result else ()

    def standing(self, results: Sequence[tuple[Asset, tuple[Verdict, ...]]] | None = None) -> Standing:
        """The standing of what was found, or of other ``results`` for the same assets."""
        request = self.request
        if results is None:
            results = [(asset, self.verdicts(asset)) for asset in request.subjects.listed]
        return take_standing(
            request.mandate,
            self.scan,
            request.subjects.agencies.values(),
            results,
            today_in(request.mandate.period, datetime.now(UTC)),
            checks=CHECKS,
            keep_assets=True,
        )


def judged_by_dns(check: Check) -> bool:
    """True for a rule that can be judged without a connection: the address rules look at what the DNS brought."""
    if is_of_asset(check):
        return False
    return not waits_for_confirmation(check) or check.rule.family == "ADR"


async def run_check(request: CheckRequest, *, by_signals: bool = True) -> Checked:
    """Look once at everything and judge. SIGINT and SIGTERM stop it in good order, unless they are another's
    (``by_signals`` False, for one of several in a server). Raises Trouble."""
    optout = read_optout(request.settings)
    names = [target.host for asset in request.subjects.listed for target in asset.targets if not target.is_literal]
    families: tuple[int, ...] = (6, 4) if any(check.compares for check in request.checks) else (6,)
    if request.dns_only:
        families = ()  # no anchor is asked either
    async with open_network(
        request.settings,
        request.policy,
        optout,
        names=list(dict.fromkeys(names))[:3],
        families=families,
        read_links=reads_links(request.checks),
    ) as plain:
        network = replace(plain, resolver=StatedResolver(plain.resolver, request.stated)) if request.stated else plain
        vantage = await network.watchman.describe()
        checked = Checked(request, _scan_of(request, vantage))
        engine = Engine(
            net=network,
            policy=request.policy,
            plan=make_plan(request.checks, [probe() for probe in PROBES]),
            watchman=network.watchman,
            first=vantage.selftests[-1],
            is_opted_out=optout.name,
        )
        await _drive(engine, checked, network, by_signals=by_signals)
        return checked


async def _drive(engine: Engine, checked: Checked, network: Network, *, by_signals: bool) -> None:
    """Consume the engine's events into ``checked``."""

    def stop(number: int) -> None:
        checked.signal = number
        engine.stop()

    def time_out() -> None:
        checked.timed_out = True
        engine.stop()

    limit = checked.request.timeout_s
    alarm = asyncio.get_running_loop().call_later(limit, time_out) if limit else None
    try:
        with stopped_by_signals(stop) if by_signals else nullcontext():
            async for event in engine.events(_each(checked.request.subjects.listed), lambda: _pending(checked)):
                match event:
                    case Judged(asset, result):
                        checked.results[asset.id] = result
                    case Crashed(_, trace):
                        checked.crashes.append(trace)
                    case Finished(trustworthy, complete, _):
                        checked.scan = _ended(checked.scan, network.clock.utc(), trustworthy, complete)
    finally:
        if alarm is not None:
            alarm.cancel()


def _scan_of(request: CheckRequest, vantage: Vantage) -> Scan:
    """The record that reports name as their source; it is stored nowhere."""
    subjects = request.subjects
    return Scan(
        id=f"check-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}",
        started=vantage.selftests[0].at,
        state=ScanState.RUNNING,
        tool_version=__version__,
        ruleset=RULESET,
        policy=request.policy.id,
        policy_digest=policy_digest(request.policy),
        inventory=subjects.source,
        inventory_digest=subjects.digest,
        seed=0,
        vantage=vantage,
        mandate=request.mandate.id,
        skipped_rows=subjects.skipped,
    )


def _ended(scan: Scan, now: float, trustworthy: bool, complete: bool) -> Scan:
    from msgspec.structs import replace as changed

    state = ScanState.COMPLETE if complete else ScanState.INTERRUPTED
    return changed(scan, ended=now, state=state, trustworthy=trustworthy)


async def _each(assets: Sequence[Asset]) -> AsyncIterator[Asset]:
    for asset in assets:
        yield asset


async def _pending(checked: Checked) -> AsyncIterator[tuple[Asset, tuple[TargetEvidence, ...]]]:
    """What awaits its second look, under a policy that takes one."""
    for asset in checked.request.subjects.listed:
        result = checked.results.get(asset.id)
        if result is not None and result.pending:
            yield asset, result.evidence
