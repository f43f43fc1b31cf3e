"""What was looked up is kept for a while, and asked once however many ask at the same time."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class DnsCache(Generic[V]):
    """A bounded LRU cache with an end of life for every entry, and single flight.

    A caller that is cancelled while it does the asking hands the job to one of those who wait for it.
    """

    def __init__(self, size: int, now: Callable[[], float]) -> None:
        self._size = size
        self._now = now
        self._kept: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._flights: dict[Hashable, asyncio.Future[V | None]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    async def get(self, key: Hashable, make: Callable[[], Awaitable[tuple[V, float]]], *, fresh: bool = False) -> V:
        """The kept value, or what ``make`` brings: a value, and the seconds to keep it (0: not at all).

        ``fresh`` passes the kept value by, and shares only with others who want it fresh.
        """
        flight_key = (key, fresh)
        while True:
            if not fresh:
                kept = self._kept.get(key)
                if kept is not None:
                    if kept[0] > self._now():
                        self._kept.move_to_end(key)
                        return kept[1]
                    del self._kept[key]
            flight = self._flights.get(flight_key)
            if flight is None:
                return await self._lead(key, flight_key, make)
            value = await asyncio.shield(flight)
            if value is not None:
                return value

    async def _lead(self, key: Hashable, flight_key: Hashable, make: Callable[[], Awaitable[tuple[V, float]]]) -> V:
        flight: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._flights[flight_key] = flight
        value: V | None = None
        try:
            value, seconds = await make()
            if seconds > 0:
                self.keep(key, value, seconds)
            return value
        finally:
            del self._flights[flight_key]
            if not flight.done():
                flight.set_result(value)

    def peek(self, key: Hashable) -> V | None:
        """The value if it is kept and in time; nothing is waited for."""
        kept = self._kept.get(key)
        return kept[1] if kept is not None and kept[0] > self._now() else None

    def keep(self, key: Hashable, value: V, seconds: float) -> None:
        """Remember ``value`` for so many seconds."""
        self._kept[key] = (self._now() + seconds, value)
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
