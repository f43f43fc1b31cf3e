"""The report as a formal document, set by typst from a template of this package.

All texts go over as data (``sys.inputs``), so that nothing of a scan is markup. Only the fonts that typst brings are
used; they have every Vietnamese letter.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import BinaryIO

import msgspec

from ipv6check.model.standing import Standing
from ipv6check.model.trouble import MissingExtra, Trouble
from ipv6check.reports.paper.document import document_of

FIELDS = (
    "number", "parent", "issuer", "place", "date", "to", "subject", "recipients", "signer-title", "signer",
)  # fmt: skip
"""What a person may set of the frame of the document; ``recipients`` are parted by semicolons."""


def check_fields(fields: Mapping[str, str]) -> None:
    """Raises Trouble for a field that the document does not have."""
    for name in fields:
        if name not in FIELDS:
            raise Trouble(f"--field {name}: not one of {', '.join(FIELDS)}")


def render(standing: Standing, language: str, file: BinaryIO, *, fields: Mapping[str, str] | None = None) -> None:
    """Write the document. Raises MissingExtra without typst, and Trouble for an unknown field."""
    try:
        import typst
    except ImportError:
        raise MissingExtra("--format pdf", "pdf") from None
    check_fields(fields or {})
    data = msgspec.json.encode(document_of(standing, language, fields or {})).decode()
    template = (files("ipv6check") / "data" / "templates" / "report.typ").read_bytes()
    ended = standing.scan.ended or standing.scan.started
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(template, font_paths=fonts, sys_inputs={"data": data})
    octets = compiler.compile(format="pdf", timestamp=int(ended))
    if not isinstance(octets, bytes):
        raise TypeError("typst gave no single document")
    file.write(octets)
