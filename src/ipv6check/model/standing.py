"""Standing: how far a conversion is under one mandate on one day. What every report is made of."""

from datetime import date

from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, AssetClass
from ipv6check.model.history import Past
from ipv6check.model.mandate import Level, Mandate
from ipv6check.model.rating import Rate, Readiness
from ipv6check.model.record import Record
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Verdict


class RatedVerdict(Record, frozen=True, kw_only=True):
    """A verdict with the level the mandate gives its rule for this asset. ``accepted``: a failure that a baseline
    holds; it stays a failure and fails no gate."""

    verdict: Verdict
    level: Level
    accepted: bool = False


class AssetStanding(Record, frozen=True, kw_only=True):
    """One asset under the mandate. ``credit`` (numerator, denominator) is the progress it earns; ``attested`` is
    True if paper, not measurement, made it ready; ``exemption`` is the id of the one in force, else empty.
    ``listed`` is the agency the inventory names where a roll-up shows the asset under another one, else empty.
    ``basis`` is the id of an earlier scan whose verdicts these are, where the confirmed state does not rest on the
    reported scan; empty where it does."""

    asset: Asset
    readiness: Readiness
    verdicts: tuple[RatedVerdict, ...] = ()
    credit: tuple[int, int] = (0, 1)
    attested: bool = False
    exemption: str = ""
    listed: str = ""
    basis: str = ""


class Group(Record, frozen=True, kw_only=True):
    """The rate of one slice: ``kind`` is whole, agency, level, class or indicator.

    ``meets`` is True if the proven rate reaches the goal, False if it cannot, None if neither is proven (also D = 0).
    """

    kind: str
    key: str
    title: dict[str, str]
    rate: Rate
    goal: float = 1.0
    meets: bool | None = None


class Cell(Record, frozen=True, kw_only=True):
    """The rate of one agency's assets of one class: a cell of the heat map."""

    agency: str
    asset_class: AssetClass
    rate: Rate


class Blocker(Record, frozen=True, kw_only=True):
    """One cause that keeps assets from being ready: a required rule with a tag, and whose assets it holds back.
    ``assets`` counts those not ready because of it; ``owners`` are owners or agency ids, those with most first."""

    rule: str
    tag: str
    assets: int
    owners: tuple[str, ...] = ()


class Rollup(Record, frozen=True, kw_only=True):
    """Which tree of agencies a standing is rolled up by: as the inventory lists it (``day`` None), or as it was on a
    day. Then ``assets`` of ``agencies`` bodies are shown under others than they are listed for; ``undecided`` bodies
    have several successors, so that their assets went to the body above these, or stayed."""

    day: date | None = None
    assets: int = 0
    agencies: int = 0
    undecided: tuple[str, ...] = ()


class Standing(Record, frozen=True, kw_only=True):
    """The outcome of counting. ``days_left`` is negative after the deadline and None without one; ``unlisted`` counts
    assets of the scan that are out of the mandate's scope; ``assets`` come by agency and name. A warning is a word and
    its arguments, parted by blanks (``compliance/warning.py``). ``levels`` are rates by level of agency, ``blockers``
    come with most assets first, ``past`` is None where nothing was asked about earlier scans. ``only_agencies`` (each
    with all below it) and ``only_classes`` say what a report was narrowed to; empty for everything.
    ``evidence_digests`` are SHA-256 in hex over the stored evidence of assets by id, where a report asked for them.
    ``confirmed``: these are the figures of the confirmed state as of ``scan``, not of that scan alone."""

    mandate: Mandate
    scan: Scan
    today: date
    days_left: int | None
    whole: Group
    agencies: tuple[Group, ...] = ()
    classes: tuple[Group, ...] = ()
    indicators: tuple[Group, ...] = ()
    composite_met: bool | None = None
    assets: tuple[AssetStanding, ...] = ()
    agency_names: dict[str, Agency] = {}
    unlisted: int = 0
    warnings: tuple[str, ...] = ()
    levels: tuple[Group, ...] = ()
    cells: tuple[Cell, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    past: Past | None = None
    only_agencies: tuple[str, ...] = ()
    only_classes: tuple[AssetClass, ...] = ()
    evidence_digests: dict[str, str] = {}
    rollup: Rollup = Rollup()
    confirmed: bool = False


CLASS_ORDER = (
    AssetClass.NETWORK,
    AssetClass.SERVICE,
    AssetClass.APPLICATION,
    AssetClass.SOFTWARE,
    AssetClass.DEVICE,
)
