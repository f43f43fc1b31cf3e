"""The pages in a real browser: opened from a file, filtered, sorted, by keyboard, on a phone, in the dark, on paper."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.conftest import Open

WHOLE = "en/whole.html"
PAGES = ("index.html", "vi/whole.html", "en/whole.html", "vi/agencies/so-yte.html")
ROWS = "#asset-table tbody tr:visible"

_LUMINANCE = """(pair) => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 1;
  const paint = canvas.getContext("2d", {willReadFrequently: true});
  const light = (colour) => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((c) => {
      c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!colour.endsWith(", 0)") && colour !== "transparent" && !/\\/ 0?\\.\\d+\\)$/.test(colour)) return colour; }
    return "white"; };
  const poor = [];
  for (const one of document.querySelectorAll("main *, header *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !one.offsetParent || one.closest("svg, .hidden")) continue;
    const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push([one.outerHTML.slice(0, 80), ratio]);
  }
  return poor; }"""


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(f"{ROWS} th").all_inner_texts()]


def test_a_filter_narrows_assets_and_findings_and_says_how_many(page_at: Open) -> None:
    page = page_at(WHOLE)
    total = page.locator(ROWS).count()
    page.fill("#f-text", "never")
    assert page.locator(ROWS).count() == 2
    assert page.locator("#f-count").inner_text() == f"2 shown of {total}"
    found = page.locator("article.cause:visible tbody tr:visible th").all_inner_texts()
    assert found
    assert all(text.startswith("never-") for text in found)
    page.fill("#f-text", "")
    page.select_option("#f-ready", "not-ready")
    assert set(page.locator(f"{ROWS} .chip").all_inner_texts()) == {"not ready"}
    page.select_option("#f-class", "device")
    assert page.locator(ROWS).count() == 0
    page.click(".filter button")
    assert page.locator(ROWS).count() == total


def test_an_agency_leads_to_its_assets_with_those_below_it(page_at: Open) -> None:
    page = page_at(WHOLE)
    page.click("#agency-table a:text-is('Department of Health')")
    assert set(page.locator(f"{ROWS} td:nth-child(3)").all_inner_texts()) == {"Department of Health"}
    some = page.locator(ROWS).count()
    page.click("#agency-table a:text-is('Sample province')")
    assert page.locator(ROWS).count() > some


def test_headings_sort_by_number_and_by_name_with_the_keyboard(page_at: Open) -> None:
    page = page_at(WHOLE)
    heading = page.locator("#asset-table thead th").first
    heading.locator("button").focus()
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    up = names(page)
    page.keyboard.press("Space")
    assert heading.get_attribute("aria-sort") == "descending"
    assert names(page) == up[::-1]
    page.locator("#agency-table thead button").nth(1).click()
    totals = [int(text) for text in page.locator("#agency-table tbody td:nth-child(2)").all_inner_texts()]
    assert totals == sorted(totals)


def test_the_first_tab_offers_to_skip_and_every_table_that_scrolls_can_be_reached(page_at: Open) -> None:
    page = page_at(WHOLE, width=390)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".scroll:not([tabindex='0'][role='region'][aria-label])").count() == 0


def test_without_javascript_everything_is_there(page_at: Open) -> None:
    with_script, without = page_at(WHOLE), page_at(WHOLE, script=False)
    assert without.locator(ROWS).count() == with_script.locator(ROWS).count() > 0
    assert without.locator("form.filter").is_hidden()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_nothing_sticks_out_and_every_text_has_contrast(page_at: Open, name: str, dark: bool) -> None:
    page = page_at(name, width=390, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(_LUMINANCE) == []


def test_the_dark_page_is_dark_and_paper_is_white(page_at: Open) -> None:
    page = page_at(WHOLE, dark=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(17, 22, 29)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_on_paper_sections_begin_pages_and_pages_have_numbers(page_at: Open) -> None:
    page = page_at("vi/whole.html")
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [one.extract_text() for one in reader.pages]
    assert 5 <= len(texts) <= 14
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, start=1))
    assert "Tỉnh Mẫu: chuyển đổi IPv6 đến năm 2026" in texts[-1]
    for heading in ("Chưa đạt và cách khắc phục", "Phương pháp và thông tin xác thực"):
        assert any(heading in text[:200] for text in texts[1:])
    assert not any("Từ khóa" in text for text in texts)


def test_the_index_finds_an_agency_and_leads_there_and_back(page_at: Open, published: Path) -> None:
    page = page_at("index.html")
    page.fill("#f-name", "health")
    assert page.locator("#agency-table tbody tr:visible").count() == 1
    page.click("#agency-table tbody tr:visible th a")
    assert page.locator("h1").inner_text() == "Department of Health"
    page.click(".home a")
    assert page.url == (published / "index.en.html").as_uri()
