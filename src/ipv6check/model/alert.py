"""Alerts: what somebody must be told, and what is remembered so that each is told once."""

from enum import StrEnum

from ipv6check.model.rating import Readiness
from ipv6check.model.record import Record
from ipv6check.model.verdict import Arg, Verdict

WHOLE = "whole:"
"""The key of everything together; an alert with it has the topic agency, and no agency."""


class Topic(StrEnum):
    """What an alert is about."""

    ASSET = "asset"
    AGENCY = "agency"
    MILESTONE = "milestone"
    CERTIFICATE = "certificate"
    VANTAGE = "vantage"
    SILENCE = "silence"


class Alert(Record, frozen=True, kw_only=True):
    """One transition: into trouble, or out of it again (``good``). ``key`` names what it is about and stays the same
    for both ways; ``agency`` is an id, empty if it concerns all; ``args`` fill the sentence of the topic; ``cause`` is
    the verdict that decided; ``at`` is in seconds since the epoch, UTC."""

    topic: Topic
    good: bool
    key: str
    at: float
    scan: str = ""
    name: str = ""
    agency: str = ""
    args: dict[str, Arg] = {}
    cause: Verdict | None = None


class OpenTrouble(Record, frozen=True, kw_only=True):
    """Something that is not well now. ``since`` is when that was noticed; ``told`` is False while it is only doubtful
    or was so when alerting began; ``best`` is the readiness that an asset must have again to be well."""

    since: float
    told: bool = True
    best: Readiness | None = None
    now: Readiness | None = None


class Owed(Record, frozen=True, kw_only=True):
    """An alert that some channels have not taken yet."""

    alert: Alert
    channels: tuple[str, ...]


class Ledger(Record, frozen=True, kw_only=True):
    """The memory of alerting. ``evaluated`` is the id of the last scan that was looked at, ``last_good`` when the last
    good one ended, ``open`` the troubles by key, ``owed`` what is still to be sent, oldest first."""

    evaluated: str = ""
    last_good: float = 0.0
    open: dict[str, OpenTrouble] = {}
    owed: tuple[Owed, ...] = ()


class AlertRules(Record, frozen=True, kw_only=True):
    """From when on something is trouble. ``certificate_days`` before a certificate ends; ``silence_s`` seconds without
    a good scan, None for never."""

    certificate_days: int = 21
    silence_s: float | None = None
