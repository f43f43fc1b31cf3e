"""A bounded pool over asyncio-pool, reduced to the part of it that is safe.

asyncio-pool 0.6.0 swallows a cancellation that arrives while ``spawn()`` waits for a slot, loses the slot of a task
cancelled before its first step, and formats a traceback for every job that raises. So: only ``AioPool(size)``,
``spawn`` and ``join`` are used; jobs never raise into the pool; a job registers itself when it starts and is cancelled
by us, never by the pool; and after each ``spawn`` we look whether a cancellation went missing.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Generic, TypeVar

from asyncio_pool import AioPool

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Done:
    """Marks the end of the results; carries what the source raised."""

    def __init__(self, fault: BaseException | None) -> None:
        self.fault = fault


class _Run(Generic[Item, Result]):
    """One pass of a source through the pool."""

    def __init__(self, handle: Callable[[Item], Awaitable[Result]], size: int) -> None:
        self.handle = handle
        self.pool = AioPool(size=size)
        self.results: asyncio.Queue[Result | _Done] = asyncio.Queue(maxsize=2 * size)
        self.live: set[asyncio.Task[object]] = set()
        self.closing = False

    async def job(self, item: Item) -> None:
        """Handle one item and queue its outcome; never raises, so that the pool keeps its slot."""
        task = asyncio.current_task()
        assert task is not None
        if self.closing:
            return
        self.live.add(task)
        try:
            await self.results.put(await self.handle(item))
        except asyncio.CancelledError:
            if not self.closing:
                self.fail(RuntimeError("a job was cancelled from outside the pool"))
        except BaseException as fault:  # raised again where the results are consumed
            self.fail(fault)
        finally:
            self.live.discard(task)

    def fail(self, fault: BaseException) -> None:
        """Make ``fault`` the next thing the consumer sees, even if the queue is full."""
        if self.results.full():
            self.results.get_nowait()
        self.results.put_nowait(_Done(fault))

    async def feed(self, source: AsyncIterator[Item]) -> None:
        """Spawn a job for every item, waiting for a free slot each time; then wait for the last one."""
        task = asyncio.current_task()
        assert task is not None
        try:
            async for item in source:
                spawned = await self.pool.spawn(self.job(item))
                if task.cancelling():  # spawn() has swallowed it, and put it into its future
                    if spawned.done():
                        spawned.exception()
                    raise asyncio.CancelledError
            await self.pool.join()
        except asyncio.CancelledError:
            raise
        except BaseException as fault:  # raised again where the results are consumed
            await self.results.put(_Done(fault))
        else:
            await self.results.put(_Done(None))

    async def close(self, feeder: asyncio.Task[None]) -> None:
        """Stop feeding, cancel what runs, and wait until nothing of ours is left."""
        self.closing = True
        feeder.cancel()
        while not feeder.done() or self.live:
            for task in tuple(self.live):
                task.cancel()
            await asyncio.wait({feeder, *self.live}, timeout=1.0)
        await self.pool.join()


async def run_bounded(
    source: AsyncIterator[Item], handle: Callable[[Item], Awaitable[Result]], *, size: int
) -> AsyncGenerator[Result, None]:
    """Yield ``handle(item)`` for every item of ``source``, at most ``size`` at once, in the order they finish.

    The source is asked for few more items than are consumed. An exception of the source or of a handler is raised
    here after closing the pool. Leaving the loop early (``break`` with ``aclose``, cancellation) cancels all jobs and
    returns when they are gone. An empty source yields nothing.
    """
    run: _Run[Item, Result] = _Run(handle, size)
    feeder = asyncio.create_task(run.feed(source))
    try:
        while True:
            outcome = await run.results.get()
            if isinstance(outcome, _Done):
                if outcome.fault is not None:
                    raise outcome.fault
                return
            yield outcome
    finally:
        await run.close(feeder)
