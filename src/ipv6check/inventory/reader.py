"""What every format is read as: a digest, agencies, further files, and rows that can be gone through again."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ipv6check.files.problem import Problem, Problems
from ipv6check.inventory.draft import Draft
from ipv6check.model.agency import Agency


class Reader(Protocol):
    """One opened file. ``rows`` starts anew at each call and yields the same drafts and faults in the same order.

    ``includes`` and ``agencies`` carry the line they stand on; ``agencies_only``: rows name agencies and no assets;
    ``notes`` are warnings about the file as a whole.
    """

    file: str
    digest: str
    mandate: str
    includes: tuple[tuple[str, int], ...]
    agencies: tuple[tuple[Agency, int], ...]
    agencies_only: bool
    notes: tuple[Problem, ...]

    def rows(self) -> Iterator[Draft | Problem]:
        """Every row as written; a row that cannot even be split is a ``Problem``."""
        ...


class Stamp:
    """Size and time of a file, to notice that it changed between two readings."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._look()

    def _look(self) -> tuple[int, int]:
        found = os.stat(self._path)
        return found.st_size, found.st_mtime_ns

    def check(self) -> None:
        """Raise ``Problems`` if the file is no longer what it was."""
        if self._look() != self._seen:
            raise Problems([Problem(str(self._path), 0, "was changed while it was being read; start again")])
