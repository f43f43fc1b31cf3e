"""An event loop whose time passes only when everybody waits: tests of timing without a single real second."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


class _Jumping(selectors.SelectSelector):
    """Instead of waiting for time to pass, lets it pass."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everybody waits for something that nobody will do")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time()`` starts at 1000 s. Serves as a ``Clock`` too."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def monotonic(self) -> float:
        """The loop's time."""
        return self._jumping.now

    def utc(self) -> float:
        """The loop's time on a fixed day."""
        return 1_760_000_000.0 + self._jumping.now


def run_virtual(main: Coroutine[Any, Any, R], loop: VirtualLoop) -> R:
    """Run ``main`` to its end on ``loop``, cancel what it left behind, and close the loop."""
    try:
        return loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left))
        loop.close()
