"""Stopping a run in good order."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def stopped_by_signals(stop: Callable[[int], None]) -> Iterator[None]:
    """The first SIGINT or SIGTERM calls ``stop`` with its number; the second ends the process at once."""
    loop = asyncio.get_running_loop()
    seen: list[int] = []

    def handle(number: int) -> None:
        if seen:
            os._exit(128 + number)
        seen.append(number)
        stop(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        with suppress(ValueError, NotImplementedError, RuntimeError):  # not in the main thread, or not on this system
            loop.add_signal_handler(number, handle, number)
    try:
        yield
    finally:
        for number in numbers:
            with suppress(ValueError, NotImplementedError, RuntimeError):
                loop.remove_signal_handler(number)
