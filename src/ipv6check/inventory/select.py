"""Choosing part of an inventory: pure matching, no reading."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import islice

from ipv6check.inventory.agencies import folded
from ipv6check.inventory.tree import descendants
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.record import Record


class UnknownAgency(ValueError):
    """The selection names an agency that the inventory does not have; the text says which."""


class Selection(Record, frozen=True, kw_only=True):
    """What to keep. Empty fields do not narrow; several values of one field widen, several fields narrow.

    ``agencies`` are ids or whole names and include everything below them. ``names`` are ids, names or hosts, or
    patterns with ``*`` and ``?``, in any case. ``limit`` keeps the first so many; 0 keeps all.
    """

    agencies: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    names: tuple[str, ...] = ()
    limit: int = 0

    @property
    def is_all(self) -> bool:
        """True if nothing is left out."""
        return self == Selection()

    def matcher(self, agencies: Mapping[str, Agency]) -> Callable[[Asset], bool]:
        """The test for one asset (``limit`` apart). Raises ``UnknownAgency``."""
        wanted = frozenset[str]().union(*(descendants(agencies, one) for one in _ids(self.agencies, agencies)))
        tags = frozenset(tag.lower() for tag in self.tags)
        patterns = tuple(name.lower().removesuffix(".") for name in self.names)

        def matches(asset: Asset) -> bool:
            return (
                (not self.agencies or asset.agency in wanted)
                and (not tags or not tags.isdisjoint(asset.tags))
                and (not self.kinds or asset.kind in self.kinds)
                and (not patterns or _named(asset, patterns))
            )

        return matches

    def apply(self, assets: Iterable[Asset], agencies: Mapping[str, Agency]) -> Iterator[Asset]:
        """The chosen assets in their order. Raises ``UnknownAgency`` at once."""
        chosen = filter(self.matcher(agencies), assets)
        return islice(chosen, self.limit) if self.limit else chosen


def _ids(wanted: tuple[str, ...], agencies: Mapping[str, Agency]) -> Iterator[str]:
    for text in wanted:
        if text in agencies:
            yield text
            continue
        named = [one.id for one in agencies.values() if folded(text) in map(folded, one.names.values())]
        if not named:
            raise UnknownAgency(f"the inventory has no agency {text!r}")
        yield from named


def _named(asset: Asset, patterns: tuple[str, ...]) -> bool:
    texts = {asset.id.lower(), asset.name.lower(), *(target.host for target in asset.targets)}
    return any(fnmatchcase(text, pattern) for pattern in patterns for text in texts)
