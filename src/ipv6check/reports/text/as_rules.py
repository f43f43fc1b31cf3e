"""The documentation of rules: from each check's own file and the catalogue, on screen, as JSON lines, as a page."""

from collections.abc import Iterable, Iterator, Sequence

from ipv6check.checks.documentation import document_check
from ipv6check.model.check import Check
from ipv6check.reports.machine.as_json import as_line
from ipv6check.reports.messages import Messages

FAMILIES = {
    "DNS": "Names and name servers",
    "ADR": "Addresses",
    "TCP": "Connections",
    "ICM": "Echo",
    "PTH": "The way there",
    "TLS": "Certificates",
    "HTTP": "Web",
    "LAT": "Latency",
    "MAI": "Mail",
    "SVC": "Other services",
    "DEV": "Devices",
    "NET": "Networks",
    "HST": "Hosts",
    "ATT": "Attestations",
    "OFF": "IPv4 gone",
}
"""Headings of the page by the letters of a code, in its order."""

_INTRODUCTION = """\
# Checks

Every rule, from its own file: what it looks at, when it passes, when it fails, and when it cannot tell. A rule that
cannot tell says `unknown` with a tag, and unknown never counts as a failure. Which rules count towards a goal is the
mandate's to say ([mandates.md](mandates.md)), and thresholds are the policy's. `ipv6check rule CODE` shows the same on
screen, `--lang vi` with Vietnamese titles and messages. Words in braces stand for what was measured.
"""


def in_brief(checks: Sequence[Check], messages: Messages) -> Iterator[str]:
    """A line each: code, name, title."""
    names = max(len(check.rule.name) for check in checks)
    for check in checks:
        yield f"{check.rule.code:<8} {check.rule.name:<{names}} {messages.title(check.rule.code)}"


def in_full(check: Check, messages: Messages) -> Iterator[str]:
    """The check's own documentation, then every tag with what it says (placeholders in braces)."""
    documented = document_check(check)
    yield f"{check.rule.code} {check.rule.name}: {messages.title(check.rule.code)}"
    yield ""
    yield documented.summary
    for heading, text in documented.sections.items():
        yield ""
        yield f"{heading}:"
        yield from (f"    {line}".rstrip() for line in text.splitlines())
    yield ""
    yield "Tags:"
    for tag in sorted(check.rule.tags):
        yield f"    {tag}: {messages.template(check.rule.code, tag)}"
    yield ""


def as_json(check: Check, messages: Messages) -> Iterator[str]:
    """One JSON object."""
    documented = document_check(check)
    yield as_line(
        {
            "code": check.rule.code,
            "name": check.rule.name,
            "title": messages.title(check.rule.code),
            "since": check.rule.since,
            "kinds": sorted(check.kinds),
            "protocols": sorted(check.protocols),
            "tags": sorted(check.rule.tags),
            "summary": documented.summary,
            "sections": documented.sections,
        }
    )


def page(checks: Iterable[Check], messages: Messages) -> Iterator[str]:
    """A Markdown page of all of them, by family, with a table of contents."""
    by_family: dict[str, list[Check]] = {family: [] for family in FAMILIES}
    for check in checks:
        by_family.setdefault(check.rule.code.rstrip("0123456789"), []).append(check)
    yield _INTRODUCTION
    yield "| rule | what it finds wrong | speaks about |"
    yield "|---|---|---|"
    for some in by_family.values():
        for check in some:
            code = check.rule.code
            yield f"| [{code}](#{code.lower()}) | {messages.title(code)} | {', '.join(sorted(check.kinds))} |"
    for family, some in by_family.items():
        if some:
            yield f"\n## {FAMILIES.get(family, family)}"
        for check in some:
            yield from _section(check, messages)


def _section(check: Check, messages: Messages) -> Iterator[str]:
    documented, code = document_check(check), check.rule.code
    yield f"\n### {code}\n"
    yield f"**{messages.title(code)}** (`{check.rule.name}`). {_safe(documented.summary)}\n"
    for heading, text in documented.sections.items():
        yield f"**{heading}.** {_safe(text)}\n"
    yield "| tag | what it says |"
    yield "|---|---|"
    for tag in sorted(check.rule.tags):
        yield f"| `{tag}` | {_safe(messages.template(code, tag)).replace('|', chr(92) + '|')} |"


def _safe(text: str) -> str:
    """Text of a docstring as Markdown takes it: double backquotes are single ones there, ``<`` is no element."""
    return text.replace("``", "`").replace("<", "&lt;").replace("*", "\\*")
