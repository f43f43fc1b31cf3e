"""Administrative units before and after a reform, from two tables to dated agencies.

The first table lists the units until the reform (``level, code, name, parent_code``), the second pairs old and new
units of the lowest level (``old_commune_code, new_commune_code, new_commune`` and their provinces). Ids are paths of
codes: ``vn/83/829/28756`` before, ``vn/86/28756`` after. A province whose code goes on is ``vn/86-old`` before.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from ipv6check.files.problem import ProblemLog
from ipv6check.inventory.normalise import clean
from ipv6check.model.agency import Agency

UNITS = ("level", "code", "name", "parent_code")
PAIRS = (
    "old_province_code",
    "old_commune_code",
    "new_province_code",
    "new_province",
    "new_commune_code",
    "new_commune",
)
Pair = tuple[str, str]
"""Codes of an old and a new unit."""


@dataclass(slots=True)
class _Old:
    level: str
    name: str
    parent: str
    line: int
    successors: dict[str, None] = field(default_factory=dict)


def units_of(
    units: Path, pairs: Path, *, prefix: str, first_day: date, drop: Collection[Pair] = ()
) -> tuple[Agency, ...]:
    """The agencies of both tables, old ones first; the new begin on ``first_day`` and the old end the day before.

    ``drop`` are pairs that are known to be wrong. Raises Problems with every fault of both files.
    """
    log = ProblemLog()
    old = _read_units(units, log)
    rows = list(_rows(pairs, PAIRS, log))
    new, provinces = _pair(pairs, rows, old, set(drop), log)
    log.raise_if_any()
    taken = {after for afters in provinces.values() for after in afters}
    ids: dict[str, str] = {}

    def path(code: str) -> str:
        if code not in ids:
            one = old[code]
            own = f"{code}-old" if code in taken and not one.parent else code
            ids[code] = f"{path(one.parent) if one.parent else prefix}/{own}"
        return ids[code]

    last = first_day - timedelta(days=1)
    before = []
    for code, one in old.items():
        after = list(one.successors) if one.parent else provinces.get(code, [])
        before.append(
            Agency(
                id=path(code),
                names={"vi": one.name},
                level=one.level,
                parent=path(one.parent) if one.parent else None,
                valid_to=last,
                succeeded_by=tuple(f"{prefix}/{one}" for one in after),
            )
        )
    return (*before, *_new_agencies(new, prefix, first_day))


def _new_agencies(new: dict[str, str], prefix: str, first_day: date) -> Iterator[Agency]:
    for path, name in new.items():
        province, _, commune = path.partition("/")
        yield Agency(
            id=f"{prefix}/{path}",
            names={"vi": name},
            level="commune" if commune else "province",
            parent=f"{prefix}/{province}" if commune else None,
            valid_from=first_day,
        )


def _rows(file: Path, wanted: tuple[str, ...], log: ProblemLog) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            table = csv.DictReader(source)
            missing = [name for name in wanted if name not in (table.fieldnames or ())]
            if missing:
                log.add(str(file), 1, f"has no column {', '.join(missing)}")
                return
            for row in table:
                yield table.line_num, {name: clean(row[name] or "") for name in wanted}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        log.add(str(file), 0, f"cannot be read: {error}")


def _read_units(file: Path, log: ProblemLog) -> dict[str, _Old]:
    old: dict[str, _Old] = {}
    for line, row in _rows(file, UNITS, log):
        if not row["code"] or not row["name"] or row["code"] in old:
            log.add(str(file), line, f"the code {row['code']!r} is empty, has no name, or is there twice")
        else:
            old[row["code"]] = _Old(row["level"], row["name"], row["parent_code"], line)
    for code, one in old.items():
        if one.parent and (one.parent not in old or _line_is_round(old, code)):
            log.add(str(file), one.line, f"the parent {one.parent!r} of {code!r} is not listed, or is below it")
    return old


def _line_is_round(old: dict[str, _Old], code: str) -> bool:
    seen: set[str] = set()
    while code in old and code not in seen:
        seen.add(code)
        code = old[code].parent
    return code in seen


def _pair(
    file: Path, rows: list[tuple[int, dict[str, str]]], old: dict[str, _Old], drop: set[Pair], log: ProblemLog
) -> tuple[dict[str, str], dict[str, dict[str, None]]]:
    """Names of new units by path, and new provinces by old province; successors go into ``old``."""
    new: dict[str, str] = {}
    provinces: dict[str, dict[str, None]] = {}
    unused = set(drop)
    for line, row in rows:
        pair = row["old_commune_code"], row["new_commune_code"]
        if pair[0] not in old or row["old_province_code"] not in old:
            log.add(str(file), line, f"the old unit {pair[0]!r} or its province is not in the list of units")
            continue
        path = f"{row['new_province_code']}/{row['new_commune_code']}"
        for key, name in ((row["new_province_code"], row["new_province"]), (path, row["new_commune"])):
            if new.setdefault(key, name) != name:
                log.add(str(file), line, f"{key} is called {name!r} here and {new[key]!r} before")
        provinces.setdefault(row["old_province_code"], {})[row["new_province_code"]] = None
        if pair in drop:
            unused.discard(pair)
        else:
            old[pair[0]].successors[path] = None
    for before, after in sorted(unused):
        log.add(str(file), 0, f"does not pair {before} with {after}, which was to be dropped")
    return new, provinces
