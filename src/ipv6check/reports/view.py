"""One neutral view of a standing for everything people read: texts in one language, shares floored, nothing raw."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ipv6check.compliance.counting import floor_percent_of
from ipv6check.model.mandate import Level
from ipv6check.model.record import Record
from ipv6check.model.scan import ScanState
from ipv6check.model.standing import AssetStanding, Group, RatedVerdict, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages

CONCLUSIVE = 0.95
"""Below this coverage a report says that it is not conclusive."""

LONGEST_NAME = 256
"""Characters of a name that tables and Markdown show; JSON and CSV have it whole."""

_MET = {True: "met", False: "missed", None: "open"}


class Row(Record, frozen=True, kw_only=True):
    """One slice as text: percentages as ``66.6`` or a dash where nothing can be measured."""

    name: str
    total: int
    ready: int
    partial: int
    not_ready: int
    unknown: int
    exempt: int
    low: str
    high: str
    coverage: str
    progress: str
    goal: str
    met: str


class Finding(Record, frozen=True, kw_only=True):
    """What is wrong or undecided about one asset. One cause that several rules name (a server that does not answer)
    is told once, with all their codes; ``required`` if the mandate requires one of them, else it advises them."""

    asset: str
    agency: str
    codes: tuple[str, ...]
    status: str
    required: bool
    text: str
    fix: str


class View(Record, frozen=True, kw_only=True):
    """A whole report. ``notices`` are what a reader must know before the figures; ``facts`` are label and value;
    ``answer`` says whether the mandate's goal is met. Findings: failures first, then what is undecided."""

    title: str
    notices: tuple[str, ...]
    answer: str
    facts: tuple[tuple[str, str], ...]
    whole: Row
    agencies: tuple[Row, ...]
    classes: tuple[Row, ...]
    indicators: tuple[Row, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[str, ...]


def view_of(standing: Standing, messages: Messages) -> View:
    """The view in the language of ``messages``."""
    say = messages.word
    mandate = standing.mandate
    title = mandate.title.get(messages.language) or mandate.title.get("en") or mandate.id
    return View(
        title=inert(title),
        notices=tuple(_notices(standing, messages)),
        answer=say("report", _MET[standing.composite_met]),
        facts=tuple(_facts(standing, messages)),
        whole=_row(standing.whole, say("report", "whole"), messages),
        agencies=tuple(_row(group, _agency(standing, group.key, messages), messages) for group in standing.agencies),
        classes=tuple(_row(group, say("class", group.key), messages) for group in standing.classes),
        indicators=tuple(
            _row(group, inert(group.title.get(messages.language) or group.title.get("en") or group.key), messages)
            for group in standing.indicators
        ),
        findings=tuple(_all_findings(standing, messages)),
        assumptions=tuple(inert(text) for text in mandate.assumptions),
    )


def share_of(row: Row) -> str:
    """What is proven, and what is possible at most where that differs; a dash where there is nothing to count."""
    if not row.total:
        return row.low
    return f"{row.low} %" if row.low == row.high else f"{row.low}–{row.high} %"


def _row(group: Group, name: str, messages: Messages) -> Row:
    rate = group.rate
    return Row(
        name=name,
        total=rate.denominator,
        ready=rate.ready,
        partial=rate.partial,
        not_ready=rate.not_ready,
        unknown=rate.undecided,
        exempt=rate.exempt,
        low=floor_percent_of(rate.low),
        high=floor_percent_of(rate.high),
        coverage=floor_percent_of(rate.coverage),
        progress=floor_percent_of(rate.progress),
        goal=f"{group.goal * 100:g}",
        met=messages.word("report", _MET[group.meets]),
    )


def _agency(standing: Standing, key: str, messages: Messages) -> str:
    agency = standing.agency_names.get(key)
    if agency is not None:
        return _brief(agency.name(messages.language))
    return _brief(key) or messages.word("report", "no-agency")


def _brief(text: str) -> str:
    """A name as text that does nothing, cut where a table would drown in it."""
    return inert(text if len(text) <= LONGEST_NAME else text[:LONGEST_NAME] + "…")


def _all_findings(standing: Standing, messages: Messages) -> Iterator[Finding]:
    """Failures of all assets, then what is undecided; what is required before what is advised."""
    for status in (Status.FAIL, Status.UNKNOWN):
        found = [one for asset in standing.assets for one in _findings(asset, status, standing, messages)]
        yield from sorted(found, key=lambda one: not one.required)


def _findings(asset: AssetStanding, status: Status, standing: Standing, messages: Messages) -> Iterator[Finding]:
    """What one asset failed, or what is undecided about it."""
    causes: dict[tuple[str, str], list[RatedVerdict]] = {}
    for rated in sorted(asset.verdicts, key=lambda one: one.verdict.rule):
        if rated.verdict.status is status and rated.level is not Level.INFORMATIONAL:
            said = messages.say(rated.verdict), messages.fix(rated.verdict)
            causes.setdefault(said, []).append(rated)
    for (text, fix), found in causes.items():
        yield Finding(
            asset=_brief(asset.asset.name or asset.asset.id),
            agency=_agency(standing, asset.asset.agency, messages),
            codes=tuple(inert(one.verdict.rule) for one in found),
            status=messages.word("status", status.value),
            required=any(one.level is Level.REQUIRED for one in found),
            text=text,
            fix=fix,
        )


def _notices(standing: Standing, messages: Messages) -> list[str]:
    """Everything that limits what the figures mean."""
    say = messages.word
    scan = standing.scan
    found = []
    if not scan.trustworthy:
        fitness = say("fitness", scan.vantage.selftests[-1].fitness.value) if scan.vantage.selftests else ""
        found.append(f"{say('report', 'untrustworthy')} {fitness}".strip())
    if scan.state is not ScanState.COMPLETE:
        found.append(say("report", "unfinished"))
    if scan.selection:
        found.append(f"{say('report', 'selection')}: {inert(scan.selection)}")
    coverage = standing.whole.rate.coverage
    if coverage is not None and coverage < CONCLUSIVE:
        found.append(say("report", "not-conclusive"))
    if scan.vantage.treat_as_global:
        found.append(f"{say('report', 'treat-as-global')}: {', '.join(scan.vantage.treat_as_global)}")
    if scan.skipped_rows:
        found.append(f"{say('report', 'skipped-rows')}: {scan.skipped_rows}")
    if standing.unlisted:
        found.append(f"{say('report', 'unlisted')}: {standing.unlisted}")
    for warning in standing.warnings:
        word, _, args = warning.partition(" ")
        found.append(f"{say('report', word)}: {inert(args)}" if args else say("report", word))
    return found


def _facts(standing: Standing, messages: Messages) -> list[tuple[str, str]]:
    """Where the figures come from."""
    say = messages.word
    scan, mandate, vantage = standing.scan, standing.mandate, standing.scan.vantage
    ended = datetime.fromtimestamp(scan.ended or scan.started, ZoneInfo(mandate.period.timezone))
    facts = [
        (say("report", "mandate"), mandate.id),
        (say("report", "today"), standing.today.isoformat()),
        (say("report", "deadline"), _deadline(standing, messages)),
        (say("report", "scan"), f"{scan.id} ({say('report', scan.state.value)}, {ended:%Y-%m-%d %H:%M %Z})"),
        (say("report", "inventory"), f"{inert(scan.inventory)} (sha256 {scan.inventory_digest[:16]})"),
        (say("report", "vantage"), _vantage(inert(vantage.name), vantage.source_v6, vantage.resolvers)),
        (say("report", "policy"), f"{scan.policy} (sha256 {scan.policy_digest[:16]})"),
        (say("report", "versions"), f"ipv6check {scan.tool_version}, {say('report', 'ruleset')} {scan.ruleset}"),
    ]
    return [(label, value) for label, value in facts if value]


def _deadline(standing: Standing, messages: Messages) -> str:
    deadline, left = standing.mandate.period.deadline, standing.days_left
    if deadline is None or left is None:
        return messages.word("report", "no-deadline")
    word = "days-left" if left >= 0 else "days-overdue"
    return f"{deadline.isoformat()} ({abs(left)} {messages.word('report', word)})"


def _vantage(name: str, source: str, resolvers: tuple[str, ...]) -> str:
    parts = [name, source or "–", "DNS " + ", ".join(resolvers)]
    return ", ".join(parts)
