"""Code Climate issues, which GitLab shows as code quality of a merge request: failures, each with its fingerprint."""

from collections.abc import Iterator

from ipv6check.model.standing import Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.machine.as_json import as_line
from ipv6check.reports.messages import Messages
from ipv6check.reports.pipelines.listing import Listed, listed, target_uri


def render(standing: Standing, language: str) -> Iterator[str]:
    """A JSON array, an issue a line."""
    found = [one for one in listed(standing, Messages(language)) if one.status is Status.FAIL]
    yield "["
    for index, one in enumerate(found, start=1):
        yield f"  {as_line(_issue(one))}" + ("," if index < len(found) else "")
    yield "]"


def _issue(one: Listed) -> dict[str, object]:
    return {
        "type": "issue",
        "check_name": one.rule,
        "description": f"{inert(one.asset.name)}: {one.text}",
        "content": {"body": one.fix},
        "categories": ["Compatibility"],
        "severity": "info" if one.accepted else "critical" if one.gates else "minor",
        "fingerprint": one.id,
        "location": {"path": one.file or target_uri(one.asset), "lines": {"begin": max(one.line, 1)}},
    }
