"""One target probed because a monitoring system asks: what the inventory lists, or what was allowed by name, and no
more at a time than was agreed. Whoever can reach the exporter must not be able to aim it at anything else."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ipv6check.logs import event, logger
from ipv6check.model.asset import Asset, View
from ipv6check.model.rating import Readiness
from ipv6check.model.trouble import Trouble
from ipv6check.reports.monitoring.as_prom import exposed
from ipv6check.settings import Settings
from ipv6check.store.errors import MissingStore
from ipv6check.store.open import open_store
from ipv6check.wiring.inputs import choose_checks, read_mandate, read_policy
from ipv6check.wiring.pipelines.checking import Checked, CheckRequest, run_check
from ipv6check.wiring.pipelines.subjects import Subjects, subjects_of_arguments
from ipv6check.wiring.watching.scrape import latest

LONGEST_S = 15.0
LONGEST_TARGET = 1000

_log = logger("exporter")


class NotAllowed(Trouble):
    """The target is neither in the inventory nor allowed."""


class TooMany(Trouble):
    """As many probes as were agreed are running."""


@dataclass(slots=True)
class Prober:
    """``allowed`` are patterns of host names beside the inventory; at most ``most`` probes run, and none waits."""

    settings: Settings
    allowed: Sequence[str] = ()
    most: int = 4
    running: int = 0

    async def probe(self, target: str, module: str, timeout_s: float) -> str:
        """The metrics of one probe. ``module`` names rules or families, empty for all. Raises Trouble."""
        if self.running >= self.most:
            raise TooMany(f"{self.most} probes are running; ask again later")
        self.running += 1
        started = time.monotonic()
        try:
            checks = choose_checks([module] if module else [])
            subjects = await self._subjects(target)
            mandate = read_mandate(self.settings, subjects.mandate)
            request = CheckRequest(
                settings=self.settings,
                subjects=subjects,
                mandate=mandate,
                policy=read_policy(self.settings, mandate),
                checks=checks,
                timeout_s=min(timeout_s, LONGEST_S),
            )
            async with asyncio.timeout(LONGEST_S * 2):
                checked = await run_check(request, by_signals=False)
        except TimeoutError:
            raise Trouble("the probe did not end in time") from None
        finally:
            self.running -= 1
        took = time.monotonic() - started
        event(_log, "probed", target=subjects.listed[0].id, seconds=round(took, 3))
        return "\n".join(_lines(checked, took)) + "\n"

    async def _subjects(self, target: str) -> Subjects:
        """The asset that goes by exactly this id, host or name; else a public target whose host is allowed."""
        if not target or len(target) > LONGEST_TARGET:
            raise NotAllowed("a target is needed: /probe?target=NAME")
        listed = await self._listed(target)
        if listed is not None:
            return Subjects((listed,), {}, "inventory", "")
        refusal = NotAllowed("this target is neither in the inventory nor allowed by --allow")
        if not self.allowed:
            raise refusal
        subjects = subjects_of_arguments([target])
        hosts = [one.host for asset in subjects.listed for one in asset.targets]
        public = all(asset.view is View.PUBLIC for asset in subjects.listed)
        if not (public and hosts and all(self._allows(host) for host in hosts)):
            raise refusal
        return subjects

    def _allows(self, host: str) -> bool:
        return any(fnmatchcase(host, pattern.lower()) for pattern in self.allowed)

    async def _listed(self, target: str) -> Asset | None:
        try:
            async with await open_store(self.settings.db, create=False) as store:
                revision = await store.revision_of(await latest(store))
                found = await store.find_assets(revision.number, target, limit=2)
        except MissingStore:
            return None
        exact = [one for one in found if target in (one.id, one.name) or target.lower() == one.host]
        return exact[0] if exact and exact[0].targets else None


def _lines(checked: Checked, took_s: float) -> Iterator[str]:
    """The result as metrics; an undecided target has no ``ipv6check_target_ready``, and is no success either."""
    standing = checked.standing()
    ready = {one.readiness for one in standing.assets}
    decided = Readiness.UNKNOWN not in ready and Readiness.NEEDS_ATTESTATION not in ready and bool(ready)
    success = ready == {Readiness.READY}
    yield from exposed("probe_success", "1 if the target is proven to be ready.", [({}, float(success))])
    yield from exposed("ipv6check_probe_duration_seconds", "How long the probe took.", [({}, took_s)])
    yield from exposed("ipv6check_target_undecided", "1 if the target could not be told.", [({}, float(not decided))])
    if decided:
        yield from exposed("ipv6check_target_ready", "1 if the target is ready.", [({}, float(success))])
    verdicts = [
        ({"rule": rated.verdict.rule, "status": rated.verdict.status.value, "level": rated.level.value}, 1.0)
        for one in standing.assets
        for rated in one.verdicts
    ]
    yield from exposed("ipv6check_rule_verdict", "What each rule said, as labels.", list(verdicts))
