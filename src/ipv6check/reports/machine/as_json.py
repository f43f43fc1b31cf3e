"""The report for machines: codes, integers and exact counts; the schemas are in ``data/schema``."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ipv6check.checks.registry import RULES
from ipv6check.compliance.counting import floor_percent_of
from ipv6check.compliance.ladder import place_of
from ipv6check.model.rating import Rate
from ipv6check.model.scan import Scan
from ipv6check.model.standing import AssetStanding, Blocker, Group, RatedVerdict, Standing
from ipv6check.model.vantage import Vantage
from ipv6check.reports.inert import inert
from ipv6check.reports.machine.past_json import past_object
from ipv6check.reports.signature import block_of, sealed

REPORT_SCHEMA = "ipv6check.report/1"
VERDICT_SCHEMA = "ipv6check.verdict/1"


def as_line(value: object) -> str:
    """Any value of the model as JSON on one line. What would act on a terminal instead of showing (controls, also the
    C1 ones that JSON admits, bidirectional and zero-width characters, line separators) is a JSON escape."""
    text = msgspec.json.encode(value).decode()
    if text.isprintable():
        return text
    return "".join(character if inert(character) == character else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    """One character as RFC 8259 section 7 has it: two escapes, a surrogate pair, beyond U+FFFF."""
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def render(standing: Standing, language: str) -> Iterator[str]:
    """One JSON object: the summary, and below ``assets`` every asset with its verdicts, one a line."""
    head = msgspec.json.format(as_line(signed(standing, language, "json")), indent=2)
    yield head.removesuffix("\n}") + ',\n  "assets": ['
    for index, asset in enumerate(standing.assets, start=1):
        verdicts = [verdict_object(standing, asset, rated) for rated in asset.verdicts]
        whole = as_line(asset_object(asset) | {"verdicts": verdicts})
        yield f"    {whole}" + ("," if index < len(standing.assets) else "")
    yield "  ]\n}"


def render_lines(standing: Standing, language: str) -> Iterator[str]:
    """JSON lines: the summary first, then each asset followed by its verdicts."""
    yield as_line(signed(standing, language, "jsonl"))
    for asset in standing.assets:
        yield as_line(asset_object(asset))
        for rated in asset.verdicts:
            yield as_line(verdict_object(standing, asset, rated))


def signed(standing: Standing, language: str, format: str) -> dict[str, Any]:
    """The summary with the signature block, as text that ``ipv6check verify`` reads, and with its digest."""
    block = block_of(standing, language, format)
    return summary(standing) | {"figures_digest": block.digest, "signature": sealed(block)}


def summary(standing: Standing) -> dict[str, Any]:
    """Everything but the assets."""
    mandate = standing.mandate
    return {
        "type": "report",
        "schema": REPORT_SCHEMA,
        "mandate": mandate.id,
        "mandate_digest": mandate.digest,
        "today": standing.today.isoformat(),
        "deadline": mandate.period.deadline.isoformat() if mandate.period.deadline else None,
        "days_left": standing.days_left,
        "scan": _scan_object(standing.scan),
        "whole": group_object(standing.whole),
        "agencies": [group_object(group) for group in standing.agencies],
        "classes": [group_object(group) for group in standing.classes],
        "indicators": [group_object(group) for group in standing.indicators],
        "levels": [group_object(group) for group in standing.levels],
        "cells": [
            {"agency": cell.agency, "class": cell.asset_class.value} | rate_object(cell.rate) for cell in standing.cells
        ],
        "blockers": [blocker_object(blocker) for blocker in standing.blockers],
        "rollup": {
            "day": standing.rollup.day.isoformat() if standing.rollup.day else None,
            "assets": standing.rollup.assets,
            "agencies": standing.rollup.agencies,
            "undecided": list(standing.rollup.undecided),
        },
        "state": "confirmed" if standing.confirmed else "observed",
        "past": past_object(standing.past) if standing.past else None,
        "composite_met": standing.composite_met,
        "unlisted": standing.unlisted,
        "warnings": list(standing.warnings),
        "assumptions": list(mandate.assumptions),
    }


def _scan_object(scan: Scan) -> dict[str, Any]:
    """What the figures were measured by, and from where."""
    return {
        "id": scan.id,
        "state": scan.state.value,
        "trustworthy": scan.trustworthy,
        "started": scan.started,
        "ended": scan.ended,
        "tool_version": scan.tool_version,
        "ruleset": scan.ruleset,
        "policy": scan.policy,
        "policy_digest": scan.policy_digest,
        "inventory": scan.inventory,
        "inventory_digest": scan.inventory_digest,
        "selection": scan.selection,
        "skipped_rows": scan.skipped_rows,
        "vantage": _vantage_object(scan.vantage),
    }


def _vantage_object(vantage: Vantage) -> dict[str, Any]:
    return {
        "name": vantage.name,
        "source_v6": vantage.source_v6,
        "source_v4": vantage.source_v4,
        "resolvers": list(vantage.resolvers),
        "anchors": list(vantage.anchors),
        "echo": vantage.echo,
        "nat64_prefixes": list(vantage.nat64_prefixes),
        "clat": vantage.clat,
        "without_ipv4": vantage.without_ipv4,
        "treat_as_global": list(vantage.treat_as_global),
        "fitness": vantage.selftests[-1].fitness.value if vantage.selftests else "",
    }


def group_object(group: Group) -> dict[str, Any]:
    """A slice: its rate, its goal, and whether it meets that."""
    return {
        "kind": group.kind,
        "key": group.key,
        "title": group.title,
        **rate_object(group.rate),
        "goal_percent": round(group.goal * 100, 3),
        "meets": group.meets,
    }


def rate_object(rate: Rate) -> dict[str, Any]:
    """Exact counts, and shares as text floored to one decimal (null where D = 0)."""

    def share(name: str) -> str | None:
        value = getattr(rate, name)
        return None if value is None else floor_percent_of(value)

    return {
        "denominator": rate.denominator,
        "ready": rate.ready,
        "partial": rate.partial,
        "not_ready": rate.not_ready,
        "unknown": rate.unknown,
        "needs_attestation": rate.needs_attestation,
        "not_applicable": rate.not_applicable,
        "exempt": rate.exempt,
        "attested": rate.attested,
        "over_cap": rate.over_cap,
        "low_percent": share("low"),
        "high_percent": share("high"),
        "measured_percent": share("measured"),
        "coverage_percent": share("coverage"),
        "progress_percent": share("progress"),
    }


def blocker_object(blocker: Blocker) -> dict[str, Any]:
    """One cause and whose assets it holds back."""
    rule = RULES.get(blocker.rule)
    return {
        "rule": blocker.rule,
        "rule_name": rule.name if rule else "",
        "tag": blocker.tag,
        "assets": blocker.assets,
        "owners": list(blocker.owners),
    }


def asset_object(standing: AssetStanding) -> dict[str, Any]:
    """One asset under the mandate."""
    asset = standing.asset
    place = place_of(asset, [one.verdict for one in standing.verdicts])
    return {
        "type": "asset",
        "asset": asset.id,
        "name": asset.name,
        "kind": asset.kind.value,
        "class": asset.kind.asset_class.value,
        "agency": asset.agency,
        "listed_for": standing.listed or asset.agency,
        "tags": list(asset.tags),
        "readiness": standing.readiness.value,
        "attested": standing.attested,
        "exemption": standing.exemption,
        "basis": standing.basis,
        "rung": place.rung.value if place else "",
        "rung_settled": place.settled if place else True,
        "file": asset.origin.file if asset.origin else "",
        "line": asset.origin.line if asset.origin else 0,
    }


def verdict_object(standing: Standing, asset: AssetStanding, rated: RatedVerdict) -> dict[str, Any]:
    """One verdict, complete by itself, so that a line can be filtered and kept."""
    verdict, about = rated.verdict, asset.asset
    rule = RULES.get(verdict.rule)
    return {
        "type": "verdict",
        "schema": VERDICT_SCHEMA,
        "scan": standing.scan.id,
        "asset": about.id,
        "name": about.name,
        "agency": about.agency,
        "kind": about.kind.value,
        "class": about.kind.asset_class.value,
        "rule": verdict.rule,
        "rule_name": rule.name if rule else "",
        "status": verdict.status.value,
        "tag": verdict.tag,
        "args": verdict.args,
        "level": rated.level.value,
        "file": about.origin.file if about.origin else "",
        "line": about.origin.line if about.origin else 0,
    }
