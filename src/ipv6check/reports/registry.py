"""Every format a report can take."""

from collections.abc import Callable, Iterator

from ipv6check.model.standing import Standing
from ipv6check.reports import as_csv, as_json, as_markdown, as_table

Renderer = Callable[[Standing, str], Iterator[str]]

FORMATS: dict[str, Renderer] = {
    "table": as_table.render,
    "json": as_json.render,
    "jsonl": as_json.render_lines,
    "csv": as_csv.render,
    "markdown": as_markdown.render,
}
"""Lines without line ends, for a standing and a language."""
