"""Foreign text made harmless for terminals, logs and spreadsheets. Names, titles and banners come from strangers."""

import re
import unicodedata

_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠−")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*(?:[eE][-+]?[0-9]+)?")


def inert(text: str) -> str:
    """``text`` with everything that acts instead of showing written out as ``\\xNN`` or ``\\u{…}``.

    That is C0, DEL and C1 controls (line ends too: one value stays on one line), bidirectional and zero-width
    characters, line and paragraph separators, surrogates, and code points without a character.
    """
    if text.isprintable():
        return text
    return "".join(_shown(character) if unicodedata.category(character) in _ACTIVE else character for character in text)


def _shown(character: str) -> str:
    """One active character as visible ASCII."""
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{{{point:x}}}"


def csv_cell(value: str | int | float) -> str | int | float:
    """A cell that no spreadsheet takes for a formula: an apostrophe before a text that would start one, also after
    blanks and in full-width letters. Numbers, also written as text, stay what they are."""
    if not isinstance(value, str):
        return value
    start = value.lstrip(" \u00a0\u3000")[:1]
    if start not in _FORMULA or not start or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"
