"""What holds a conversion back, what has changed, and where it is heading, as text for every face of a report."""

from collections.abc import Iterator
from datetime import date as Day

from ipv6check.compliance.exemption import expires_soon, in_force
from ipv6check.model.history import Change, Forecast, MilestoneOutcome, MilestoneState
from ipv6check.model.mandate import Exemption, Mandate
from ipv6check.model.rating import Readiness
from ipv6check.model.record import Record
from ipv6check.model.standing import Standing
from ipv6check.model.verdict import Verdict
from ipv6check.reports.figures import day_of
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.rows import Row, agency_name, brief, capital, level_name, rate_row, title_of

_MONTH_DAYS = 30
TOO_FEW = "too-few-scans"
"""The method of a forecast that is none."""


class BlockerRow(Record, frozen=True, kw_only=True):
    """One cause that holds assets back. ``example`` is what it says of one asset, empty where no asset is kept."""

    code: str
    title: str
    assets: int
    owners: tuple[str, ...]
    example: str = ""
    fix: str = ""


class MilestoneRow(Record, frozen=True, kw_only=True):
    """A milestone with its state as a code (``state``) and as text (``said``); ``days`` are left, negative: over."""

    day: Day
    title: str
    goal: str
    instrument: str
    state: str
    said: str
    days: int
    rate: Row | None = None
    met_on: Day | None = None


class ForecastRow(Record, frozen=True, kw_only=True):
    """Where a slice is heading. Paces are percentage points in 30 days, as ``1.2`` (cut, sign kept), empty if there
    is none. ``method`` is a text, ``code`` its code."""

    kind: str
    key: str
    title: str
    goal: str
    method: str
    code: str
    points: int
    window_days: int
    pace: str
    needed: str
    expected: Day | None
    earliest: Day | None
    latest: Day | None


class ChangeRow(Record, frozen=True, kw_only=True):
    """One confirmed transition; ``turn`` is a code, ``before`` and ``after`` are readiness codes or empty."""

    asset: str
    asset_id: str
    agency: str
    agency_id: str
    turn: str
    before: str
    after: str
    day: Day
    cause: str
    codes: tuple[str, ...] = ()


class HeldRow(Record, frozen=True, kw_only=True):
    """An asset that is not shown as the scan saw it: ``observed`` is what that was (a readiness code), empty where it
    could not tell; ``failures`` of ``needed`` scans failed in a row; ``shown`` is what it counts as, by a result of
    ``day``."""

    asset: str
    agency: str
    shown: str
    day: Day
    observed: str = ""
    failures: int = 0
    needed: int = 0
    cause: str = ""


class ExemptionRow(Record, frozen=True, kw_only=True):
    """An exemption of the mandate; ``state`` is future, in-force, soon or expired."""

    id: str
    about: str
    reason: str
    approved_by: str
    document: str
    expires: Day
    replace_by: Day | None
    state: str
    assets: int


def blocker_rows(standing: Standing, messages: Messages) -> Iterator[BlockerRow]:
    """Causes, those of most assets first."""
    examples = _examples(standing)
    for one in standing.blockers:
        example = examples.get((one.rule, one.tag))
        yield BlockerRow(
            code=inert(one.rule),
            title=messages.title(one.rule),
            assets=one.assets,
            owners=tuple(agency_name(standing, owner, messages) for owner in one.owners),
            example=messages.say(example) if example else "",
            fix=messages.fix(example) if example else "",
        )


def _examples(standing: Standing) -> dict[tuple[str, str], Verdict]:
    """The first verdict of each cause."""
    missing = {(one.rule, one.tag) for one in standing.blockers}
    found: dict[tuple[str, str], Verdict] = {}
    for asset in standing.assets:
        if not missing:
            break
        for rated in asset.verdicts:
            cause = rated.verdict.rule, rated.verdict.tag
            if cause in missing:
                found[cause] = rated.verdict
                missing.remove(cause)
    return found


def milestone_rows(standing: Standing, messages: Messages) -> Iterator[MilestoneRow]:
    """Milestones as judged on frozen scans; none where nothing was asked about earlier scans."""
    for one in standing.past.milestones if standing.past else ():
        yield _milestone(one, standing.mandate, messages)


def _milestone(one: MilestoneOutcome, mandate: Mandate, messages: Messages) -> MilestoneRow:
    indicator = next((item for item in mandate.indicators if item.id == one.milestone.indicator), None)
    instrument = next((item for item in mandate.instruments if item.key == one.milestone.instrument), None)
    title = title_of(indicator.title if indicator else {}, one.milestone.indicator, messages)
    goal = one.milestone.at_least
    return MilestoneRow(
        day=one.milestone.date,
        title=title,
        goal=f"{goal * 100:g}",
        instrument=inert(instrument.number if instrument else one.milestone.instrument),
        state=one.state.value,
        said=messages.word("milestone", one.state.value),
        days=one.days,
        rate=rate_row(one.rate, one.milestone.indicator, title, messages, goal=goal) if one.rate else None,
        met_on=one.met_on if one.state in (MilestoneState.MET, MilestoneState.MET_LATE) else None,
    )


