"""The pool keeps its slots, its back-pressure and its cancellations, which asyncio-pool alone does not."""

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from ipv6check.engine.pool import run_bounded


async def numbers(count: int, asked: list[int] | None = None) -> AsyncIterator[int]:
    for number in range(count):
        if asked is not None:
            asked.append(number)
        yield number


async def at_once(number: int) -> int:
    return number


async def never(number: int) -> int:
    await asyncio.Event().wait()
    return number


async def test_an_empty_source_yields_nothing():
    assert [item async for item in run_bounded(numbers(0), at_once, size=3)] == []


async def test_every_item_comes_back_once():
    assert sorted([item async for item in run_bounded(numbers(1000), at_once, size=7)]) == list(range(1000))


async def test_no_more_than_the_size_run_at_once():
    running = 0
    most = 0

    async def busy(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return number

    assert len([item async for item in run_bounded(numbers(200), busy, size=5)]) == 200
    assert most == 5


async def test_a_raising_job_is_raised_to_the_consumer_and_the_rest_is_cancelled():
    cancelled = []

    async def third_fails(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(number)
        return number

    with pytest.raises(ValueError, match="three"):
        async for _ in run_bounded(numbers(10_000), third_fails, size=10):
            pass
    assert 0 in cancelled
    assert len(asyncio.all_tasks()) == 1


async def test_a_failing_source_is_raised_after_what_it_gave():
    async def breaks() -> AsyncIterator[int]:
        yield 1
        yield 2
        raise OSError("inventory gone")

    seen = []
    with pytest.raises(OSError, match="inventory gone"):
        async for item in run_bounded(breaks(), at_once, size=2):
            seen.append(item)
    assert set(seen) <= {1, 2}


async def test_leaving_after_200_of_100_000_asks_for_few_more():
    asked: list[int] = []
    async with aclosing(run_bounded(numbers(100_000, asked), at_once, size=20)) as done:
        count = 0
        async for _ in done:
            count += 1
            if count == 200:
                break
    assert len(asked) < 300
    assert len(asyncio.all_tasks()) == 1


async def test_a_timeout_around_a_full_pool_fires_on_time():
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            async for _ in run_bounded(numbers(100_000), never, size=10):
                pass
    assert loop.time() - started < 2.0
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("steps", range(20))
async def test_closing_at_any_moment_leaves_no_task_behind(steps: int):
    started: list[int] = []
    ended: list[int] = []

    async def tracked(number: int) -> int:
        started.append(number)
        try:
            for _ in range(number % 4):
                await asyncio.sleep(0)
        finally:
            ended.append(number)
        return number

    async def consume() -> None:
        async with aclosing(run_bounded(numbers(1000), tracked, size=4)) as done:
            async for _ in done:
                await asyncio.sleep(0)

    task = asyncio.create_task(consume())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(started) == sorted(ended)
    assert len(asyncio.all_tasks()) == 1


async def test_memory_stays_flat_over_100_000_jobs():
    async def drain(count: int) -> None:
        async for _ in run_bounded(numbers(count), at_once, size=100):
            pass

    await drain(1000)
    gc.collect()
    tracemalloc.start()
    try:
        await drain(100_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000
