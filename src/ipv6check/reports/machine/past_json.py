"""Earlier scans for machines: the ``past`` of a JSON report."""

from typing import Any

from ipv6check.compliance.counting import floor_percent_of
from ipv6check.model.history import Change, Forecast, MilestoneOutcome, Past, Point, Successor, Unconfirmed


def past_object(past: Past) -> dict[str, Any]:
    """Everything that is known of earlier scans; days as text, moments as seconds since 1970 (UTC)."""
    return {
        "compared": past.compared or None,
        "since": past.since if past.compared else None,
        "milestones": [_milestone(one) for one in past.milestones],
        "forecasts": [_forecast(one) for one in past.forecasts],
        "changes": [change_object(one) for one in past.changes],
        "unconfirmed": [_unconfirmed(one) for one in past.unconfirmed],
        "carried": [
            {"asset": one.asset.id, "readiness": one.readiness.value, "scan": one.scan, "at": one.at}
            for one in past.carried
        ],
        "successor": _successor(past.successor) if past.successor else None,
        "series": [
            {"kind": one.kind, "key": one.key, "points": [_point(point) for point in one.points]} for one in past.series
        ],
    }


def change_object(change: Change) -> dict[str, Any]:
    """One change with the verdicts that differ, and what they were."""
    was = {verdict.rule: verdict for verdict in change.was}
    return {
        "asset": change.asset.id,
        "name": change.asset.name,
        "agency": change.asset.agency,
        "class": change.asset.kind.asset_class.value,
        "turn": change.turn.value,
        "before": change.before.value if change.before else None,
        "after": change.after.value if change.after else None,
        "at": change.at,
        "scan": change.scan,
        "cause": [
            {
                "rule": verdict.rule,
                "status": verdict.status.value,
                "tag": verdict.tag,
                "args": verdict.args,
                "was": was[verdict.rule].status.value if verdict.rule in was else None,
            }
            for verdict in change.cause
        ],
    }


def _point(point: Point) -> dict[str, Any]:
    rate = point.rate
    return {
        "scan": point.scan,
        "at": point.at,
        "denominator": rate.denominator,
        "ready": rate.ready,
        "undecided": rate.undecided,
        "low_percent": None if rate.low is None else floor_percent_of(rate.low),
        "high_percent": None if rate.high is None else floor_percent_of(rate.high),
    }


def _milestone(one: MilestoneOutcome) -> dict[str, Any]:
    rate = one.rate
    return {
        "date": one.milestone.date.isoformat(),
        "indicator": one.milestone.indicator,
        "instrument": one.milestone.instrument,
        "goal_percent": round(one.milestone.at_least * 100, 3),
        "state": one.state.value,
        "days": one.days,
        "scan": one.scan or None,
        "denominator": rate.denominator if rate else None,
        "ready": rate.ready if rate else None,
        "low_percent": floor_percent_of(rate.low) if rate and rate.low is not None else None,
        "high_percent": floor_percent_of(rate.high) if rate and rate.high is not None else None,
        "met_on": one.met_on.isoformat() if one.met_on else None,
    }


def _forecast(one: Forecast) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "key": one.key,
        "goal_percent": round(one.goal * 100, 3),
        "method": one.method,
        "points": one.points,
        "window_days": one.window_days,
        "pace_per_day": one.pace,
        "needed_per_day": one.needed,
        "expected": one.expected.isoformat() if one.expected else None,
        "earliest": one.earliest.isoformat() if one.earliest else None,
        "latest": one.latest.isoformat() if one.latest else None,
    }


def _unconfirmed(one: Unconfirmed) -> dict[str, Any]:
    return {
        "asset": one.asset.id,
        "observed": one.observed.value,
        "failures": one.failures,
        "needed": one.needed,
        "scan": one.scan,
        "at": one.at,
        "rules": [verdict.rule for verdict in one.cause],
    }


def _successor(one: Successor) -> dict[str, Any]:
    first = one.first
    return {
        "id": one.id,
        "title": one.title,
        "in_force": one.in_force,
        "first_milestone": {"date": first.date.isoformat(), "goal_percent": round(first.at_least * 100, 3)}
        if first
        else None,
    }
