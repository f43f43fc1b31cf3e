"""A check's docstring as data: its file is its documentation."""

import sys
from dataclasses import dataclass
from inspect import cleandoc

from ipv6check.model.check import Check

HEADINGS = (
    "What it looks at",
    "Why it matters",
    "Passes when",
    "Fails when",
    "Cannot tell when",
    "How to fix",
    "References",
    "Policy settings",
)


@dataclass(frozen=True, slots=True)
class Documentation:
    """The first sentence, and the text under each heading in the fixed order. English; titles are in the catalogue."""

    code: str
    name: str
    summary: str
    sections: dict[str, str]


def document_check(check: Check) -> Documentation:
    """The documentation of ``check``. ValueError if its headings are not the fixed ones in their order."""
    text = cleandoc(sys.modules[check.judge.__module__].__doc__ or "")
    summary, sections = parse(text)
    if tuple(sections) != HEADINGS or not all(sections.values()):
        raise ValueError(f"{check.rule.code}: the headings are {', '.join(sections)}")
    return Documentation(code=check.rule.code, name=check.rule.name, summary=summary, sections=sections)


def parse(text: str) -> tuple[str, dict[str, str]]:
    """The first paragraph, and the indented text under each line ``Heading:``; lines are joined, paragraphs kept."""
    summary: list[str] = []
    sections: dict[str, list[str]] = {}
    current = summary
    for line in text.splitlines():
        if line.endswith(":") and line[:-1] in HEADINGS:
            current = sections.setdefault(line[:-1], [])
        else:
            current.append(line.strip())
    return _joined(summary), {heading: _joined(lines) for heading, lines in sections.items()}


def _joined(lines: list[str]) -> str:
    """Lines of a paragraph on one line, paragraphs one empty line apart."""
    paragraphs = "\n".join(lines).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
