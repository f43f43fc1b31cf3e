"""Work that many targets share: done once, by whoever comes first, and given to all who wait for it."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class _Job(Generic[V]):
    """A task that several wait for: it outlives the first of them, and never the last."""

    def __init__(self, task: asyncio.Task[V]) -> None:
        self._task = task
        self._waiting = 0

    @property
    def is_lost(self) -> bool:
        """True if the task has no result and will not have one."""
        task = self._task
        return task.cancelling() > 0 or (task.done() and (task.cancelled() or task.exception() is not None))

    async def join(self) -> V:
        """The task's result. The last waiter to be cancelled takes the task along."""
        if self._task.done():
            return self._task.result()
        self._waiting += 1
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if self._waiting == 1 and not self._task.done():
                self._task.cancel()
                await asyncio.wait({self._task})
            raise
        finally:
            self._waiting -= 1


class Shared(Generic[V]):
    """Results by key, the newest ``most`` of them; a job that failed is not kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs: dict[Hashable, _Job[V]] = {}

    async def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The result for ``key``, made now unless it was made or is being made."""
        job = self._jobs.get(key)
        if job is None:
            while len(self._jobs) >= self._most:
                self._jobs.pop(next(iter(self._jobs)))
            job = self._jobs[key] = _Job(asyncio.create_task(make()))
        try:
            return await job.join()
        except BaseException:
            if self._jobs.get(key) is job and job.is_lost:
                del self._jobs[key]
            raise
