"""What is allowed in an inventory but probably not meant: warnings, never errors."""

import ipaddress
from collections.abc import Iterator
from datetime import date

from ipv6check.inventory.draft import Draft
from ipv6check.inventory.normalise import looks_like_address, shown
from ipv6check.model.asset import Asset, Kind, View
from ipv6check.model.target import Protocol


def suspicions(asset: Asset, draft: Draft, *, today: date | None) -> Iterator[str]:
    """Sentences about one asset; ``today`` decides whether an attestation has expired (None: not asked)."""
    if asset.vanished:
        source = asset.source or "its source"
        yield f"{shown(asset.name)} is gone from {source} since {asset.vanished}; remove it if it is out of use"
    if draft.trimmed:
        yield f"blanks around {shown(asset.host or asset.name)} were cut off"
    for host in dict.fromkeys(target.host for target in asset.targets):
        yield from _about_host(host, asset)
    if asset.kind is Kind.APPLICATION and all(target.protocol is Protocol.HTTP for target in asset.targets):
        yield f"{shown(asset.name)} is asked over plain http only"
    if asset.kind is Kind.NETWORK and not asset.prefix:
        yield f"the network {shown(asset.name)} has no prefix, so it can only fail or be attested"
    if asset.kind is Kind.SOFTWARE and asset.attestation is None:
        yield f"the software {shown(asset.name)} has no attestation, so it cannot become ready"
    paper = asset.attestation
    if paper is not None and today is not None and paper.expires is not None and paper.expires < today:
        yield f"the attestation of {shown(asset.name)} expired on {paper.expires}"
    if paper is not None and today is not None and paper.date > today:
        yield f"the attestation of {shown(asset.name)} is dated in the future, {paper.date}"


def _about_host(host: str, asset: Asset) -> Iterator[str]:
    if not looks_like_address(host):
        if "." not in host:
            yield f"{shown(host)} has no dot, so what it means depends on the resolver's search list"
        return
    literal = ipaddress.ip_address(host)
    if not literal.is_global and asset.view is View.PUBLIC:
        yield f"{host} is not a public address; if the asset is meant for inside only, say view: internal"
