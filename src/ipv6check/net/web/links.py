"""The hosts that a page makes a browser turn to: scripts, styles, images, frames, fonts, media.

What a browser with scripts loads by itself counts; what a visitor must click, or a ``noscript``, does not. Only the
page's own octets are read, the styles written into it included: what a style sheet of its own file or a script loads in
turn is not seen.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from ipv6check.model.contact import PageLink

MOST_HOSTS = 50
_MOST_LINKS = 2000
_URL = 256
_SCHEMES = frozenset({"http", "https", "ws", "wss"})
_IN_STYLE = re.compile(r"""(?:url\(|@import\s+(?!url\())\s*["']?\s*([^"')\s;]{4,2048})""", re.IGNORECASE)
_ATTRIBUTES = (
    ("script", "src", "script"),
    ("img", "src", "image"),
    ("img", "srcset", "image"),
    ("source", "src", "media"),
    ("source", "srcset", "image"),
    ("video", "src", "media"),
    ("video", "poster", "image"),
    ("audio", "src", "media"),
    ("track", "src", "media"),
    ("iframe", "src", "frame"),
    ("frame", "src", "frame"),
    ("embed", "src", "frame"),
    ("object", "data", "frame"),
    ("input", "src", "image"),
)
_NO_LOAD = re.compile(r"/\*(?:.*?\*/|.*)|@namespace\b[^;]*", re.DOTALL | re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_BY_ATTRIBUTE = dict.fromkeys(f"{tag}[{attribute}]" for tag, attribute, _ in _ATTRIBUTES)
_SELECTOR = ", ".join([*_BY_ATTRIBUTE, "link[href]", "style", "[style*=url i]"])
_OPENED = re.compile("<noscript", re.IGNORECASE)
_CLOSED = re.compile("</noscript", re.IGNORECASE)
_LOADED = {
    "stylesheet": "style",
    "icon": "image",
    "apple-touch-icon": "image",
    "preload": "other",
    "modulepreload": "script",
    "manifest": "other",
}
_BY_AS = {"font": "font", "script": "script", "style": "style", "image": "image"}


def links_of(text: str, url: str) -> tuple[PageLink, ...]:
    """The other hosts of the page ``text`` found at ``url``, at most 50, in the order a browser meets them.

    A reference that cannot be read, that embeds its data or that stays on the page's own host names none.
    """
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        tree = LexborHTMLParser(_without_noscript(text))
    except (SelectolaxError, ValueError):
        return ()
    base = tree.css_first("base[href]")
    own = _host_of(url)
    start = _joined(url, (base.attributes.get("href") or "")) if base is not None else url
    found: dict[str, tuple[set[str], str]] = {}
    for seen, (kind, reference) in enumerate(_references(tree)):
        if seen >= _MOST_LINKS:
            break
        where = _joined(start, reference)
        host = _host_of(where)
        if not host or host == own:
            continue
        if host not in found:
            if len(found) >= MOST_HOSTS:
                continue
            found[host] = (set(), where[:_URL])
        found[host][0].add(kind)
    return tuple(PageLink(host=host, kinds=tuple(sorted(kinds)), url=first) for host, (kinds, first) in found.items())


def _without_noscript(text: str) -> str:
    """The text without what a browser with scripts passes over; the parser has none and would read it."""
    kept, end = [], 0
    while opened := _OPENED.search(text, end):
        kept.append(text[end : opened.start()])
        closed = _CLOSED.search(text, opened.end())
        if closed is None:
            return "".join(kept)
        end = closed.start()
    kept.append(text[end:])
    return "".join(kept)


def _references(tree: "LexborHTMLParser") -> Iterator[tuple[str, str]]:  # type: ignore[name-defined]  # noqa: F821
    """Kind and reference of everything the page loads, in document order."""
    for node in tree.css(_SELECTOR):
        attributes = node.attributes
        if attributes.get("style"):
            yield from _in_style(attributes["style"] or "")
        if node.tag == "style":
            yield from _in_style(node.text() or "")
        elif node.tag == "link":
            for word in (attributes.get("rel") or "").lower().split():
                if word in _LOADED:
                    yield _BY_AS.get(attributes.get("as") or "", _LOADED[word]), attributes.get("href") or ""
                    break
        else:
            for tag, attribute, kind in _ATTRIBUTES:
                value = attributes.get(attribute) if tag == node.tag else None
                if not value:
                    continue
                if attribute == "srcset":
                    yield from ((kind, part.split()[0]) for part in value.split(",") if part.split())
                else:
                    yield kind, value


def _in_style(text: str) -> Iterator[tuple[str, str]]:
    """What a style sheet of the page's own loads: imports, fonts and images. Comments and names of name spaces are
    none."""
    for reference in _IN_STYLE.findall(_SPACES.sub(" ", _NO_LOAD.sub("", text))):  # long runs would cost their square
        yield "style", reference


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return ""


def _host_of(url: str) -> str:
    """The host in A-labels, lower case, without a final dot or brackets; empty if a browser would load nothing."""
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in _SCHEMES:
            return ""
        return (parts.hostname or "").rstrip(".").encode("idna").decode().lower()
    except (UnicodeError, ValueError):
        return ""
