"""YAML as plain values with line numbers, built from the parser's events; nothing is constructed or executed.

Usage::

    document = read_yaml(path)                       # or parse_yaml(octets, file="dual-stack.yaml")
    if document.value.get("schema") == "…/1": ...    # dict, list, str or None, nothing else
    thing = validate(document, ThingModel)           # a FileModel (files/schema.py); raises Problems
    document.line("assets", 3, "targets")            # where a key or list item stands, 1-based
    document.digest                                  # SHA-256 of the file's octets, hex

Every scalar is a string, because YAML 1.1 would make 620 of ``10:20`` and False of ``no``; pydantic gives it a type.
A plain empty value, ``~`` and ``null`` are None. Tags, merge keys, duplicate keys, several documents and keys that are
not scalars are refused; size, depth, number of nodes and what aliases may expand to are limited.
Everything raises ``Problems``; an unreadable file is one problem on line 0.
"""

import codecs
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ipv6check.files.problem import Problem, ProblemLog, Problems

Plain = dict[str, "Plain"] | list["Plain"] | str | None
Location = tuple[str | int, ...]

# Everything is held: a million values took 270 MB. Longer lists belong into CSV, which streams.
MAX_OCTETS = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 1_000_000
MAX_ALIASED_NODES = 10_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One parsed file. ``lines`` maps the location of every mapping entry and list item to its line."""

    file: str
    value: Plain
    digest: str
    lines: dict[Location, int]

    def line(self, *location: str | int) -> int:
        """The line of ``location``, else of the nearest enclosing thing that has one, else 1."""
        for end in range(len(location), 0, -1):
            line = self.lines.get(location[:end])
            if line is not None:
                return line
        return 1


def read_yaml(path: Path) -> YamlDocument:
    """Read one file. Raises ``Problems`` if it cannot be read or is not the YAML described above."""
    try:
        with path.open("rb") as stream:
            octets = stream.read(MAX_OCTETS + 1)
    except OSError as error:
        raise Problems([Problem(str(path), 0, f"cannot be read: {error.strerror}")]) from None
    return parse_yaml(octets, file=str(path))


def parse_yaml(octets: bytes, *, file: str) -> YamlDocument:
    """Parse the octets of one file; ``file`` is the name used in problems. Raises ``Problems``."""
    if len(octets) > MAX_OCTETS:
        raise Problems([Problem(file, 0, f"is larger than {MAX_OCTETS >> 20} MiB")])
    builder = _Builder(file)
    text = _decode(octets, file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise Problems([_syntax_problem(error, text, file)]) from None
    except yaml.reader.ReaderError as error:
        raise Problems([Problem(file, 0, f"holds a character that YAML does not allow: {error.reason}")]) from None
    builder.log.raise_if_any()
    return YamlDocument(file, builder.root, hashlib.sha256(octets).hexdigest(), builder.lines)


def _decode(octets: bytes, file: str) -> str:
    encoding = "utf-8-sig"
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = octets.decode(encoding)
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise Problems([Problem(file, line, "is not UTF-8 text; save the file as UTF-8")]) from None
    bad = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise Problems([Problem(file, line, f"holds the control character U+{ord(bad.group()):04X}")])
    return text


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem(file, 0, "is not valid YAML")
    what = ": ".join(part for part in (error.context, error.problem) if part)
    written = text.splitlines()[mark.line : mark.line + 1]
    hint = "; put quotes around an IPv6 address" if "::" in "".join(written) else ""
    return Problem(file, mark.line + 1, f"is not valid YAML: {what}{hint}")


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet; ``key`` is the pending key of a mapping."""

    value: dict[str, Plain] | list[Plain]
    location: Location
    line: int
    anchor: str | None
    first_node: int
    key: str | None = None
    key_line: int = 0
    skipped: bool = False


@dataclass(slots=True)
class _Builder:
    """Turns events into values without recursion, so that depth cannot exhaust the stack."""

    file: str
    root: Plain = None
    log: ProblemLog = field(default_factory=ProblemLog)
    lines: dict[Location, int] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Plain, int]] = field(default_factory=dict)
    _nodes: int = 0
    _aliased: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Handle one event; a fault that makes reading on pointless raises ``Problems`` at once."""
        line = event.start_mark.line + 1 if event.start_mark else 0
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()
            case yaml.AliasEvent():
                self._alias(event.anchor or "", line)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop(line, "holds more than one document")

    def _stop(self, line: int, message: str) -> None:
        self.log.add(self.file, line, message)
        self.log.raise_if_any()

    def _count(self, event: yaml.NodeEvent, line: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(line, f"holds more than {MAX_NODES} values")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._stop(line, f"uses the tag {tag[:80]!r}; tags are not allowed")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._count(event, line)
        plain = event.style is None or event.style == ""
        value = None if plain and event.value in ("", "~", "null") else event.value
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._key(parent, event.value, line)
            return
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._place(value, line)

    def _key(self, parent: _Open, key: str, line: int) -> None:
        if key == "<<":
            self._stop(line, "uses the merge key '<<', which is not supported")
        if isinstance(parent.value, dict) and key in parent.value:
            first = self.lines[(*parent.location, key)]
            self.log.add(self.file, line, f"{key!r} is given twice, first on line {first}")
        parent.key, parent.key_line = key, line

    def _start(self, event: yaml.CollectionStartEvent, line: int) -> None:
        self._count(event, line)
        if len(self._open) >= MAX_DEPTH:
            self._stop(line, f"is nested deeper than {MAX_DEPTH} levels")
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._stop(line, "uses a list or mapping as a key; quote the key if it is meant as text")
        location = self._next_location()
        value: dict[str, Plain] | list[Plain] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if parent is not None:
            self.lines.setdefault(location, parent.key_line if isinstance(parent.value, dict) else line)
        self._open.append(_Open(value, location, line, event.anchor, self._nodes))

    def _end(self) -> None:
        done = self._open.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.value, self._nodes - done.first_node + 1)
        self._place(done.value, done.line)

    def _alias(self, anchor: str, line: int) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._stop(line, "uses an alias as a key")
        if anchor not in self._anchors:
            self._stop(line, f"refers to the anchor {anchor[:80]!r}, which is not defined before")
        value, size = self._anchors[anchor]
        self._aliased += size
        # Counted as written out, so that nested aliases cannot multiply (the "billion laughs").
        self._nodes += size
        if self._aliased > MAX_ALIASED_NODES:
            self._stop(line, f"repeats more than {MAX_ALIASED_NODES} values through aliases")
        self._place(value, line)

    def _next_location(self) -> Location:
        if not self._open:
            return ()
        parent = self._open[-1]
        step = len(parent.value) if isinstance(parent.value, list) else (parent.key or "")
        return (*parent.location, step)

    def _place(self, value: Plain, line: int) -> None:
        if not self._open:
            self.root = value
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            self.lines.setdefault(self._next_location(), line)
            parent.value.append(value)
        else:
            self.lines.setdefault(self._next_location(), parent.key_line)
            parent.value[parent.key or ""] = value
            parent.key = None
