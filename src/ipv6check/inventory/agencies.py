"""Agencies as files tell of them: declared with ids, or only named in a column, in the end one checked tree.

Where any file declares agencies, every row must name one of them, by id or by its whole name. Where none does, each
name becomes an agency whose id is a slug of the name, and a second column (bureau) becomes a child of the first. A
column for the state or province keeps bodies of one name apart ("City of Aberdeen" is in four states), except federal
ones, whose offices are anywhere.
"""

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from ipv6check.files.problem import ProblemLog
from ipv6check.inventory.doubts import report_doubts
from ipv6check.inventory.draft import Draft
from ipv6check.inventory.normalise import clean, shown
from ipv6check.inventory.tree import check_tree
from ipv6check.model.agency import Agency

Pair = tuple[str, str, str]  # agency, bureau and place as written
_AT = "\0"
UNDETERMINED = "und"  # BCP 47: the language of a name in a column is not known


def _pair(draft: Draft) -> Pair:
    is_federal = draft.agency_level.lower().startswith("federal")
    return draft.agency, draft.bureau, "" if is_federal else draft.place


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens; the hash of the text if nothing is left."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    made = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain.lower() if not unicodedata.combining(c))).strip("-")
    return made[:80].rstrip("-") or _short_hash(text)


def folded(text: str) -> str:
    """The form in which two spellings of a name count as one."""
    return " ".join(clean(text).casefold().split())


def _short_hash(text: str) -> str:
    return hashlib.blake2b(folded(text).encode(), digest_size=4).hexdigest()


@dataclass(slots=True)
class _Named:
    """A node that is only known by name; ``parent`` is the folded name above it, empty for a root."""

    text: str
    parent: str
    file: str
    line: int
    level: str = ""
    until: date | None = None
    place: str = ""
    successors: list[str] = field(default_factory=list)


