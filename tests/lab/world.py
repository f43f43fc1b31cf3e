"""The lab's world: which names exist, how each behaves, and which verdicts are true of it.

Everything follows from (number of names, population, seed): classes are shuffled with the seed, addresses are
computed from the name's number. A class has an IPv6 prefix of its own, so that a fault is one firewall rule.
The prefixes lie in 2000::/3 outside every table of special-purpose addresses, and were not allocated to anybody
when this was written; the IPv4 space is a block that is not announced. Nothing of it ever leaves the namespaces.
"""

import csv
import ipaddress
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lab.truth import truth_of

SEED = 34
NAMES_PER_PROVINCE = 500
APEX = "gov.vn"

# Percent of a mixed population. The order gives each class its prefix: never sort it.
MIX = {
    "healthy": 40.0,
    "v4only": 20.0,
    "blackhole": 10.0,
    "refused": 5.0,
    "wrongname": 5.0,
    "expired": 5.0,
    "http500": 2.5,
    "otherpage": 2.5,
    "pmtu": 5.0,
    "special": 3.0,
    "nxdomain": 1.0,
    "servfail": 1.0,
}
# What a mix does not hold and a test of trust needs: a few of each.
CORNERS = ("v6only", "onedead", "onespecial", "redirect4", "plainonly", "twin", "prohibited")
CLASSES = (*MIX, *CORNERS)
POPULATIONS = ("mix", "healthy")

# One of every block that nobody may serve from; {0:x}:{1:x} is the name's number. Blocks that hold one address only
# (::, ::1) stand without it. The mapped and embedded IPv4 addresses lie in EMBEDDED4, which the firewall counts.
SPECIAL = (
    "2001:db8:{0:x}:{1:x}::80",
    "fd34:5678:{0:x}:{1:x}::80",
    "2002:1dff:{0:x}:{1:x}::80",
    "64:ff9b::1dff:{1:x}",
    "64:ff9b:1:{0:x}:{1:x}::80",
    "::ffff:1dff:{1:x}",
    "fe80::{0:x}:{1:x}:80",
    "2001:0:{0:x}:{1:x}::80",
    "3fff:{0:x}:{1:x}::80",
    "5f00:{0:x}:{1:x}::80",
    "100::{0:x}:{1:x}",
    "3ffe:{0:x}:{1:x}::80",
    "fec0:{0:x}:{1:x}::80",
    "ff0e::{0:x}:{1:x}",
    "4d00:{0:x}:{1:x}::80",
    "2001:2:0:{0:x}:{1:x}::80",
    "::1dff:{1:x}",
    "::1",
)
EMBEDDED4 = "29.255.0.0/16"

LABELS = ("ubnd", "so-tt", "so-yte", "so-gd", "so-nn", "dvc", "thue", "hdnd", "cong-an", "tp", "huyen", "xa", "phuong")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of the world. ``variant`` numbers the ways a class can be had: odd and even, or a special block."""

    index: int
    kind: str
    variant: int
    province: int
    name: str
    aaaa: tuple[str, ...]
    a: tuple[str, ...]

    @property
    def agency(self) -> str:
        """The agency that the inventory gives this name to."""
        return f"p{self.province:02d}"


def prefix6(kind: str) -> str:
    """The IPv6 prefix of a class."""
    return f"2d00:{CLASSES.index(kind) + 1:x}::/32"


def address6(kind: str, index: int) -> str:
    """The IPv6 address of a name that is served as ``kind``: a /64 for every name."""
    return f"2d00:{CLASSES.index(kind) + 1:x}:{index >> 16:x}:{index & 0xFFFF:x}::80"


def address4(index: int) -> str:
    """The IPv4 address of a name."""
    return str(ipaddress.IPv4Address((29 << 24) + 0x10000 + index))


class World:
    """N names under gov.vn., in provinces of 500."""

    def __init__(self, size: int, *, population: str = "mix", corners: int = 0, seed: int = SEED) -> None:
        if population not in POPULATIONS:
            raise ValueError(f"population {population!r} is not one of {', '.join(POPULATIONS)}")
        self.size = size
        self.population = population
        self._random = random.Random(seed)
        kinds = _mixed(size) if population == "mix" else ["healthy"] * size
        kinds += [kind for kind in CORNERS for _ in range(corners)]
        self._random.shuffle(kinds)
        self.names = [self._name(index, kind) for index, kind in enumerate(_numbered(kinds))]
        self.provinces = (len(self.names) + NAMES_PER_PROVINCE - 1) // NAMES_PER_PROVINCE

    def of(self, *kinds: str) -> list[Name]:
        """The names of these classes."""
        return [name for name in self.names if name.kind in kinds]

    def truth(self) -> Iterator[dict[str, object]]:
        """For every name: its class and, per rule, the verdicts that are true of it."""
        for name in self.names:
            yield {
                "asset": name.name,
                "class": name.kind,
                "variant": name.variant,
                "rules": {rule: sorted(statuses) for rule, statuses in truth_of(name.kind, name.variant).items()},
            }

    def write_truth(self, path: Path) -> None:
        """The truth as JSON lines."""
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in self.truth())

    def write_inventory(self, path: Path) -> None:
        """The names as a table that ``ipv6check scan`` reads; the id of an asset is its name."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "kind", "agency", "target"))
            writer.writerows((name.name, "domain", name.agency, name.name) for name in self.names)

    def _name(self, index: int, drawn: tuple[str, int]) -> Name:
        kind, variant = drawn
        province = index // NAMES_PER_PROVINCE
        name = f"{self._random.choice(LABELS)}-{index}.p{province:02d}.{APEX}"
        if kind == "twin":
            name = f"www.{name}"
        return Name(index, kind, variant, province, name, _aaaa(kind, index, variant), _a(kind, index))


def _mixed(size: int) -> list[str]:
    """Every class by its share, and at least once; healthy takes what rounding leaves."""
    counts = {kind: max(1, round(size * share / 100)) for kind, share in MIX.items()}
    counts["healthy"] += size - sum(counts.values())
    if counts["healthy"] < 1:
        raise ValueError(f"a mixed population needs more than {size} names")
    return [kind for kind, count in counts.items() for _ in range(count)]


def _numbered(kinds: list[str]) -> Iterator[tuple[str, int]]:
    seen = dict.fromkeys(CLASSES, 0)
    for kind in kinds:
        yield kind, seen[kind]
        seen[kind] += 1


def _aaaa(kind: str, index: int, variant: int) -> tuple[str, ...]:
    match kind:
        case "v4only" | "nxdomain":
            return ()
        case "special":
            return (_special(index, variant),)
        case "onespecial":
            return (address6("healthy", index), _special(index, variant))
        case "onedead":
            return (address6("healthy", index), address6("blackhole", index))
    return (address6(kind, index),)


def _a(kind: str, index: int) -> tuple[str, ...]:
    return () if kind in ("v6only", "nxdomain") else (address4(index),)


def _special(index: int, variant: int) -> str:
    address = SPECIAL[variant % len(SPECIAL)].format(index >> 16, index & 0xFFFF)
    return str(ipaddress.IPv6Address(address))
