"""Several things at once, with one task less than there are things."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def together(jobs: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """The results in order. The first job runs in the caller's own task: a task costs as much as a tenth of a look-up.

    If a job raises or the caller is cancelled, none is left behind.
    """
    if not jobs:
        return []
    first, *others = jobs
    tasks = [asyncio.create_task(job) for job in others]
    try:
        return [await first, *[await task for task in tasks]]
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
