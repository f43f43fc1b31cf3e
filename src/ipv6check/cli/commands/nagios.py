"""``ipv6check nagios``: the latest stored scan as a plugin of Nagios or Icinga.

A plugin has exit codes of its own: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. All that goes wrong is 3, a mistyped option
too, which is why the options are not read by the library that reads those of the other commands: it ends with 2.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

import typer

from ipv6check.cli.exits import Leave, run_async
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.model.standing import Standing
    from ipv6check.reports.monitoring.as_nagios import Figure, Range, State

PLAIN = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": list[str]()}
METRICS = ("rate", "high", "coverage", "failed", "unknown", "days_left")
_UNKNOWN = 3


def nagios(context: typer.Context) -> None:
    """Answer as a monitoring plugin: one line, exit 0, 1, 2 or 3 (see --help)."""
    from ipv6check.reports.monitoring.as_nagios import State, line

    try:
        options = _parser().parse_args(context.args)
        state, text, figures = _answer(options)
    except (Trouble, ValueError, TimeoutError) as trouble:
        reason = str(trouble) or "no answer within the time limit"
        state, text, figures = State.UNKNOWN, reason, []
    typer.echo(line(state, text, figures))
    raise Leave(int(state))


class _Parser(argparse.ArgumentParser):
    """Ends with UNKNOWN, also after its help, as the plugins' guidelines ask."""

    def error(self, message: str) -> NoReturn:
        raise Trouble(message)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        sys.stdout.write(message or "")
        raise Leave(_UNKNOWN)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="ipv6check nagios", description="The latest stored scan as a monitoring plugin.")
    parser.add_argument("-w", "--warning", default="", metavar="RANGE", help="warning outside this range, e.g. 95:")
    parser.add_argument("-c", "--critical", default="", metavar="RANGE", help="critical outside this range, e.g. 90:")
    parser.add_argument("-m", "--metric", choices=METRICS, default="rate", help="what the ranges are about")
    parser.add_argument("-a", "--agency", action="append", default=[], help="only this agency and those below it")
    parser.add_argument("--max-age", default="36h", help="an older scan is UNKNOWN (default 36h)")
    parser.add_argument("-t", "--timeout", type=float, default=10.0, help="seconds (default 10)")
    parser.add_argument("--db", default="", help="database URL")
    parser.add_argument("--mandate", default="", help="a shipped mandate or a mandate file; the scan's own otherwise")
    return parser


def _answer(options: argparse.Namespace) -> tuple[State, str, list[Figure]]:
    """State, text and data. Raises Trouble, ValueError or TimeoutError."""
    from ipv6check.model.length import seconds_of
    from ipv6check.reports.monitoring.as_nagios import parse_range

    warning = parse_range(options.warning) if options.warning else None
    critical = parse_range(options.critical) if options.critical else None
    most_s = seconds_of(options.max_age)
    standing, age_s = run_async(_standing(options))
    figures = _figures(standing, options.metric, warning, critical)
    return _judged(standing, age_s, most_s, options.metric, warning, critical, figures)


async def _standing(options: argparse.Namespace) -> tuple[Standing, float]:
    """The confirmed state after the latest scan that ended, and that scan's age in seconds."""
    import asyncio
    import time

    from ipv6check.model.scan import ScanState
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store
    from ipv6check.wiring.inputs import read_mandate
    from ipv6check.wiring.reporting.counting import standing_of

    settings, _ = load_settings(db=options.db, mandate=options.mandate)
    async with asyncio.timeout(options.timeout), await open_store(settings.db, create=False) as store:
        scan = await store.last_scan(state=ScanState.COMPLETE)
        if scan is None:
            raise Trouble("no scan has been completed yet")
        mandate = read_mandate(settings, scan.mandate)
        standing = await standing_of(store, scan, mandate, agencies=options.agency, confirmed=True)
    return standing, time.time() - (scan.ended or scan.started)


def _judged(
    standing: Standing,
    age_s: float,
    most_s: float,
    metric: str,
    warning: Range | None,
    critical: Range | None,
    figures: list[Figure],
) -> tuple[State, str, list[Figure]]:
    """The answer; what is old, untrustworthy or not measurable is UNKNOWN whatever the figures say."""
    from ipv6check.reports.monitoring.as_nagios import State, judge

    rate = standing.whole.rate
    told = f"{rate.ready} of {rate.denominator} ready, {rate.not_ready + rate.partial} not, {rate.undecided} undecided"
    if age_s > most_s:
        return State.UNKNOWN, f"the last complete scan is {age_s / 3600:.0f} hours old; {told}", figures
    if not standing.scan.trustworthy:
        return State.UNKNOWN, f"the vantage of the last scan was not fit; {told}", figures
    value = next((one.value for one in figures if one.label == metric), None)
    if value is None:
        return State.UNKNOWN, f"{metric} cannot be measured; {told}", figures
    return judge(value, warning, critical), told, figures


def _figures(standing: Standing, metric: str, warning: Range | None, critical: Range | None) -> list[Figure]:
    """The performance data; percentages floored to one decimal, what cannot be measured left out."""
    from ipv6check.reports.monitoring.as_nagios import Figure

    rate = standing.whole.rate
    total = str(rate.denominator)
    shares = (("rate", rate.low), ("high", rate.high), ("coverage", rate.coverage))
    found = [
        Figure(label=label, value=int(share * 1000) / 10, unit="%", least="0", most="100")
        for label, share in shares
        if share is not None
    ]
    found.append(Figure(label="failed", value=rate.not_ready + rate.partial, least="0", most=total))
    found.append(Figure(label="unknown", value=rate.undecided, least="0", most=total))
    if standing.days_left is not None:
        found.append(Figure(label="days_left", value=standing.days_left))
    return [_bounded(one, warning, critical) if one.label == metric else one for one in found]


def _bounded(one: Figure, warning: Range | None, critical: Range | None) -> Figure:
    from msgspec.structs import replace

    return replace(one, warning=warning.text if warning else "", critical=critical.text if critical else "")
