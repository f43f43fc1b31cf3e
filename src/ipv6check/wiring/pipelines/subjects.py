"""What a check is about: targets from the command line, or part of an inventory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ipv6check.inventory.assemble import assemble
from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.normalise import Malformed, clean
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipv6check.inventory.load import Inventory
    from ipv6check.inventory.select import Selection

COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class Subjects:
    """Assets in memory, and where they came from. ``mandate`` is the one the inventory suggests."""

    listed: tuple[Asset, ...]
    agencies: Mapping[str, Agency]
    source: str
    digest: str
    mandate: str = ""
    skipped: int = 0

    def assets(self) -> Iterator[Asset]:
        """The assets in their order."""
        return iter(self.listed)


def subjects_of_arguments(targets: Sequence[str]) -> Subjects:
    """URLs, names, addresses, ``host:port`` and ``host:port/protocol``. Raises Trouble for the first that is none."""
    found: dict[str, Asset] = {}
    for text in targets:
        draft = Draft(COMMAND_LINE, 0, targets=[DraftTarget(clean(text))])
        try:
            asset, _ = assemble(draft, agency="")
        except Malformed as error:
            raise Trouble(str(error)) from None
        if not asset.targets:
            raise Trouble(f"{text}: is a prefix; give a name, a URL, an address or host:port")
        found.setdefault(asset.id, replace(asset, origin=None))
    digest = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
    return Subjects(tuple(found.values()), {}, COMMAND_LINE, digest)


def subjects_of_inventory(
    inventory: Inventory, selection: Selection, among: Callable[[Sequence[Asset]], Sequence[Asset]] | None = None
) -> Subjects:
    """The chosen assets of an inventory; ``among`` narrows all of it first. Raises Problems or UnknownAgency."""
    everything: Sequence[Asset] = tuple(inventory.assets())
    chosen = among(everything) if among else everything
    return Subjects(
        tuple(selection.apply(chosen, inventory.agencies)),
        inventory.agencies,
        ", ".join(inventory.files),
        inventory.digest,
        inventory.mandate,
        inventory.skipped,
    )
