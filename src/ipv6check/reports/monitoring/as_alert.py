"""Alerts as one message: a subject, and a line for each, the worst first. Foreign text in it is made inert."""

import re
from collections.abc import Mapping, Sequence

from ipv6check.model.agency import Agency
from ipv6check.model.alert import WHOLE, Alert, Topic
from ipv6check.model.record import Record
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages

MOST = 40
"""Lines of one message; chat services cut or split what is longer."""

_ORDER = tuple(Topic)
_PERCENT = ("rate", "goal")
_CALL = re.compile(r"@(?=(?:everyone|here|channel|all)\b)", re.IGNORECASE)


class Message(Record, frozen=True, kw_only=True):
    """One message of a channel. ``bad`` is False if all of it is good news."""

    subject: str
    body: str
    bad: bool


def digest(alerts: Sequence[Alert], language: str, *, title: str, agencies: Mapping[str, Agency]) -> Message:
    """One message for all ``alerts`` (at least one). ``title`` says of what, such as the mandate's title."""
    messages = Messages(language)
    bad = sum(not one.good for one in alerts)
    subject = messages.word("alert", "subject").format(title=inert(title), bad=bad, good=len(alerts) - bad)
    ranked = sorted(alerts, key=lambda one: (one.good, _ORDER.index(one.topic), one.agency, one.name, one.at))
    lines = [_line(one, messages, title, agencies) for one in ranked[:MOST]]
    if len(ranked) > MOST:
        lines.append(messages.word("alert", "more").format(count=len(ranked) - MOST))
    scans = sorted({one.scan for one in alerts if one.scan})
    if scans:
        lines += ["", messages.word("alert", "scan").format(scan=", ".join(inert(scan) for scan in scans[-3:]))]
    return Message(subject=_calm(subject), body="\n".join(lines), bad=bool(bad))


def _line(alert: Alert, messages: Messages, title: str, agencies: Mapping[str, Agency]) -> str:
    """One alert as one line."""
    facts = {name: inert(str(value)) for name, value in alert.args.items()}
    for name in _PERCENT:
        if isinstance(alert.args.get(name), int | float):
            facts[name] = f"{alert.args[name]:.1f}"
    for name in ("before", "after"):
        facts[name] = messages.word("readiness", facts.get(name, ""))
    facts["fitness"] = messages.word("fitness", facts.get("fitness", ""))
    facts |= {"name": inert(alert.name), "agency": inert(_place(alert, messages, title, agencies))}
    sentence = messages.word("alert", f"{alert.topic.value}-{'good' if alert.good else 'bad'}").format_map(facts)
    parts = ["✓" if alert.good else "✗", sentence]
    cause = alert.cause if alert.topic is Topic.ASSET and not alert.good else None
    if cause is not None:
        parts += [f"{inert(cause.rule)}: {messages.say(cause)}", messages.fix(cause)]
    return _calm(" ".join(part for part in parts if part))


def _place(alert: Alert, messages: Messages, title: str, agencies: Mapping[str, Agency]) -> str:
    """Whose it is, in the language's name of it; ``title`` for everything together."""
    if alert.key == WHOLE:
        return title
    agency = agencies.get(alert.agency)
    names = agency.names if agency else {}
    known = names.get(messages.language) or next(iter(names.values()), alert.agency)
    return known or messages.word("report", "no-agency")


def _calm(text: str) -> str:
    """Without what chat services take for a command: tags, and calls to everybody in a room."""
    return _CALL.sub("@ ", text.replace("<", "‹").replace(">", "›"))
