"""Bodies that merge, split or vanish: under whom an asset is shown on a given day.

The inventory says for whom an asset is listed; that never changes with time. On a day on which that body does not
exist its assets go to the successor, or, before it existed, to the predecessor. Of several, a machine cannot know who
got what: the assets go to the nearest body that stands above all of them, else they stay where they are listed. A body
without any successor (a level that was abolished) leaves its assets to the body above it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from ipv6check.compliance.scope import NO_AGENCY, AgencyTree
from ipv6check.model.agency import Agency
from ipv6check.model.mandate import Mandate
from ipv6check.model.standing import Rollup


class Roster:
    """The tree as listed, the tree as it is shown, and the way from one to the other.

    ``day`` None shows the tree as it is listed, where dates do not matter. ``split`` are the bodies whose assets
    cannot be given to one successor.
    """

    def __init__(self, agencies: Iterable[Agency], *, day: date | None, today: date) -> None:
        self.listed = AgencyTree(agencies)
        self.day, self._today = day, today
        self._before: dict[str, list[str]] = {}
        for agency in self.listed.by_id.values():
            for after in agency.succeeded_by:
                self._before.setdefault(after, []).append(agency.id)
        self._homes: dict[str, str] = {}
        self.split: set[str] = set()
        self.tree = self.listed if day is None else AgencyTree(self._shown(day))

    def home(self, agency: str) -> str:
        """The body under which assets listed for ``agency`` are shown."""
        if self.day is None or agency == NO_AGENCY:
            return agency
        return self._homes.get(agency, agency)

    def is_present(self, agency: str) -> bool:
        """True if the body belongs into the tree even without assets."""
        known = self.tree.by_id.get(agency)
        return known is not None and (self.day is None or known.is_valid_on(self.day))

    def counts_empty(self, agency: str) -> bool:
        """True if a body without anything listed counts as an organisation: it exists, and in the tree as listed it did
        not take over from one that counts itself."""
        if self.day is not None:
            return self.is_present(agency)
        return self.listed.by_id[agency].is_valid_on(self._today) and agency not in self._before

    def _shown(self, day: date) -> list[Agency]:
        for agency in self.listed.by_id:
            self._settle(agency, day, frozenset())
        kept = [one for one in self.listed.by_id.values() if self._homes[one.id] == one.id]
        return [replace(one, parent=self._above(one)) for one in kept]

    def _above(self, agency: Agency) -> str | None:
        """The home of the parent; none if that is the body itself, which then took its superior's place."""
        above = self._homes.get(agency.parent, agency.parent) if agency.parent else None
        return None if above == agency.id else above

    def _settle(self, agency: str, day: date, asked: frozenset[str]) -> str:
        """The home of a body; one that follows itself stays where it is."""
        known = self._homes.get(agency)
        if known is not None:
            return known
        one = self.listed.by_id.get(agency)
        if one is None or agency in asked:
            return agency
        asked |= {agency}
        ended, begins = self._has_ended(one, day), one.valid_from is not None and day < one.valid_from
        found = agency
        if ended or begins:
            near = [other for other in self._near(one, ended) if other in self.listed.by_id]
            others = dict.fromkeys(self._settle(other, day, asked) for other in near)
            others.pop(agency, None)
            if len(others) == 1:
                found = next(iter(others))
            elif others:
                self.split.add(agency)
                found = self._common(tuple(others), day, asked) or agency
            elif one.parent and not near:
                found = self._settle(one.parent, day, asked)
        self._homes[agency] = found
        return found

    def _near(self, agency: Agency, ended: bool) -> Sequence[str]:
        return agency.succeeded_by if ended else self._before.get(agency.id, ())

    def _has_ended(self, agency: Agency, day: date) -> bool:
        """True after its last day; a body whose end has no date ended when its successors began."""
        if agency.valid_to is not None:
            return agency.valid_to < day
        begun = [self.listed.by_id[one].valid_from for one in agency.succeeded_by if one in self.listed.by_id]
        return bool(begun) and all(start is None or start <= day for start in begun)

    def _common(self, agencies: Sequence[str], day: date, asked: frozenset[str]) -> str:
        """The nearest body above all of these on the day; empty if there is none."""
        lines = [self._line(agency, day, asked) for agency in agencies]
        shared = set(lines[0]).intersection(*lines[1:])
        return next((one for one in lines[0] if one in shared), "")

    def _line(self, agency: str, day: date, asked: frozenset[str]) -> list[str]:
        climbed: dict[str, None] = {}
        current = agency
        while current and current not in climbed:
            climbed[current] = None
            known = self.listed.by_id.get(current)
            current = self._settle(known.parent, day, asked) if known and known.parent else ""
        return list(climbed)


class Moves:
    """What a rollup moved, counted asset by asset."""

    def __init__(self) -> None:
        self._assets = 0
        self._agencies: set[str] = set()
        self._undecided: set[str] = set()

    def note(self, listed: str, home: str, roster: Roster) -> None:
        """Count one asset that is in scope."""
        if listed in roster.split:
            self._undecided.add(listed)
        if listed != home:
            self._assets += 1
            self._agencies.add(listed)

    def rollup(self, roster: Roster) -> Rollup:
        """The record for the standing."""
        return Rollup(
            day=roster.day,
            assets=self._assets,
            agencies=len(self._agencies),
            undecided=tuple(sorted(self._undecided)),
        )


def handed_over(agencies: Iterable[Agency], mandate: Mandate) -> list[Agency]:
    """The agencies with the successions that the mandate tells, where the inventory tells none."""
    told = mandate.succession.get("organisations") or {}
    found = []
    for one in agencies:
        entry = told.get(one.id)
        if entry and not one.succeeded_by:
            last = one.valid_to or (entry["from"] - timedelta(days=1) if entry["from"] else None)
            one = replace(one, succeeded_by=tuple(entry["into"]), valid_to=last)
        found.append(one)
    return found
