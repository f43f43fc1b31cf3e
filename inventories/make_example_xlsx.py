"""Write example.xlsx beside this script (needs the ``xlsx`` extra): ``python inventories/make_example_xlsx.py``."""

from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

HEADINGS = ("Tên", "Tên miền", "Cổng", "Cơ quan", "Nhãn")
ROWS = (
    ("Cổng thông tin", "example.com", None, "Bộ Ví dụ", "portal"),
    ("Thư điện tử", "mail.example.com", 25, "Bộ Ví dụ", "mail"),
    ("Bộ định tuyến", "2001:db8::1", None, "Sở Ví dụ", None),
)


def write(path: Path) -> None:
    """Write the example workbook; the date inside is fixed so that the file is the same each time."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
        sheet = workbook.add_worksheet("ipv6check")
        for number, row in enumerate((HEADINGS, *ROWS)):
            sheet.write_row(number, 0, row)
        sheet.set_column(0, 4, 24)


if __name__ == "__main__":
    write(Path(__file__).with_name("example.xlsx"))
