"""Which assets of a revision are meant, as columns can answer it."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func

from ipv6check.model.asset import Kind
from ipv6check.model.record import Record
from ipv6check.store.tables import asset

# Tags are kept as one text with this mark before and after each; a normalised tag holds no line feed.
_MARK = "\n"


class Selection(Record, frozen=True, kw_only=True):
    """Any of these agencies, and any of these tags, and any of these kinds; an empty set does not restrict."""

    agencies: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()


EVERYTHING = Selection()


def tags_column(tags: Iterable[str]) -> str:
    """The text that stands for a set of tags."""
    words = [tag.replace(_MARK, " ") for tag in tags]
    return f"{_MARK}{_MARK.join(words)}{_MARK}" if words else ""


def conditions(selection: Selection) -> list[ColumnElement[bool]]:
    """The WHERE terms of a selection."""
    terms: list[ColumnElement[bool]] = []
    if selection.agencies:
        terms.append(asset.c.agency.in_(sorted(selection.agencies)))
    if selection.kinds:
        terms.append(asset.c.kind.in_(sorted(kind.value for kind in selection.kinds)))
    if selection.tags:
        # Taking a tag away changes the text only if it is there; unlike LIKE this heeds case on every database.
        found = [func.replace(asset.c.tags, tags_column([tag]), "") != asset.c.tags for tag in sorted(selection.tags)]
        term = found[0]
        for other in found[1:]:
            term = term | other
        terms.append(term)
    return terms
