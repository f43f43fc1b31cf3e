"""The report as a Word document that an office goes on writing: the same parts, order and texts as the PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from ipv6check.model.standing import Standing
from ipv6check.model.trouble import MissingExtra
from ipv6check.reports.paper.as_pdf import check_fields
from ipv6check.reports.paper.document import document_of
from ipv6check.reports.paper.docx_parts import FONT, Column, add, heading, page_number, paragraph, table

if TYPE_CHECKING:
    from docx.document import Document

_WIDE = 16.5
"""Of an A4 page between the margins of a Vietnamese state document, in cm."""

_SLICES = tuple(Column(width, figures=at > 0) for at, width in enumerate((3.9, 1.4, 1.5, 1.6, 1.6, 2.1, 2.5, 1.9)))
_MILESTONES = tuple(Column(width) for width in (5.5, 2.5, 2.0, 3.5, 3.0))
_BLOCKERS = tuple(Column(width) for width in (4.5, 1.8, 5.6, 4.6))
_EXEMPTIONS = tuple(Column(width) for width in (2.2, 4.4, 4.9, 2.4, 2.6))
_ANNEX = tuple(Column(width) for width in (3.4, 2.7, 2.0, 4.9, 3.5))
_PAIRS = tuple(Column(width, figures=at % 2 > 0) for at, width in enumerate((5.6, 2.6, 5.7, 2.6)))
_SIGNED = (Column(5.0), Column(11.5))
_CHART_DPI = 200.0


def render(standing: Standing, language: str, file: BinaryIO, *, fields: Mapping[str, str] | None = None) -> None:
    """Write the document. Raises MissingExtra without python-docx or typst, which draws the chart, and Trouble for an
    unknown field."""
    try:
        from docx import Document as made_document
    except ImportError:
        raise MissingExtra("--format docx", "docx") from None
    check_fields(fields or {})
    data = document_of(standing, language, fields or {}, format="docx")
    document = made_document()
    _set_up(document, standing, data)
    _frame(document, data)
    _body(document, data)
    _signing(document, data)
    _annexes(document, data)
    document.save(file)


def _set_up(document: Document, standing: Standing, data: dict[str, Any]) -> None:
    """A4, margins, letters, the page's number on top from the second page on, and the source below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(2), Cm(2), Cm(2.8), Cm(1.7)
    page.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    page.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    page_number(page.header.paragraphs[0])
    for footer in (page.footer, page.first_page_footer):
        footer.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        add(footer.paragraphs[0], data["footer"], size=8)
    about, scan = document.core_properties, standing.scan
    about.title, about.author, about.comments, about.language = data["title"][:250], "ipv6check", "", data["language"]
    about.last_modified_by = "ipv6check"
    about.created = about.modified = datetime.fromtimestamp(scan.ended or scan.started, UTC).replace(microsecond=0)


def _frame(document: Document, data: dict[str, Any]) -> None:
    """The head of a document: that of a Vietnamese state document, or a plain one; then title and what it rests on."""
    fields, words = data["fields"], data["words"]
    if data["language"] == "vi":
        left = [fields["parent"].upper(), fields["issuer"].upper(), f"{words['number']} {fields['number']}"]
        right = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", fields["dated"]]
    else:
        left = [fields["parent"], fields["issuer"]]
        right = [f"{words['number']} {fields['number']}", fields["dated"]]
    _two_columns(document, left, right, (6.7, 9.8), bold=data["language"] == "vi")
    paragraph(document, words["report"].upper(), bold=True, size=15, centred=True, after=2)
    paragraph(document, data["title"], bold=True, size=13, centred=True, after=2)
    if data["part"]:
        paragraph(document, data["part"], bold=True, centred=True, after=2)
    paragraph(document, data["as_of"], size=11, centred=True, after=10)
    if fields["to"]:
        paragraph(document, f"{words['to']} {fields['to']}", centred=True)
    for one in data["basis"]:
        paragraph(document, one, italic=True)
    for one in data["notices"]:
        paragraph(document, f"! {one}", bold=True)


