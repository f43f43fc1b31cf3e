"""A scan from an inventory to the store."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from ipv6check import __version__
from ipv6check.checks.registry import CHECKS, RULESET
from ipv6check.engine.events import Finished, Judged, SecondLook, Tested
from ipv6check.engine.plan import make_plan
from ipv6check.engine.run import Engine
from ipv6check.inventory.load import Inventory
from ipv6check.inventory.select import Selection
from ipv6check.model.asset import Asset
from ipv6check.model.check import Check
from ipv6check.model.mandate import Mandate
from ipv6check.model.optout import OptOut
from ipv6check.model.policy import Policy
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.trouble import Trouble
from ipv6check.model.vantage import Fitness, SelfTest, Vantage
from ipv6check.policies.load import policy_digest
from ipv6check.probes.registry import PROBES
from ipv6check.settings import Settings
from ipv6check.store.inventories import InventoryFacts
from ipv6check.store.repository import Store
from ipv6check.store.writer import Writer
from ipv6check.wiring.inputs import read_optout
from ipv6check.wiring.interrupt import stopped_by_signals
from ipv6check.wiring.network import Network, open_network, reads_links
from ipv6check.wiring.progress import Progress, Watch
from ipv6check.wiring.scans import journal
from ipv6check.wiring.scans.imported import imports_of
from ipv6check.wiring.tracing import span, stages

MOST_FAILED_TESTS = 50
EVERYTHING = Selection()


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to scan, and how. ``resume`` names a scan to go on with."""

    settings: Settings
    inventory: Inventory
    mandate: Mandate
    policy: Policy
    checks: tuple[Check, ...]
    selection: Selection = EVERYTHING
    resume: str = ""


async def run_scan(request: Request, store: Store, watch: Watch) -> Progress:
    """Scan, store, and tell ``watch`` of every event. The stored scan is complete, or interrupted and resumable.

    SIGINT and SIGTERM stop it in good order; a second signal ends the process at once. Raises StoreError, Trouble.
    """
    inventory = request.inventory
    facts = InventoryFacts(
        digest=inventory.digest,
        name=", ".join(inventory.files),
        mandate=inventory.mandate,
        agencies=tuple(inventory.agencies.values()),
        skipped=inventory.skipped,
    )
    with span("inventory"):
        revision = await store.save_inventory(facts, inventory.assets())
    optout = read_optout(request.settings)
    names = sample_names(request)
    families = (6, 4) if any(check.compares for check in request.checks) else (6,)
    links = reads_links(request.checks)
    async with open_network(
        request.settings, request.policy, optout, names=names, families=families, read_links=links
    ) as network:
        with span("self-test"):
            vantage = await network.watchman.describe()
        scan = await _scan_record(request, store, revision, vantage)
        async with store.hold(scan), store.writer(scan) as writer:
            if request.resume:
                await store.update_scan(scan)
            run = _Run(request, store, revision, scan, Progress(scan=scan))
            return await run.drive(network, writer, optout, watch)


