"""Which encoding a text file is in, without ever guessing quietly.

A byte-order mark decides, then strict UTF-8, then charset-normalizer among the encodings that spreadsheets in this
part of the world write (Windows-1258 for Vietnamese). What stays unclear is refused with the way out: ``--encoding``.
"""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ipv6check.files.problem import Problem, Problems

_CHUNK = 1 << 20
_CANDIDATES = ["cp1258", "cp1252", "latin_1"]
_SPOKEN = {"cp1258": "Windows-1258", "cp1252": "Windows-1252", "latin_1": "Latin-1"}


@dataclass(frozen=True, slots=True)
class TextFile:
    """What one pass over the octets found. ``guessed`` is the name of an encoding that was only recognised."""

    path: Path
    digest: str
    encoding: str
    guessed: str = ""


def examine(path: Path, *, file: str, encoding: str | None) -> TextFile:
    """Digest and encoding of a file. Raises ``Problems`` for what cannot be read as text."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
        told = encoding or _by_mark(head)
        digest, fault = _scan(path, told or "utf-8", file=file)
    except OSError as error:
        raise Problems([Problem(file, 0, f"cannot be read: {error.strerror}")]) from None
    except LookupError:
        raise Problems([Problem(file, 0, f"the encoding {encoding!r} is not known")]) from None
    if fault is None:
        return TextFile(path, digest, told or "utf-8")
    if told:
        raise Problems([Problem(file, fault, f"is not {told} text from this line on")])
    guessed = _guess(path, file=file, line=fault)
    return TextFile(path, digest, guessed, _SPOKEN[guessed])


def _by_mark(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) == 4 and b"\0" in head:
        # ASCII in UTF-16 without a mark: every other octet is zero.
        return "utf-16-le" if head[1] == head[3] == 0 else "utf-16-be" if head[0] == head[2] == 0 else None
    return None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _scan(path: Path, encoding: str, *, file: str) -> tuple[str, int | None]:
    """SHA-256 of the octets, and the line where the encoding first fails, or None. Raises on a NUL character."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    line = 1
    fault: int | None = None
    for chunk in _chunks_with_end(path):
        digest.update(chunk)
        if fault is not None:
            continue
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            fault = line + chunk.count(b"\n", 0, error.start)
            continue
        if "\0" in text:
            place = line + text.count("\n", 0, text.index("\0"))
            raise Problems([Problem(file, place, "holds a NUL character; is it a text file, and in which encoding?")])
        line += text.count("\n")
    return digest.hexdigest(), fault


def _chunks_with_end(path: Path) -> Iterator[bytes]:
    """The chunks and an empty one, with which the decoder notices an unfinished character."""
    yield from _chunks(path)
    yield b""


def _guess(path: Path, *, file: str, line: int) -> str:
    """The encoding of a file that is not UTF-8. Raises ``Problems`` if that is not clear enough."""
    with path.open("rb") as stream:
        lines = [part for part in stream.read(_CHUNK).splitlines(keepends=True) if not part.isascii()]
    sample = b"".join(lines)[:200_000]
    if b"\0" in sample:
        raise Problems([Problem(file, line, "holds a NUL character; is it a text file, and in which encoding?")])
    good, bad = _utf8_share(sample)
    if good and good >= bad:
        raise Problems([Problem(file, line, "is not UTF-8 on this line while other lines are; correct the line")])
    from charset_normalizer import from_bytes  # 3 MB, and most files are UTF-8

    best = from_bytes(sample, cp_isolation=_CANDIDATES, threshold=0.4).best()
    if best is None or best.encoding not in _SPOKEN:
        raise Problems([Problem(file, line, "is not UTF-8 and its encoding is not clear; name it with --encoding")])
    return best.encoding


def _utf8_share(sample: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are good UTF-8, and how many octets are not."""
    text = sample.decode("utf-8", errors="surrogateescape")
    bad = sum(1 for character in text if "\udc80" <= character <= "\udcff")
    good = sum(1 for character in text if not character.isascii()) - bad
    return good, bad
