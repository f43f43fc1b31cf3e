"""What is wrong with a file somebody wrote, with file and line, all of it at once."""

from collections.abc import Iterable

from ipv6check.model.record import Record
from ipv6check.model.trouble import Trouble

SHOWN = 50


class Problem(Record, frozen=True):
    """One thing to correct. ``line`` counts from 1; 0 means the whole file. ``message`` never quotes a secret."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """``file:line: message``, the form that editors and CI systems make clickable."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


class Problems(Trouble):
    """A file cannot be used. Carries the first problems in full and how many there are in all; ``hint`` is one more
    sentence of who caught it."""

    def __init__(self, problems: Iterable[Problem], *, total: int | None = None) -> None:
        self.problems = tuple(problems)
        self.hint = ""
        self.total = len(self.problems) if total is None else total
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        more = self.total - len(lines)
        if more > 0:
            lines.append(f"… and {more} more")
        return "\n".join(lines)


class ProblemLog:
    """Collects problems while a file is read on; keeps the first ``keep`` and counts the rest, so that a file of a
    million bad rows costs no memory."""

    def __init__(self, *, keep: int = SHOWN) -> None:
        self._keep = keep
        self.first: list[Problem] = []
        self.total = 0

    def add(self, file: str, line: int, message: str) -> None:
        """Record one problem."""
        self.extend((Problem(file, line, message),))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Record several problems."""
        for problem in problems:
            self.total += 1
            if len(self.first) < self._keep:
                self.first.append(problem)

    def raise_if_any(self) -> None:
        """Raise ``Problems`` with everything recorded, if anything was."""
        if self.total:
            raise Problems(self.first, total=self.total)
