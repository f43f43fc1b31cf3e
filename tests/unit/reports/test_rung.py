"""How far a device is, in every face that lists devices; other assets say nothing of the kind."""

import csv
import io
from datetime import date

from python_calamine import CalamineWorkbook

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.standing import take_standing
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.standing import Standing
from ipv6check.model.verdict import Status, Verdict
from ipv6check.reports.machine import as_csv
from ipv6check.reports.page import as_html
from ipv6check.reports.paper.document import document_of
from ipv6check.reports.text import as_markdown
from ipv6check.reports.workbook import as_xlsx
from tests.unit.reports.test_formats import AGENCY, MANDATE, SCAN

ROWS = {
    "edge": {"DEV001": Status.PASS},
    "old": {"DEV001": Status.FAIL, "ICM001": Status.PASS},
    "far": {"DEV001": Status.UNKNOWN, "DEV002": Status.PASS},
}


def devices() -> Standing:
    some = [
        (
            Asset(id=name, kind=Kind.DEVICE, name=name, agency=AGENCY.id),
            tuple(Verdict(rule=rule, status=status, tag="") for rule, status in told.items()),
        )
        for name, told in ROWS.items()
    ]
    site = (Asset(id="site", kind=Kind.APPLICATION, name="site", agency=AGENCY.id), ())
    return take_standing(MANDATE, SCAN, [AGENCY], [*some, site], date(2026, 1, 2), checks=CHECKS, keep_assets=True)


def test_a_row_of_each_device_has_its_rung_as_a_code():
    rows = {row["asset"]: row for row in csv.DictReader(io.StringIO("\n".join(as_csv.render(devices(), "vi"))))}
    found = {name: (row["rung"], row["rung_settled"]) for name, row in rows.items()}
    assert found["edge"] == ("serving", "yes")
    assert found["old"] == ("addressed", "yes")
    assert found["far"] == ("capable", "no")
    assert found["site"] == ("", "")


def test_people_read_how_many_devices_stand_on_which_rung():
    markdown = "\n".join(as_markdown.render(devices(), "en"))
    assert "- Serving: 1/3\n" in markdown
    assert "- Capable: 1/3; more could not be tested: 1\n" in markdown
    page = "\n".join(as_html.render(devices(), "en"))
    assert '<td class="num">1/3</td>' in page
    assert "<small>capable (more could not be tested)</small>" in page
    document = document_of(devices(), "en", {})
    assert document["ladder"] == "IPv6 on the device: serving 1/3; addressed 1/3; capable 1/3; none 0/3; unknown 0/3."


def test_the_workbook_has_a_column_for_it_where_there_are_devices():
    file = io.BytesIO()
    as_xlsx.render(devices(), "en", file)
    heading, *rows = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_name("Assets").to_python()
    at = heading.index("IPv6 on the device")
    assert {row[0]: row[at] for row in rows}["old"] == "addressed"
    assert {row[0]: row[at] for row in rows}["site"] == ""
