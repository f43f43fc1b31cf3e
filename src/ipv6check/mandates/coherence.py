"""Whether a mandate file agrees with itself and with the rules there are. Reads plain values, so that it can speak
about a file whose shape has faults as well and everything is reported at once."""

import difflib
import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from ipv6check.files.yamlfile import Location
from ipv6check.mandates.fiscal import day_of
from ipv6check.model.asset import AssetClass
from ipv6check.model.mandate import evidence_source
from ipv6check.model.override import override
from ipv6check.model.policy import Policy

Fault = tuple[Location, str]

_SOURCES = {"measured", "inventory", "attested"}
_KIND = re.compile(r"[a-z][a-z0-9-]{0,63}")
_LISTS = ("require", "any_of", "partial_if", "advise")
_SELECTING = ("class", "any_tag", "agency", "asset", "deployed_from")


def incoherences(value: object, known_rules: Collection[str]) -> Iterator[Fault]:
    """Every fault that no single field shows, with where it stands."""
    file = _mapping(value)
    yield from _checks(_mapping(file.get("checks")), known_rules)
    yield from _classes_without_rules(file)
    yield from _twice(file)
    yield from _indicators(file, known_rules)
    yield from _milestones(file)
    yield from _days(file)
    yield from _exemptions(file)
    yield from _succession(file)
    yield from _policy(_mapping(file.get("policy")))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _entries(file: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    found = file.get(name)
    return [(n, one) for n, one in enumerate(found) if isinstance(one, dict)] if isinstance(found, list) else []


def _texts(value: object) -> list[tuple[int, str]]:
    """The texts of a list, or of one text that stands for a list."""
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [(n, one) for n, one in enumerate(listed) if isinstance(one, str)]


def _day(value: object, fiscal_year_end: object = "12-31") -> date | None:
    """A day or a fiscal year's last day; None for what the shape's own check tells."""
    if not isinstance(value, str):
        return None
    try:
        return day_of(value, str(fiscal_year_end))
    except ValueError:
        return None


def _like(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {str(near[0])!r}?" if near else ""


def _families(codes: Collection[str]) -> set[str]:
    return {code.rstrip("0123456789") for code in codes}


def _checks(checks: dict[str, Any], known_rules: Collection[str]) -> Iterator[Fault]:
    names = {*known_rules, *_families(known_rules)}
    for key, entry in checks.items():
        name, slash, tag = key.partition("/")
        if name not in set(AssetClass):
            yield ("checks", key), f"checks.{key}: {name!r} is not an asset class{_like(name, set(AssetClass))}"
        if slash and not tag:
            yield ("checks", key), f"checks.{key}: a tag is missing after the slash"
        requirement = _mapping(entry)
        evidence = {text for _, text in _texts(requirement.get("evidence", ["measured"]))}
        for field in _LISTS:
            for n, code in _texts(requirement.get(field)):
                where = ("checks", key, field, n)
                source = evidence_source(code)
                if code not in names:
                    yield where, f"{code!r} is not a rule or a family of rules{_like(code, names)}"
                elif field in ("require", "any_of") and code in known_rules and evidence <= _SOURCES - {source}:
                    yield where, f"{code} rests on {source} evidence, which checks.{key}.evidence does not admit"
        if isinstance(entry, dict) and not requirement.get("require") and not requirement.get("any_of"):
            yield ("checks", key), f"checks.{key} requires nothing, so its assets would leave the count"


def _classes_without_rules(file: dict[str, Any]) -> Iterator[Fault]:
    assets = _mapping(_mapping(file.get("scope")).get("assets"))
    listed = [text for _, text in _texts(assets.get("classes"))]
    checks = _mapping(file.get("checks"))
    for name in AssetClass:
        if (not listed or name in listed) and name.value not in checks and checks:
            place: Location = ("scope", "assets", "classes") if listed else ("checks",)
            yield place, f"the class {name.value!r} is in the scope, but checks has no rules for it"


def _twice(file: dict[str, Any]) -> Iterator[Fault]:
    for name, field in (("instruments", "key"), ("indicators", "id"), ("exemptions", "id")):
        seen: set[str] = set()
        for n, entry in _entries(file, name):
            key = entry.get(field)
            if isinstance(key, str) and key in seen:
                yield (name, n, field), f"{name}[{n + 1}]: {field} {key!r} is given twice"
            elif isinstance(key, str):
                seen.add(key)


def _indicators(file: dict[str, Any], known_rules: Collection[str]) -> Iterator[Fault]:
    known = {str(entry.get("id")) for _, entry in _entries(file, "indicators")}
    for n, name in _texts(_mapping(file.get("composite")).get("of")):
        if name not in known:
            yield ("composite", "of", n), f"composite.of: {name!r} is not an indicator{_like(name, known)}"
    for n, entry in _entries(file, "indicators"):
        code = entry.get("evidence")
        where: Location = ("indicators", n, "evidence")
        of_assets = entry.get("unit", "asset") == "asset"
        papers = {rule for rule in known_rules if evidence_source(rule) == "attested"}
        if of_assets and isinstance(code, str) and code and code not in papers:
            yield where, f"indicators[{n + 1}]: {code!r} is not a rule about attestations"
        elif not of_assets and isinstance(code, str) and code and not _KIND.fullmatch(code):
            yield where, f"indicators[{n + 1}]: {code!r} is not the kind of an agency's document, such as plan-issued"
        if entry.get("unit") == "document" and not code:
            yield ("indicators", n), f"indicators[{n + 1}]: the unit document needs evidence"
    yield from _selected_classes(file)
    weights = {str(entry.get("id")): entry.get("weight", "1") for _, entry in _entries(file, "indicators")}
    composite = _mapping(file.get("composite"))
    chosen = [name for _, name in _texts(composite.get("of"))] or list(weights)
    if composite.get("rule") == "weighted" and not any(_positive(weights.get(name)) for name in chosen):
        yield ("composite", "rule"), "composite.rule is weighted, but no indicator has a weight above 0"


def _selected_classes(file: dict[str, Any]) -> Iterator[Fault]:
    """Indicators that would count nothing, since their class is out of the scope."""
    listed = {text for _, text in _texts(_mapping(_mapping(file.get("scope")).get("assets")).get("classes"))}
    for n, entry in _entries(file, "indicators"):
        chosen = {text for _, text in _texts(_mapping(entry.get("select")).get("class"))} & set(AssetClass)
        if listed and listed <= set(AssetClass) and chosen and chosen.isdisjoint(listed):
            words = ", ".join(sorted(chosen))
            yield ("indicators", n, "select"), f"indicators[{n + 1}]: {words} is not in scope.assets.classes"


def _positive(value: object) -> bool:
    try:
        return float(str(value)) > 0
    except ValueError:
        return False


def _milestones(file: dict[str, Any]) -> Iterator[Fault]:
    indicators = {str(entry.get("id")) for _, entry in _entries(file, "indicators")}
    instruments = {str(entry.get("key")) for _, entry in _entries(file, "instruments")}
    seen: set[tuple[str, str, str]] = set()
    for n, entry in _entries(file, "milestones"):
        name, instrument = entry.get("indicator"), entry.get("instrument")
        key = str(entry.get("date")), str(name), str(instrument)
        if key in seen:
            yield ("milestones", n), f"milestones[{n + 1}]: {instrument!r} sets {name!r} for that date twice"
        seen.add(key)
        if isinstance(name, str) and name not in indicators:
            fault = f"milestones[{n + 1}]: {name!r} is not an indicator{_like(name, indicators)}"
            yield ("milestones", n, "indicator"), fault
        if isinstance(instrument, str) and instrument not in instruments:
            fault = f"milestones[{n + 1}]: {instrument!r} is not an instrument{_like(instrument, instruments)}"
            yield ("milestones", n, "instrument"), fault


def _days(file: dict[str, Any]) -> Iterator[Fault]:
    period = _mapping(file.get("period"))
    ends = period.get("fiscal_year_end", "12-31")
    ends = ends if isinstance(ends, str) and re.fullmatch(r"\d{2}-\d{2}", ends) else "12-31"
    start, deadline = _day(period.get("start")), _day(period.get("deadline"), ends)
    if start and deadline and start > deadline:
        yield ("period", "deadline"), f"period.deadline {deadline} is before period.start {start}"
        return
    for n, entry in _entries(file, "milestones"):
        day = _day(entry.get("date"), ends)
        if day and deadline and day > deadline:
            yield ("milestones", n, "date"), f"milestones[{n + 1}]: {day} is after the deadline {deadline}"
        if day and start and day < start:
            yield ("milestones", n, "date"), f"milestones[{n + 1}]: {day} is before the period starts on {start}"


def _exemptions(file: dict[str, Any]) -> Iterator[Fault]:
    for n, entry in _entries(file, "exemptions"):
        where = f"exemptions[{n + 1}]"
        starts, expires = _day(entry.get("from")), _day(entry.get("expires"))
        if starts and expires and starts > expires:
            yield ("exemptions", n, "expires"), f"{where}: expires on {expires}, before it begins on {starts}"
        select = entry.get("select")
        if isinstance(select, dict) and not any(select.get(field) for field in _SELECTING):
            yield ("exemptions", n, "select"), f"{where}: select names nothing, so every asset would be exempt"
        if isinstance(select, dict) and select.get("status"):
            yield ("exemptions", n, "select", "status"), f"{where}: an exemption cannot select by status"


def _succession(file: dict[str, Any]) -> Iterator[Fault]:
    succession = _mapping(file.get("succession"))
    if succession.get("next") and succession.get("next") == file.get("id"):
        yield ("succession", "next"), "succession.next: a mandate cannot follow itself"
    for agency, entry in _mapping(succession.get("organisations")).items():
        if agency in {text for _, text in _texts(_mapping(entry).get("into"))}:
            yield ("succession", "organisations", agency), f"succession: {agency!r} cannot go into itself"


def _policy(values: dict[str, Any]) -> Iterator[Fault]:
    """Thresholds only: a mandate has no say in how fast other people's servers are asked."""
    for key in values:
        if key.partition(".")[0] != "thresholds":
            yield ("policy", key), f"policy.{key}: a mandate sets thresholds only"
    thresholds = {key: value for key, value in values.items() if key.partition(".")[0] == "thresholds"}
    for fault in override(Policy(), thresholds)[1]:
        yield ("policy", *fault.location), f"policy.{fault.message}"
