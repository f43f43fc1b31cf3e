"""Digests of stored evidence, for reports that vouch for it."""

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from ipv6check.model.asset import asset_key, evidence_key
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.reports.paper.document import annex_of
from ipv6check.store.repository import Store

_PAGE = 200


async def with_annex(store: Store, standing: Standing) -> Standing:
    """The standing with the digests that the annex of a document prints. Raises StoreError."""
    return await with_evidence_digests(store, standing, annex_of(standing))


async def with_evidence_digests(store: Store, standing: Standing, assets: Iterable[AssetStanding]) -> Standing:
    """The standing with the SHA-256 of what is stored of some assets' targets, in the scan that each rests on: over the
    target and its pieces of evidence as JSON, a line each, in the order of target and kind. Assets without stored
    evidence have none. Raises StoreError."""
    by_scan: dict[str, list[AssetStanding]] = {}
    for one in assets:
        by_scan.setdefault(one.basis or standing.scan.id, []).append(one)
    digests: dict[str, str] = {}
    for scan, wanted in by_scan.items():
        for start in range(0, len(wanted), _PAGE):
            page = wanted[start : start + _PAGE]
            keys = {
                one.asset.id: [
                    *sorted({evidence_key(t, one.asset.view) for t in one.asset.targets}),
                    asset_key(one.asset.id),
                ]
                for one in page
            }
            found = await store.evidence(scan, {key for some in keys.values() for key in some})
            for asset, some in keys.items():
                lines = [
                    line
                    for key in some
                    if key in found
                    for line in (key.encode(), *(msgspec.json.encode(one) for one in found[key]))
                ]
                if lines:
                    digests[asset] = hashlib.sha256(b"\n".join(lines)).hexdigest()
    return replace(standing, evidence_digests=digests)
