"""One line for Nagios and Icinga, after the Monitoring Plugins' guidelines: state, text, performance data.

Ranges are theirs: ``10`` (0 to 10 is good), ``10:`` (at least), ``~:10`` (at most), ``10:20``, ``@10:20`` (outside).
"""

import re
from enum import IntEnum

from ipv6check.model.record import Record
from ipv6check.reports.inert import inert

_RANGE = re.compile(r"(@?)(?:(~|-?[0-9]+(?:\.[0-9]+)?):)?(-?[0-9]+(?:\.[0-9]+)?)?")


class State(IntEnum):
    """The exit code of a plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


class Range(Record, frozen=True, kw_only=True):
    """A threshold. ``alert_inside`` turns it round; None is no bound."""

    text: str
    low: float | None = 0.0
    high: float | None = None
    alert_inside: bool = False

    def alerts(self, value: float) -> bool:
        """Whether the value is one to tell of."""
        inside = (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return inside if self.alert_inside else not inside


def parse_range(text: str) -> Range:
    """A range in the plugins' syntax. ValueError if it is none."""
    match = _RANGE.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]):
        raise ValueError(f"{text!r} is no range; write 10, 10:, ~:10, 10:20 or @10:20")
    low = None if match[2] == "~" else float(match[2]) if match[2] else 0.0
    high = float(match[3]) if match[3] else None
    if low is not None and high is not None and low > high:
        raise ValueError(f"{text!r} is no range: it begins above its end")
    return Range(text=text.strip(), low=low, high=high, alert_inside=bool(match[1]))


class Figure(Record, frozen=True, kw_only=True):
    """One item of performance data; empty texts leave a place out."""

    label: str
    value: float
    unit: str = ""
    warning: str = ""
    critical: str = ""
    least: str = ""
    most: str = ""


def line(state: State, text: str, figures: list[Figure]) -> str:
    """The first line of the output. A bar would begin the performance data, so none is left in the text."""
    told = inert(text).replace("|", "¦")
    data = " ".join(_shown(one) for one in figures)
    return f"IPV6 {state.name} - {told}" + (f" | {data}" if data else "")


def judge(value: float, warning: Range | None, critical: Range | None) -> State:
    """The state of a value."""
    if critical is not None and critical.alerts(value):
        return State.CRITICAL
    return State.WARNING if warning is not None and warning.alerts(value) else State.OK


def _shown(one: Figure) -> str:
    rest = [one.warning, one.critical, one.least, one.most]
    while rest and not rest[-1]:
        rest.pop()
    value = f"{one.value:.1f}".removesuffix(".0")
    return ";".join([f"{one.label}={value}{one.unit}", *rest])
