"""One row for every asset and rule, for spreadsheets."""

import csv
import io
from collections.abc import Iterator

from ipv6check.compliance.counting import floor_percent_of
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.reports.inert import csv_cell, inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.rows import rung_of
from ipv6check.reports.signature import block_of, sealed

COLUMNS = (
    "agency",
    "asset",
    "name",
    "kind",
    "class",
    "readiness",
    "rung",
    "rung_settled",
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
    "scan_state",
    "scan_selection",
    "skipped_rows",
    "treat_as_global",
    "mandate",
    "day",
    "denominator",
    "ready",
    "undecided",
    "low_percent",
    "high_percent",
    "coverage_percent",
    "signature",
)
"""From ``scan`` on, every row says where it comes from, what limits it, and how the whole of the report stands: a table
has no place for that but its rows. ``signature`` is the block for ``ipv6check verify``, on the first row only."""


def render(standing: Standing, language: str, *, delimiter: str = ",") -> Iterator[str]:
    """Rows without line ends, the heading first; an asset without any verdict gets one row of its own.

    Headings and codes are English, the finding is in ``language``. Text that a spreadsheet would take for a formula
    gets an apostrophe.
    """
    messages = Messages(language)
    yield _line(COLUMNS, delimiter)
    source = _source(standing)
    seal = [sealed(block_of(standing, language, "csv", {"delimiter": delimiter}))]

    def row(*cells: str | int) -> str:
        return _line((*cells, *source, seal.pop() if seal else ""), delimiter)

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
            *_rung(item),
        )
        origin = (asset.origin.file, asset.origin.line) if asset.origin else ("", 0)
        for rated in item.verdicts:
            verdict = rated.verdict
            said = (messages.say(verdict), messages.fix(verdict))
            rule = (verdict.rule, verdict.status.value, rated.level.value, verdict.tag)
            yield row(*head, *rule, *said, *origin)
        if not item.verdicts:
            yield row(*head, "", "", "", "", "", "", *origin)


def _rung(item: AssetStanding) -> tuple[str, str]:
    """How far a device is, and whether that is settled; empty for every other asset."""
    place = rung_of(item)
    return ("", "") if place is None else (place.rung.value, "yes" if place.settled else "no")


def _source(standing: Standing) -> tuple[str | int, ...]:
    """What every row says of the whole report, in the order of ``COLUMNS``."""
    scan, rate = standing.scan, standing.whole.rate
    return (
        scan.id,
        "yes" if scan.trustworthy else "no",
        scan.vantage.name,
        scan.policy,
        scan.ruleset,
        scan.tool_version,
        scan.state.value,
        scan.selection,
        scan.skipped_rows,
        " ".join(scan.vantage.treat_as_global),
        standing.mandate.id,
        standing.today.isoformat(),
        rate.denominator,
        rate.ready,
        rate.undecided,
        *(floor_percent_of(share) for share in (rate.low, rate.high, rate.coverage)),
    )


def _line(cells: tuple[str | int, ...], delimiter: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(
        [csv_cell(inert(cell)) if isinstance(cell, str) else cell for cell in cells]
    )
    return line.getvalue()
