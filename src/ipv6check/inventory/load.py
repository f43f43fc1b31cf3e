"""Opening inventories: everything is checked first, then assets stream from the files.

Two passes. The first reads every row, collects agencies, finds duplicates and reports all faults at once, keeping a few
octets a row. The second yields assets and can be repeated; so nothing has to be taken back after a late fault.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ipv6check.files.problem import Problem, ProblemLog, Problems
from ipv6check.inventory.examination import Examination
from ipv6check.inventory.opening import digest_of, gather
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset


@dataclass(frozen=True, slots=True)
class Inventory:
    """A checked inventory.

    ``digest`` is SHA-256 over the files' octets, ``count`` the number of assets. ``skipped`` counts invalid rows that
    were left out and ``faults`` are the first of them; ``warnings`` are the first of ``warned`` warnings.
    """

    files: tuple[str, ...]
    digest: str
    mandate: str
    agencies: Mapping[str, Agency]
    count: int
    skipped: int
    faults: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    warned: int
    _examined: Examination

    def assets(self) -> Iterator[Asset]:
        """The assets in the order of the files, one at a time. Raises ``Problems`` if a file changed meanwhile."""
        return self._examined.assets()

    def __iter__(self) -> Iterator[Asset]:
        return self.assets()


def open_inventory(
    path: Path, *, encoding: str | None = None, skip_invalid: bool = False, today: date | None = None
) -> Inventory:
    """Open one inventory and what it includes; ``Path("-")`` is standard input. See ``open_inventories``."""
    return open_inventories([path], encoding=encoding, skip_invalid=skip_invalid, today=today)


def open_inventories(
    paths: Sequence[Path], *, encoding: str | None = None, skip_invalid: bool = False, today: date | None = None
) -> Inventory:
    """Open several files as one inventory.

    Raises ``Problems`` with every fault of every file; with ``skip_invalid`` only faults that are not those of single
    rows (unreadable files, missing columns, broken agency trees). ``encoding`` names that of text tables and lists;
    ``today`` lets warnings tell of expired attestations.
    """
    examined, mandate, files, digest = _examine(paths, encoding=encoding, today=today)
    if examined.fatal.total or (examined.faults.total and not skip_invalid):
        raise Problems(
            [*examined.fatal.first, *examined.faults.first], total=examined.fatal.total + examined.faults.total
        )
    return Inventory(
        files=files,
        digest=digest,
        mandate=mandate,
        agencies=examined.book.agencies,
        count=examined.count,
        skipped=examined.faults.total,
        faults=tuple(examined.faults.first),
        warnings=tuple(examined.warnings.first),
        warned=examined.warnings.total,
        _examined=examined,
    )


@dataclass(frozen=True, slots=True)
class LintReport:
    """What ``inventory lint`` tells: the first errors and warnings, and how many there are in all."""

    errors: tuple[Problem, ...]
    error_count: int
    warnings: tuple[Problem, ...]
    warning_count: int
    assets: int
    agencies: int


def lint(paths: Sequence[Path], *, today: date, encoding: str | None = None) -> LintReport:
    """Everything that is wrong or suspicious in the files, without raising."""
    examined, *_ = _examine(paths, encoding=encoding, today=today)
    return LintReport(
        errors=(*examined.fatal.first, *examined.faults.first),
        error_count=examined.fatal.total + examined.faults.total,
        warnings=tuple(examined.warnings.first),
        warning_count=examined.warnings.total,
        assets=examined.count,
        agencies=len(examined.book.agencies),
    )


def _examine(
    paths: Sequence[Path], *, encoding: str | None, today: date | None
) -> tuple[Examination, str, tuple[str, ...], str]:
    log = ProblemLog()
    readers = gather(paths, encoding=encoding, log=log)
    examined = Examination(readers, today=today)
    examined.run()
    examined.fatal.extend(log.first)
    mandates = list(dict.fromkeys(reader.mandate for reader in readers if reader.mandate))
    if len(mandates) > 1:
        names = ", ".join(mandates)
        examined.fatal.add(readers[0].file, 0, f"the files name different mandates: {names}")
    if not examined.count and not examined.fatal.total and not examined.faults.total:
        examined.warnings.add(readers[0].file if readers else "", 0, "lists no assets")
    files = tuple(reader.file for reader in readers)
    return examined, mandates[0] if mandates else "", files, digest_of(readers, encoding=encoding)
