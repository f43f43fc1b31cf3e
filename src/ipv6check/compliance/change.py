"""What changed about an asset, in which direction, and why."""

from collections.abc import Iterable, Mapping, Sequence

from ipv6check.model.history import Turn
from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness
from ipv6check.model.standing import RatedVerdict
from ipv6check.model.verdict import Status, Verdict

_PROVEN = {Readiness.READY: 3, Readiness.PARTIAL: 2, Readiness.NOT_READY: 0}
_UNDECIDED = 1
_OUTSIDE = frozenset({Readiness.EXEMPT, Readiness.NOT_APPLICABLE})
_LEVELS = {Level.REQUIRED: 0, Level.ADVISED: 1, Level.INFORMATIONAL: 2}
_STATUSES = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2, Status.NOT_APPLICABLE: 3}


def turn_of(before: Readiness | None, after: Readiness | None) -> Turn:
    """The direction of a change; None stands for an asset that did not count at all.

    Better and worse go by what is proven: ready over partial over undecided over not ready. To lose sight of an asset
    that was not ready is no improvement, and to exempt one is neither: both are ``same``.
    """
    if before is after:
        return Turn.SAME
    if before is None:
        return Turn.NEW
    if after is None:
        return Turn.GONE
    if after in _OUTSIDE:
        return Turn.SAME
    now = _PROVEN.get(after, _UNDECIDED)
    if before in _OUTSIDE:
        return Turn.BETTER if after is Readiness.READY else Turn.WORSE
    earlier = _PROVEN.get(before, _UNDECIDED)
    if now == earlier or (before is Readiness.NOT_READY and now == _UNDECIDED):
        return Turn.SAME
    return Turn.BETTER if now > earlier else Turn.WORSE


def cause_of(now: Iterable[RatedVerdict], before: Sequence[Verdict]) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    """The verdicts that differ in status from those ``before``, and what they were (only those there were).

    What the mandate requires comes first; then what fails or failed, before what is or was undecided.
    """
    earlier = {verdict.rule: verdict for verdict in before}
    differing = [
        rated
        for rated in now
        if rated.verdict.rule not in earlier or earlier[rated.verdict.rule].status is not rated.verdict.status
    ]
    differing.sort(key=lambda one: (_LEVELS[one.level], _weight(one.verdict, earlier), one.verdict.rule))
    cause = tuple(one.verdict for one in differing)
    return cause, tuple(earlier[one.rule] for one in cause if one.rule in earlier)


def _weight(verdict: Verdict, earlier: Mapping[str, Verdict]) -> int:
    """How much a change of status decides: less is more."""
    was = earlier.get(verdict.rule)
    return min(_STATUSES[verdict.status], _STATUSES[was.status] if was else _STATUSES[Status.NOT_APPLICABLE])