def _two_columns(
    document: Document, left: Sequence[str], right: Sequence[str], widths: tuple[float, float], *, bold: bool
) -> None:
    """Two centred columns without rules; all lines but the last are bold where ``bold``."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    for cell, lines, width in zip(grid.rows[0].cells, (left, right), widths, strict=True):
        cell.width = Cm(width)
        told = [line for line in lines if line]
        for number, line in enumerate(told):
            made = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            made.alignment, made.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(1)
            last = number == len(told) - 1
            add(made, line, bold=bold and not last, italic=bold and last and lines is right, size=11.5)
    paragraph(document, after=4)


def _body(document: Document, data: dict[str, Any]) -> None:
    """The numbered parts."""
    words, heads = data["words"], data["heads"]
    heading(document, f"1. {words['results']}")
    paragraph(document, data["headline"])
    table(document, _PAIRS, (), data["figures"])
    for number, (word, rows) in enumerate((("indicators", data["indicators"]), ("classes", data["classes"])), start=1):
        if rows:
            heading(document, f"1.{number}. {words[word]}", level=2)
            table(document, _SLICES, heads["slices"], rows)
    if data["ladder"]:
        paragraph(document, data["ladder"])
    heading(document, f"2. {words['progress']}")
    if data["chart"]:
        _chart(document, data["chart"])
        paragraph(document, data["legend"], size=9, centred=True)
    else:
        paragraph(document, words["no-history"])
    if data["milestones"]:
        heading(document, f"2.1. {words['milestones']}", level=2)
        table(document, _MILESTONES, heads["milestones"], data["milestones"])
    for one in data["forecasts"]:
        paragraph(document, one)
    number = 3
    for word, columns, rows, note in (
        ("agencies", _SLICES, data["agencies"], data["more-agencies"]),
        ("blockers", _BLOCKERS, data["blockers"], "" if data["blockers"] else words["none"]),
        ("exemptions", _EXEMPTIONS, data["exemptions"], ""),
    ):
        if not rows and not note:
            continue
        heading(document, f"{number}. {words[word]}")
        number += 1
        if rows:
            table(document, columns, heads["slices" if word == "agencies" else word], rows)
        if note:
            paragraph(document, note)


def _chart(document: Document, svg: str) -> None:
    """The drawing as a picture: word processors do not all show SVG."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    try:
        import typst
    except ImportError:
        raise MissingExtra("--format docx", "docx") from None
    template = b'#set page(width: auto, height: auto, margin: 2pt)\n#image(bytes(sys.inputs.chart), format: "svg")'
    fonts = typst.Fonts(include_system_fonts=False)
    picture = typst.Compiler(template, font_paths=fonts, sys_inputs={"chart": svg}).compile(
        format="png", ppi=_CHART_DPI
    )
    if not isinstance(picture, bytes):
        raise TypeError("typst gave no single picture")
    document.add_picture(io.BytesIO(picture), width=Cm(14))
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _signing(document: Document, data: dict[str, Any]) -> None:
    fields, words = data["fields"], data["words"]
    left = [words["recipients"], *(f"– {one}" for one in fields["recipients"]), " "]
    right = [fields["signer-title"].upper(), words["sign"], "\n\n\n", fields["signer"] or " "]
    paragraph(document, after=6)
    _two_columns(document, left, right, (_WIDE / 2, _WIDE / 2), bold=False)


def _annexes(document: Document, data: dict[str, Any]) -> None:
    """What is not proven ready, how it was counted, and where the figures come from, with the signature block."""
    words = data["words"]
    heading(document, words["annex-assets"], new_page=True)
    paragraph(document, data["annex-note"], size=10.5)
    if data["annex"]:
        rows = [(*row[:4], row[4].replace("\u200b", " ")) for row in data["annex"]]
        table(document, _ANNEX, data["heads"]["annex"], rows, size=8.5)
    heading(document, words["annex-method"])
    for name, meaning in data["definitions"]:
        made = paragraph(document, f"{name}: ", bold=True)
        add(made, meaning)
    if data["assumptions"]:
        paragraph(document, words["assumptions"], bold=True, keep=True)
    for one in data["assumptions"]:
        paragraph(document, f"– {one}")
    heading(document, words["annex-signature"])
    table(document, _SIGNED, (), data["signature"], size=8.5)
    paragraph(document, data["verify"], size=10.5)
    paragraph(document, data["seal"], size=4)
