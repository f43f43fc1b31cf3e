"""SARIF 2.1.0 for code scanning: failures only, at the line of the inventory that lists the asset."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from ipv6check.checks.registry import RULES
from ipv6check.model.mandate import Level
from ipv6check.model.standing import Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.machine.as_json import as_line
from ipv6check.reports.messages import Messages
from ipv6check.reports.pipelines.listing import Listed, listed, target_uri

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 5000
"""What GitHub shows of one run."""

FINGERPRINT = "ipv6checkFinding/v1"


def render(standing: Standing, language: str) -> Iterator[str]:
    """Lines of JSON. What could not be told is no result: a count of it stands among the notifications."""
    messages = Messages(language)
    found = list(listed(standing, messages))
    failures = [one for one in found if one.status is Status.FAIL]
    shown = failures[:MOST_RESULTS]
    codes = sorted({one.rule for one in shown})
    run = {
        "tool": {
            "driver": {
                "name": "ipv6check",
                "version": standing.scan.tool_version,
                "rules": [_rule(code, messages) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(standing, len(found) - len(failures), len(failures) - len(shown))],
        "results": [_result(one, codes, messages) for one in shown],
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield from msgspec.json.format(as_line(whole), indent=2).split("\n")


def _rule(code: str, messages: Messages) -> dict[str, Any]:
    rule = RULES.get(code)
    title = messages.title(code)
    name = "".join(part.capitalize() for part in rule.name.split("-")) if rule else inert(code)
    return {
        "id": inert(code),
        "name": name,
        "shortDescription": {"text": title},
        "help": {"text": f"ipv6check rule {inert(code)}"},
        "properties": {"tags": ["ipv6", rule.family if rule else ""]},
    }


def _result(one: Listed, codes: list[str], messages: Messages) -> dict[str, Any]:
    artifact = {"uri": _uri(one.file), "uriBaseId": "%SRCROOT%"} if one.file else {"uri": target_uri(one.asset)}
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": codes.index(one.rule),
        "level": "error" if one.gates else "warning" if one.level is Level.REQUIRED else "note",
        "message": {"text": f"{inert(one.asset.name)}: {one.text}" + (f" {one.fix}" if one.fix else "")},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": max(one.line, 1)}},
                "logicalLocations": [{"fullyQualifiedName": target_uri(one.asset), "kind": "resource"}],
            }
        ],
        "partialFingerprints": {FINGERPRINT: one.id},
        "properties": {"asset": one.asset.id, "agency": one.asset.agency, "level": one.level.value},
    }
    if one.accepted:
        said = messages.word("check", "accepted")
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    return result


def _uri(path: str) -> str:
    """A path as a relative URI reference."""
    from urllib.parse import quote

    return quote(path)


def _invocation(standing: Standing, unknown: int, cut: int) -> dict[str, Any]:
    """How the run went; ``executionSuccessful`` is False where this vantage could not judge."""
    scan = standing.scan
    notes = []
    if unknown:
        notes.append(("unknown", f"{unknown} required verdicts are unknown: they could not be tested from here."))
    if cut:
        notes.append(("cut", f"{cut} further failures are not listed; the JSON report has all of them."))
    return {
        "executionSuccessful": scan.trustworthy,
        "startTimeUtc": _time(scan.started),
        "endTimeUtc": _time(scan.ended or scan.started),
        "toolExecutionNotifications": [
            {"level": "warning", "message": {"text": text}, "descriptor": {"id": code}} for code, text in notes
        ],
    }


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
