"""Pages made comparable: decoded, without what changes at every visit, hashed; and how alike two of them are.

Cost decides the design: one expression over 20 kB takes 0.3 to 0.5 ms, a third of a TLS handshake, while deleting
every digit and all white space by ``bytes.translate`` takes 0.013 ms and removes clocks, dates, counters and epochs
in any language. Tokens are found by plain searches for the words that announce them, 0.008 ms each; long random
strings are dropped only when two pages are compared word by word. A body seen before, which is the rule for the
second family, costs its hash only.
"""

import codecs
import hashlib
import html
import re
from collections import Counter, OrderedDict
from collections.abc import Mapping
from functools import lru_cache

from ipv6check.model.record import Record

MAX_TITLE = 256
_TITLE_WITHIN = 131_072  # octets searched for a title
_MOST_REMEMBERED = 2_097_152  # characters of text kept, all pages together: both families ask close together
_WORDS = 20_000  # words of one page that are compared
_TEXT_TYPES = ("text/", "html", "xml", "json", "javascript", "ecmascript")
_DIGITS_AND_SPACE = b"0123456789 \t\r\n\f\v"
_TITLE = re.compile(rb"<title[^>]{0,200}>", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*\"?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
# Words that announce a fresh value at every visit, in lower case, and how far around them is looked.
_ANNOUNCING = (
    b"nonce",
    b"csrf",
    b"xsrf",
    b"token",
    b"viewstate",
    b"eventvalidation",
    b"form_build",
    b"captcha",
    b"sess",
    b"cfemail",
    b"/cdn-cgi/",
)
_FIELDS = (b"<input", b"<meta")
_BEFORE = 2000
_AFTER = 65_536
_MOST_CUTS = 500
_ASSIGNED = re.compile(rb"[\w-]{0,40}[\"']?\s{0,9}[=:]\s{0,9}(?:\"[^\"]{0,4096}\"|'[^']{0,4096}'|[^\s>\"'&;]{1,400})")
_REST_OF_WORD = re.compile(rb"[\w/.#?=&%-]{0,400}")
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


class PageReader:
    """Reads bodies, remembering the latest small ones by their raw hash."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[bytes, str], Reading] = OrderedDict()
        self._octets = 0

    def read(self, body: bytes, content_type: str) -> Reading:
        """Same as ``read_body``."""
        if len(body) > _MOST_REMEMBERED // 8:
            return read_body(body, content_type)
        key = (hashlib.sha256(body).digest(), content_type)
        known = self._known.pop(key, None)
        if known is None:
            known = read_body(body, content_type)
            self._octets += len(known.text)
        self._known[key] = known
        while self._octets > _MOST_REMEMBERED:
            self._octets -= len(self._known.popitem(last=False)[1].text)
        return known


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


def text_of(body: bytes, content_type: str) -> str:
    """The whole body as text, by the charset it is said to have, else UTF-8. Never raises."""
    return _decoded(body, _charset(body, content_type)).removeprefix("\ufeff")


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
    """The body without the values that announce themselves as fresh; bounded whatever the body is."""
    lower = body.lower()
    cuts: list[tuple[int, int]] = []
    for word in _ANNOUNCING:
        at = lower.find(word)
        while at >= 0 and len(cuts) < _MOST_CUTS:
            cut = _around(lower, at, at + len(word))
            cuts.append(cut)
            at = lower.find(word, cut[1])
    if not cuts:
        return body
    cuts.sort()
    parts = []
    kept_to = 0
    for start, end in cuts:
        if start > kept_to:
            parts.append(body[kept_to:start])
        kept_to = max(kept_to, end)
    parts.append(body[kept_to:])
    return b"".join(parts)


def _around(lower: bytes, start: int, end: int) -> tuple[int, int]:
    """What to cut at an announcing word: the whole hidden field, else the value assigned to it, else nothing."""
    opened = lower.rfind(b"<", max(0, start - _BEFORE), start)
    if opened >= 0 and lower.startswith(_FIELDS, opened) and lower.find(b">", opened, start) < 0:
        closed = lower.find(b">", end, end + _AFTER)
        if closed >= 0:
            return opened, closed + 1
    if lower.startswith(b"/cdn-cgi/", start):
        rest = _REST_OF_WORD.match(lower, end)
        return start, rest.end() if rest else end
    assigned = _ASSIGNED.match(lower, end)
    return (start, assigned.end()) if assigned else (end, end)


@lru_cache(maxsize=4)  # a page is compared with the other family's and with itself, one after the other
def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_RANDOM.sub(" ", text[: _WORDS * 20]))[:_WORDS])
