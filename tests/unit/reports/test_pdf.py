"""The formal document: pages, frame, Vietnamese letters, repeated headings, and no markup from outside."""

import io
from datetime import date

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from ipv6check.model.trouble import Trouble
from ipv6check.reports.comparison import read_block
from ipv6check.reports.messages import Messages
from ipv6check.reports.outlook import forecast_rows
from ipv6check.reports.paper.as_pdf import check_fields, render
from ipv6check.reports.paper.document import EVIDENCE, MOST_IN_ANNEX, annex_of
from ipv6check.reports.signature import block_of
from tests.unit.reports.rich import rich
from tests.unit.reports.test_formats import standing

HOSTILE = '#panic("x") $a$ *b* @ref <label> \\ #read("/etc/passwd") https://evil `c` ]\x1b[31m\u202e'
FIELDS = {
    "number": "12/BC-UBND",
    "to": "Bộ Khoa học và Công nghệ",
    "recipients": "Như trên; Lưu: VT",
    "place": "Bến Tre",
}


def octets(what, language="vi", **fields: str) -> bytes:
    file = io.BytesIO()
    render(what, language, file, fields=fields)
    return file.getvalue()


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.fixture(scope="module")
def written() -> bytes:
    return octets(rich(), **FIELDS)


def test_the_frame_is_that_of_a_vietnamese_document(written):
    first = pages(written)[0]
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 12/BC-UBND", "TỈNH BẾN TRE",
        "Bến Tre, ngày 02 tháng 10 năm 2025", "Kính gửi: Bộ Khoa học và Công nghệ", "Căn cứ văn bản số 34",
    ):  # fmt: skip
        assert text in first
    whole = " ".join(pages(written))
    for text in ("nhận:", "– Như trên", "– Lưu: VT", "(Ký, ghi rõ họ tên)", "25,5 %", "MT-01"):
        assert text in whole.replace("\u00a0", " ")


def test_an_english_document_has_no_state_header():
    whole = " ".join(pages(octets(rich(), "en")))
    assert "CỘNG HÒA" not in whole
    assert "Pursuant to instrument No. 34" in whole
    assert "25.5 %" in whole.replace("\u00a0", " ")


def test_a_forecast_is_a_sentence_whatever_ends_it_has():
    past = rich().past
    (open_ended,) = past.forecasts
    closed = replace(open_ended, latest=date(2028, 1, 1))
    never = replace(open_ended, expected=None, earliest=None)

    def said(forecast) -> str:
        whole = " ".join(pages(octets(replace(rich(), past=replace(past, forecasts=(forecast,))), "en")))
        return whole[whole.index("at the pace of") :][:300].replace("\u00a0", " ")

    assert "is reached by 1 Mar 2027, or later" in said(open_ended)
    assert "is reached by 1 Mar 2027 (between 1 Oct 2026 and 1 Jan 2028" in said(closed)
    assert "is not reached (12 scans" in said(never)


def test_a_forecast_of_a_level_is_called_by_the_level():
    (whole,) = rich().past.forecasts
    past = replace(rich().past, forecasts=(replace(whole, kind="level", key="province"),))
    (row,) = forecast_rows(replace(rich(), past=past), Messages("en"))
    assert row.title != Messages("en").word("report", "whole")
    assert "province" in row.title.lower()


def test_the_annex_repeats_its_headings_and_has_digests_of_evidence():
    content = octets(rich(copies=20))
    told = pages(content)
    annex = [page for page in told if "bentre.example.vn" in page and "Bằng chứng (SHA-256)" in page]
    assert len(annex) > 3
    assert f"{1:064x}"[:32] in "".join(told)
    assert str(MOST_IN_ANNEX) in "".join(told)
    assert len(annex_of(rich(copies=20))) == MOST_IN_ANNEX


def test_text_from_outside_is_never_markup():
    whole = "".join(pages(octets(rich(text=HOSTILE), subject=HOSTILE, issuer=HOSTILE, signer=HOSTILE))).replace(" ", "")
    assert '#panic("x")$a$*b*@ref' in whole
    assert "\x1b[31m" not in whole  # a single \x1b is how pypdf reads some glyphs that carry two accents
    assert "\\x1b[31m\\u{202e}" in whole
    assert not [page for page in PdfReader(io.BytesIO(octets(rich(text=HOSTILE)))).pages if "/Annots" in page]


def test_the_block_is_attached_and_two_writings_are_equal(written):
    assert read_block(written) == block_of(rich(), "vi", "pdf", FIELDS | {EVIDENCE: "yes"})
    assert octets(rich(), **FIELDS) == written


def test_a_bare_standing_says_what_it_does_not_know():
    whole = " ".join(pages(octets(standing(), "en")))
    assert "No earlier scan is known" in whole
    assert "1 of 3 assets" in whole
    nothing = replace(standing(), whole=replace(standing().whole, rate=replace(standing().whole.rate, denominator=0)))
    assert "Not measurable" in " ".join(pages(octets(nothing, "en")))


def test_a_field_that_does_not_exist_is_refused():
    with pytest.raises(Trouble, match="--field nummer: not one of number"):
        check_fields({"nummer": "1"})
