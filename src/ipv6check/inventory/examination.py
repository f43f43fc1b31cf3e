"""The first pass over an inventory: every fault of every row, duplicates included, a few octets kept for each row."""

from collections.abc import Iterator, Sequence
from datetime import date

from ipv6check.files.problem import Problem, ProblemLog, Problems
from ipv6check.inventory.agencies import AgencyBook
from ipv6check.inventory.assemble import assemble
from ipv6check.inventory.draft import Draft
from ipv6check.inventory.normalise import Malformed, shown
from ipv6check.inventory.reader import Reader
from ipv6check.inventory.seen import Seen
from ipv6check.inventory.suspicion import suspicions
from ipv6check.model.asset import Asset

# A place packs line, agency, file and whether an id was given into 64 bits: 32, 20, 11 and 1.
_LINE_BITS, _AGENCY_BITS, _HAS_ID = 32, 20, 1 << 63


class Examination:
    """Reads all files once. ``fatal`` are faults no row can be skipped for, ``faults`` those of single rows."""

    def __init__(self, readers: Sequence[Reader], *, today: date | None) -> None:
        self.fatal = ProblemLog()
        self.faults = ProblemLog()
        self.warnings = ProblemLog()
        self.book = AgencyBook()
        self.count = 0
        self._readers = readers
        self._today = today
        self._faulty: list[set[int]] = [set() for _ in readers]
        self._ids = Seen()
        self._identities = Seen()

    def run(self) -> None:
        """Go through every row of every file."""
        for reader in self._readers:
            self.warnings.extend(reader.notes)
            for agency, line in reader.agencies:
                self.book.declare(agency, file=reader.file, line=line, log=self.fatal)
        for number, reader in enumerate(self._readers):
            try:
                self._read(number, reader)
            except Problems as fault:
                self.fatal.extend(fault.problems)
        self.book.close(self.fatal, self.warnings)
        # The tables have done their work; a scan may hold the inventory for hours.
        self._ids = self._identities = Seen()

    def _read(self, number: int, reader: Reader) -> None:
        for ordinal, row in enumerate(reader.rows()):
            if isinstance(row, Problem):
                self._reject(number, ordinal, row)
                continue
            agency = self.book.note(row)
            if reader.agencies_only:
                continue
            try:
                self._take(number, row, agency)
            except Malformed as error:
                self._reject(number, ordinal, Problem(row.file, row.line, str(error)))

    def _reject(self, number: int, ordinal: int, problem: Problem) -> None:
        self._faulty[number].add(ordinal)
        self.faults.extend((problem,))

    def _take(self, number: int, draft: Draft, agency: int) -> None:
        asset, made = assemble(draft, agency="")
        place = draft.line | agency << _LINE_BITS | number << _LINE_BITS + _AGENCY_BITS
        if draft.id:
            place |= _HAS_ID
            first = self._ids.first(asset.id, place)
            if first is not None:
                raise Malformed(f"the id {shown(asset.id)} is used before, {self._where(first, draft)}")
        first = self._identities.first(f"{asset.kind} {made.identity}", place)
        if first is not None:
            message = self._duplicate(asset, first, agency, draft)
            # Two assets may share a target only if each has an id of its own.
            if not (draft.id and first & _HAS_ID):
                raise Malformed(message)
            self.warnings.add(draft.file, draft.line, message)
        self.count += 1
        for message in suspicions(asset, draft, today=self._today):
            self.warnings.add(draft.file, draft.line, message)

    def _where(self, place: int, draft: Draft) -> str:
        line = place & (1 << _LINE_BITS) - 1
        file = self._readers[(place & ~_HAS_ID) >> _LINE_BITS + _AGENCY_BITS].file
        return f"on line {line}" if file == draft.file else f"at {file}:{line}"

    def _duplicate(self, asset: Asset, first: int, agency: int, draft: Draft) -> str:
        where = self._where(first, draft)
        what = f"the {asset.kind} {shown(asset.name)}"
        if first >> _LINE_BITS & (1 << _AGENCY_BITS) - 1 != agency:
            return f"{what} is listed for another agency too, {where}; give each an id if both own it"
        return f"{what} is listed twice, first {where}"

    def assets(self) -> Iterator[Asset]:
        """Every row that is in order, as an asset with its agency."""
        for number, reader in enumerate(self._readers):
            if reader.agencies_only:
                continue
            faulty = self._faulty[number]
            for ordinal, row in enumerate(reader.rows()):
                if ordinal not in faulty and not isinstance(row, Problem):
                    yield assemble(row, agency=self.book.id_of(row))[0]
