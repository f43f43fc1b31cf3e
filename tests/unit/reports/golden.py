"""The texts that ``test_golden.py`` expects. Renew them with ``python -m tests.unit.reports.golden``, and read them."""

from collections.abc import Iterator
from pathlib import Path

from ipv6check.reports import as_table
from ipv6check.reports.registry import FORMATS
from tests.unit.reports.test_formats import standing

FOLDER = Path(__file__).parents[2] / "data" / "reports"


def texts() -> Iterator[tuple[str, str]]:
    """File name and text of every form a person reads."""
    for language in ("en", "vi"):
        for fmt, ending in (("table", "txt"), ("markdown", "md")):
            yield f"report.{language}.{ending}", "\n".join(FORMATS[fmt](standing(), language)) + "\n"
    yield "narrow.en.txt", "\n".join(as_table.render(standing(), "en", width=30)) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts():
        (FOLDER / name).write_text(text, encoding="utf-8")
