"""What a running scan can tell whoever watches."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ipv6check.engine.events import Crashed, Event, Judged, SecondLook
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Status

_LEAST_CERTIFICATES = 5
_TOO_MANY_FROM_THE_FUTURE = 0.2
_TELLING = (Status.PASS, Status.FAIL)


@dataclass
class Progress:
    """Counts for whoever watches. ``failed`` and ``unknown`` are assets with at least one such verdict, whatever a
    mandate makes of it."""

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
    certificates: int = 0
    from_the_future: int = 0
    _pending: dict[str, frozenset[Status]] = field(default_factory=dict)
    """What the first look said of the assets that get a second one, which replaces it."""

    @property
    def doubts_the_clock(self) -> bool:
        """True if more than a fifth of the certificates seen are not valid yet: rather is this machine's clock slow."""
        return (
            self.certificates >= _LEAST_CERTIFICATES
            and self.from_the_future > _TOO_MANY_FROM_THE_FUTURE * self.certificates
        )

    def take(self, event: Event) -> None:
        """Count one event."""
        match event:
            case Judged(asset, result):
                again = asset.id in self._pending
                earlier = self._pending.pop(asset.id, frozenset())
                if not again:
                    self.judged += 1
                statuses = frozenset(verdict.status for verdict in result.verdicts)
                self.failed += (Status.FAIL in statuses) - (Status.FAIL in earlier)
                self.unknown += (Status.UNKNOWN in statuses) - (Status.UNKNOWN in earlier)
                if result.pending:
                    self._pending[asset.id] = statuses
                self.pending = len(self._pending)
                if not again:
                    tags = [one.tag for one in result.verdicts if one.rule == "TLS001" and one.status in _TELLING]
                    self.certificates += bool(tags)
                    self.from_the_future += "certificate-not-yet-valid" in tags
            case SecondLook():
                self.second_look = True
            case Crashed(_, trace):
                self.crashes.append(trace)


Watch = Callable[[Progress, Event], None]
