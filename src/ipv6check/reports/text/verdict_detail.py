"""The verdicts of one asset for a terminal: what the mandate requires first, failures first, one cause told once."""

from collections.abc import Iterator, Sequence

from ipv6check.model.mandate import Level
from ipv6check.model.standing import AssetStanding
from ipv6check.model.verdict import Status, Verdict
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages

_LEVELS = (Level.REQUIRED, Level.ADVISED, Level.INFORMATIONAL)
_STATUSES = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)
_INDENT = " " * 25


def readiness_line(standing: AssetStanding, mandate: str, messages: Messages) -> str:
    """What the asset counts as, and under which mandate."""
    word = messages.word("readiness", standing.readiness.value)
    return f"{word}  ({messages.word('report', 'mandate')}: {inert(mandate)})"


def verdict_lines(verdicts: Sequence[Verdict], standing: AssetStanding | None, messages: Messages) -> Iterator[str]:
    """Lines under a heading for each level of the mandate; without a ``standing`` there are no levels."""
    levels = {one.verdict.rule: one.level for one in standing.verdicts} if standing else {}
    for level in _LEVELS if standing else (None,):
        some = [one for one in verdicts if level is None or levels.get(one.rule, Level.INFORMATIONAL) is level]
        if some and level is not None:
            yield f"── {messages.word('level', level.value)}"
        yield from _sorted(some, messages)


def _sorted(verdicts: Sequence[Verdict], messages: Messages) -> Iterator[str]:
    for status in _STATUSES:
        causes: dict[tuple[str, str], list[str]] = {}
        for verdict in sorted(verdicts, key=lambda one: one.rule):
            if verdict.status is status:
                causes.setdefault((messages.say(verdict), messages.fix(verdict)), []).append(verdict.rule)
        word = messages.word("status", status.value)
        for (text, fix), codes in causes.items():
            if len(codes) == 1:
                yield f"{word:<16} {inert(codes[0]):<8} {text}"
            else:
                yield f"{word:<16} {', '.join(map(inert, codes))}"
                yield f"{_INDENT} {text}"
            if fix:
                yield f"{_INDENT} → {fix}"
