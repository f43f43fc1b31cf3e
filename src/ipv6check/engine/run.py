"""A scan from its first asset to its last event."""

import asyncio
import traceback
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing

from msgspec.structs import replace

from ipv6check.engine.desk import Desk, OpenAsset
from ipv6check.engine.events import Crashed, Event, Finished, Judged, SecondLook, Tested
from ipv6check.engine.guard import Guard
from ipv6check.engine.judge import judge_asset, opted_out, rests_on_network, without_network_fails
from ipv6check.engine.lag import LagMeter
from ipv6check.engine.parking import Parking
from ipv6check.engine.plan import Plan
from ipv6check.engine.pool import run_bounded
from ipv6check.engine.work import Work
from ipv6check.model.asset import Asset, asset_key
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.result import AssetResult, TargetEvidence
from ipv6check.model.vantage import Fitness, SelfTest
from ipv6check.net.api import Net, Watchman
from ipv6check.probes.probe import nobody

Imported = Callable[[Asset], tuple[AnyEvidence, ...]]
"""What was imported about an asset."""

Source = AsyncIterator[tuple[Asset, tuple[TargetEvidence, ...]]]

SECOND_LOOK_ROUNDS = 3
GRACE_S = 5.0
MOST_HELD = 250
"""Results held back before a self-test is asked for out of turn."""


