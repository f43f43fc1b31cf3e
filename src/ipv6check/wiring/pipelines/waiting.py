"""One look, or looks until the check passes: after a DNS change, until the record shows and the service answers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from ipv6check.compliance.pipeline import Answer
from ipv6check.model.asset import View, evidence_key
from ipv6check.model.dns import NameEvidence
from ipv6check.model.optout import OptOut
from ipv6check.model.rating import Readiness
from ipv6check.model.record import Record
from ipv6check.wiring.interrupt import stopped_by_signals
from ipv6check.wiring.network import open_network
from ipv6check.wiring.pipelines.baseline import Baseline
from ipv6check.wiring.pipelines.checking import Checked, CheckRequest, run_check
from ipv6check.wiring.pipelines.gating import Gated, gated
from ipv6check.wiring.pipelines.publication import Publication, Published

FIRST_PAUSE_S = 3.0
LONGEST_PAUSE_S = 30.0
GROWTH = 1.5
MOST_TRUSTED_S = 60.0
"""A resolver that says how long it remembers is asked again after that, but once a minute at least: it may have several
caches, and one that is authoritative itself never counts down."""


class Step(StrEnum):
    """What is waited for: the zone, a resolver's memory, the service; or that nothing is any more."""

    DNS = "dns"
    CACHE = "cache"
    AGAIN = "again"
    OVER = "over"


class Stopped(Exception):
    """A signal came before the first look; ``signal`` is its number."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


class Waiting(Record, frozen=True, kw_only=True):
    """Why there is a pause, and how long it is in seconds; ``ttl_s`` is how long a resolver may remember an absence."""

    step: Step
    names: tuple[str, ...] = ()
    pause_s: float = 0.0
    ttl_s: float = 0.0


Tell = Callable[[Waiting], None]

Run = Callable[[CheckRequest], Awaitable[Checked]]
"""One look; ``run_check`` makes it from this machine."""


async def look(request: CheckRequest, known: Baseline, *, wait_s: float, tell: Tell, run: Run = run_check) -> Gated:
    """Check once; with ``wait_s`` again and again until the check passes or the time is over. Raises Trouble.

    The zone's servers are asked first, and the resolver only when they have the record: an absence that it was asked
    for too early it would remember. A signal ends the waiting with what was seen last, or with Stopped.
    """
    if not wait_s:
        return gated(await run(request), known)
    return await _Wait(request, known, wait_s, tell, run).until_passed()


class _Wait:
    """Looks with pauses between them, which grow from three seconds to thirty."""

    def __init__(self, request: CheckRequest, known: Baseline, wait_s: float, tell: Tell, run: Run) -> None:
        self._request, self._known, self._tell, self._run = request, known, tell, run
        self._ends = asyncio.get_running_loop().time() + wait_s
        self._pause = FIRST_PAUSE_S
        self._signal = 0
        self._stopped = asyncio.Event()

    async def until_passed(self) -> Gated:
        """Until passed, stopped or over."""
        await self._until_published()
        if self._signal:
            raise Stopped(self._signal)
        while True:
            found = gated(await self._run(self._request), self._known)
            done = found.answer in (Answer.PASSED, Answer.NOTHING) or found.checked.crashes
            if done or found.checked.signal:
                return found
            if self._left() <= 0:
                self._tell(Waiting(step=Step.OVER))
                return found
            remembered = _remembered(found)
            if remembered:
                ttl = max(remembered.values())
                pause = min(max(self._next(), min(ttl + 1, MOST_TRUSTED_S)), self._left())
                self._tell(Waiting(step=Step.CACHE, names=tuple(remembered), pause_s=pause, ttl_s=ttl))
            else:
                pause = min(self._next(), self._left())
                self._tell(Waiting(step=Step.AGAIN, names=_open_names(found), pause_s=pause))
            await self._rest(pause)
            if self._signal:
                found.checked.signal = self._signal
                return found

    async def _until_published(self) -> None:
        """Wait while servers of a zone say that a name has no AAAA record. What cannot be asked is not waited for."""
        names = _names(self._request)
        if not names:
            return
        internal = all(asset.view is View.INTERNAL for asset in self._request.subjects.listed)
        async with open_network(self._request.settings, self._request.policy, OptOut(), families=()) as network:
            publication = Publication(network.resolver, network.dialer, internal=internal)
            while not self._stopped.is_set():
                states = await self._interruptibly(publication, names)
                absent = tuple(name for name, state in zip(names, states, strict=True) if state is Published.NO)
                if not absent or self._left() <= 0:
                    return
                pause = min(self._next(), self._left())
                self._tell(Waiting(step=Step.DNS, names=absent, pause_s=pause))
                await self._rest(pause)

    async def _interruptibly(self, publication: Publication, names: Sequence[str]) -> list[Published]:
        with stopped_by_signals(self._stop):
            return await asyncio.gather(*(publication.state(name) for name in names))

    async def _rest(self, pause: float) -> None:
        """Sleep, unless a signal comes."""
        with stopped_by_signals(self._stop):
            try:
                async with asyncio.timeout(pause):
                    await self._stopped.wait()
            except TimeoutError:
                return

    def _stop(self, number: int) -> None:
        self._signal = number
        self._stopped.set()

    def _left(self) -> float:
        return self._ends - asyncio.get_running_loop().time()

    def _next(self) -> float:
        """The next pause; they grow."""
        pause = self._pause
        self._pause = min(self._pause * GROWTH, LONGEST_PAUSE_S)
        return pause


def _names(request: CheckRequest) -> tuple[str, ...]:
    """The names whose record is waited for; those with addresses given by hand need none."""
    hosts = [target.host for asset in request.subjects.listed for target in asset.targets if not target.is_literal]
    return tuple(host for host in dict.fromkeys(hosts) if host not in request.stated)


def _remembered(found: Gated) -> dict[str, float]:
    """Names of which the resolver says that there is no record, with the seconds it goes on saying so."""
    told: dict[str, float] = {}
    for asset in found.standing.assets:
        if asset.readiness in (Readiness.READY, Readiness.EXEMPT):
            continue
        for target in asset.asset.targets:
            for one in found.checked.evidence.get(evidence_key(target, asset.asset.view), ()):
                if isinstance(one, NameEvidence) and one.aaaa.outcome.proves_absence:
                    told[one.name] = float(one.aaaa.ttl)
    return told


def _open_names(found: Gated) -> tuple[str, ...]:
    ready = (Readiness.READY, Readiness.EXEMPT, Readiness.NOT_APPLICABLE)
    return tuple(asset.asset.name for asset in found.standing.assets if asset.readiness not in ready)
