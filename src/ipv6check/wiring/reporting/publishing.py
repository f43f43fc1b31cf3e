"""A whole set of reports in a folder: counted once, written beside the old set, and put in its place when complete."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.part import Parts
from ipv6check.model.agency import Agency
from ipv6check.model.standing import Standing
from ipv6check.model.trouble import Trouble
from ipv6check.reports.page import as_html, as_index
from ipv6check.reports.page.places import AGENCIES, WHOLE, file_stem
from ipv6check.reports.registry import FILES, FORMATS, ending
from ipv6check.wiring.reporting.records import Records

MANIFEST = "manifest.json"
SCHEMA = "ipv6check.published/1"
ALWAYS = ("json", "csv")
"""Formats of the whole that every set has."""


class Order(NamedTuple):
    """What a set is to hold: languages and formats, the first of each leading."""

    languages: tuple[str, ...]
    formats: tuple[str, ...]


def publish(
    standing: Standing, agencies: Iterable[Agency], folder: Path, order: Order, *, records: Records | None = None
) -> int:
    """Write the set into ``folder``; how many files it has. ``records`` are of earlier scans within every agency.

    A set that is there is replaced as a whole or stays. Raises Trouble if the folder holds anything that was not
    published, so that nobody's files are lost, or if it cannot be written.
    """
    check_place(folder)
    parts = Parts(standing, agencies, checks=CHECKS)
    try:
        target = folder.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    except OSError as error:
        raise Trouble(f"{folder}: cannot be written: {error.strerror}") from None
    try:
        count = _write_set(fresh, standing, parts, order, records)
        _swap(fresh, target)
    except OSError as error:
        raise Trouble(f"{folder}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return count


def check_place(folder: Path) -> None:
    """Raises Trouble for a place that a set must not replace."""
    target = folder.resolve()
    if not target.exists():
        return
    if not target.is_dir():
        raise Trouble(f"{folder}: is not a folder")
    if target == Path.cwd() or target.is_mount():
        raise Trouble(f"{folder}: cannot be replaced as a whole; name a folder inside it")
    present = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    strange = sorted(present - _known(target))
    if strange:
        raise Trouble(f"{folder}: holds files that publish did not write, such as {strange[0]}; name an empty folder")


def _known(target: Path) -> set[str]:
    """The files of the set that is there, as its manifest lists them."""
    try:
        listed = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST, *listed["files"]} if listed["schema"] == SCHEMA else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _write_set(fresh: Path, standing: Standing, parts: Parts, order: Order, records: Records | None) -> int:
    os.chmod(fresh, 0o755)
    for language in order.languages:
        formats = (*order.formats, *(one for one in ALWAYS if one not in order.formats))
        for one in formats:
            _write(fresh / language / f"{WHOLE}.{ending(one)}", standing, language, one)
        index = list(as_index.render(standing, language, formats=order.formats, languages=order.languages))
        _write_lines(fresh / f"index.{language}.html", index)
        if language == order.languages[0]:
            _write_lines(fresh / "index.html", index)
    for group in standing.agencies:
        if group.key:
            part = parts.of(group.key)
            part = records.onto(part) if records else part
            for language in order.languages:
                for one in order.formats:
                    _write(fresh / language / AGENCIES / f"{file_stem(group.key)}.{ending(one)}", part, language, one)
    manifest = _manifest(fresh, standing, order)
    _write_lines(fresh / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).split("\n"))
    return len(manifest["files"]) + 1


def _write(path: Path, standing: Standing, language: str, format: str) -> None:
    """One report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if format in FILES:
        with path.open("w+b") as file:
            FILES[format](standing, language, file)
        return
    if format == "html":
        lines = as_html.render(standing, language, published=True)
    else:
        lines = FORMATS[format](standing, language)
    _write_lines(path, lines, encoding="utf-8-sig" if format == "csv" else "utf-8")


def _write_lines(path: Path, lines: Iterable[str], *, encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        file.writelines(line + "\n" for line in lines)


def _manifest(fresh: Path, standing: Standing, order: Order) -> dict[str, Any]:
    """What the set was made from, and the SHA-256 of every file."""
    scan, mandate = standing.scan, standing.mandate
    return {
        "schema": SCHEMA,
        "tool_version": scan.tool_version,
        "ruleset": scan.ruleset,
        "scan": scan.id,
        "inventory_digest": scan.inventory_digest,
        "policy_digest": scan.policy_digest,
        "mandate": mandate.id,
        "mandate_digest": mandate.digest,
        "today": standing.today.isoformat(),
        "tree": standing.rollup.day.isoformat() if standing.rollup.day else "listed",
        "languages": order.languages,
        "agencies": {group.key: file_stem(group.key) for group in standing.agencies if group.key},
        "files": {name: _sha256(fresh / name) for name in sorted(_files(fresh))},
    }


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _swap(fresh: Path, target: Path) -> None:
    """Put the new set where the old one is; if that fails the old one is put back."""
    if not target.exists():
        os.rename(fresh, target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old-", dir=target.parent))
    os.rename(target, old / "set")
    try:
        os.rename(fresh, target)
    except OSError:
        os.rename(old / "set", target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def chosen(formats: Sequence[str], languages: Sequence[str]) -> Order:
    """The order of a command: each word once, in the order given."""
    return Order(languages=tuple(dict.fromkeys(languages)), formats=tuple(dict.fromkeys(formats)))