class Engine:
    """One scan. ``events()`` drives it; ``stop()`` ends it early, keeping what is done.

    ``first`` is the self-test made before; what it found missing is not tried. ``is_opted_out`` tells of a host
    name that must not even be resolved, ``imported`` gives what others saw of an asset.
    """

    def __init__(
        self,
        *,
        net: Net,
        policy: Policy,
        plan: Plan,
        watchman: Watchman,
        first: SelfTest,
        is_opted_out: Callable[[str], bool] = nobody,
        imported: Imported = lambda _: (),
    ) -> None:
        self._net = net
        self._policy = policy
        self._plan = plan
        self._first = first
        self._is_opted_out = is_opted_out
        self._imported = imported
        families = tuple(family for family in plan.families if (first.ipv6 if family == 6 else first.ipv4))
        self._desk = Desk(plan, families if first.ipv6 else (), is_opted_out=is_opted_out)
        self._guard = Guard(watchman, net.clock, first, patience_s=policy.retries.selftest_patience_s)
        self._lag = LagMeter(policy.concurrency, net.clock.monotonic)
        self._parking = Parking()
        self._changed = asyncio.Event()
        self._in_flight: set[asyncio.Task[object]] = set()
        self._running = 0
        self._stopping = False
        self._lost_vantage = False
        self._held: deque[Judged] = deque()

    @property
    def parked(self) -> int:
        """Targets that wait for their next try."""
        return len(self._parking)

    def stop(self) -> None:
        """Feed nothing more; what runs gets the grace time, then it is abandoned."""
        if not self._stopping:
            self._stopping = True
            self._changed.set()
            self._guard.release()
            asyncio.get_running_loop().call_later(GRACE_S, self._abandon)

    async def events(self, assets: AsyncIterator[Asset], pending: Callable[[], Source]) -> AsyncGenerator[Event, None]:
        """Everything that happens, in order; the last event is ``Finished``.

        ``pending`` gives the assets whose stored verdicts await confirmation, with their evidence. It is called after
        ``SecondLook`` was consumed, up to three times if the vantage keeps failing.
        """
        background = [asyncio.create_task(self._lag.run()), asyncio.create_task(self._guard.run())]
        try:
            async for event in self._pass(_without_evidence(assets), again=False):
                yield event
            rounds = SECOND_LOOK_ROUNDS if self._policy.retries.second_look_s is not None else 0
            for _ in range(rounds):
                if self._stopping or self._lost_vantage:
                    break
                yield SecondLook()
                if await _is_empty(pending()):
                    break
                self._desk.forget()
                # A good test between the two looks: else both may lie in one outage that ended before the last test.
                if not await self._guard.test_after(self._net.clock.utc()) and not await self._guard.wait_until_fit():
                    self._lost_vantage = True
                    break
                began = self._net.clock.utc()
                async for event in self._pass(pending(), again=True):
                    yield event
                if self._stopping or self._lost_vantage or await self._guard.test_after(self._net.clock.utc()):
                    break
                # What this look settled is still pending in the store; what the first held is nowhere else.
                self._held = deque(judged for judged in self._held if judged.result.at < began)
                self._lost_vantage = not await self._guard.wait_until_fit()
            for event in await self._settle_held():
                yield event
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
        yield Finished(
            trustworthy=self._first.fitness is Fitness.FIT and not self._lost_vantage,
            complete=not self._stopping and not self._lost_vantage,
            lag_p99_ms=self._lag.p99_ms(),
        )

    async def _pass(self, source: Source, *, again: bool) -> AsyncGenerator[Event, None]:
        """One way through ``source``: each asset judged as soon as its last target is settled."""
        size = self._policy.concurrency
        async with (
            aclosing(self._feed(source, again)) as feed,
            aclosing(run_bounded(feed, self._handle, size=size)) as done,
        ):
            async for item in done:
                self._running -= 1
                self._changed.set()
                if isinstance(item, OpenAsset):
                    complete = [item]
                elif item.abandoned:
                    continue
                elif item.due or item.wants_step:
                    self._parking.park(item, item.due)
                    continue
                else:
                    self._guard.settled(failed=item.wants_second_look or bool(item.crash))
                    complete = self._desk.settle(item)
                for opened in complete:
                    for event in self._judge(opened):
                        yield event
                for event in self._news():
                    yield event

    async def _feed(self, source: Source, again: bool) -> AsyncGenerator[Work | OpenAsset, None]:
        """Parked works that are due first, then new assets; waits while too much runs or the vantage is unfit."""
        backlog: deque[Work | OpenAsset] = deque()
        exhausted = False
        while not self._stopping:
            if not await self._guard.wait_until_fit():
                self._lost_vantage = True
                return
            if self._stopping:
                return
            has_room = self._running < self._lag.limit
            item: Work | OpenAsset | None = None
            if has_room:
                item = self._parking.take_due(self._net.clock.monotonic())
                if item is None and backlog:
                    item = backlog.popleft()
            if item is not None:
                self._running += 1
                yield item
            elif has_room and not exhausted and not self._parking.is_full:
                try:
                    asset, evidence = await anext(source)
                except StopAsyncIteration:
                    exhausted = True
                    continue
                self._admit(asset, evidence, backlog, again=again)
            elif exhausted and not (backlog or self._parking or self._running):
                return
            else:
                await self._wait_for_change(has_room=has_room)

    def _admit(
        self, asset: Asset, evidence: tuple[TargetEvidence, ...], backlog: deque[Work | OpenAsset], *, again: bool
    ) -> None:
        """Queue the works of one asset; works that wait for their second look are parked until it is time."""
        if any(self._is_opted_out(target.host) for target in asset.targets):
            backlog.append(OpenAsset(asset, opted_out=True))
            return
        opened, works = self._desk.admit(asset, evidence, again=again)
        if not opened.outstanding:
            backlog.append(opened)
        spacing = self._policy.retries.second_look_s or 0.0
        for work in works:
            if not self._first.dns and not work.target.is_literal:
                work.todo.clear()
            wait = 0.0
            if work.second_look and work.todo:
                wait = (work.looked_at or self._net.clock.utc()) + spacing - self._net.clock.utc()
            if wait > 0:
                self._parking.park(work, self._net.clock.monotonic() + min(wait, spacing))
            else:
                backlog.append(work)

    async def _wait_for_change(self, *, has_room: bool) -> None:
        """Until something finished, the next parked work is due and there is room for it, or a second has passed."""
        self._changed.clear()
        due = self._parking.next_due() if has_room else None
        pause = 1.0 if due is None else min(1.0, max(0.001, due - self._net.clock.monotonic()))
        alarm = asyncio.get_running_loop().call_later(pause, self._changed.set)
        try:
            await self._changed.wait()
        finally:
            alarm.cancel()

    async def _handle(self, item: Work | OpenAsset) -> Work | OpenAsset:
        """One step of one work; the only place that catches whatever a probe may raise."""
        if isinstance(item, OpenAsset):
            return item
        task = asyncio.current_task()
        assert task is not None
        self._in_flight.add(task)
        started, began = self._net.clock.monotonic(), self._net.clock.utc()
        pause: float | None = None
        try:
            pause = await item.step(self._net, self._policy)
            if self._lag.was_late_since(started):
                owed = item.excuse_timeouts(began, self._policy)
                pause = pause if owed is None else max(owed, pause or 0.0)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            item.abandoned = True
        except Exception:
            item.crash = traceback.format_exc()
        finally:
            self._in_flight.discard(task)
        item.due = 0.0 if pause is None else self._net.clock.monotonic() + pause
        return item

    def _abandon(self) -> None:
        """Cancel what still runs after the grace time; its assets stay unjudged and are taken up by a resume."""
        for task in tuple(self._in_flight):
            task.cancel()

    def _judge(self, opened: OpenAsset) -> Iterator[Event]:
        """The events of one complete asset. A fail that rests on the network is held until a good self-test."""
        asset, now = opened.asset, self._net.clock.utc()
        for work in opened.works:
            if work.crash:
                yield Crashed(asset.id, work.crash)
        imported: tuple[AnyEvidence, ...] = ()
        if opened.opted_out:
            verdicts = opted_out(asset, self._plan)
        else:
            imported, fitness = self._imported(asset), self._first.fitness
            verdicts = judge_asset(opened, self._plan, self._policy, fitness=fitness, now=now, imported=imported)
        confirms = self._policy.retries.second_look_s is not None
        pending = confirms and any(work.wants_second_look for work in opened.works)
        evidence = tuple(TargetEvidence(target=work.key, evidence=work.evidence) for work in opened.works)
        if imported:
            evidence += (TargetEvidence(target=asset_key(asset.id), evidence=imported),)
        result = AssetResult(asset=asset.id, at=now, verdicts=verdicts, evidence=evidence, pending=pending)
        judged = Judged(asset, result)
        if not pending and rests_on_network(opened, verdicts, self._plan):
            self._held.append(judged)
        else:
            yield judged

    def _news(self) -> Iterator[Event]:
        """Self-tests not told yet, and the held results that a good one covers."""
        while self._guard.fresh:
            yield Tested(self._guard.fresh.pop(0))
        while self._held and self._held[0].result.at <= self._guard.good_at:
            yield self._held.popleft()
        if len(self._held) >= MOST_HELD:
            self._guard.suspect()

    async def _settle_held(self) -> list[Event]:
        """What is still held at the end: as it is after a good self-test. Else it stays pending in the store, or, under
        a policy without a second look, its network fails become unknown."""
        events = list(self._news())
        if self._held and not self._stopping and not self._lost_vantage:
            self._lost_vantage = not await self._guard.test_after(self._held[-1].result.at)
            events += self._news()
        fitness = self._guard.last.fitness
        for judged in self._held if self._policy.retries.second_look_s is None else ():
            verdicts = without_network_fails(judged.result.verdicts, self._plan, fitness=fitness)
            events.append(Judged(judged.asset, replace(judged.result, verdicts=verdicts)))
        self._held.clear()
        return events


async def _is_empty(source: Source) -> bool:
    """True if nothing awaits confirmation, so that no self-test need be waited for."""
    return await anext(source, None) is None


async def _without_evidence(
    assets: AsyncIterator[Asset],
) -> AsyncGenerator[tuple[Asset, tuple[TargetEvidence, ...]], None]:
    """Assets seen for the first time."""
    async for asset in assets:
        yield asset, ()
