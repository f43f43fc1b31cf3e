"""The mandate file ``ipv6check.mandate/1`` as people write it."""

import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, FiniteFloat

from ipv6check.files.schema import Day, FileModel
from ipv6check.mandates.fiscal import day_of
from ipv6check.model.asset import AssetClass
from ipv6check.model.mandate import Predicate

SCHEMA = "ipv6check.mandate/1"


def _when(text: str) -> str:
    day_of(text, "12-31")
    return text.replace(" ", "")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone of the IANA database, such as Asia/Ho_Chi_Minh") from None
    return name


def _year_end(text: str) -> str:
    if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", text):
        raise ValueError("a year's end is written as month and day, 12-31")
    return text


def _org_rule(text: str) -> str:
    if text == "all":
        return text
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise ValueError("must be all, or a share above 0 and up to 1")
    return text


def _issued(text: str) -> str:
    if text and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError("is written as 2021, 2021-01 or 2021-01-29")
    return text


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")]
Text = Annotated[str, Field(max_length=2000)]
Texts = Annotated[list[Text], BeforeValidator(_as_list)]
Names = Annotated[dict[str, Text], Field(min_length=1)]
Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
When = Annotated[str, AfterValidator(_when)]
"""A day, or a fiscal year whose last day is meant."""
Days = Annotated[int, Field(ge=1, le=36500)]
Classes = Annotated[list[AssetClass], BeforeValidator(_as_list)]
Evidence = Literal["measured", "inventory", "attested"]


class InstrumentEntry(FileModel):
    """A legal text; ``number`` is what the source shows, never completed by guessing."""

    key: Id
    number: Text
    issued: Annotated[str, AfterValidator(_issued)] = ""
    issuer: dict[str, Text] = {}
    source: Text = ""
    confirmed: Literal["yes", "partly", "no"] = "no"


class PeriodEntry(FileModel):
    """``deadline`` must be written, if only as null, so that none is forgotten."""

    start: Day | None = None
    deadline: When | None
    stated_as: Text = ""
    precision: Literal["day", "month", "year"] = "day"
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    fiscal_year_end: Annotated[str, AfterValidator(_year_end)] = "12-31"


class Organisations(FileModel):
    """Which agencies count; empty lists do not narrow."""

    levels: Texts = []
    under: Texts = []


class ScopeAssets(FileModel):
    """Which assets count; empty lists do not narrow."""

    classes: Classes = []
    exclude_roles: Texts = []


class ScopeEntry(FileModel):
    """Agencies and assets that count."""

    organisations: Organisations = Organisations()
    assets: ScopeAssets = ScopeAssets()


class RequirementEntry(FileModel):
    """The rules of one class or ``class/tag``."""

    require: Texts = []
    any_of: Texts = []
    partial_if: Texts = []
    advise: Texts = []
    evidence: Annotated[list[Evidence], BeforeValidator(_as_list), Field(min_length=1)] = ["measured"]


class AttestedEntry(FileModel):
    """How attested passes count."""

    count: bool = True
    max_share: Share = 1.0
    valid_days: Days = 365


class CountingEntry(FileModel):
    """How readiness becomes a rate. ``unknown`` has one value: leaving unknown assets out would raise a rate."""

    partial: Share = 0.0
    unknown: Literal["in_denominator"] = "in_denominator"
    exempt: Literal["exclude", "in_denominator"] = "exclude"
    empty_org: Literal["fail", "exclude"] = "fail"
    fail_after: Annotated[int, Field(ge=1, le=100)] = 1
    fail_spacing_hours: Annotated[FiniteFloat, Field(ge=0, le=8760)] = 20.0
    stale_after_days: Days = 30
    attested: AttestedEntry = AttestedEntry()


class SelectEntry(FileModel):
    """Which assets; ``class`` is one class or a list."""

    classes: Annotated[Classes, Field(alias="class")] = []
    any_tag: Texts = []
    agency: Text = ""
    asset: Text = ""
    status: Literal["", "ready", "partial", "not-ready", "unknown", "needs-attestation", "not-applicable", "exempt"] = (
        ""
    )
    deployed_from: Day | None = None


class IndicatorEntry(FileModel):
    """One counted figure."""

    id: Id
    title: dict[str, Text] = {}
    unit: Literal["asset", "organisation", "document"] = "asset"
    select: SelectEntry = SelectEntry()
    predicate: Predicate | None = None
    org_rule: Annotated[str, AfterValidator(_org_rule)] = "all"
    evidence: Text = ""
    weight: Annotated[FiniteFloat, Field(ge=0)] = 1.0


class MilestoneEntry(FileModel):
    """A value to reach by a day, and the instrument that says so."""

    date: When
    indicator: Text
    at_least: Share = 1.0
    instrument: Text


class CompositeEntry(FileModel):
    """The headline."""

    rule: Literal["all", "weighted"] = "all"
    of: Texts = []


class ExemptionEntry(FileModel):
    """A justified exception: somebody approved it in a document, and it always ends."""

    id: Id
    select: SelectEntry
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    approved_by: Annotated[str, Field(min_length=1, max_length=2000)]
    document: Annotated[str, Field(min_length=1, max_length=2000)]
    starts: Annotated[Day | None, Field(alias="from")] = None
    expires: Day
    replace_by: Day | None = None


class HandoverEntry(FileModel):
    """What became of one body: ``from`` is the first day of those it went into."""

    starts: Annotated[Day | None, Field(alias="from")] = None
    into: Annotated[Texts, Field(min_length=1)]


class SuccessionEntry(FileModel):
    """The mandate that follows, and bodies that others took over, for inventories that do not say so themselves."""

    next: Id | None = None
    organisations: dict[str, HandoverEntry] = {}


class MandateFile(FileModel):
    """The whole file."""

    schema_: Annotated[Literal["ipv6check.mandate/1"], Field(alias="schema")]
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    title: Names
    instruments: list[InstrumentEntry] = []
    period: PeriodEntry
    scope: ScopeEntry = ScopeEntry()
    predicate: Predicate = Predicate.DUAL_STACK
    checks: Annotated[dict[str, RequirementEntry], Field(min_length=1)]
    counting: CountingEntry = CountingEntry()
    indicators: list[IndicatorEntry] = []
    milestones: list[MilestoneEntry] = []
    composite: CompositeEntry = CompositeEntry()
    exemptions: list[ExemptionEntry] = []
    succession: SuccessionEntry = SuccessionEntry()
    assumptions: list[Text] = []
    policy: dict[str, Any] = {}


def json_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of the file, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **MandateFile.model_json_schema()}
