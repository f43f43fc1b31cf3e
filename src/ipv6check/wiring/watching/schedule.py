"""When the next scan is due."""

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ipv6check.model.length import seconds_of
from ipv6check.model.trouble import Trouble

SHORTEST_S = 60.0


class Schedule(Protocol):
    """Moments at which to scan, in seconds since the epoch."""

    def after(self, moment: float) -> float:
        """The first one later than ``moment``."""


class Every:
    """Evenly spaced moments, counted from the epoch, so that a restart keeps to them."""

    def __init__(self, text: str) -> None:
        """Raises Trouble."""
        try:
            self._seconds = seconds_of(text)
        except ValueError as error:
            raise Trouble(f"--every: {error}") from None
        if self._seconds < SHORTEST_S:
            raise Trouble(f"--every {text}: scans follow each other by at least a minute")

    def after(self, moment: float) -> float:
        """The next multiple of the length."""
        return (moment // self._seconds + 1) * self._seconds


class Cron:
    """A cron expression of five fields, in a time zone."""

    def __init__(self, text: str, zone: str) -> None:
        """Raises Trouble."""
        from cronsim import CronSim, CronSimError

        self._text, self._zone = text, ZoneInfo(zone)
        if len(text.split()) != 5:
            raise Trouble(f"--cron {text!r}: needs five fields: minute, hour, day of month, month, day of week")
        try:
            next(CronSim(text, datetime(2024, 1, 1, tzinfo=self._zone)))
        except StopIteration:
            raise Trouble(f"--cron {text!r}: there is no such day") from None
        except CronSimError as error:
            raise Trouble(f"--cron {text!r}: {str(error).lower()}") from None

    def after(self, moment: float) -> float:
        """The next match; around a change of the clocks as Debian's cron has it."""
        from cronsim import CronSim

        local = datetime.fromtimestamp(moment, UTC).astimezone(self._zone)
        found: datetime = next(CronSim(self._text, local))
        return found.timestamp()


def missed(schedule: Schedule, due: float, now: float) -> int:
    """How many moments after ``due`` have passed by ``now``; stops counting at 1,000."""
    count, moment = 0, schedule.after(due)
    while moment <= now and count < 1000:
        count, moment = count + 1, schedule.after(moment)
    return count
