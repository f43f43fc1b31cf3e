"""Pages made comparable: decoded, without what changes at every visit, hashed; and how alike two of them are.

Cost decides the design: a regular expression over 20 kB takes 0.3 ms, a quarter of a TLS handshake, while deleting
every digit and all white space by ``bytes.translate`` takes 0.013 ms and removes clocks, dates, counters and epochs
in any language. So expressions run only where a word they need occurs, and long random strings are dropped only when
two pages are compared word by word.
"""

import codecs
import hashlib
import html
import re
from collections import Counter
from collections.abc import Mapping

from ipv6check.model.record import Record

MAX_TITLE = 256
_TITLE_WITHIN = 131_072  # octets searched for a title
_WORDS = 20_000  # words of one page that are compared
_TEXT_TYPES = ("text/", "html", "xml", "json", "javascript", "ecmascript")
_DIGITS_AND_SPACE = b"0123456789 \t\r\n\f\v"
_TITLE = re.compile(rb"<title[^>]{0,200}>", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*\"?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
# Names of hidden fields and scripts that carry a fresh value at every visit, in lower case.
_TOKEN_NAMES = (
    b"csrf",
    b"xsrf",
    b"token",
    b"viewstate",
    b"eventvalidation",
    b"form_build",
    b"captcha",
    b"sessid",
    b"sessionid",
)
_FIELD = re.compile(rb"<(?:input|meta)\b[^<>]*>", re.IGNORECASE)
_NONCE = re.compile(rb"nonce\s*[=:]\s*(?:\"[^\"]{0,200}\"|'[^']{0,200}'|[^\s>\"']{1,200})", re.IGNORECASE)
_ASSIGNED = re.compile(
    rb"(?:csrf|xsrf|token|captcha|sessionid|sessid)[\w-]{0,40}[\"']?\s{0,9}[=:]\s{0,9}"
    rb"(?:\"[^\"]{0,4096}\"|'[^']{0,4096}'|[\w.%-]{1,400})",
    re.IGNORECASE,
)
_SHIELD = re.compile(rb"data-cfemail=\"\w{0,400}\"|/cdn-cgi/[\w/.#?=&%-]{0,400}|__cf[\w$]{0,20}[^;<]{0,400}")
_WORD = re.compile(r"[^\W\d_]+")
_RANDOM = re.compile(r"[A-Za-z0-9+/=_-]{24,}|[0-9a-fA-F-]{16,}")
_CHALLENGE_STATUS = frozenset({403, 429, 503})
_CHALLENGE_MARKS = (
    b"cf-challenge",
    b"cf_chl_",
    b"challenge-platform",
    b"<title>just a moment...",
    b"<title>attention required! | cloudflare",
    b"_incapsula_resource",
    b"g-recaptcha",
    b"h-captcha",
    b"hcaptcha.com",
    b"ddos-guard",
    b"sucuri_cloudproxy",
    b"aws-waf-token",
    b"/_sec/cp_challenge",
    b"turnstile",
    b"captcha-delivery.com",
    b"px-captcha",
)


class Reading(Record, frozen=True, kw_only=True):
    """What one body says: ``text`` for comparing word by word, empty for what is not text."""

    text: str
    title: str
    sha256: str


def read_body(body: bytes, content_type: str) -> Reading:
    """Decode, take the title, and hash what does not change from visit to visit. Never raises."""
    if not _is_text(body, content_type):
        return Reading(text="", title="", sha256=hashlib.sha256(body).hexdigest())
    charset = _charset(body, content_type)
    if charset.startswith(("utf-16", "utf-32", "utf16", "utf32")):
        body = _decoded(body, charset).encode()
        charset = "utf-8"
    steady = _without_changing(body)
    digest = hashlib.sha256(steady.translate(None, _DIGITS_AND_SPACE)).hexdigest()
    return Reading(text=_decoded(steady, charset), title=_title(body, charset), sha256=digest)


def similarity(a: str, b: str) -> float:
    """How alike two texts of ``read_body`` are, 0 to 1: twice the words in common over all words (the multiset bound
    that ``difflib.SequenceMatcher.quick_ratio`` gives), over at most 20,000 words each, in linear time."""
    if a == b:
        return 1.0
    first, second = _words(a), _words(b)
    total = first.total() + second.total()
    if not total:
        return 1.0
    return 2 * (first & second).total() / total


def is_challenge(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """True for the page by which a shield asks for proof of a human: it says nothing about the site behind it."""
    if headers.get("cf-mitigated") == "challenge" or headers.get("x-amzn-waf-action") in ("challenge", "captcha"):
        return True
    if status not in _CHALLENGE_STATUS:
        return False
    start = body[:65_536].lower()
    return any(mark in start for mark in _CHALLENGE_MARKS)


def _is_text(body: bytes, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind:
        return any(mark in kind for mark in _TEXT_TYPES)
    return b"\0" not in body[:512]


def _charset(body: bytes, content_type: str) -> str:
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    named = _HEADER_CHARSET.search(content_type)
    if named is None:
        in_page = _META_CHARSET.search(body, 0, 1024)
        name = in_page.group(1).decode("ascii") if in_page else ""
    else:
        name = named.group(1)
    return name.lower() or "utf-8"


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, "replace")
    except (LookupError, ValueError):  # no such character set, or none at all: rot13, idna
        return body.decode("utf-8", "replace")


def _title(body: bytes, charset: str) -> str:
    opened = _TITLE.search(body, 0, _TITLE_WITHIN)
    if opened is None:
        return ""
    end = body.find(b"</", opened.end(), opened.end() + _TITLE_WITHIN)
    octets = body[opened.end() : end if end >= 0 else opened.end() + _TITLE_WITHIN]
    return " ".join(html.unescape(_decoded(octets[: 16 * MAX_TITLE], charset)).split())[:MAX_TITLE]


def _without_changing(body: bytes) -> bytes:
    """Every expression here is linear in the size of the body, whatever the body is."""
    lower = body.lower()
    if any(name in lower for name in _TOKEN_NAMES):
        body = _FIELD.sub(_drop_token_field, body)
        body = _ASSIGNED.sub(b"", body)
    if b"nonce" in lower:
        body = _NONCE.sub(b"", body)
    if b"cfemail" in lower or b"/cdn-cgi/" in lower:
        body = _SHIELD.sub(b"", body)
    return body


def _drop_token_field(found: re.Match[bytes]) -> bytes:
    tag = found.group()
    lower = tag.lower()
    return b"" if any(name in lower for name in _TOKEN_NAMES) else tag


def _words(text: str) -> Counter[str]:
    words: Counter[str] = Counter()
    for count, found in enumerate(_WORD.finditer(_RANDOM.sub(" ", text[: _WORDS * 20]))):
        if count >= _WORDS:
            break
        words[found.group()] += 1
    return words
