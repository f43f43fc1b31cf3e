"""Imported evidence as a scan takes it up: what the store holds on each asset, as evidence of that scan."""

from collections import defaultdict
from collections.abc import Iterable

from ipv6check.model.asset import Asset, Kind
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.imported import Bundle, Claim, HostEvidence, ImportedEvidence, Listening
from ipv6check.store.repository import Store


class Imports:
    """What was brought in, by asset. ``at`` is when the scan takes it up (UTC seconds since 1970)."""

    def __init__(self, bundles: Iterable[Bundle], at: float) -> None:
        self._at = at
        self._claims: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
        for bundle in bundles:
            for claim in bundle.claims:
                self._claims[claim.asset, claim.kind, claim.name].append(claim)

    def of(self, asset: Asset) -> tuple[AnyEvidence, ...]:
        """The evidence of an asset; none if nothing was brought in about it."""
        claims = self._claims.get((asset.id, asset.kind.value, asset.name))
        if not claims:
            return ()
        found: list[AnyEvidence] = []
        sightings = tuple(one for claim in claims for one in claim.sightings)
        if sightings:
            found.append(ImportedEvidence(observed_at=self._at, sightings=sightings))
        listenings = tuple(one for claim in claims for one in claim.listenings if _still_listed(one, asset))
        if listenings:
            found.append(HostEvidence(observed_at=self._at, listenings=listenings, missing=_missing(asset, listenings)))
        return tuple(found)


def _still_listed(listening: Listening, asset: Asset) -> bool:
    """True unless the inventory has dropped the target since."""
    return asset.kind is Kind.SOFTWARE or any(target.key == listening.target for target in asset.targets)


def _missing(asset: Asset, listenings: Iterable[Listening]) -> tuple[str, ...]:
    """The required targets that no host spoke of."""
    told = {one.target for one in listenings}
    return tuple(target.key for target in asset.targets if target.required and target.key not in told)


async def imports_of(store: Store, at: float) -> Imports:
    """Everything the store holds. Raises StoreError."""
    return Imports(await store.imports.all(), at)
