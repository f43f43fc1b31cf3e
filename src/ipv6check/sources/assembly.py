"""From what sources list to one inventory: agencies by tenant or column, every asset once, its origin noted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ipv6check.files.problem import Problem, ProblemLog
from ipv6check.inventory.agencies import AgencyBook, folded
from ipv6check.inventory.assemble import assemble
from ipv6check.inventory.draft import Draft
from ipv6check.inventory.normalise import Malformed, shown
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset
from ipv6check.sources.harvest import Harvest


@dataclass(slots=True)
class Imported:
    """An inventory made by an import. ``faults`` are entries kept apart, ``notes`` warnings, ``left_out`` what was left
    out on purpose, by source and reason; ``whole`` names the sources that were read without a fault."""

    agencies: Mapping[str, Agency]
    listed: list[Asset] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    left_out: list[tuple[str, str, int]] = field(default_factory=list)
    sources: tuple[str, ...] = ()
    whole: frozenset[str] = frozenset()
    mandate: str = ""

    @property
    def count(self) -> int:
        """Number of assets."""
        return len(self.listed)

    def __iter__(self) -> Iterator[Asset]:
        return iter(self.listed)


@dataclass(frozen=True, slots=True)
class Mapped:
    """How agencies are named: ``names`` maps a tenant as written (folded) to the agency meant, ``default`` is for
    entries that name none; entries of a role in ``without_roles`` (words as in an inventory) are left out."""

    names: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    without_roles: frozenset[str] = frozenset()


def assembled(harvests: Sequence[Harvest], mapped: Mapped, *, today: date) -> Imported:
    """Make the inventory; entries that cannot be assets become faults with file and line."""
    book = AgencyBook()
    faults, warnings = ProblemLog(keep=1_000_000), ProblemLog()
    for harvest in harvests:
        for agency, line in harvest.agencies:
            book.declare(agency, file=harvest.file, line=line, log=faults)
        for draft in harvest.naming:
            book.note(draft)
        for draft in harvest.drafts:
            draft.source = draft.source or harvest.source
            draft.seen = draft.seen or harvest.dated or today.isoformat()
            _map(draft, mapped)
            book.note(draft)
    book.close(faults, warnings)
    gathered = _Gathered(book, mapped)
    whole = set()
    for harvest in harvests:
        before = len(gathered.faults)
        gathered.take(harvest)
        if not harvest.faults and len(gathered.faults) == before:
            whole.add(harvest.source)
    return Imported(
        agencies=book.agencies,
        listed=gathered.assets,
        faults=[*faults.first, *(fault for harvest in harvests for fault in harvest.faults), *gathered.faults],
        notes=[*(note for harvest in harvests for note in harvest.notes), *warnings.first, *gathered.notes],
        left_out=[(source, reason, count) for (source, reason), count in sorted(gathered.left_out.items())],
        sources=tuple(dict.fromkeys(harvest.source for harvest in harvests)),
        whole=frozenset(whole - {one.source for one in harvests if one.faults}),
    )


def _map(draft: Draft, mapped: Mapped) -> None:
    for text in (draft.bureau, draft.agency):
        if text and folded(text) in mapped.names:
            draft.agency, draft.bureau, draft.place = mapped.names[folded(text)], "", ""
            return
    if not draft.agency and not draft.bureau:
        draft.agency = mapped.default


class _Gathered:
    """Assets that are in order, each once."""

    def __init__(self, book: AgencyBook, mapped: Mapped) -> None:
        self.assets: list[Asset] = []
        self.faults: list[Problem] = []
        self.notes: list[Problem] = []
        self.left_out: Counter[tuple[str, str]] = Counter()
        self._book = book
        self._mapped = mapped
        self._by_id: dict[str, Draft] = {}
        self._by_identity: dict[str, tuple[Draft, str]] = {}

    def take(self, harvest: Harvest) -> None:
        """Assemble what one source lists."""
        for reason, count in harvest.left_out.items():
            self.left_out[harvest.source, reason] += count
        for draft in harvest.drafts:
            role = "-".join(draft.role.lower().split())
            if role and role in self._mapped.without_roles:
                self.left_out[harvest.source, f"entries with the role {role}"] += 1
                continue
            try:
                self._one(draft)
            except Malformed as fault:
                self.faults.append(Problem(draft.file, draft.line, f"{_called(draft)}{fault}"))

    def _one(self, draft: Draft) -> None:
        asset, made = assemble(draft, agency=self._book.id_of(draft))
        identity = f"{asset.kind} {made.identity}"
        if draft.id and draft.id in self._by_id:
            raise Malformed(f"the id {shown(draft.id)} is used before, {_place(self._by_id[draft.id])}")
        first = self._by_identity.get(identity)
        if first is not None:
            message = f"the {asset.kind} {shown(asset.name)} is listed twice, first {_place(first[0])}"
            # As in any inventory, two assets may share what they are known by if each has an id of its own.
            has_ids = bool(draft.id and first[0].id)
            if first[1] != asset.agency and not has_ids:
                raise Malformed(f"{message}, for another agency")
            self.notes.append(Problem(draft.file, draft.line, f"{_called(draft)}{message}"))
            if not has_ids:
                return
        self._by_identity.setdefault(identity, (draft, asset.agency))
        if draft.id:
            self._by_id[draft.id] = draft
        self.assets.append(asset)


def _called(draft: Draft) -> str:
    """The entry's own name, where no line tells which one is meant."""
    return "" if draft.line or not (draft.name or draft.id) else f"{shown(draft.name or draft.id)}: "


def _place(draft: Draft) -> str:
    return f"at {draft.file}:{draft.line}" if draft.line else f"in {draft.file}"
