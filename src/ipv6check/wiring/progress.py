"""What a running scan can tell whoever watches."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ipv6check.engine.events import Crashed, Event, Judged, SecondLook
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Status


@dataclass
class Progress:
    """Counts for whoever watches."""

    total: int = 0
    judged: int = 0
    pending: int = 0
    failed: int = 0
    unknown: int = 0
    parked: int = 0
    second_look: bool = False
    crashes: list[str] = field(default_factory=list)
    scan: Scan | None = None
    signal: int = 0
    lag_p99_ms: float = 0.0
    _pending: set[str] = field(default_factory=set)

    def take(self, event: Event) -> None:
        """Count one event."""
        match event:
            case Judged(asset, result):
                again = asset.id in self._pending
                if not again:
                    self.judged += 1
                (self._pending.add if result.pending else self._pending.discard)(asset.id)
                self.pending = len(self._pending)
                statuses = {verdict.status for verdict in result.verdicts}
                self.failed += Status.FAIL in statuses
                self.unknown += not again and Status.UNKNOWN in statuses
            case SecondLook():
                self.second_look = True
            case Crashed(_, trace):
                self.crashes.append(trace)


Watch = Callable[[Progress, Event], None]
