"""Pieces of a Word document: paragraphs, headings with numbers, tables whose headings repeat, a page's number.

Everything is text in runs: python-docx and the escaping here leave no field, link or markup of what comes from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TWIPS_CM = 567
_HEAD, _RULE = "DCE6F2", "969696"


class Column:
    """A column of a table: its width in cm, and whether it holds figures."""

    __slots__ = ("figures", "width")

    def __init__(self, width: float, *, figures: bool = False) -> None:
        self.width, self.figures = width, figures


def paragraph(
    document: Document, text: str = "", *, bold: bool = False, italic: bool = False, size: float = 0.0,
    centred: bool = False, after: float = 6.0, keep: bool = False,
) -> Paragraph:  # fmt: skip
    """A paragraph of one run; ``size`` and the space ``after`` it are in points; ``keep`` it with the next."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    made = document.add_paragraph()
    add(made, text, bold=bold, italic=italic, size=size)
    made.paragraph_format.space_after = Pt(after)
    made.paragraph_format.keep_with_next = keep
    if centred:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return made


def add(to: Paragraph, text: str, *, bold: bool = False, italic: bool = False, size: float = 0.0) -> None:
    """One more run."""
    from docx.shared import Pt

    run = to.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    if size:
        run.font.size = Pt(size)


def heading(document: Document, text: str, *, level: int = 1, new_page: bool = False) -> None:
    """A heading that a table of contents finds, on a ``new_page`` or where it comes, in the document's letters."""
    from docx.shared import Pt, RGBColor

    made = document.add_heading(level=level)
    made.paragraph_format.page_break_before = new_page
    run = made.add_run(text)
    run.font.name, run.font.size, run.font.color.rgb = FONT, Pt(13), RGBColor(0, 0, 0)
    properties = run._r.get_or_add_rPr().rFonts
    for script in ("eastAsia", "cs"):
        properties.set(f"{{{_WORD}}}{script}", FONT)
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(12), Pt(4)


def table(
    document: Document, columns: Sequence[Column], head: Sequence[str], rows: Sequence[Sequence[str]], *,
    size: float = 9.5, ruled: bool = True,
) -> None:  # fmt: skip
    """A table with a heading that repeats on every page; without ``head`` there is none. Sizes are in points."""
    from docx.oxml import parse_xml

    lines = [_row(columns, head, size, heading=True)] if head else []
    lines += [_row(columns, row, size, heading=False) for row in rows]
    grid = "".join(f'<w:gridCol w:w="{_twips(one.width)}"/>' for one in columns)
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"' if ruled else 'w:val="nil"'
    sides = "".join(f"<w:{side} {rule}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    width = sum(_twips(one.width) for one in columns)
    made = parse_xml(
        f'<w:tbl xmlns:w="{_WORD}"><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, made)
    paragraph(document, after=2, size=4)


def _row(columns: Sequence[Column], cells: Sequence[str], size: float, *, heading: bool) -> str:
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if heading else "")
    made = []
    for column, text in zip(columns, cells, strict=True):
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_HEAD}"/>' if heading else ""
        place = "center" if heading and column.figures else "right" if column.figures else "left"
        bold = "<w:b/>" if heading else ""
        runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{_twips(column.width)}" w:type="dxa"/>{shade}</w:tcPr><w:p><w:pPr>'
            f'<w:spacing w:before="30" w:after="30"/><w:jc w:val="{place}"/></w:pPr><w:r><w:rPr>{bold}'
            f'<w:sz w:val="{int(size * 2)}"/></w:rPr>{runs}</w:r></w:p></w:tc>'
        )
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(made)}</w:tr>"


def page_number(to: Paragraph) -> None:
    """The number of the page, worked out by the program that opens the document."""
    from docx.oxml import parse_xml

    for piece in ('<w:fldChar w:fldCharType="begin"/>', "<w:instrText>PAGE</w:instrText>",
                  '<w:fldChar w:fldCharType="end"/>'):  # fmt: skip
        to._p.append(parse_xml(f'<w:r xmlns:w="{_WORD}">{piece}</w:r>'))


def _twips(cm: float) -> int:
    return round(cm * _TWIPS_CM)
