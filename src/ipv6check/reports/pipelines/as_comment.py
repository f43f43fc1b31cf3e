"""Short Markdown for a merge request's comment and for a job's summary, cut to what the service takes."""

from collections.abc import Iterator

from ipv6check.model.rating import Readiness
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.pipelines.listing import Listed, listed
from ipv6check.reports.text.as_markdown import escaped

MARK = "<!-- ipv6check -->"
"""The first line of a comment, by which a later run finds it and replaces it."""

COMMENT_OCTETS = 65_000
"""GitHub takes 65,536 characters; octets are counted, to be on the safe side of every service."""

SUMMARY_OCTETS = 1_000 * 1024
"""GitHub drops a summary of more than 1,024 KiB as a whole."""

_SYMBOL = {Readiness.READY: "✅", Readiness.EXEMPT: "➖", Readiness.NOT_APPLICABLE: "➖"}
_FAILED = frozenset({Readiness.NOT_READY, Readiness.PARTIAL})


def render(standing: Standing, language: str) -> Iterator[str]:
    """A comment."""
    return _cut(_lines(standing, Messages(language)), COMMENT_OCTETS, Messages(language))


def render_summary(standing: Standing, language: str) -> Iterator[str]:
    """A job's summary."""
    return _cut(_lines(standing, Messages(language)), SUMMARY_OCTETS, Messages(language))


def _lines(standing: Standing, messages: Messages) -> Iterator[str]:
    say = messages.word
    rate = standing.whole.rate
    yield MARK
    yield f"### ipv6check: {rate.ready}/{rate.denominator} {say('readiness', 'ready')}"
    yield ""
    counts = (("not-ready", rate.not_ready + rate.partial), ("unknown", rate.undecided), ("exempt", rate.exempt))
    yield ", ".join(f"{say('readiness', word)}: {count}" for word, count in counts)
    if not standing.scan.trustworthy and standing.scan.vantage.selftests:
        fitness = say("fitness", standing.scan.vantage.selftests[-1].fitness.value)
        yield ""
        yield f"> **{say('report', 'untrustworthy')} {escaped(fitness)}**"
    found = list(listed(standing, messages))
    if found:
        yield ""
        columns = ("column-status", "column-asset", "column-rule", "column-finding", "column-fix")
        yield "| " + " | ".join(say("report", column) for column in columns) + " |"
        yield "|---" * len(columns) + "|"
        yield from (_row(one, messages) for one in found)
    yield ""
    yield from (_asset(asset, messages) for asset in standing.assets)


def _row(one: Listed, messages: Messages) -> str:
    word = messages.word("status", one.status.value)
    if one.accepted:
        word = messages.word("check", "accepted")
    elif one.status is Status.FAIL and not one.gates:
        word = messages.word("check", "advice")
    cells = (word, inert(one.asset.name)[:256], one.rule, one.text, one.fix)
    return "| " + " | ".join(map(_silent, cells)) + " |"


def _asset(asset: AssetStanding, messages: Messages) -> str:
    symbol = "❌" if asset.readiness in _FAILED else _SYMBOL.get(asset.readiness, "❔")
    name = _silent(inert(asset.asset.name)[:256])
    return f"- {symbol} {name}: {messages.word('readiness', asset.readiness.value)}"


def _silent(text: str) -> str:
    """Text that is no markup and calls nobody: a comment with @name in it would notify a stranger."""
    return escaped(text).replace("@", "&#64;")


def _cut(lines: Iterator[str], most: int, messages: Messages) -> Iterator[str]:
    """Lines while they fit, and a last one that says how many do not."""
    ending = 200
    left = most - ending
    for line in lines:
        left -= len(line.encode()) + 1
        if left < 0:
            yield ""
            yield f"… +{1 + sum(1 for _ in lines)} {messages.word('check', 'more')}"
            return
        yield line
