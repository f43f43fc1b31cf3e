"""Stopping a run in good order."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_outer: list[Callable[[int], None]] = []
"""Handlers that are in force again once the inner ones are gone."""


@contextmanager
def stopped_by_signals(stop: Callable[[int], None]) -> Iterator[None]:
    """The first SIGINT or SIGTERM calls ``stop`` with its number; the second ends the process at once.

    Blocks may be nested: the innermost is told, and the one around it takes over at its end.
    """
    seen: list[int] = []

    def handle(number: int) -> None:
        if seen:
            os._exit(128 + number)
        seen.append(number)
        stop(number)

    _outer.append(handle)
    _arm(handle)
    try:
        yield
    finally:
        _outer.remove(handle)
        _arm(_outer[-1] if _outer else None)


def _arm(handle: Callable[[int], None] | None) -> None:
    """Let ``handle`` take the signals, or leave them to the system again."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError, NotImplementedError, RuntimeError):  # not in the main thread, or not on this system
            if handle is None:
                loop.remove_signal_handler(number)
            else:
                loop.add_signal_handler(number, handle, number)
