"""Whether agencies form a tree with a sensible history."""

from collections.abc import Callable, Mapping

from ipv6check.files.problem import ProblemLog
from ipv6check.model.agency import Agency


def check_tree(agencies: Mapping[str, Agency], places: Mapping[str, tuple[str, int]], log: ProblemLog) -> None:
    """Report unknown parents and successors, cycles, and periods that end before they begin."""
    for agency in agencies.values():
        file, line = places[agency.id]
        if agency.parent is not None and agency.parent not in agencies:
            log.add(file, line, f"the parent {agency.parent!r} of {agency.id!r} is not declared")
        for after in agency.succeeded_by:
            if after not in agencies:
                log.add(file, line, f"the successor {after!r} of {agency.id!r} is not declared")
        if agency.valid_from and agency.valid_to and agency.valid_from > agency.valid_to:
            log.add(file, line, f"{agency.id!r} ends on {agency.valid_to}, before it begins on {agency.valid_from}")
    _report_cycles(agencies, places, log, word="parent", onward=lambda one: (one.parent,) if one.parent else ())
    _report_cycles(agencies, places, log, word="successor", onward=lambda one: one.succeeded_by)


def _report_cycles(
    agencies: Mapping[str, Agency],
    places: Mapping[str, tuple[str, int]],
    log: ProblemLog,
    *,
    word: str,
    onward: Callable[[Agency], tuple[str, ...]],
) -> None:
    """Depth-first without recursion; a cycle is reported once, at its first agency in the file."""
    done: set[str] = set()
    for start in agencies:
        path: list[str] = []
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            current, leaving = stack.pop()
            if leaving:
                path.pop()
                done.add(current)
            elif current in path:
                around = " → ".join([*path[path.index(current) :], current])
                log.add(*places[current], f"{current!r} is its own {word}: {around}")
            elif current not in done and current in agencies:
                path.append(current)
                stack.append((current, True))
                stack.extend((after, False) for after in onward(agencies[current]))


def descendants(agencies: Mapping[str, Agency], top: str) -> frozenset[str]:
    """``top`` and every agency below it."""
    below: dict[str, list[str]] = {}
    for agency in agencies.values():
        if agency.parent is not None:
            below.setdefault(agency.parent, []).append(agency.id)
    found: set[str] = set()
    queue = [top]
    while queue:
        current = queue.pop()
        if current not in found:
            found.add(current)
            queue.extend(below.get(current, ()))
    return frozenset(found)
