"""The texts that ``test_golden.py`` expects. Renew them with ``python -m tests.unit.reports.golden``, and read them."""

import re
from collections.abc import Iterator
from pathlib import Path

from ipv6check.reports.registry import FORMATS
from ipv6check.reports.signature import without_seal
from ipv6check.reports.text import as_table
from tests.unit.reports.test_formats import standing

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
FOLDER = Path(__file__).parents[2] / "data" / "reports"


def texts() -> Iterator[tuple[str, str]]:
    """File name and text of every form a person reads."""
    for language in ("en", "vi"):
        for fmt, ending in (("table", "txt"), ("markdown", "md")):
            text = "\n".join(FORMATS[fmt](standing(), language)) + "\n"
            yield f"report.{language}.{ending}", _DIGEST.sub("0" * 64, without_seal(text))
    yield "narrow.en.txt", "\n".join(as_table.render(standing(), "en", width=30)) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts():
        (FOLDER / name).write_text(text, encoding="utf-8")
