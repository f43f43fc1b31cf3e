"""Mandates: what must be counted, by whom, by when, as read from a mandate file (``ipv6check.mandate/1``)."""

from datetime import date as Day
from enum import StrEnum
from typing import Any

from ipv6check.model.asset import AssetClass
from ipv6check.model.record import Record


def evidence_source(code: str) -> str:
    """What a rule's verdicts rest on, in the words of ``Requirement.evidence``: measured, inventory or attested."""
    if code.startswith("ATT"):
        return "attested"
    return "inventory" if code in ("NET001", "NET002", "DEV002", "OFF002") else "measured"


class Level(StrEnum):
    """What a mandate makes of a rule for one asset."""

    REQUIRED = "required"
    ADVISED = "advised"
    INFORMATIONAL = "informational"


class Predicate(StrEnum):
    """What an indicator asks of an asset."""

    DUAL_STACK = "dual_stack"
    IPV6_CAPABLE = "ipv6_capable"
    IPV6_ONLY = "ipv6_only"
    IPV4_OFF = "ipv4_off"

    @property
    def forbids_ipv4(self) -> bool:
        """True if working IPv6 is not enough: IPv4 has to be gone, and proven so."""
        return self in (Predicate.IPV6_ONLY, Predicate.IPV4_OFF)


class Instrument(Record, frozen=True, kw_only=True):
    """A legal text. ``confirmed`` is yes, partly or no: how far its content was read at the source."""

    key: str
    number: str
    issuer: dict[str, str] = {}
    issued: str = ""
    source: str = ""
    confirmed: str = "no"


class Period(Record, frozen=True, kw_only=True):
    """``start`` and ``deadline`` are inclusive days in ``timezone`` (IANA name); ``precision`` is day, month or year.

    ``deadline`` is None for a goal without a day, as in ``dual-stack``: an invented far day would be reported as
    millions of days left. ``fiscal_year`` is how the file gives the deadline, ``FY2025``, if it gives none as a day.
    """

    deadline: Day | None = None
    start: Day | None = None
    stated_as: str = ""
    precision: str = "day"
    timezone: str = "UTC"
    fiscal_year_end: str = "12-31"
    fiscal_year: str = ""


class Scope(Record, frozen=True, kw_only=True):
    """Which agencies (at or below ``under``, of ``levels``) and assets count; empty tuples mean all."""

    levels: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    classes: tuple[AssetClass, ...] = ()
    exclude_roles: tuple[str, ...] = ()


class Requirement(Record, frozen=True, kw_only=True):
    """The rules for one class, or one class and tag. Entries are rule codes (``DNS001``) or families (``DNS``).

    ``any_of``: one pass is enough. ``partial_if``: these passing makes a failed asset partial.
    ``evidence`` admits measured, inventory and attested.
    """

    require: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    partial_if: tuple[str, ...] = ()
    advise: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ("measured",)


class Attested(Record, frozen=True, kw_only=True):
    """How attested passes count."""

    count: bool = True
    max_share: float = 1.0
    valid_days: int = 365


class Counting(Record, frozen=True, kw_only=True):
    """How readiness becomes a rate (``exempt``: exclude or in_denominator).

    ``fail_after`` failed scans in a row, each at least ``fail_spacing_hours`` after the one counted before it, until a
    ready asset is no longer counted as ready; a result stands for ``stale_after_days`` while later scans cannot tell.
    """

    partial: float = 0.0
    unknown: str = "in_denominator"
    exempt: str = "exclude"
    empty_org: str = "fail"
    fail_after: int = 1
    fail_spacing_hours: float = 20.0
    stale_after_days: int = 30
    attested: Attested = Attested()


class Select(Record, frozen=True, kw_only=True):
    """Which assets an indicator or exemption speaks about; empty fields do not narrow."""

    classes: tuple[AssetClass, ...] = ()
    any_tag: tuple[str, ...] = ()
    agency: str = ""
    asset: str = ""
    status: str = ""
    deployed_from: Day | None = None


class Indicator(Record, frozen=True, kw_only=True):
    """One counted figure. ``unit`` is asset, organisation or document; ``org_rule`` is all or a share.
    ``evidence`` is the code of a rule about attestations for the unit asset, else the kind of an agency's document."""

    id: str
    title: dict[str, str] = {}
    unit: str = "asset"
    select: Select = Select()
    predicate: Predicate | None = None
    org_rule: str = "all"
    evidence: str = ""
    weight: float = 1.0


class Milestone(Record, frozen=True, kw_only=True):
    """A value an indicator must reach by a day. ``at_least`` is a share from 0 to 1; ``fiscal_year``
    is how the file gives the date, ``FY2025``, if not as a day."""

    date: Day
    indicator: str
    at_least: float = 1.0
    instrument: str = ""
    fiscal_year: str = ""


class Composite(Record, frozen=True, kw_only=True):
    """``rule`` is all (each indicator meets its goal) or weighted."""

    rule: str = "all"
    of: tuple[str, ...] = ()


class Exemption(Record, frozen=True, kw_only=True):
    """A justified, time-limited exception. Days are inclusive."""

    id: str
    select: Select
    reason: str
    expires: Day
    approved_by: str = ""
    document: str = ""
    starts: Day | None = None
    replace_by: Day | None = None


class Mandate(Record, frozen=True, kw_only=True):
    """One mandate file. ``checks`` keys are a class or ``class/tag``; ``policy`` overrides thresholds by dotted
    name. ``succession`` holds ``next`` (id of the mandate that follows, or None) and ``organisations`` (agency id to
    ``from``, a day or None, and ``into``, agency ids). ``digest`` is the file's SHA-256."""

    id: str
    title: dict[str, str]
    period: Period
    checks: dict[str, Requirement]
    instruments: tuple[Instrument, ...] = ()
    scope: Scope = Scope()
    predicate: Predicate = Predicate.DUAL_STACK
    counting: Counting = Counting()
    indicators: tuple[Indicator, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    composite: Composite = Composite()
    exemptions: tuple[Exemption, ...] = ()
    succession: dict[str, Any] = {}
    assumptions: tuple[str, ...] = ()
    policy: dict[str, Any] = {}
    digest: str = ""
