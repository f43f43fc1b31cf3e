"""JUnit XML, as GitLab, Jenkins and GitHub actions read it.

A suite is an agency, a case one required rule of one asset. ``failure``: the rule failed and keeps the asset from being
ready; ``error``: it could not be tested; ``skipped``: exempt, in the baseline, or failed without being decisive. Names
hold no time and no address, so that a case is the same one in every run; the report itself never fails a job.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ipv6check.checks.registry import RULES
from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness
from ipv6check.model.standing import AssetStanding, RatedVerdict, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.pipelines.listing import place_of, target_uri

MOST_CASES = 60_000
"""With more, cases that pass are left out: GitLab takes 30 MB a file."""

_FAILED = frozenset({Readiness.NOT_READY, Readiness.PARTIAL})
_LONGEST = 256


def render(standing: Standing, language: str) -> Iterator[str]:
    """Lines of XML."""
    import xml.etree.ElementTree as ElementTree

    from junitparser import JUnitXml, TestSuite

    messages = Messages(language)
    cases = sum(_counts(rated) for asset in standing.assets for rated in asset.verdicts)
    names = Counter(asset.asset.name for asset in standing.assets)
    document: Any = JUnitXml("ipv6check")
    suites: dict[str, Any] = {}
    for asset in standing.assets:
        suite = suites.get(asset.asset.agency)
        if suite is None:
            suite = suites[asset.asset.agency] = TestSuite(inert(asset.asset.agency or "no agency"))
        for rated in sorted(asset.verdicts, key=lambda one: one.verdict.rule):
            if _counts(rated) and (cases <= MOST_CASES or rated.verdict.status is not Status.PASS):
                name = _name(asset, rated)
                if names[asset.asset.name] > 1:  # GitLab shows only the first of several cases with one name
                    name += f" ({inert(asset.asset.id)})"
                suite.append(_case(name, asset, rated, messages))
        if not asset.verdicts:
            suite.append(_unjudged(asset, messages))
    for suite in suites.values():
        suite.update_statistics()
        document.append(suite)
    document.update_statistics()
    root = document._elem
    ElementTree.indent(root)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield from ElementTree.tostring(root, encoding="unicode").split("\n")


def _counts(rated: RatedVerdict) -> bool:
    return rated.level is Level.REQUIRED and rated.verdict.status is not Status.NOT_APPLICABLE


def _name(asset: AssetStanding, rated: RatedVerdict) -> str:
    rule = RULES.get(rated.verdict.rule)
    code = f"{rated.verdict.rule} {rule.name}" if rule else inert(rated.verdict.rule)
    return f"{code} - {inert(asset.asset.name)[:_LONGEST]}"


def _case(name: str, asset: AssetStanding, rated: RatedVerdict, messages: Messages) -> Any:  # noqa: ANN401 - untyped
    from junitparser import Error, Failure, Skipped

    case = _empty(name, asset)
    verdict = rated.verdict
    text, fix = messages.say(verdict), messages.fix(verdict)
    if verdict.status is Status.PASS:
        return case
    if asset.readiness is Readiness.EXEMPT:
        case.result = [Skipped(f"{messages.word('readiness', 'exempt')} ({inert(asset.exemption)}): {text}")]
    elif verdict.status is Status.UNKNOWN:
        if asset.readiness is not Readiness.READY:
            case.result = [_result(Error, text, fix, verdict.tag)]
        else:
            case.result = [Skipped(text)]
    elif rated.accepted:
        case.result = [Skipped(f"{messages.word('check', 'accepted')}: {text}")]
    elif asset.readiness in _FAILED:
        case.result = [_result(Failure, text, fix, verdict.tag)]
    else:
        case.result = [Skipped(text)]
    return case


def _unjudged(asset: AssetStanding, messages: Messages) -> Any:  # noqa: ANN401
    """An asset that was never reached is an error, not a gap."""
    from junitparser import Error

    case = _empty(f"unjudged - {inert(asset.asset.name)[:_LONGEST]} ({inert(asset.asset.id)})", asset)
    case.result = [Error(messages.word("readiness", "unknown"), "unjudged")]
    return case


def _empty(name: str, asset: AssetStanding) -> Any:  # noqa: ANN401
    from junitparser import TestCase

    case = TestCase(name, classname=target_uri(asset.asset))
    file, line = place_of(asset.asset)
    if file:
        case._elem.set("file", file)
        case._elem.set("line", str(line))
    return case


def _result(kind: Any, text: str, fix: str, tag: str) -> Any:  # noqa: ANN401
    result = kind(text, inert(tag))
    result.text = f"{text}\n{fix}" if fix else text
    return result
