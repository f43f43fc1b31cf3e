"""History: what changed between scans, how a rate moved, and where a conversion is heading."""

from datetime import date as Day
from enum import StrEnum

from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset
from ipv6check.model.mandate import Mandate, Milestone
from ipv6check.model.rating import Rate, Readiness
from ipv6check.model.record import Record
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Verdict


class Turn(StrEnum):
    """How an asset stands in the later of two scans, compared with the earlier one."""

    BETTER = "better"
    WORSE = "worse"
    NEW = "new"
    GONE = "gone"
    SAME = "same"


class Change(Record, frozen=True, kw_only=True):
    """One confirmed transition. ``before`` is None for a new asset, ``after`` for one that is gone; ``at`` is when the
    deciding scan ended (seconds since the epoch, UTC) and ``scan`` its id; ``cause`` holds the verdicts of the later
    scan that differ from the earlier one in status, the deciding ones first, ``was`` what they were."""

    asset: Asset
    turn: Turn
    before: Readiness | None
    after: Readiness | None
    at: float
    scan: str
    cause: tuple[Verdict, ...] = ()
    was: tuple[Verdict, ...] = ()


class Point(Record, frozen=True, kw_only=True):
    """A rate as it stood when a complete scan ended (``at``: seconds since the epoch, UTC)."""

    scan: str
    at: float
    rate: Rate


class Series(Record, frozen=True, kw_only=True):
    """The rates of one slice over time, oldest first. ``kind`` and ``key`` are those of the ``Group``."""

    kind: str
    key: str
    points: tuple[Point, ...] = ()


class MilestoneState(StrEnum):
    """How a milestone stands on a day."""

    MET = "met"
    MET_LATE = "met-late"
    MISSED = "missed"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    NOT_MEASURABLE = "not-measurable"


class MilestoneOutcome(Record, frozen=True, kw_only=True):
    """A milestone judged on frozen scans. ``rate`` and ``scan`` are those of the last complete scan that ended on or
    before the milestone's day (of the latest one while it is still ahead); ``met_on`` is the first day it was met;
    ``days`` is the days left, negative when it has passed."""

    milestone: Milestone
    state: MilestoneState
    days: int
    rate: Rate | None = None
    scan: str = ""
    met_on: Day | None = None


class Forecast(Record, frozen=True, kw_only=True):
    """Where one slice is heading. Paces are shares of the whole per day: ``pace`` is what was observed over the last
    ``window_days``, ``needed`` what the goal asks for from now to its day (None if that has passed or none is set).
    ``expected``, ``earliest`` and ``latest`` are the days the goal is reached at that pace, None where it never is;
    ``method`` is a code that reports explain, ``points`` the scans it rests on."""

    kind: str
    key: str
    goal: float
    method: str
    points: int
    window_days: int
    pace: float | None = None
    needed: float | None = None
    expected: Day | None = None
    earliest: Day | None = None
    latest: Day | None = None


class Unconfirmed(Record, frozen=True, kw_only=True):
    """An asset that is still counted as ready although it has failed: ``failures`` scans in a row, of ``needed``.

    ``observed`` is what the reported scan saw (unknown if it could not tell), ``scan`` the id of the scan whose result
    is shown, ``at`` when that ended; ``cause`` holds the verdicts that differ from it in status, ``was`` what they
    were.
    """

    asset: Asset
    observed: Readiness
    failures: int
    needed: int
    scan: str
    at: float
    cause: tuple[Verdict, ...] = ()
    was: tuple[Verdict, ...] = ()


class Carried(Record, frozen=True, kw_only=True):
    """An asset that the reported scan could not tell or did not probe, shown by the result of an earlier ``scan``
    that ended ``at``."""

    asset: Asset
    readiness: Readiness
    scan: str
    at: float


class Difference(Record, frozen=True, kw_only=True):
    """What changed from one scan to another. ``changes`` come by agency and name, assets that stayed as they were are
    counted in ``same``; ``confirmed``: between the confirmed states as of the two, not between what each saw."""

    mandate: Mandate
    before: Scan
    after: Scan
    confirmed: bool
    changes: tuple[Change, ...] = ()
    same: int = 0
    agency_names: dict[str, Agency] = {}


class Successor(Record, frozen=True, kw_only=True):
    """The mandate that follows: ``in_force`` once the deadline of the reported one has passed. ``title`` and ``first``,
    its first milestone, are empty where its file is not at hand."""

    id: str
    in_force: bool
    title: dict[str, str] = {}
    first: Milestone | None = None


class Past(Record, frozen=True, kw_only=True):
    """What a standing knows of earlier scans. ``compared`` is the id of the scan that ``changes`` are counted from,
    empty if there is none; ``since`` when it ended. ``unconfirmed`` and ``carried`` (no asset is in both) are empty in
    the report of a raw scan."""

    series: tuple[Series, ...] = ()
    milestones: tuple[MilestoneOutcome, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    changes: tuple[Change, ...] = ()
    compared: str = ""
    since: float = 0.0
    unconfirmed: tuple[Unconfirmed, ...] = ()
    carried: tuple[Carried, ...] = ()
    successor: Successor | None = None
