"""What is doubtful about the history of agencies: lawful, and yet a report by another day's tree would mislead."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from ipv6check.files.problem import ProblemLog
from ipv6check.model.agency import Agency

Places = Mapping[str, tuple[str, int]]


def report_doubts(agencies: Mapping[str, Agency], places: Places, log: ProblemLog) -> None:
    """Warn of dates that do not meet, splits, bodies without successor, and successors across a border."""
    before: dict[str, list[Agency]] = {}
    for agency in agencies.values():
        for after in agency.succeeded_by:
            before.setdefault(after, []).append(agency)
        for message in _of_one(agency, agencies):
            log.add(*places[agency.id], message)
    for after, taken in before.items():
        if after in agencies:
            for message in _crossed(after, taken, agencies):
                log.add(*places[after], message)
    _abolished(agencies, places, log)


def _of_one(agency: Agency, agencies: Mapping[str, Agency]) -> Iterator[str]:
    after = [agencies[one] for one in agency.succeeded_by if one in agencies]
    if after and agency.valid_to is None:
        yield f"{agency.id!r} has successors, but no last day (valid_to)"
    for one in after:
        if agency.valid_to and one.valid_from and one.valid_from != agency.valid_to + timedelta(days=1):
            gap = "overlaps with" if one.valid_from <= agency.valid_to else "leaves a gap to"
            yield f"{agency.id!r}, until {agency.valid_to}, {gap} its successor {one.id!r}, from {one.valid_from}"
        if agency.valid_to and one.valid_to and one.valid_to <= agency.valid_to:
            yield f"{agency.id!r} is succeeded by {one.id!r}, which ended on {one.valid_to}"
    if len(after) > 1:
        names = ", ".join(one.id for one in after)
        yield f"{agency.id!r} was split ({names}): its assets will be shown under the body above these"
    above = agencies.get(agency.parent or "")
    if above and above.valid_to and agency.valid_to and agency.valid_to > above.valid_to:
        yield f"{agency.id!r} ends on {agency.valid_to}, after the body above it, {above.id!r}, on {above.valid_to}"


def _crossed(after: str, taken: list[Agency], agencies: Mapping[str, Agency]) -> Iterator[str]:
    """A body that takes over from under several tops: the merger of same-named bodies is a usual slip of lists."""
    tops = {one.id: _top(one, agencies) for one in taken if one.parent in agencies}
    counted = Counter(tops.values())
    if len(counted) < 2:
        return
    most = counted.most_common(1)[0][0]
    others = ", ".join(sorted(one for one, top in tops.items() if top != most))
    told = ", ".join(f"{top}: {count}" for top, count in counted.most_common())
    yield f"{after!r} takes over from bodies under several others ({told}); look at {others}"


def _top(agency: Agency, agencies: Mapping[str, Agency]) -> str:
    seen: set[str] = set()
    while agency.parent in agencies and agency.id not in seen:
        seen.add(agency.id)
        agency = agencies[agency.parent or ""]
    return agency.id


def _abolished(agencies: Mapping[str, Agency], places: Places, log: ProblemLog) -> None:
    """Bodies that ended without successor, told once a level: a reform abolishes hundreds at a time."""
    ended: dict[str, list[Agency]] = {}
    for agency in agencies.values():
        if agency.valid_to is not None and not agency.succeeded_by:
            ended.setdefault(agency.level, []).append(agency)
    for level, found in ended.items():
        first = found[0]
        what = f"{len(found)} agencies of the level {level!r}" if level else f"{len(found)} agencies without a level"
        log.add(*places[first.id], f"{what} ended without successor, the first is {first.id!r}: their assets will be "
                "shown under the body above them")  # fmt: skip
