"""The Word document: the parts of the PDF in their order, read back; and nothing from outside acts in it."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from msgspec.structs import replace

from ipv6check.model.trouble import Trouble
from ipv6check.reports.comparison import content_that_differs, read_block
from ipv6check.reports.paper.as_docx import render
from ipv6check.reports.paper.document import EVIDENCE
from ipv6check.reports.signature import block_of
from tests.unit.reports.rich import rich
from tests.unit.reports.test_formats import standing

HOSTILE = '</w:t><w:hyperlink r:id="1"/> &amp; {HYPERLINK "http://evil"} =1+1\x1b[31m\u202e\x00'
FIELDS = {"number": "12/BC-UBND", "to": "Bộ Khoa học và Công nghệ", "recipients": "Như trên; Lưu: VT"}


def octets(what, language="vi", **fields: str) -> bytes:
    file = io.BytesIO()
    render(what, language, file, fields=fields)
    return file.getvalue()


def lines(content: bytes) -> list[str]:
    body = Document(io.BytesIO(content)).element.body
    return ["".join(one.text or "" for one in line.iter(qn("w:t"))) for line in body.iter(qn("w:p"))]


@pytest.fixture(scope="module")
def written() -> bytes:
    return octets(rich(), **FIELDS)


def test_frame_figures_chart_and_annexes_are_those_of_the_formal_document(written):
    text = "\n".join(lines(written)).replace("\u00a0", " ")
    told = ("Số: 12/BC-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Kính gửi: Bộ Khoa học và Công nghệ",
            "Căn cứ văn bản số 34", "1. Kết quả chung", "25,5 %", "2. Tiến độ so với mục tiêu", "3. Theo đơn vị",
            "– Như trên", "– Lưu: VT", "Phụ lục 1", "Phụ lục 2", "Phụ lục 3", "ipv6check-signature-1:")  # fmt: skip
    places = [text.index(one) for one in told]
    assert places == sorted(places)
    assert len(Document(io.BytesIO(written)).inline_shapes) == 1
    heads = Document(io.BytesIO(written)).element.body.findall(f".//{qn('w:tblHeader')}")
    assert len(heads) >= 5  # they repeat on every page


def test_english_has_a_plain_head_and_no_history_is_said():
    text = "\n".join(lines(octets(standing(), "en")))
    assert "CỘNG HÒA" not in text
    assert "No earlier scan is known for this report." in text


def test_nothing_from_outside_is_a_link_a_field_or_markup():
    content = octets(rich(text=HOSTILE), "en", subject=HOSTILE)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body = packed.read("word/document.xml").decode()
        assert not [name for name in packed.namelist() if "embed" in name or "vba" in name.lower()]
        assert "hyperlink" not in packed.read("word/_rels/document.xml.rels").decode()
    assert "<w:hyperlink" not in body
    assert "instrText" not in body
    assert "</w:t><w:hyperlink" in "\n".join(lines(content))


def test_verify_finds_the_block_and_a_changed_figure(written):
    block = read_block(written)
    assert block == block_of(rich(), "vi", "docx", FIELDS | {EVIDENCE: "yes"})
    assert block is not None
    assert list(content_that_differs(block, written, rich())) == []
    packed, changed = zipfile.ZipFile(io.BytesIO(written)), io.BytesIO()
    with zipfile.ZipFile(changed, "w") as into:
        for name in packed.namelist():
            into.writestr(name, packed.read(name).replace(b"25,5", b"95,5"))
    (found, *_) = content_that_differs(block, changed.getvalue(), rich())
    assert "95,5" in found.written
    assert "25,5" in found.counted


def test_a_field_it_does_not_have_is_refused():
    with pytest.raises(Trouble, match="nummer"):
        octets(replace(standing()), nummer="1")
