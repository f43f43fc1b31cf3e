"""Options that choose part of an inventory."""

from collections.abc import Mapping, Sequence

from ipv6check.inventory.select import Selection, UnknownAgency
from ipv6check.model.agency import Agency
from ipv6check.model.trouble import Trouble


def selection_of(
    agency: Sequence[str], tag: Sequence[str], select: Sequence[str], limit: int, agencies: Mapping[str, Agency]
) -> Selection:
    """The selection of the options; values may be lists separated by commas. Raises Trouble for an unknown agency."""
    selection = Selection(agencies=tuple(agency), tags=_parts(tag), names=_parts(select), limit=limit)
    try:
        selection.matcher(agencies)
    except UnknownAgency as unknown:
        raise Trouble(f"--agency: {unknown}") from None
    return selection


def _parts(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
