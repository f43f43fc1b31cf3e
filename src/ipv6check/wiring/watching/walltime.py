"""The wall clock as it is now, also after somebody set it: what is due by the calendar is due by this one."""

import asyncio
import time
from contextlib import suppress


class WallTime:
    """A ``WallClock``."""

    def utc(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    async def pause(self, seconds: float, stop: asyncio.Event) -> None:
        """Let ``seconds`` pass, or less if ``stop`` is set."""
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
