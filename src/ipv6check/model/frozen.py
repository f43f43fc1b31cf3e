"""Frozen counts: a scan as it was counted under one mandate when it ended."""

from datetime import date as Day
from typing import NamedTuple

from ipv6check.model.rating import Rate
from ipv6check.model.record import Record


class SliceKey(NamedTuple):
    """Which slice a rate is of: the kind and key of a ``Group``. ``within`` is the agency (with all below it) that it
    is narrowed to, None for all."""

    kind: str
    key: str
    within: str | None = None


class Frozen(Record, frozen=True, kw_only=True):
    """What is kept of a counted scan. ``mandate`` is the digest of the mandate's file, ``days`` its milestones' days.

    ``observed`` are the rates of the scan alone, ``confirmed`` those of the confirmed state as of it; both are empty
    where a scan looked at a part only. ``readiness`` has a letter (``compliance/confirmed.py``) for each asset of the
    scan's revision, in the order of their ids.
    """

    mandate: str
    readiness: str
    days: tuple[Day, ...] = ()
    observed: dict[SliceKey, Rate] = {}
    confirmed: dict[SliceKey, Rate] = {}
