"""One run over one inventory."""

from enum import StrEnum

from ipv6check.model.record import Record
from ipv6check.model.vantage import Vantage


class ScanState(StrEnum):
    """``interrupted`` scans can be resumed; ``running`` ones too, once their process is gone."""

    RUNNING = "running"
    COMPLETE = "complete"
    INTERRUPTED = "interrupted"


class Scan(Record, frozen=True, kw_only=True):
    """Everything that makes a scan's verdicts comparable with another's. Times are UTC seconds since 1970.

    ``trustworthy`` is False if the vantage was not good at the start or not good again at the end.
    Digests are SHA-256 in hex over a canonical form.
    """

    id: str
    started: float
    state: ScanState
    tool_version: str
    ruleset: str
    policy: str
    policy_digest: str
    inventory: str
    inventory_digest: str
    seed: int
    vantage: Vantage
    mandate: str = ""
    selection: str = ""
    ended: float | None = None
    trustworthy: bool = True
    skipped_rows: int = 0