async def _scan_record(request: Request, store: Store, revision: int, vantage: Vantage) -> Scan:
    """A new scan, or the one to resume if it is still the same work. Raises Trouble."""
    fresh = Scan(
        id=new_scan_id(),
        started=vantage.selftests[0].at,
        state=ScanState.RUNNING,
        tool_version=__version__,
        ruleset=RULESET,
        policy=request.policy.id,
        policy_digest=policy_digest(request.policy),
        inventory=", ".join(request.inventory.files),
        inventory_digest=request.inventory.digest,
        seed=secrets.randbits(63),
        vantage=vantage,
        mandate=request.mandate.id,
        selection=describe_selection(request),
        skipped_rows=request.inventory.skipped,
    )
    if not request.resume:
        await store.create_scan(fresh, revision)
        return fresh
    earlier = await store.scan(request.resume)
    for what in ("inventory_digest", "policy_digest", "ruleset", "selection"):
        if getattr(earlier, what) != getattr(fresh, what):
            word = what.replace("_digest", "").replace("ruleset", "rule set")
            raise Trouble(f"scan {earlier.id} cannot be resumed: the {word} has changed since; start a new scan")
    if earlier.state is ScanState.COMPLETE:
        raise Trouble(f"scan {earlier.id} is complete; there is nothing to resume")
    return msgspec.structs.replace(
        earlier,
        state=ScanState.RUNNING,
        vantage=msgspec.structs.replace(vantage, selftests=earlier.vantage.selftests + vantage.selftests),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One scan under way."""

    request: Request
    store: Store
    revision: int
    scan: Scan
    progress: Progress

    async def drive(self, network: Network, writer: Writer, optout: OptOut, watch: Watch) -> Progress:
        """Run the engine, store what it says, and tell ``watch``."""
        progress = self.progress
        progress.total = await self._count()
        journal.tell_start(self.scan, assets=progress.total, resumed=bool(self.request.resume))
        imports = await imports_of(self.store, self.scan.started)
        engine = Engine(
            net=network,
            policy=self.request.policy,
            plan=make_plan(self.request.checks, [probe() for probe in PROBES]),
            watchman=network.watchman,
            first=self.scan.vantage.selftests[-1],
            is_opted_out=optout.name,
            imported=imports.of,
        )
        tests = list(self.scan.vantage.selftests)

        def stop(number: int) -> None:
            progress.signal = number
            engine.stop()

        with stopped_by_signals(stop), stages("first look") as enter:
            async for event in engine.events(self._assets(), lambda: self.store.pending(self.scan)):
                progress.take(event)
                progress.parked = engine.parked
                match event:
                    case Judged(_, result):
                        await writer.put(result)
                    case Tested(selftest):
                        tests.append(selftest)
                    case SecondLook():
                        enter("second look")
                        await writer.flush()
                    case Finished(trustworthy, complete, lag_p99_ms):
                        await writer.flush()
                        progress.lag_p99_ms = lag_p99_ms
                        ended = network.clock.utc()
                        progress.scan = _finished(self.scan, ended, tests, trustworthy=trustworthy, complete=complete)
                        await self.store.update_scan(progress.scan)
                journal.tell(progress, event)
                watch(progress, event)
        return progress

    async def _assets(self) -> AsyncIterator[Asset]:
        """The chosen assets in the scan's shuffled order; for a resumed scan those it has not judged."""
        selection = self.request.selection
        matches = selection.matcher(self.request.inventory.agencies)
        chosen: set[str] | None = None
        if selection.limit:
            chosen = set()
            async for asset in self.store.assets(self.revision, start_at=self.scan.seed):
                if matches(asset):
                    chosen.add(asset.id)
                    if len(chosen) == selection.limit:
                        break
        unfinished = self.scan.id if self.request.resume else None
        async for asset in self.store.assets(
            self.revision, unfinished_in=unfinished, including_pending=False, start_at=self.scan.seed
        ):
            if matches(asset) if chosen is None else asset.id in chosen:
                yield asset

    async def _count(self) -> int:
        """How many assets this run is to judge."""
        if self.request.selection.is_all and not self.request.resume:
            return await self.store.count_assets(self.revision)
        count = 0
        async for _ in self._assets():
            count += 1
        return count


def sample_names(request: Request) -> list[str]:
    """Up to three host names of the inventory, by which a private resolver can prove itself."""
    names: dict[str, None] = {}
    for asset in request.inventory.assets():
        names.update((target.host, None) for target in asset.targets if not target.is_literal)
        if len(names) >= 3:
            break
    return list(names)[:3]


def _finished(scan: Scan, now: float, tests: list[SelfTest], *, trustworthy: bool, complete: bool) -> Scan:
    """The scan as it is stored at its end, with the first, the last and every failed self-test."""
    kept = [test for test in tests[1:-1] if test.fitness is not Fitness.FIT][:MOST_FAILED_TESTS]
    telling = tuple(dict.fromkeys([tests[0], *kept, tests[-1]]))
    return msgspec.structs.replace(
        scan,
        ended=now,
        state=ScanState.COMPLETE if complete else ScanState.INTERRUPTED,
        trustworthy=trustworthy,
        vantage=msgspec.structs.replace(scan.vantage, selftests=telling),
    )


def describe_selection(request: Request) -> str:
    """The selection and the rules as one line; empty for everything. Part of what a resume must have in common."""
    parts = []
    chosen = msgspec.to_builtins(request.selection)
    if chosen:
        parts.append(" ".join(f"{name}={value}" for name, value in sorted(chosen.items())))
    if len(request.checks) < len(CHECKS):
        parts.append("rules=" + ",".join(check.rule.code for check in request.checks))
    return " ".join(parts)


def new_scan_id() -> str:
    """Sortable by time, unique without a server: UTC time and eight random hex digits."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
