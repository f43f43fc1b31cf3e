"""The catalogues, from .po as people write them to .mo as gettext reads them.

The build hook loads this file by its path, so it imports nothing of the package and Babel only where it compiles.
``python -m ipv6check.reports.catalogue`` compiles the catalogues of a source tree.
"""

from __future__ import annotations

import gettext
import sys
from io import BytesIO
from pathlib import Path

DOMAIN = "ipv6check"
LOCALE = Path(__file__).resolve().parent.parent / "data" / "locale"
LANGUAGES = ("en", "vi")


def po_path(language: str, locale: Path = LOCALE) -> Path:
    """Where the catalogue of a language is written."""
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def compile_po(po: Path) -> bytes:
    """The .mo form of a .po file. ``babel.messages.pofile.PoFileError`` if it cannot be read."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as source:
        catalog = read_po(source, domain=DOMAIN, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Write the .mo beside every .po under ``locale``; the files written."""
    written = []
    for po in sorted(locale.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        mo = po.with_suffix(".mo")
        mo.write_bytes(compile_po(po))
        written.append(mo)
    return written


def load(language: str, locale: Path = LOCALE) -> gettext.GNUTranslations:
    """The catalogue of one of ``LANGUAGES``. A .mo that is missing or older than its .po is compiled in memory, so that
    a source tree always speaks as it is written."""
    po = po_path(language, locale)
    mo = po.with_suffix(".mo")
    if mo.exists() and (not po.exists() or mo.stat().st_mtime_ns >= po.stat().st_mtime_ns):
        return gettext.GNUTranslations(BytesIO(mo.read_bytes()))
    return gettext.GNUTranslations(BytesIO(compile_po(po)))


if __name__ == "__main__":
    for path in compile_all():
        sys.stdout.write(f"{path}\n")
