"""What a web target's body must hold: a text, or a value in JSON."""

import html
import json
import unicodedata
from dataclasses import dataclass

_JSON = "json:"


@dataclass(frozen=True, slots=True)
class Expectation:
    """``text`` must occur in the body; or the JSON value that ``pointer`` (RFC 6901, its parts decoded) leads to must
    be ``value``, with true, 1 and "1" told apart. ``pointer`` is None for a text."""

    text: str = ""
    pointer: tuple[str, ...] | None = None
    value: str | float | bool | None = None

    def is_met(self, body: str) -> bool:
        """True if the decoded body holds it. Texts are compared in Unicode's composed form (NFC), with HTML's
        character references resolved as well as left alone; a body that is no JSON holds no value."""
        if self.pointer is None:
            wanted, composed = _composed(self.text), _composed(body)
            return wanted in composed or ("&" in composed and wanted in _composed(html.unescape(composed)))
        try:
            found = json.loads(body)
            for part in self.pointer:
                found = found[_index(part)] if isinstance(found, list) else found[part]
        except (ValueError, RecursionError, LookupError, TypeError):
            return False
        return _same(found, self.value)


def parse_expectation(written: str) -> Expectation:
    """``some text``, or ``json:/pointer=value`` where the value is a JSON scalar; what is not JSON is taken as text.
    Raises ValueError with a sentence that ends after "expect "."""
    if not written.startswith(_JSON):
        return Expectation(text=written)
    pointer, equals, value = written.removeprefix(_JSON).partition("=")
    if not equals or (pointer and not pointer.startswith("/")):
        raise ValueError("needs the form json:/pointer=value, such as json:/status=ok")
    parts = pointer.split("/")[1:] if pointer else []
    try:
        wanted = json.loads(value)
    except (ValueError, RecursionError):
        wanted = value
    if isinstance(wanted, dict | list):
        raise ValueError("compares one value (text, number, true, false or null), not a list or an object")
    return Expectation(pointer=tuple(part.replace("~1", "/").replace("~0", "~") for part in parts), value=wanted)


def _index(part: str) -> int:
    """An array index as RFC 6901 section 4 writes it."""
    if not (part.isascii() and part.isdigit()) or (len(part) > 1 and part[0] == "0"):
        raise ValueError(part)
    return int(part)


def _same(found: object, wanted: object) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return type(found) in (str, int, float, type(None)) and found == wanted


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
