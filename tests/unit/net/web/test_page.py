"""Pages: what changes at every visit does not count, what differs does, and no page costs more than a bound."""

import time

import pytest

from ipv6check.net.web.page import PageReader, is_challenge, read_body, similarity

HTML = "text/html; charset=utf-8"
NEVER_S = 60.0  # far from any measure of speed: an expression that backtracks would take hours over a megabyte
BASE = (
    '<html><head><title>Sở Y tế</title><meta name="csrf-token" content="{token}">'
    '<script nonce="{token}">var csrfToken = "{token}";</script></head><body>'
    '<form><input type="hidden" name="__VIEWSTATE" value="{token}"></form>'
    "<p>Hôm nay {clock}</p> <p>Tin tức chuyển đổi số</p></body></html>"
)


def page(token: str, clock: str, base: str = BASE) -> bytes:
    return base.replace("{token}", token).replace("{clock}", clock).encode()


def test_two_visits_have_one_hash() -> None:
    first = read_body(page("aGVsbG8", "10:01:02 23/11/2026"), HTML)
    second = read_body(page("d29ybGQ", "23:59:58   01/12/2026"), HTML)
    assert first.sha256 == second.sha256
    assert first.title == "Sở Y tế"
    assert similarity(first.text, second.text) == 1.0


def test_another_text_has_another_hash() -> None:
    first = read_body(page("a", "1"), HTML)
    second = read_body(page("a", "1", BASE.replace("Tin tức", "Bảo trì hệ thống")), HTML)
    assert first.sha256 != second.sha256
    assert 0.5 < similarity(first.text, second.text) < 1.0


def test_what_merely_mentions_a_token_stays() -> None:
    first = read_body(b"<p>A token of thanks</p>", HTML)
    second = read_body(b"<p>A token of regret</p>", HTML)
    assert "thanks" in first.text
    assert first.sha256 != second.sha256


def test_similarity_is_symmetric_and_runs_from_0_to_1() -> None:
    assert similarity("alpha beta", "gamma delta") == 0.0
    assert similarity("alpha beta", "alpha gamma") == similarity("alpha gamma", "alpha beta") == 0.5
    assert similarity("", "") == 1.0
    assert similarity("", "alpha") == 0.0
    assert similarity("123", "456") == 1.0


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("<title>Bến Tre</title>".encode("utf-16"), "text/html", "Bến Tre"),
        ("<title>Sở</title>".encode(), "", "Sở"),
        ("<title>café</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "café"),
        ("<meta charset='windows-1252'><title>café</title>".encode("cp1252"), "text/html", "café"),
        (b"<title>x</title>", "text/html; charset=rot13", "x"),
        (b"<title>x</title>", "text/html; charset=no-such", "x"),
        (b"<title>x</title>", 'text/html; charset="utf-8"', "x"),
        (b"<TITLE lang=vi>\n a  b\n</TITLE>", "text/html", "a b"),
        (b"<title>" + b"A" * 300_000, "text/html", "A" * 256),
        (b"\xff\xfe\x00<title>", "application/octet-stream", ""),
        (b"", "", ""),
    ],
)
def test_titles_in_any_charset(body: bytes, content_type: str, title: str) -> None:
    assert read_body(body, content_type).title == title


def test_what_is_not_text_is_hashed_as_it_is() -> None:
    assert read_body(b"\x89PNG 1", "image/png").sha256 != read_body(b"\x89PNG 2", "image/png").sha256
    assert read_body(b"\x89PNG 1", "image/png").text == ""


@pytest.mark.parametrize(
    "body",
    [b"<input csrf " * 87_000, b"token" * 200_000, b'nonce="' * 150_000, b"<title " * 150_000, b"a-1" * 350_000],
    ids=["inputs", "tokens", "nonces", "titles", "words"],
)
def test_a_hostile_megabyte_is_bounded(body: bytes) -> None:
    started = time.process_time()
    reading = read_body(body, HTML)
    similarity(reading.text, reading.text + "z")
    assert time.process_time() - started < NEVER_S


def test_a_reader_remembers_and_forgets() -> None:
    reader = PageReader()
    first = reader.read(b"<title>a</title>", HTML)
    assert reader.read(b"<title>a</title>", HTML) is first
    assert reader.read(b"<title>a</title>", "image/png") is not first
    for number in range(12):
        reader.read(b"%d" % number + b"x" * 200_000, HTML)
    again = reader.read(b"<title>a</title>", HTML)
    assert again is not first
    assert again == first


@pytest.mark.parametrize(
    ("status", "headers", "body", "challenge"),
    [
        (403, {}, b"<title>Just a moment...</title>", True),
        (503, {}, b"<div class='g-recaptcha'>", True),
        (200, {}, b"<div class='g-recaptcha'>", False),  # a contact form is no challenge
        (404, {}, b"turnstile", False),
        (403, {}, b"<h1>Forbidden</h1>", False),
        (200, {"cf-mitigated": "challenge"}, b"", True),
        (202, {"x-amzn-waf-action": "challenge"}, b"", True),
    ],
)
def test_challenges(status: int, headers: dict[str, str], body: bytes, challenge: bool) -> None:
    assert is_challenge(status, headers, body) is challenge
