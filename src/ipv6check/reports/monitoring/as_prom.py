"""A standing in the text format of Prometheus, for node_exporter's textfile collector and our own exporter.

Written by hand: the format is a page long, and a report must not need the libraries of a server. No time stamps (the
textfile collector refuses them); a rate that cannot be measured has no series, and neither does an undecided asset's
``ipv6check_target_ready``: an absent value is not a zero.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from ipv6check.model.mandate import Mandate
from ipv6check.model.rating import Readiness
from ipv6check.model.standing import Group, Standing
from ipv6check.model.vantage import Fitness
from ipv6check.model.verdict import Status

Labels = Mapping[str, str]
Sample = tuple[Labels, float]

_CERTIFICATE_RULE = "TLS001"
_DECIDED = {Readiness.READY: 1.0, Readiness.PARTIAL: 0.0, Readiness.NOT_READY: 0.0}
_COUNTS = ("ready", "partial", "not_ready", "unknown", "needs_attestation", "not_applicable", "exempt")

METRICS = {
    "ipv6check_conversion_ratio": "Proven conversion rate, 0 to 1, of a slice of the inventory.",
    "ipv6check_conversion_high_ratio": "What the rate would be if everything undecided were converted.",
    "ipv6check_coverage_ratio": "Share of the counted assets that could be decided.",
    "ipv6check_goal_ratio": "Goal of the slice, 0 to 1.",
    "ipv6check_goal_met": "1 if the goal is proven to be met, 0 if it cannot be, absent if neither is proven.",
    "ipv6check_counted_assets": "Assets that the rate counts: its denominator.",
    "ipv6check_assets": "Assets by readiness.",
    "ipv6check_goal_deadline_timestamp_seconds": "End of the mandate's last day.",
    "ipv6check_last_run_timestamp_seconds": "When the last scan ended.",
    "ipv6check_last_run_duration_seconds": "How long the last scan took.",
    "ipv6check_last_run_complete": "1 if the last scan ran to its end.",
    "ipv6check_last_run_trustworthy": "1 if the vantage was fit before and after the last scan.",
    "ipv6check_vantage_fit": "1 if the vantage passed its last self-test.",
    "ipv6check_certificate_earliest_expiry_timestamp_seconds": "First day on which a certificate seen over IPv6 ends.",
    "ipv6check_target_ready": "1 if the asset is ready, 0 if it is not; absent if it could not be told.",
    "ipv6check_target_undecided": "1 if the asset could not be told, 0 if it could.",
    "ipv6check_target_certificate_expiry_timestamp_seconds": "Day on which the asset's certificate over IPv6 ends.",
}
"""Every metric of a standing, with what it means."""


def render(standing: Standing, language: str) -> Iterator[str]:
    """The metrics of a standing, without a series for each asset. Labels are codes in every language."""
    yield from _exposed(_of_standing(standing))


def render_targets(standing: Standing, language: str) -> Iterator[str]:
    """The same with three series for each asset."""
    yield from _exposed({**_of_standing(standing), **_of_assets(standing)})


def exposed(name: str, help: str, samples: list[Sample], kind: str = "gauge") -> Iterator[str]:
    """One family of metrics as lines."""
    if samples:
        yield f"# HELP {name} {_escaped(help)}"
        yield f"# TYPE {name} {kind}"
        for labels, value in samples:
            inside = ",".join(f'{key}="{_quoted(text)}"' for key, text in labels.items())
            yield f"{name}{{{inside}}} {_number(value)}" if inside else f"{name} {_number(value)}"


def _exposed(found: Mapping[str, list[Sample]]) -> Iterator[str]:
    for name, samples in found.items():
        yield from exposed(name, METRICS[name], samples)


def _of_standing(standing: Standing) -> dict[str, list[Sample]]:
    mandate, scan = standing.mandate, standing.scan
    base = {"mandate": mandate.id}
    source = {**base, "inventory": scan.inventory, "vantage": scan.vantage.name}
    found: dict[str, list[Sample]] = {name: [] for name in METRICS if "_target_" not in name}
    groups = (standing.whole, *standing.agencies, *standing.classes, *standing.levels, *standing.indicators)
    for group in groups:
        for name, value in _of_group(group):
            found[name].append(({**base, "kind": group.kind, "key": group.key}, value))
        for count in _COUNTS:
            labels = {**base, "kind": group.kind, "key": group.key, "readiness": count.replace("_", "-")}
            found["ipv6check_assets"].append((labels, getattr(group.rate, count)))
    end = _deadline(mandate)
    if end is not None:
        found["ipv6check_goal_deadline_timestamp_seconds"] = [(base, end)]
    ended = scan.ended or scan.started
    tests = scan.vantage.selftests
    found["ipv6check_last_run_timestamp_seconds"] = [(source, ended)]
    found["ipv6check_last_run_duration_seconds"] = [(source, ended - scan.started)]
    found["ipv6check_last_run_complete"] = [(source, float(scan.state.value == "complete"))]
    found["ipv6check_last_run_trustworthy"] = [(source, float(scan.trustworthy))]
    if tests:
        found["ipv6check_vantage_fit"] = [(source, float(tests[-1].fitness is Fitness.FIT))]
    days = [day for _, _, day in _certificates(standing)]
    if days:
        found["ipv6check_certificate_earliest_expiry_timestamp_seconds"] = [(base, min(days))]
    return found


def _of_group(group: Group) -> Iterator[tuple[str, float]]:
    rate = group.rate
    shares: tuple[tuple[str, Fraction | None], ...] = (
        ("ipv6check_conversion_ratio", rate.low),
        ("ipv6check_conversion_high_ratio", rate.high),
        ("ipv6check_coverage_ratio", rate.coverage),
    )
    for name, share in shares:
        if share is not None:
            yield name, float(share)
    yield "ipv6check_goal_ratio", group.goal
    if group.meets is not None:
        yield "ipv6check_goal_met", float(group.meets)
    yield "ipv6check_counted_assets", rate.denominator


def _of_assets(standing: Standing) -> dict[str, list[Sample]]:
    ready: list[Sample] = []
    undecided: list[Sample] = []
    for one in standing.assets:
        labels = {"mandate": standing.mandate.id, "asset": one.asset.id, "agency": one.asset.agency}
        if one.readiness in _DECIDED:
            ready.append((labels, _DECIDED[one.readiness]))
        if one.readiness not in (Readiness.NOT_APPLICABLE, Readiness.EXEMPT):
            undecided.append((labels, float(one.readiness not in _DECIDED)))
    expiry: list[Sample] = [
        ({"mandate": standing.mandate.id, "asset": asset, "agency": agency}, day)
        for asset, agency, day in _certificates(standing)
    ]
    return {
        "ipv6check_target_ready": ready,
        "ipv6check_target_undecided": undecided,
        "ipv6check_target_certificate_expiry_timestamp_seconds": expiry,
    }


def _certificates(standing: Standing) -> Iterator[tuple[str, str, float]]:
    """Asset, agency and the last day, as the start of that day in UTC, of certificates that verify over IPv6."""
    for one in standing.assets:
        for rated in one.verdicts:
            verdict = rated.verdict
            if verdict.rule == _CERTIFICATE_RULE and verdict.status is Status.PASS and verdict.args.get("expires"):
                day = date.fromisoformat(str(verdict.args["expires"]))
                yield one.asset.id, one.asset.agency, datetime.combine(day, time(), UTC).timestamp()


def _deadline(mandate: Mandate) -> float | None:
    """The first moment after the mandate's last day, in its time zone."""
    day = mandate.period.deadline
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(mandate.period.timezone)).timestamp()


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(text: str) -> str:
    """A label's value: any text may stand there once these three are escaped; a lone surrogate is no UTF-8."""
    return _escaped(text).replace('"', r"\"").encode("utf-8", "replace").decode()
