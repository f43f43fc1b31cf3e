"""What the engine tells its listeners. Progress bar, JSON lines and store are consumers of these."""

from dataclasses import dataclass

from ipv6check.model.asset import Asset
from ipv6check.model.result import AssetResult
from ipv6check.model.vantage import SelfTest


@dataclass(frozen=True, slots=True)
class Judged:
    """An asset's verdicts; a later one for the same asset replaces it."""

    asset: Asset
    result: AssetResult


@dataclass(frozen=True, slots=True)
class Tested:
    """A self-test of the vantage."""

    selftest: SelfTest


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The first pass is over; what failed is looked at once more. The listener must have stored everything before
    it asks for the next event."""


@dataclass(frozen=True, slots=True)
class Crashed:
    """A fault of the program: the asset's verdicts are unknown, and the trace belongs into a file."""

    asset: str
    trace: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event. ``trustworthy`` is False if the vantage was not good at the start or not good again at the
    end; ``complete`` is False after a stop; ``lag_p99_ms`` is the event loop's lateness."""

    trustworthy: bool
    complete: bool
    lag_p99_ms: float


Event = Judged | Tested | SecondLook | Crashed | Finished
