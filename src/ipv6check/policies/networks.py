"""Reading the table of networks: CSV with the columns prefix and name."""

import csv
from ipaddress import ip_network
from pathlib import Path

from ipv6check.files.problem import Problem, Problems
from ipv6check.model.networks import Networks

_COLUMNS = ("prefix", "name")
_MOST_OCTETS = 64 << 20


def load_networks(path: str) -> Networks:
    """The table in a UTF-8 file, separated by comma, semicolon or tab; lines that begin with # are comments. An empty
    path is an empty table. Raises ``Problems`` with every fault and its line."""
    if not path:
        return Networks()
    try:
        if Path(path).stat().st_size > _MOST_OCTETS:
            raise Problems([Problem(path, 0, "is larger than 64 MiB")])
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Problems([Problem(path, 0, f"cannot be read: {error}")]) from None
    rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not rows:
        raise Problems([Problem(path, 0, "is empty; the first line must be prefix,name")])
    delimiter = next((one for one in ",;\t" if one in rows[0][1]), ",")
    header = [cell.strip().lower() for cell in next(csv.reader([rows[0][1]], delimiter=delimiter))]
    missing = [column for column in _COLUMNS if column not in header]
    if missing:
        raise Problems([Problem(path, rows[0][0], f"lacks the column {' and '.join(missing)}")])
    names: dict[str, str] = {}
    problems: list[Problem] = []
    at_prefix, at_name = header.index("prefix"), header.index("name")
    for number, line in rows[1:]:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
        if len(cells) <= max(at_prefix, at_name) or not cells[at_name]:
            problems.append(Problem(path, number, "needs a prefix and a name"))
            continue
        try:
            names[str(ip_network(cells[at_prefix]))] = cells[at_name]
        except ValueError as error:
            problems.append(Problem(path, number, f"prefix: {error}"))
    if problems:
        raise Problems(problems)
    return Networks(names)
