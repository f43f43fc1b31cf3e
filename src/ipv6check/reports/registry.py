"""Every format a report can take."""

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import BinaryIO, NamedTuple, Protocol

from ipv6check.model.standing import Standing
from ipv6check.model.trouble import MissingExtra
from ipv6check.reports.machine import as_csv, as_json
from ipv6check.reports.monitoring import as_prom
from ipv6check.reports.page import as_html
from ipv6check.reports.paper import as_docx, as_pdf
from ipv6check.reports.pipelines import as_codeclimate, as_comment, as_dotenv, as_github, as_junit, as_sarif
from ipv6check.reports.text import as_markdown, as_table
from ipv6check.reports.workbook import as_xlsx

Renderer = Callable[[Standing, str], Iterator[str]]
FileRenderer = Callable[[Standing, str, BinaryIO], None]


class DocumentRenderer(Protocol):
    """Writes a document; ``fields`` are those of its frame."""

    def __call__(
        self, standing: Standing, language: str, file: BinaryIO, *, fields: Mapping[str, str] | None = None
    ) -> None: ...


FORMATS: dict[str, Renderer] = {
    "table": as_table.render,
    "json": as_json.render,
    "jsonl": as_json.render_lines,
    "csv": as_csv.render,
    "markdown": as_markdown.render,
    "html": as_html.render,
    "junit": as_junit.render,
    "sarif": as_sarif.render,
    "github": as_github.render,
    "codeclimate": as_codeclimate.render,
    "dotenv": as_dotenv.render,
    "comment": as_comment.render,
    "summary": as_comment.render_summary,
    "prom": as_prom.render,
    "prom-targets": as_prom.render_targets,
}
"""Formats of text: lines without line ends, for a standing and a language."""

FILES: dict[str, FileRenderer] = {"xlsx": as_xlsx.render, "pdf": as_pdf.render, "docx": as_docx.render}
"""Formats of octets: written to a binary file that can seek, for a standing and a language."""

TELL_EVERYTHING = frozenset({"json", "jsonl", "csv", "junit", "prom", "prom-targets"})
"""Formats that say the args of verdicts that pass, too."""

ENDINGS = {
    "table": "txt",
    "markdown": "md",
    "junit": "xml",
    "github": "txt",
    "codeclimate": "json",
    "dotenv": "env",
    "comment": "md",
    "summary": "md",
    "prom-targets": "prom",
}
"""Endings of file names where they are not the format's own name."""


class Extra(NamedTuple):
    """An optional library and the extra that brings it."""

    library: str
    name: str


EXTRAS: dict[str, Extra] = {
    "xlsx": Extra("xlsxwriter", "xlsx"),
    "pdf": Extra("typst", "pdf"),
    "docx": Extra("docx", "docx"),
}

DOCUMENTS: dict[str, DocumentRenderer] = {"pdf": as_pdf.render, "docx": as_docx.render}
"""Formats that have the frame of a document and an annex with digests of evidence."""


def all_formats() -> tuple[str, ...]:
    """The names of all formats, those of text first."""
    return (*FORMATS, *FILES)


def require(format: str) -> None:
    """Raises MissingExtra, one sentence with the command that helps, if a format's library is not installed."""
    extra = EXTRAS.get(format)
    if extra is not None and find_spec(extra.library) is None:
        raise MissingExtra(f"--format {format}", extra.name)


def ending(format: str) -> str:
    """The ending of a file of this format, without its dot."""
    return ENDINGS.get(format, format)