def forecast_rows(standing: Standing, messages: Messages) -> Iterator[ForecastRow]:
    """Forecasts of the whole and of its parts."""
    for one in standing.past.forecasts if standing.past else ():
        yield ForecastRow(
            kind=one.kind,
            key=one.key,
            title=_slice_title(one, standing, messages),
            goal=f"{one.goal * 100:g}",
            method=messages.word("method", one.method),
            code=one.method,
            points=one.points,
            window_days=one.window_days,
            pace=_pace(one.pace),
            needed=_pace(one.needed),
            expected=one.expected,
            earliest=one.earliest,
            latest=one.latest,
        )


def _slice_title(one: Forecast, standing: Standing, messages: Messages) -> str:
    match one.kind:
        case "agency":
            return agency_name(standing, one.key, messages)
        case "class":
            return capital(messages.word("class", one.key))
        case "level":
            return capital(level_name(one.key, messages))
        case "indicator":
            found = next((item for item in standing.mandate.indicators if item.id == one.key), None)
            return title_of(found.title if found else {}, one.key, messages)
        case _:
            return messages.word("report", "whole")


def _pace(per_day: float | None) -> str:
    """Percentage points in 30 days, cut towards zero to one decimal."""
    if per_day is None:
        return ""
    tenths = int(per_day * _MONTH_DAYS * 1000)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def change_rows(standing: Standing, messages: Messages) -> Iterator[ChangeRow]:
    """Confirmed transitions since the scan compared with."""
    timezone = standing.mandate.period.timezone
    for one in standing.past.changes if standing.past else ():
        yield _change(one, day_of(one.at, timezone), standing, messages)


def _change(one: Change, day: Day, standing: Standing, messages: Messages) -> ChangeRow:
    return ChangeRow(
        asset=brief(one.asset.name or one.asset.id),
        asset_id=one.asset.id,
        agency=agency_name(standing, one.asset.agency, messages),
        agency_id=one.asset.agency,
        turn=one.turn.value,
        before=one.before.value if one.before else "",
        after=one.after.value if one.after else "",
        day=day,
        cause=messages.say(one.cause[0]) if one.cause else "",
        codes=tuple(inert(verdict.rule) for verdict in one.cause),
    )


def held_rows(standing: Standing, messages: Messages) -> Iterator[HeldRow]:
    """What the confirmed state shows otherwise than the scan saw it: failures to be confirmed, then older results."""
    timezone = standing.mandate.period.timezone
    past = standing.past
    for failing in past.unconfirmed if past else ():
        yield HeldRow(
            asset=brief(failing.asset.name or failing.asset.id),
            agency=agency_name(standing, failing.asset.agency, messages),
            shown=Readiness.READY.value,
            day=day_of(failing.at, timezone),
            observed=failing.observed.value,
            failures=failing.failures,
            needed=failing.needed,
            cause=messages.say(failing.cause[0]) if failing.cause else "",
        )
    for older in past.carried if past else ():
        yield HeldRow(
            asset=brief(older.asset.name or older.asset.id),
            agency=agency_name(standing, older.asset.agency, messages),
            shown=older.readiness.value,
            day=day_of(older.at, timezone),
        )


def exemption_rows(standing: Standing, messages: Messages) -> Iterator[ExemptionRow]:
    """Every exemption the mandate lists, with how many assets it frees now."""
    freed: dict[str, int] = {}
    for asset in standing.assets:
        if asset.exemption:
            freed[asset.exemption] = freed.get(asset.exemption, 0) + 1
    for one in standing.mandate.exemptions:
        yield ExemptionRow(
            id=inert(one.id),
            about=_about(one, standing, messages),
            reason=inert(one.reason),
            approved_by=inert(one.approved_by),
            document=inert(one.document),
            expires=one.expires,
            replace_by=one.replace_by,
            state=_state(one, standing.today),
            assets=freed.get(one.id, 0),
        )


def _about(one: Exemption, standing: Standing, messages: Messages) -> str:
    """What an exemption speaks of, in a few words."""
    select = one.select
    parts = [brief(select.asset)] if select.asset else []
    parts += [messages.word("class", name.value) for name in select.classes]
    parts += [agency_name(standing, select.agency, messages)] if select.agency else []
    parts += [inert(tag) for tag in select.any_tag]
    return ", ".join(parts) or messages.word("report", "whole")


def _state(one: Exemption, today: Day) -> str:
    if one.expires < today:
        return "expired"
    if not in_force(one, today):
        return "future"
    return "soon" if expires_soon(one, today) else "in-force"
