"""Annotations for GitHub Actions, as workflow commands on standard output.

Ten of a kind and step are shown and the rest vanish without a word, so the worst nine are written and the tenth says
how many more there are. Failures are errors, what could not be told is a warning, advice a notice.
"""

from collections.abc import Iterator

from ipv6check.model.standing import Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.pipelines.listing import Listed, listed

MOST = 10


def render(standing: Standing, language: str) -> Iterator[str]:
    """Lines with workflow commands; nothing where there is nothing to say."""
    messages = Messages(language)
    kinds: dict[str, list[Listed]] = {"error": [], "warning": [], "notice": []}
    for one in listed(standing, messages):
        kinds[_kind(one)].append(one)
    for kind, found in kinds.items():
        shown = found if len(found) <= MOST else found[: MOST - 1]
        yield from (_command(kind, one, messages) for one in shown)
        if len(found) > len(shown):
            yield f"::{kind} title=ipv6check::{len(found) - len(shown)} {messages.word('check', 'more')}"


def _kind(one: Listed) -> str:
    if one.status is Status.UNKNOWN:
        return "warning"
    return "error" if one.gates and not one.accepted else "notice"


def _command(kind: str, one: Listed, messages: Messages) -> str:
    properties = {"file": one.file, "line": str(one.line)} if one.file else {}
    properties["title"] = f"{one.rule} {messages.title(one.rule)}"
    listing = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = f"{inert(one.asset.name)}: {one.text}" + (f" → {one.fix}" if one.fix else "")
    return f"::{kind} {listing}::{_data(text)}"


def _data(text: str) -> str:
    """A message as a workflow command wants it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
