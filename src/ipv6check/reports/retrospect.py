"""What a report tells of earlier scans, as headings with lines of text, for faces without charts."""

from collections.abc import Iterator
from typing import NamedTuple

from ipv6check.model.history import Carried, Successor, Unconfirmed
from ipv6check.model.standing import Standing
from ipv6check.reports.figures import day, day_of, decimal, number
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import NOTHING, Messages
from ipv6check.reports.outlook import TOO_FEW, ForecastRow, MilestoneRow, change_rows, forecast_rows, milestone_rows
from ipv6check.reports.rows import agency_name, brief, share_of, title_of

MOST_LINES = 20
_TURNS = ("worse", "better", "new", "gone", "same")


class Section(NamedTuple):
    """A heading and its lines; ``left`` more were not said."""

    heading: str
    lines: list[str]
    left: int = 0


def state_said(standing: Standing, messages: Messages) -> str:
    """Whether the figures are of the confirmed state or of one scan; empty where nothing is known of other scans."""
    if standing.past is None:
        return ""
    if not standing.confirmed:
        return messages.word("history", "observed")
    counting = standing.mandate.counting
    said = messages.word("history", "confirmed-by" if counting.fail_after > 1 else "confirmed-at-once")
    return said.format(count=counting.fail_after, days=counting.stale_after_days)


def sections(standing: Standing, messages: Messages) -> Iterator[Section]:
    """Milestones, forecast, changes, what is unconfirmed, what an older result shows, and the mandate that follows."""
    past, say = standing.past, messages.word
    if past is None:
        return
    milestones = [_milestone(one, messages) for one in milestone_rows(standing, messages)]
    if milestones:
        yield Section(say("history", "milestones"), milestones)
    main = [one for one in forecast_rows(standing, messages) if one.kind in ("whole", "indicator")]
    if main:
        methods = dict.fromkeys(one.method for one in main)
        headed = [_forecast(one, messages) for one in main if one.code != TOO_FEW]
        yield Section(say("history", "forecast"), [*headed, *methods])
    if past.compared:
        since = day(day_of(past.since, standing.mandate.period.timezone), messages.language)
        yield _cut(say("history", "changes-since").format(scan=past.compared, day=since), _changes(standing, messages))
    if past.unconfirmed:
        lines = [_unconfirmed(one, standing, messages) for one in past.unconfirmed]
        yield _cut(say("history", "unconfirmed"), lines)
    if past.carried:
        yield _cut(say("history", "carried"), [_carried(one, standing, messages) for one in past.carried])
    if past.successor:
        yield Section(say("history", "successor"), [_successor(past.successor, messages)])


def _cut(heading: str, lines: list[str]) -> Section:
    return Section(f"{heading} ({len(lines)})", lines[:MOST_LINES], max(0, len(lines) - MOST_LINES))


def _milestone(one: MilestoneRow, messages: Messages) -> str:
    say = messages.word
    language = messages.language
    rate = f"{share_of(one.rate, language)} ({one.rate.ready}/{one.rate.total})" if one.rate else NOTHING
    word = "days-left" if one.days >= 0 else "days-overdue"
    met = f"; {say('history', 'met-on')} {day(one.met_on, language)}" if one.met_on else ""
    days = (
        ""
        if one.state in ("met", "met-late")
        else f"; {say('report', word).format(days=number(abs(one.days), language))}"
    )
    goal = f"{decimal(one.goal, language)} % ({one.instrument})"
    return f"{day(one.day, language)} {one.title} ≥ {goal}: {one.said}; {rate}{met}{days}"


def _forecast(one: ForecastRow, messages: Messages) -> str:
    say, language = messages.word, messages.language
    parts = [f"{one.title} → {decimal(one.goal, language)} %"]
    if one.pace:
        parts.append(f"{say('history', 'pace')} {decimal(one.pace, language)}")
    if one.needed:
        parts.append(f"{say('history', 'needed')} {decimal(one.needed, language)}")
    if one.pace:
        expected = day(one.expected, language) if one.expected else say("history", "never")
        parts.append(f"{say('history', 'expected')} {expected}")
        if one.expected:
            ends = [day(end, language) if end else say("history", "open") for end in (one.earliest, one.latest)]
            parts.append(f"{say('history', 'interval')} {ends[0]} – {ends[1]}")
    return "; ".join(parts)


def _changes(standing: Standing, messages: Messages) -> list[str]:
    rows = sorted(change_rows(standing, messages), key=lambda one: _TURNS.index(one.turn))
    return [
        f"{turn_said(one.turn, messages)}: {one.asset} ({one.agency}): {_word(one.before, messages)} → "
        f"{_word(one.after, messages)}{f'. {one.codes[0]}: {one.cause}' if one.codes else ''}"
        for one in rows
    ]


def turn_said(turn: str, messages: Messages) -> str:
    """The direction of a change; one that is neither better nor worse (an exemption, out of sight) says so."""
    return messages.word("history", "sideways") if turn == "same" else messages.word("turn", turn)


def _word(readiness: str, messages: Messages) -> str:
    return messages.word("readiness", readiness) if readiness else NOTHING


def _unconfirmed(one: Unconfirmed, standing: Standing, messages: Messages) -> str:
    said = messages.word("history", "failures").format(count=one.failures, needed=one.needed)
    why = f". {inert(one.cause[0].rule)}: {messages.say(one.cause[0])}" if one.cause else ""
    observed = messages.word("readiness", one.observed.value)
    name = brief(one.asset.name or one.asset.id)
    return f"{name} ({agency_name(standing, one.asset.agency, messages)}): {said}, {observed}{why}"


def _carried(one: Carried, standing: Standing, messages: Messages) -> str:
    since = day(day_of(one.at, standing.mandate.period.timezone), messages.language)
    name = brief(one.asset.name or one.asset.id)
    readiness = messages.word("readiness", one.readiness.value)
    return f"{name} ({agency_name(standing, one.asset.agency, messages)}): {readiness}, {since} ({one.scan})"


def _successor(one: Successor, messages: Messages) -> str:
    say = messages.word
    title = title_of(one.title, one.id, messages)
    parts = [f"{title} ({inert(one.id)}): {say('history', 'in-force' if one.in_force else 'follows')}"]
    if one.first:
        goal = f"{one.first.at_least * 100:g}"
        parts.append(f"{say('history', 'first-milestone')} {day(one.first.date, messages.language)}, {goal} %")
    return "; ".join(parts)
