"""One neutral view of a standing for everything people read: texts in one language, shares floored, nothing raw."""

from collections.abc import Iterator

from ipv6check.compliance.ladder import Rung
from ipv6check.model.record import Record
from ipv6check.model.scan import ScanState
from ipv6check.model.standing import Standing
from ipv6check.model.vantage import Vantage
from ipv6check.reports.figures import dated, day, moment, number
from ipv6check.reports.findings import Finding, all_findings
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.outlook import (
    BlockerRow,
    ChangeRow,
    ExemptionRow,
    ForecastRow,
    HeldRow,
    MilestoneRow,
    blocker_rows,
    change_rows,
    exemption_rows,
    forecast_rows,
    held_rows,
    milestone_rows,
)
from ipv6check.reports.retrospect import state_said
from ipv6check.reports.rows import MET, Row, agency_name, capital, level_name, rate_row, row_of, rung_of, title_of

CONCLUSIVE = 0.95
"""Below this coverage a report says that it is not conclusive."""


class View(Record, frozen=True, kw_only=True):
    """A whole report. ``notices`` are what a reader must know before the figures; ``facts`` are label and value;
    ``answer`` says whether the mandate's goal is met. Findings: failures first, then what is undecided. ``part`` names
    the agencies and classes that the report was narrowed to, empty for everything; ``heat`` is a row for each agency
    that has assets: its id and a cell for each class that it has assets of; ``ladder`` says of how many devices
    each rung is proven, and how many of those may stand higher."""

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
    part: str = ""
    levels: tuple[Row, ...] = ()
    heat: tuple[tuple[str, tuple[Row, ...]], ...] = ()
    blockers: tuple[BlockerRow, ...] = ()
    milestones: tuple[MilestoneRow, ...] = ()
    forecasts: tuple[ForecastRow, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    exemptions: tuple[ExemptionRow, ...] = ()
    held: tuple[HeldRow, ...] = ()
    ladder: tuple[tuple[str, int, int], ...] = ()


def view_of(standing: Standing, messages: Messages, *, findings: bool = True) -> View:
    """The view in the language of ``messages``; without ``findings`` for a face that reads them asset by asset."""
    say = messages.word
    mandate = standing.mandate
    return View(
        title=title_of(mandate.title, mandate.id, messages),
        notices=tuple(_notices(standing, messages)),
        answer=say("report", MET[standing.composite_met]),
        facts=tuple(_facts(standing, messages)),
        whole=row_of(standing.whole, say("report", "whole"), messages),
        agencies=tuple(
            row_of(group, agency_name(standing, group.key, messages), messages) for group in standing.agencies
        ),
        classes=tuple(row_of(group, capital(say("class", group.key)), messages) for group in standing.classes),
        indicators=tuple(
            row_of(group, title_of(group.title, group.key, messages), messages) for group in standing.indicators
        ),
        findings=tuple(all_findings(standing, messages)) if findings else (),
        assumptions=tuple(inert(text) for text in mandate.assumptions),
        part=_part(standing, messages),
        levels=tuple(row_of(group, capital(level_name(group.key, messages)), messages) for group in standing.levels),
        heat=tuple(_heat(standing, messages)),
        blockers=tuple(blocker_rows(standing, messages)),
        milestones=tuple(milestone_rows(standing, messages)),
        forecasts=tuple(forecast_rows(standing, messages)),
        changes=tuple(change_rows(standing, messages)),
        exemptions=tuple(exemption_rows(standing, messages)),
        held=tuple(held_rows(standing, messages)),
        ladder=tuple(_ladder(standing, messages)),
    )


DEFINED = ("rate", "high", "coverage", "progress", "undecided", "exempt", "floor")
"""The figures that every report explains, as words of the contexts ``column`` and ``definition``."""


def definitions(messages: Messages) -> list[tuple[str, str]]:
    """What the figures of a report mean, a name and a sentence each."""
    return [(messages.word("column", word), messages.word("definition", word)) for word in DEFINED]


def _ladder(standing: Standing, messages: Messages) -> Iterator[tuple[str, int, int]]:
    """Rungs from the best, where there is a device at all."""
    places = [place for one in standing.assets if (place := rung_of(one))]
    for rung in Rung if places else ():
        here = [one for one in places if one.rung is rung]
        yield capital(messages.word("ladder", rung.value)), len(here), sum(not one.settled for one in here)


def _part(standing: Standing, messages: Messages) -> str:
    agencies = [agency_name(standing, one, messages) for one in standing.only_agencies]
    return ", ".join([*agencies, *(messages.word("class", one.value) for one in standing.only_classes)])


def _heat(standing: Standing, messages: Messages) -> Iterator[tuple[str, tuple[Row, ...]]]:
    cells: dict[str, list[Row]] = {}
    for cell in standing.cells:
        name = messages.word("class", cell.asset_class.value)
        cells.setdefault(cell.agency, []).append(rate_row(cell.rate, cell.asset_class.value, name, messages))
    for agency, rows in cells.items():
        yield agency, tuple(rows)


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
        told = dated(inert(args), messages.language)
        found.append(f"{say('report', word)}: {told}" if args else say("report", word))
    return found


def _facts(standing: Standing, messages: Messages) -> list[tuple[str, str]]:
    """Where the figures come from."""
    say = messages.word
    scan, mandate, vantage = standing.scan, standing.mandate, standing.scan.vantage
    ended = moment(scan.ended or scan.started, mandate.period.timezone, messages.language)
    facts = [
        (say("report", "mandate"), mandate.id),
        (say("report", "today"), day(standing.today, messages.language)),
        (say("history", "state"), state_said(standing, messages)),
        (say("report", "deadline"), _deadline(standing, messages)),
        (say("report", "tree"), _tree(standing, messages)),
        (say("report", "scan"), f"{scan.id} ({say('report', scan.state.value)}, {ended})"),
        (say("report", "inventory"), f"{inert(scan.inventory)} (sha256 {scan.inventory_digest[:16]})"),
        (say("report", "vantage"), _vantage(vantage, messages)),
        (say("report", "policy"), f"{scan.policy} (sha256 {scan.policy_digest[:16]})"),
        (say("report", "versions"), f"ipv6check {scan.tool_version}, {say('report', 'ruleset')} {scan.ruleset}"),
    ]
    return [(label, value) for label, value in facts if value]


def _tree(standing: Standing, messages: Messages) -> str:
    """By which tree of agencies the figures are rolled up, where that is not the inventory's; else empty."""
    rollup, say = standing.rollup, messages.word
    if rollup.day is None:
        return ""
    parts = [
        f"{say('report', 'tree-of')} {day(rollup.day, messages.language)}",
        f"{say('report', 'tree-moved')}: {rollup.assets} ({say('report', 'tree-bodies')}: {rollup.agencies})",
    ]
    if rollup.undecided:
        names = ", ".join(agency_name(standing, one, messages) for one in rollup.undecided)
        parts.append(f"{say('report', 'tree-undecided')}: {names}")
    return "; ".join(parts)


def _deadline(standing: Standing, messages: Messages) -> str:
    deadline, left = standing.mandate.period.deadline, standing.days_left
    if deadline is None or left is None:
        return messages.word("report", "no-deadline")
    word = "days-left" if left >= 0 else "days-overdue"
    year = standing.mandate.period.fiscal_year
    written = day(deadline, messages.language)
    stated = f"{written}, {year}" if year else written
    return f"{stated} ({messages.word('report', word).format(days=number(abs(left), messages.language))})"


def _vantage(vantage: Vantage, messages: Messages) -> str:
    """Where the scan looked from, and what translates there."""
    parts = [inert(vantage.name), vantage.source_v6 or "–", "DNS " + ", ".join(vantage.resolvers)]
    if vantage.nat64_prefixes:
        parts.append(f"NAT64 {', '.join(vantage.nat64_prefixes)}")
    if vantage.clat:
        parts.append(messages.word("report", "vantage-clat"))
    if vantage.without_ipv4:
        parts.append(messages.word("report", "vantage-without-ipv4"))
    return ", ".join(parts)