class AgencyBook:
    """Collects agencies while rows are read; ``close`` makes the tree, after which ``id_of`` answers."""

    def __init__(self) -> None:
        self.agencies: dict[str, Agency] = {}
        self._declared_at: dict[str, tuple[str, int]] = {}
        self._pairs: dict[Pair, int] = {}
        self._named: dict[tuple[str, str], _Named] = {}
        self._ids: dict[Pair, str] = {}
        self._known_names: dict[str, list[str]] = {}

    def declare(self, agency: Agency, *, file: str, line: int, log: ProblemLog) -> None:
        """Add an agency that a file declares with its id."""
        if agency.id in self.agencies:
            first_file, first_line = self._declared_at[agency.id]
            log.add(file, line, f"the agency {agency.id!r} is declared twice, first at {first_file}:{first_line}")
            return
        self.agencies[agency.id] = agency
        self._declared_at[agency.id] = (file, line)

    def note(self, draft: Draft) -> int:
        """Remember the agency a row names; a small number that is equal for equal agencies, 0 for none."""
        pair = _pair(draft)
        known = self._pairs.get(pair)
        if known is not None and not draft.successor:
            return known
        above, below = self._folded_pair(pair)
        if not below:
            return self._pairs.setdefault(pair, 0)
        root = self._name(above or below, "", draft.agency or draft.bureau, draft)
        root.level = root.level or slug_level(draft.agency_level)
        if above:
            self._name(below, above, draft.bureau, draft)
        if draft.successor and folded(draft.successor) != (above or below):
            self._name(folded(draft.successor), "", draft.successor, draft)
            root.successors = list(dict.fromkeys([*root.successors, folded(draft.successor)]))
            root.until = root.until or _day(draft.agency_until)
        return self._pairs.setdefault(pair, len(self._pairs) + 1)

    def _folded_pair(self, pair: Pair) -> tuple[str, str]:
        """The keys of (parent, own); parent empty for a root, both empty for no agency."""
        agency, bureau = folded(pair[0]), folded(pair[1])
        if not agency or not bureau or bureau == agency:
            agency, bureau = "", agency or bureau
        at = f"{_AT}{folded(pair[2])}" if pair[2] else ""
        return (f"{agency}{at}", bureau) if agency else ("", f"{bureau}{at}" if bureau else "")

    def _name(self, key: str, parent: str, text: str, draft: Draft) -> _Named:
        place = "" if parent or _AT not in key else clean(draft.place)
        return self._named.setdefault((parent, key), _Named(clean(text), parent, draft.file, draft.line, place=place))

    def id_of(self, draft: Draft) -> str:
        """The id of a row's agency, empty for none. Only after ``close`` without problems."""
        return self._ids.get(_pair(draft), "")

    def close(self, log: ProblemLog, warnings: ProblemLog) -> None:
        """Make ids and the tree of everything noted; faults go into ``log``, doubts into ``warnings``."""
        declared = bool(self.agencies)
        if declared:
            self._match_declared(log)
            check_tree(self.agencies, self._declared_at, log)
            report_doubts(self.agencies, self._declared_at, warnings)
        else:
            self._make_ids()

    def _match_declared(self, log: ProblemLog) -> None:
        for agency in self.agencies.values():
            for name in agency.names.values():
                self._known_names.setdefault(folded(name), []).append(agency.id)
        for (_, key), named in self._named.items():
            self._resolve(key.partition(_AT)[0], named, log)
        for pair in self._pairs:
            own = self._folded_pair(pair)[1].partition(_AT)[0]
            raw = clean(pair[1] or pair[0])
            if own:
                self._ids[pair] = raw if raw in self.agencies else next(iter(self._known_names.get(own, [])), "")

    def _resolve(self, key: str, named: _Named, log: ProblemLog) -> None:
        if named.text in self.agencies:
            return
        matches = self._known_names.get(key, [])
        if len(matches) > 1:
            ids = ", ".join(matches)
            log.add(named.file, named.line, f"the agency {shown(named.text)} names several: {ids}; write the id")
        elif not matches:
            near = difflib.get_close_matches(named.text, [*self.agencies], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            log.add(named.file, named.line, f"the agency {shown(named.text)} is not declared{hint}")

    def _make_ids(self) -> None:
        """Slugs; where two names share one, all of them get a short hash, so that the order of rows never matters."""
        self._tell_places()
        made: dict[tuple[str, str], str] = {}
        for level in (True, False):
            nodes = {key: named for key, named in self._named.items() if (key[0] == "") is level}
            taken: dict[tuple[str, str], int] = {}
            for (parent, _), named in nodes.items():
                place = (parent, slug(named.text))
                taken[place] = taken.get(place, 0) + 1
            for (parent, key), named in nodes.items():
                own = slug(named.text)
                if taken[parent, own] > 1:
                    own = f"{own}-{_short_hash(named.text)}"
                made[parent, key] = f"{made['', parent]}/{own}" if parent else own
        for (parent, key), named in self._named.items():
            agency = made[parent, key]
            self.agencies[agency] = Agency(
                id=agency,
                names={UNDETERMINED: named.text},
                level=named.level,
                parent=made["", parent] if parent else None,
                valid_to=named.until,
                succeeded_by=tuple(made["", after] for after in named.successors),
            )
        for pair in self._pairs:
            parent, key = self._folded_pair(pair)
            if key:
                self._ids[pair] = made[parent, key]

    def _tell_places(self) -> None:
        """Add the place to the name of roots that share one."""
        shared: dict[str, list[_Named]] = {}
        for (parent, key), named in self._named.items():
            if not parent:
                shared.setdefault(key.partition(_AT)[0], []).append(named)
        for several in shared.values():
            for named in several if len(several) > 1 else ():
                named.text = f"{named.text} ({named.place})" if named.place else named.text


def slug_level(text: str) -> str:
    """A level as a word (``Federal - Executive`` is ``federal-executive``), empty for none."""
    return slug(text) if text else ""


def _day(text: str) -> date | None:
    """An ISO day, checked where the row was read."""
    return date.fromisoformat(text) if text else None
