"""A plain list: one target a line, ``#`` starts a comment. What standard input is read as."""

from collections.abc import Iterator
from pathlib import Path

from ipv6check.files.problem import Problem, Problems
from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.encoding import examine
from ipv6check.inventory.normalise import clean
from ipv6check.inventory.reader import Stamp
from ipv6check.model.agency import Agency

MAX_LINE = 4096


class PlainReader:
    """One list of names, addresses, URLs and ``host:port``. ``name`` replaces the path in messages (``<stdin>``)."""

    mandate = ""
    includes: tuple[tuple[str, int], ...] = ()
    agencies: tuple[tuple[Agency, int], ...] = ()
    agencies_only = False

    def __init__(self, path: Path, *, encoding: str | None = None, name: str = "") -> None:
        self.file = name or str(path)
        self._text = examine(path, file=self.file, encoding=encoding)
        self.digest = self._text.digest
        self._stamp = Stamp(path)
        guessed = self._text.guessed
        self.notes: tuple[Problem, ...] = (Problem(self.file, 0, f"was read as {guessed}"),) if guessed else ()

    def rows(self) -> Iterator[Draft | Problem]:
        """Every line that holds a target."""
        with self._text.path.open(encoding=self._text.encoding) as stream:
            number = 0
            while line := stream.readline(MAX_LINE):
                number += 1
                if len(line) >= MAX_LINE:
                    raise Problems([Problem(self.file, number, f"is a line longer than {MAX_LINE} characters")])
                # A comment begins a line or follows a blank: a URL may hold a '#' of its own.
                text = "" if line.startswith("#") else clean(line.split(" #")[0].split("\t#")[0])
                if text:
                    yield Draft(self.file, number, targets=[DraftTarget(text)])
        self._stamp.check()
