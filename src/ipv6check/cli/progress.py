"""How a long scan shows that it lives: a bar on a terminal, sparse lines otherwise, always on stderr."""

import sys
import time
from types import TracebackType
from typing import Self

from ipv6check.engine.events import Event, Tested
from ipv6check.model.vantage import Fitness
from ipv6check.wiring.progress import Progress

EVERY_S = 10.0
"""Between two lines where stderr is not a terminal."""

REFRESH_S = 0.1


class ProgressLine:
    """Watches a scan. On a terminal one line is rewritten; elsewhere a line appears every ten seconds."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._tty = sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = self._started if not self._tty else 0.0
        self._width = 0
        self.seen = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._tty and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()

    def __call__(self, progress: Progress, event: Event) -> None:
        """Show one event if it is time to."""
        self.seen = True
        if self._quiet:
            return
        if isinstance(event, Tested) and event.selftest.fitness is not Fitness.FIT:
            self._line(f"the vantage is not fit: {event.selftest.fitness.value} {event.selftest.detail}".rstrip())
        now = time.monotonic()
        if now - self._last < (REFRESH_S if self._tty else EVERY_S):
            return
        self._last = now
        text = self._text(progress, now)
        if self._tty:
            sys.stderr.write("\r" + text.ljust(self._width))
            self._width = len(text)
            sys.stderr.flush()
        else:
            self._line(text)

    def _text(self, progress: Progress, now: float) -> str:
        spent = now - self._started
        if progress.second_look:
            return f"second look: {progress.pending} assets still to confirm, {spent:.0f} s"
        share = progress.judged / progress.total if progress.total else 1.0
        bar = "█" * int(share * 20) + "░" * (20 - int(share * 20))
        return (
            f"{bar} {progress.judged}/{progress.total} judged, {progress.pending} to confirm, "
            f"{progress.parked} waiting, {spent:.0f} s"
        )

    def _line(self, text: str) -> None:
        if self._tty and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
