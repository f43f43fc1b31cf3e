"""Ranges and lines as the Monitoring Plugins' guidelines have them."""

import pytest

from ipv6check.reports.monitoring.as_nagios import Figure, State, judge, line, parse_range


@pytest.mark.parametrize(
    ("text", "alerts", "silent"),
    [
        ("10", [-1, 11], [0, 5, 10]),
        ("10:", [9, -5], [10, 1e9]),
        ("~:10", [10.1], [-1e9, 10]),
        ("10:20", [9, 21], [10, 20]),
        ("@10:20", [10, 15, 20], [9.9, 20.1]),
        ("-5:5", [-6, 6], [-5, 0]),
        ("@1:3", [1, 2, 3], [0, 4]),
    ],
)
def test_ranges(text: str, alerts: list[float], silent: list[float]) -> None:
    found = parse_range(text)
    assert [found.alerts(value) for value in alerts] == [True] * len(alerts)
    assert [found.alerts(value) for value in silent] == [False] * len(silent)


@pytest.mark.parametrize("text", ["", ":", "@", "a", "20:10", "1:2:3", "10%", "~"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="range"):
        parse_range(text)


def test_critical_comes_before_warning() -> None:
    warning, critical = parse_range("95:"), parse_range("90:")
    states = [judge(value, warning, critical) for value in (96, 94, 89)]
    assert states == [State.OK, State.WARNING, State.CRITICAL]
    assert judge(0, None, None) is State.OK


def test_the_line() -> None:
    rate = Figure(label="rate", value=87.5, unit="%", warning="90:", critical="80:", least="0", most="100")
    told = line(State.CRITICAL, "7 of 8 | ready\n", [rate, Figure(label="days_left", value=39)])
    assert told == r"IPV6 CRITICAL - 7 of 8 ¦ ready\x0a | rate=87.5%;90:;80:;0;100 days_left=39"
    assert line(State.UNKNOWN, "no scan", []) == "IPV6 UNKNOWN - no scan"
