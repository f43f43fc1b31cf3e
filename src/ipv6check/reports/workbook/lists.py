"""The long sheets of the workbook: every asset, every finding, and what is to be fixed by whom and until when."""

from collections.abc import Iterator, Sequence

from ipv6check.model.asset import Kind
from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.findings import Finding, findings_of
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.rows import agency_name, brief, rung_said
from ipv6check.reports.view import View
from ipv6check.reports.workbook.book import AMBER, GREEN, GREY, RED, Cell, Column, Sheet

WORKING_COLUMNS = 3
"""The last columns of the fix list, which are left to the office to fill in."""


def assets(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """One row for each asset."""
    say = messages.word
    devices = any(one.asset.kind is Kind.DEVICE for one in standing.assets)
    columns = _columns(
        messages,
        ("asset", 34, True), ("agency", 30, True), ("class", 13, False), ("readiness", 23, False),
        *((("rung", 22, True),) if devices else ()),
        ("attested", 11, False), ("exemption", 13, False), ("credit", 10, False), ("required-failed", 10, False),
        ("undecided-rules", 10, False),
        ("owner", 27, True), ("tags", 18, True), ("source", 22, True), ("asset-id", 20, True),
    )  # fmt: skip
    sheet.widths(columns)
    rows = (_asset(one, standing, messages, devices=devices) for one in standing.assets)
    first, last = sheet.table(columns, rows, main=True)
    sheet.colour(first, last, 3, {
        say("readiness", "ready"): GREEN, say("readiness", "partial"): AMBER, say("readiness", "not-ready"): RED,
        say("readiness", "unknown"): GREY, say("readiness", "needs-attestation"): GREY,
    })  # fmt: skip


def _asset(one: AssetStanding, standing: Standing, messages: Messages, *, devices: bool) -> Sequence[Cell]:
    asset, say = one.asset, messages.word
    open_ones = one.verdicts if one.readiness is not Readiness.READY else ()
    required = [rated.verdict.status for rated in open_ones if rated.level is Level.REQUIRED]
    source = f"{asset.origin.file}:{asset.origin.line}" if asset.origin else ""
    return (
        brief(asset.name or asset.id),
        agency_name(standing, asset.agency, messages),
        say("class", asset.kind.asset_class.value),
        say("readiness", one.readiness.value),
        *((rung_said(one, messages),) if devices else ()),
        say("sheet", "yes") if one.attested else "",
        inert(one.exemption),
        f"{one.credit[0]}/{one.credit[1]}",
        required.count(Status.FAIL),
        required.count(Status.UNKNOWN),
        inert(asset.owner),
        inert(", ".join(asset.tags)),
        inert(source),
        inert(asset.id),
    )


def findings(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """One row for each cause of failure or doubt of each asset."""
    say = messages.word
    columns = _columns(
        messages,
        ("asset", 32, True), ("agency", 26, True), ("class", 12, False), ("status", 13, False), ("level", 13, False),
        ("rules", 14, True), ("finding", 60, True), ("fix", 60, True), ("evidence", 40, True),
    )  # fmt: skip
    sheet.widths(columns)
    rows = (_finding(one, messages) for one in _all(standing, messages, (Status.FAIL, Status.UNKNOWN)))
    first, last = sheet.table(columns, rows, main=True)
    sheet.colour(first, last, 3, {say("status", "fail"): RED, say("status", "unknown"): GREY})


def _finding(one: Finding, messages: Messages) -> Sequence[Cell]:
    evidence = "; ".join(f"{name}: {value}" for name, value in one.evidence)
    level = messages.word("level", "required" if one.required else "advised")
    area = messages.word("class", one.asset_class)
    return one.asset, one.agency, area, one.status, level, ", ".join(one.codes), one.text, one.fix, evidence


def fixes(sheet: Sheet, standing: Standing, view: View, messages: Messages) -> None:
    """What the mandate requires and was proven wrong, with who owns it and when it is due. The last columns are empty:
    they are for the office, and ``ipv6check verify`` leaves them out."""
    columns = _columns(
        messages,
        ("asset", 32, True), ("agency", 26, True), ("owner", 22, True), ("due", 13, False), ("days-left", 9, False),
        ("finding", 50, True), ("fix", 60, True), ("rules", 12, True), ("assigned", 18, True), ("done", 13, False),
        ("remark", 26, True),
    )  # fmt: skip
    sheet.widths(columns)
    owners = {one.asset.id: one.asset.owner for one in standing.assets if one.asset.owner}
    due, left = standing.mandate.period.deadline, standing.days_left
    rows = (
        (one.asset, one.agency, inert(owners.get(one.asset_id, "")) or one.agency, due, left, one.text, one.fix,
         ", ".join(one.codes), None, None, None)
        for one in _all(standing, messages, (Status.FAIL,), evidence=False)
        if one.required
    )  # fmt: skip
    first, last = sheet.table(columns, rows, main=True)
    if last >= first:
        for criteria, value, fill in (("<", 0, RED), ("<=", 90, AMBER)):
            rule = {"type": "cell", "criteria": criteria, "value": value, "format": sheet.book.fill(fill)}
            if left is not None:
                sheet.raw.conditional_format(first, 4, last, 4, rule)


def _all(
    standing: Standing, messages: Messages, statuses: Sequence[Status], *, evidence: bool = True
) -> Iterator[Finding]:
    """Findings asset by asset, so that one asset's are in memory at a time."""
    for asset in standing.assets:
        for status in statuses:
            yield from findings_of(asset, status, standing, messages, evidence=evidence)


def _columns(messages: Messages, *columns: tuple[str, float, bool]) -> tuple[Column, ...]:
    return tuple(Column(messages.word("column", word), width, wrap) for word, width, wrap in columns)
