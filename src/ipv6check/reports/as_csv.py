"""One row for every asset and rule, for spreadsheets."""

import csv
import io
from collections.abc import Iterator

from ipv6check.model.standing import Standing
from ipv6check.reports.inert import csv_cell, inert
from ipv6check.reports.messages import Messages

COLUMNS = (
    "agency",
    "asset",
    "name",
    "kind",
    "class",
    "readiness",
    "rule",
    "status",
    "level",
    "tag",
    "finding",
    "how_to_fix",
    "file",
    "line",
    "scan",
    "trustworthy",
    "vantage",
    "policy",
    "ruleset",
    "tool_version",
)
"""The last six say on every row where it comes from: a table has no place for that but its rows."""


def render(standing: Standing, language: str, *, delimiter: str = ",") -> Iterator[str]:
    """Rows without line ends, the heading first; an asset without any verdict gets one row of its own.

    Headings and codes are English, the finding is in ``language``. Text that a spreadsheet would take for a formula
    gets an apostrophe.
    """
    messages = Messages(language)
    yield _line(COLUMNS, delimiter)
    scan = standing.scan
    source = (
        scan.id,
        "yes" if scan.trustworthy else "no",
        scan.vantage.name,
        scan.policy,
        scan.ruleset,
        scan.tool_version,
    )
    for item in standing.assets:
        asset = item.asset
        agency = standing.agency_names.get(asset.agency)
        head = (
            agency.name(messages.language) if agency else asset.agency,
            asset.id,
            asset.name,
            asset.kind.value,
            asset.kind.asset_class.value,
            item.readiness.value,
        )
        origin = (asset.origin.file, asset.origin.line) if asset.origin else ("", 0)
        for rated in item.verdicts:
            verdict = rated.verdict
            said = (messages.say(verdict), messages.fix(verdict))
            rule = (verdict.rule, verdict.status.value, rated.level.value, verdict.tag)
            yield _line((*head, *rule, *said, *origin, *source), delimiter)
        if not item.verdicts:
            yield _line((*head, "", "", "", "", "", "", *origin, *source), delimiter)


def _line(cells: tuple[str | int, ...], delimiter: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(
        [csv_cell(inert(cell)) if isinstance(cell, str) else cell for cell in cells]
    )
    return line.getvalue()
