"""What a machine asks of a vantage elsewhere, and what it is told: JSON over HTTPS, one question and one reply.

The vantage looks and judges by the asker's rules and policy; counting, naming and reporting stay with the asker. Both
ends must have the same rule set, so that a verdict means the same on both.
"""

import msgspec

from ipv6check.model.asset import Asset
from ipv6check.model.record import Record
from ipv6check.model.result import AssetResult
from ipv6check.model.scan import Scan

REMOTE_SCHEMA = "ipv6check.remote/1"
CHECK_PATH = "/v1/check"


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What every version of a question and a reply begins with, readable by any other."""

    schema: str = ""
    ruleset: str = ""
    tool: str = ""


class Question(Record, frozen=True, kw_only=True):
    """Which ``assets`` to look at, by which ``rules`` (codes) and under which ``policy`` (its fields by name).

    ``stated`` are addresses given by hand, by name. ``timeout_s`` bounds the look; 0 leaves it to the vantage.
    """

    schema: str
    ruleset: str
    tool: str
    assets: tuple[Asset, ...]
    rules: tuple[str, ...]
    policy: dict[str, object]
    stated: dict[str, tuple[str, ...]] = {}
    dns_only: bool = False
    timeout_s: float = 0.0


class Reply(Record, frozen=True, kw_only=True):
    """What was seen, from which vantage. An asset that was not reached has no result; ``crashes`` counts faults of the
    program over there, whose traces stay there."""

    schema: str
    ruleset: str
    tool: str
    scan: Scan
    results: tuple[AssetResult, ...]
    timed_out: bool = False
    crashes: int = 0


class Refusal(Record, frozen=True, kw_only=True):
    """Why there is no reply: one sentence for the person who asked."""

    schema: str
    detail: str
