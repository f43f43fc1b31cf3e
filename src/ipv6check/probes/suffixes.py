"""Where an organisation's own part of a name begins, by the public-suffix list that the package publicsuffixlist ships.

The package's reader encodes all 10,000 rules before it answers, 0.3 s that a check of one name has no use for. Here the
rules stay as they are written and a name is compared with them; a test holds the two against each other.
"""

from functools import cache
from importlib.resources import files

import idna

_FILE = "public_suffix_list.dat"


def is_registrable(host: str) -> bool:
    """True if ``host`` (A-labels, no final dot) is one label below a public suffix, as ``example.gov.vn`` is."""
    labels = _readable(host).split(".")
    return len(labels) == len(_suffix(labels)) + 1


def registrable(name: str) -> str:
    """The part of ``name`` (A-labels) that somebody registered, one label below the public suffix; empty above it."""
    labels = name.split(".")
    least = len(_suffix(_readable(name).split("."))) + 1
    return ".".join(labels[-least:]) if len(labels) >= least else ""


def _suffix(labels: list[str]) -> list[str]:
    """The public suffix (publicsuffix.org/list): the longest rule that matches, an exception before all, else ``*``. A
    name that has a wildcard below it counts as one, as in the package's own reader."""
    rules = _rules()
    for at in range(len(labels)):
        here, above = ".".join(labels[at:]), ".".join(labels[at + 1 :])
        if f"!{here}" in rules:
            return labels[at + 1 :]
        if here in rules or f"*.{here}" in rules or (above and f"*.{above}" in rules):
            return labels[at:]
    return labels[-1:]


@cache
def _rules() -> frozenset[str]:
    """Every line of the list; comments and blank lines can match no name."""
    return frozenset((files("publicsuffixlist") / _FILE).read_text(encoding="utf-8").split("\n"))


def _readable(host: str) -> str:
    """The name as the list writes it: IDN labels in Unicode; one that cannot be decoded stays."""
    if "xn--" not in host:
        return host
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host
